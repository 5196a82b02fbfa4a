// Random dunning policies in a plain form of their own, which can be written as JSON and which an
// oracle can read without the code under test.
#pragma once

#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace receivables {

inline int pick(std::mt19937& random, int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
}
inline bool chance(std::mt19937& random, int percent) {
    return pick(random, 1, 100) <= percent;
}

// Amounts are cents, shares thousandths.
inline std::string money_text(int cents) {
    const std::string rest = std::to_string(cents % 100);
    return std::to_string(cents / 100) + "." + (rest.size() < 2 ? "0" : "") + rest;
}
inline std::string share_text(int thousandths) {
    std::string rest = std::to_string(thousandths % 1000);
    rest.insert(0, 3 - rest.size(), '0');
    return std::to_string(thousandths / 1000) + "." + rest;
}

struct plain_step {
    int level = 1, after = 0;
    bool from_previous = false, business = false, fixed = false, statutory = false;
    std::optional<std::string> channel;
    std::optional<int> fee, percent, min_amount;  // cents, hundredths of a percent, cents
    int repeat = 0;
    std::optional<int> latest, interval;
    bool month_end = false;

    std::string text() const {
        std::string t =
            "{\"level\": " + std::to_string(level) + ", \"after_days\": " + std::to_string(after);
        if (from_previous) t += ", \"from\": \"previous_reminder\"";
        if (business) t += ", \"unit\": \"business_days\"";
        if (channel) t += ", \"channel\": \"" + *channel + "\"";
        if (statutory) t += ", \"statutory\": true";
        if (fixed) t += ", \"channel_fixed\": true";
        if (fee) t += ", \"fee\": " + money_text(*fee);
        if (percent) t += ", \"fee_percent\": " + money_text(*percent);
        if (min_amount) t += ", \"min_amount\": " + money_text(*min_amount);
        if (repeat > 0) t += ", \"repeat_every_days\": " + std::to_string(repeat);
        if (latest) t += ", \"latest_after_due_days\": " + std::to_string(*latest);
        if (interval) t += ", \"min_interval_days\": " + std::to_string(*interval);
        if (month_end) t += ", \"end_of_month\": true";
        return t + "}";
    }
};

struct plain_wait {
    int within, share, until;
};
struct plain_payment_day {
    int share, payments, grace, within;
};
struct plain_contact_limit {
    int count, within;
};
struct plain_structural {
    int max_days, items, spread;
};

struct plain_settings {
    std::vector<plain_step> steps;
    std::optional<plain_wait> wait;
    std::optional<plain_payment_day> payment_day;
    std::optional<plain_structural> structural;
    std::optional<plain_contact_limit> contacts;
    int interval = 0;
    std::optional<int> min_amount, max_reminders, latest, promise_max, start;
    std::string roll = "following", start_status = "review";
    int promise_grace = 0;
    bool skip = false, hold = false;

    std::map<std::string, std::string> members() const {
        const auto number = [](const std::optional<int>& n) {
            return n ? std::to_string(*n) : std::string("null");
        };
        std::map<std::string, std::string> m;
        std::string list;
        for (const plain_step& step : steps) list += (list.empty() ? "" : ", ") + step.text();
        m["steps"] = "[" + list + "]";
        m["wait"] = wait ? "{\"until_days\": " + std::to_string(wait->until) +
                               ", \"min_share\": " + share_text(wait->share) +
                               ", \"within_days\": " + std::to_string(wait->within) + "}"
                         : "null";
        m["payment_day"] =
            payment_day ? "{\"min_share\": " + share_text(payment_day->share) +
                              ", \"min_payments\": " + std::to_string(payment_day->payments) +
                              ", \"grace_days\": " + std::to_string(payment_day->grace) +
                              ", \"within_days\": " + std::to_string(payment_day->within) + "}"
                        : "null";
        m["structural_shift"] =
            structural ? "{\"max_days\": " + std::to_string(structural->max_days) +
                             ", \"min_items\": " + std::to_string(structural->items) +
                             ", \"max_spread_days\": " + std::to_string(structural->spread) + "}"
                       : "null";
        m["min_interval_days"] = std::to_string(interval);
        m["max_contacts"] = contacts
                                ? "{\"count\": " + std::to_string(contacts->count) +
                                      ", \"within_days\": " + std::to_string(contacts->within) + "}"
                                : "null";
        m["min_amount"] = min_amount ? money_text(*min_amount) : "null";
        m["max_reminders"] = number(max_reminders);
        m["latest_after_due_days"] = number(latest);
        m["roll"] = "\"" + roll + "\"";
        m["promise_grace_days"] = std::to_string(promise_grace);
        m["promise_max_days"] = number(promise_max);
        m["skip_levels"] = skip ? "true" : "false";
        m["start"] = start ? "{\"older_than_days\": " + std::to_string(*start) +
                                 ", \"status\": \"" + start_status + "\"}"
                           : "null";
        m["hold"] = hold ? "true" : "false";
        return m;
    }
};

struct plain_policy {
    plain_settings base;
    // What a segment would say of everything, and which keys of it its entry names.
    std::map<std::string, std::pair<plain_settings, std::set<std::string>>> segments;

    static std::string object(const std::map<std::string, std::string>& members) {
        std::string t;
        for (const auto& [key, value] : members)
            t += (t.empty() ? "\"" : ", \"") + key + "\": " + value;
        return "{" + t + "}";
    }
    std::string text() const {
        std::map<std::string, std::string> all = base.members(), entries;
        for (const auto& [name, entry] : segments) {
            std::map<std::string, std::string> named;
            for (const auto& [key, value] : entry.first.members())
                if (entry.second.count(key)) named[key] = value;
            entries[name] = object(named);
        }
        if (!entries.empty()) all["segments"] = object(entries);
        return object(all);
    }
    plain_settings of(const std::string& segment) const {
        plain_settings s = base;
        const auto found = segments.find(segment);
        if (found == segments.end()) return s;
        const auto& [other, named] = found->second;
        if (named.count("steps")) s.steps = other.steps;
        if (named.count("wait")) s.wait = other.wait;
        if (named.count("payment_day")) s.payment_day = other.payment_day;
        if (named.count("structural_shift")) s.structural = other.structural;
        if (named.count("min_interval_days")) s.interval = other.interval;
        if (named.count("max_contacts")) s.contacts = other.contacts;
        if (named.count("min_amount")) s.min_amount = other.min_amount;
        if (named.count("max_reminders")) s.max_reminders = other.max_reminders;
        if (named.count("latest_after_due_days")) s.latest = other.latest;
        if (named.count("roll")) s.roll = other.roll;
        if (named.count("promise_grace_days")) s.promise_grace = other.promise_grace;
        if (named.count("promise_max_days")) s.promise_max = other.promise_max;
        if (named.count("skip_levels")) s.skip = other.skip;
        if (named.count("start")) s.start = other.start, s.start_status = other.start_status;
        if (named.count("hold")) s.hold = other.hold;
        return s;
    }
};

inline plain_step generated_step(std::mt19937& random, bool notice, int level,
                                 const plain_step* before) {
    plain_step step;
    step.level = level;
    step.business = chance(random, 25);
    step.after = notice ? -pick(random, 1, 12) : pick(random, 0, 12);
    if (chance(random, 60)) {
        step.channel = std::string(chance(random, 50) ? "email" : "letter");
        step.fixed = chance(random, 30);
    }
    if (chance(random, 20))
        step.fee = pick(random, 0, 3000);
    else if (chance(random, 20))
        step.percent = pick(random, 0, 1500);
    if (chance(random, 15)) step.min_amount = pick(random, 0, 20000);
    const bool after_level = !notice && before != nullptr && before->after >= 0;
    if (after_level) step.from_previous = chance(random, 50);
    if (!notice && chance(random, 15)) step.latest = pick(random, 0, 25);
    if (!notice) step.month_end = chance(random, 12);
    step.statutory = chance(random, 15);
    if (chance(random, 15)) step.interval = pick(random, 0, 12);
    // Levels that count from the due date ascend.
    if (before != nullptr && !step.from_previous && !before->from_previous) {
        step.business = before->business;
        if (step.after <= before->after) step.after = before->after + pick(random, 1, 10);
        if (notice && step.after >= 0) step.after = -1;
    }
    return step;
}

inline plain_settings generated_settings(std::mt19937& random) {
    plain_settings s;
    int level = chance(random, 50) ? -1 : 0;
    const int notices = chance(random, 25) ? pick(random, 1, 2) : 0;
    for (int i = 0; i < notices; ++i) {
        const plain_step* before = s.steps.empty() ? nullptr : &s.steps.back();
        if (before != nullptr && before->after >= -1) break;
        s.steps.push_back(generated_step(random, true, level, before));
        level += pick(random, 1, 2);
    }
    if (level < 1) level = 1;
    for (int i = chance(random, 95) ? pick(random, 1, 4) : 0; i > 0; --i) {
        s.steps.push_back(
            generated_step(random, false, level, s.steps.empty() ? nullptr : &s.steps.back()));
        level += chance(random, 90) ? 1 : pick(random, 2, 12);
    }
    if (chance(random, 60))
        s.wait = plain_wait{pick(random, 1, 12), pick(random, 1, 20) * 50, pick(random, 0, 25)};
    if (chance(random, 25))
        s.payment_day = plain_payment_day{pick(random, 1, 10) * 100, pick(random, 1, 6),
                                          pick(random, 0, 3), pick(random, 0, 31)};
    if (chance(random, 25))
        s.structural =
            plain_structural{pick(random, 1, 20), pick(random, 1, 10), pick(random, 0, 10)};
    if (chance(random, 60)) s.interval = pick(random, 0, 10);
    if (chance(random, 40))
        s.contacts = plain_contact_limit{pick(random, 1, 4), pick(random, 1, 30)};
    if (chance(random, 30)) s.min_amount = pick(random, 0, 10000);
    if (chance(random, 50)) s.max_reminders = pick(random, 1, 6);
    if (chance(random, 50)) s.latest = pick(random, 0, 30);
    constexpr const char* conventions[] = {"following", "following",          "modified_following",
                                           "preceding", "modified_preceding", "nearest",
                                           "unadjusted"};
    s.roll = conventions[pick(random, 0, 6)];
    if (chance(random, 50)) s.promise_grace = pick(random, 0, 5);
    if (chance(random, 50)) s.promise_max = pick(random, 0, 60);
    s.skip = chance(random, 25);
    if (chance(random, 25)) {
        s.start = pick(random, 0, 60);
        s.start_status = chance(random, 70) ? "review" : "no_reminder";
    }
    s.hold = chance(random, 4);
    if (s.max_reminders && !s.steps.empty() && s.steps.back().after >= 0 && chance(random, 40))
        s.steps.back().repeat = pick(random, 1, 15);
    return s;
}

inline plain_policy generated_policy(std::mt19937& random) {
    plain_policy policy;
    policy.base = generated_settings(random);
    for (int i = chance(random, 50) ? pick(random, 1, 3) : 0; i > 0; --i) {
        constexpr const char* names[] = {"key", "at risk", "\xc3\xa9lan", "prompt"};
        const std::string name = names[pick(random, 0, 3)];
        auto& [settings, named] = policy.segments[name];
        settings = generated_settings(random);
        named.clear();
        for (const auto& [key, value] : settings.members())
            if (chance(random, 40)) named.insert(key);
        const plain_settings resolved = policy.of(name);
        const bool repeats = !resolved.steps.empty() && resolved.steps.back().repeat > 0;
        if (repeats && !resolved.max_reminders) named.erase("max_reminders"), named.erase("steps");
    }
    return policy;
}

}  // namespace receivables
