// The five rules of a reminder date, slow and obvious: it walks from day to day, counts invoices
// anew for every day, and knows policies only in the plain form of policy_generator.hpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/civil_date.hpp"
#include "policy_generator.hpp"

namespace receivables {

struct plain_calendar {
    std::set<int> weekend, holidays;
    bool works(std::int64_t day) const {
        return !weekend.count(iso_weekday(static_cast<day_number>(day))) &&
               !holidays.count(static_cast<int>(day));
    }
    std::int64_t walk(std::int64_t day, int step) const {
        while (!works(day)) day += step;
        return day;
    }
    std::int64_t add(std::int64_t day, int n) const {
        if (n == 0) return walk(day, 1);
        const int step = n > 0 ? 1 : -1;
        for (; n != 0; n -= step) day = walk(day + step, step);
        return day;
    }
};

// What the profile says, as far as habits need it.
struct plain_profile {
    std::vector<int> days_late;
    std::vector<int> payment_days;  // of the month
    int payment_weekday = 0;        // or of the week
    std::optional<int> structural;
};

struct plain_question {
    int due = 0;
    std::optional<int> amount;  // cents
    std::optional<int> as_of;
    std::string segment;
    std::optional<plain_profile> profile, prior;
    std::optional<plain_calendar> calendar;
    int last_level = 0;
    std::optional<int> last_reminder, count, last_contact;
    std::vector<int> contacts;
    bool disputed = false, reviewed = false;
    std::optional<int> not_before, promised;
};

struct plain_answer {
    std::string status;
    int step = -1;  // its place in the list
    std::int64_t date = 0;
    bool repeat = false;
    // For the properties: no earlier than this, and what the cap is.
    std::int64_t floor = INT64_MIN, cap = INT64_MAX, step_day = 0, wanted = 0;
};

struct plain_state {
    int level;
    bool sent;
    std::optional<std::int64_t> last, contact;
    std::int64_t count;
    std::vector<std::int64_t> contacts;
};

class reminder_oracle {
  public:
    reminder_oracle(const plain_settings& s, const plain_question& q) : s_(s), q_(q) {}

    plain_state start() const {
        plain_state state{q_.last_level, q_.last_level != 0 || q_.last_reminder, {}, {}, 0, {}};
        state.contacts.assign(q_.contacts.begin(), q_.contacts.end());
        bool notice = false;
        int levels_sent = 0;
        for (const plain_step& step : s_.steps) {
            if (step.after >= 0)
                levels_sent += step.level <= q_.last_level;
            else if (q_.last_level != 0 && step.level == q_.last_level)
                notice = true;
        }
        if (q_.last_reminder) {
            state.last = *q_.last_reminder;
            if (q_.last_level <= 0 && *q_.last_reminder < q_.due) notice = true;
        } else if (q_.last_level > 0) {
            state.last = assumed(q_.last_level);
        }
        if (q_.last_contact)
            state.contact = *q_.last_contact;
        else if (!notice)
            state.contact = state.last;
        state.count = q_.count ? *q_.count : levels_sent;
        return state;
    }

    // With skip_levels.
    plain_answer first(plain_state* state) const {
        plain_answer answer = next(*state);
        if (!s_.skip || !q_.as_of) return answer;
        std::vector<std::pair<plain_state, plain_answer>> way;
        plain_state walker = *state;
        plain_answer at = answer;
        while (at.status == "scheduled" && at.date <= *q_.as_of && !at.repeat) {
            way.push_back({walker, at});
            walker = after(walker, at);
            at = next(walker);
        }
        if (way.empty()) return answer;
        *state = way.back().first;
        return way.back().second;
    }

    plain_state after(plain_state state, const plain_answer& answer) const {
        state.level = s_.steps[answer.step].level;
        state.sent = true;
        state.last = answer.date;
        state.contacts.push_back(answer.date);
        if (s_.steps[answer.step].after < 0) return state;
        state.contact = answer.date;
        ++state.count;
        return state;
    }

    plain_answer next(const plain_state& state) const {
        plain_answer answer;
        if (q_.amount && *q_.amount <= 0) return answer.status = "settled", answer;
        if (s_.steps.empty()) return answer.status = "no_reminder", answer;
        answer = level_or_notice(state);
        if (q_.disputed || s_.hold)
            answer.status = "on_hold";
        else if (q_.amount && s_.min_amount && *q_.amount < *s_.min_amount)
            answer.status = "below_minimum";
        return answer;
    }

  private:
    bool pending(const plain_state& state, const plain_step& step) const {
        return !state.sent || step.level > state.level;
    }
    std::int64_t count_from(std::int64_t base, const plain_step& step) const {
        std::int64_t day =
            step.business && q_.calendar ? q_.calendar->add(base, step.after) : base + step.after;
        const auto month = [](std::int64_t x) {
            return to_civil(static_cast<day_number>(x)).month;
        };
        if (step.month_end)
            while (month(day + 1) == month(day)) ++day;
        return day;
    }
    std::optional<std::int64_t> assumed(int level) const {
        std::optional<std::int64_t> day;
        for (const plain_step& step : s_.steps)
            if (step.after >= 0 && step.level <= level)
                day = count_from(step.from_previous ? *day : q_.due, step);
        return day;
    }
    bool too_small(const plain_step& step) const {
        return q_.amount && step.min_amount && *q_.amount < *step.min_amount;
    }

    // The first day on which the limit of contacts is kept. Contacts after a day count on it, too: the day is past.
    std::int64_t within_limit(const plain_state& state) const {
        std::int64_t day = INT64_MIN;
        for (const std::int64_t contact : state.contacts)
            day = std::max(day, contact + s_.contacts->within);
        const auto kept = [&](std::int64_t d) {
            int near = 0;
            for (const std::int64_t c : state.contacts) near += c > d - s_.contacts->within;
            return near < s_.contacts->count;
        };
        std::int64_t earliest = INT64_MAX;
        for (const std::int64_t contact : state.contacts) earliest = std::min(earliest, contact);
        while (day != INT64_MIN && day > earliest && kept(day - 1)) --day;
        return day != INT64_MIN && day > earliest ? day : INT64_MIN;
    }

    // Rule 4.
    std::int64_t floor(const plain_state& state, const plain_step& step) const {
        std::int64_t day = INT64_MIN;
        const int interval = step.interval ? *step.interval : s_.interval;
        if (state.contact) day = std::max<std::int64_t>(day, *state.contact + interval);
        if (s_.contacts && !step.statutory) day = std::max(day, within_limit(state));
        if (q_.not_before) day = std::max<std::int64_t>(day, *q_.not_before);
        if (q_.promised && !(s_.promise_max && *q_.promised > q_.due + *s_.promise_max))
            day = std::max<std::int64_t>(day, *q_.promised + s_.promise_grace);
        return day;
    }

    plain_answer level_or_notice(const plain_state& state) const {
        plain_answer answer;
        for (std::size_t i = 0; i < s_.steps.size(); ++i) {
            const plain_step& step = s_.steps[i];
            if (step.after >= 0 || !pending(state, step) || too_small(step)) continue;
            if (q_.as_of && *q_.as_of >= q_.due) continue;
            const std::int64_t step_day = count_from(q_.due, step);
            const std::int64_t day = std::max(step_day, floor(state, step));
            if (day >= q_.due) continue;
            answer.status = "scheduled";
            answer.step = static_cast<int>(i);
            answer.step_day = answer.wanted = step_day;
            answer.floor = floor(state, step);
            answer.cap = q_.due - 1;
            answer.date = rolled(day, s_.roll == "unadjusted" ? "unadjusted" : "preceding",
                                 answer.floor, answer.cap);
            return answer;
        }
        return level(state);
    }

    plain_answer level(const plain_state& state) const {
        plain_answer answer;
        int first = -1, chosen = -1;
        for (int i = static_cast<int>(s_.steps.size()) - 1; i >= 0; --i) {
            if (s_.steps[i].after < 0) continue;
            first = i;
            if (pending(state, s_.steps[i])) chosen = i;
        }
        if (first < 0) return answer.status = "no_reminder", answer;
        if (chosen < 0 && s_.steps.back().repeat > 0) {
            chosen = static_cast<int>(s_.steps.size()) - 1;
            answer.repeat = true;
        }
        if (chosen < 0) return answer.status = "final", answer;
        if (s_.max_reminders && state.count >= *s_.max_reminders)
            return answer.repeat = false, answer.status = "final", answer;
        answer.step = chosen;
        const bool is_first = chosen == first && !answer.repeat;
        if (is_first && s_.start && !q_.reviewed && q_.as_of && *q_.as_of - q_.due > *s_.start)
            return answer.status = s_.start_status, answer;
        if (too_small(s_.steps[chosen])) return answer.status = "below_minimum", answer;
        date(state, is_first, &answer);
        return answer;
    }

    void date(const plain_state& state, bool is_first, plain_answer* answer) const {
        const plain_step& step = s_.steps[answer->step];
        // 1
        std::int64_t day;
        if (answer->repeat)
            day = *state.last + step.repeat;
        else
            day = count_from(step.from_previous ? *state.last : q_.due, step);
        day = std::max<std::int64_t>(day, q_.due);
        answer->step_day = day;
        // 2
        if (is_first) day = habit(day);
        // 3
        const std::optional<int> latest = step.latest ? step.latest : s_.latest;
        if (latest) answer->cap = std::max<std::int64_t>(q_.due + *latest, answer->step_day);
        day = std::min(day, answer->cap);
        answer->wanted = day;
        // 4
        answer->floor = floor(state, step);
        day = std::max(day, answer->floor);
        // 5
        std::int64_t back_to = std::max<std::int64_t>(answer->floor, q_.due);
        if (!is_first) back_to = std::max(back_to, *state.last + 2);
        answer->date = rolled(day, s_.roll, back_to, answer->cap);
        answer->status = "scheduled";
    }

    std::int64_t habit(std::int64_t step_day) const {
        std::int64_t day = step_day;
        if (s_.wait) {
            std::int64_t d = step_day - q_.due;
            while (d < s_.wait->until && near(d)) ++d;
            day = std::max(day, q_.due + d);
        }
        if (s_.payment_day && q_.profile && pays_in_runs(*q_.profile)) {
            // The first business day from the due date on that is a day of the run, or follows one
            // with no business day between.
            std::int64_t pay = q_.due;
            while (!pays_on(pay)) ++pay;
            if (pay - q_.due <= s_.payment_day->within)
                day = std::max(day, pay + s_.payment_day->grace);
        }
        if (s_.structural && q_.profile && q_.profile->structural)
            day = std::max<std::int64_t>(
                day, step_day + std::min(*q_.profile->structural, s_.structural->max_days));
        return day;
    }
    bool pays_on(std::int64_t day) const {
        const auto works = [&](std::int64_t x) { return !q_.calendar || q_.calendar->works(x); };
        if (!works(day)) return false;
        while (!falls_on(day, *q_.profile))
            if (works(--day)) return false;
        return true;
    }
    static bool pays_in_runs(const plain_profile& p) {
        return !p.payment_days.empty() || p.payment_weekday > 0;
    }
    static bool falls_on(std::int64_t day, const plain_profile& p) {
        return iso_weekday(static_cast<day_number>(day)) == p.payment_weekday ||
               std::any_of(p.payment_days.begin(), p.payment_days.end(),
                           [=](int wanted) { return falls_on(day, wanted); });
    }
    static bool falls_on(std::int64_t day, int payment_day) {
        const civil_date date = to_civil(static_cast<day_number>(day));
        const int length = days_in_month(date.year, date.month);
        if (payment_day > 0) return date.day == std::min(payment_day, length);
        return length - date.day == -1 - payment_day || (date.day == 1 && length < -payment_day);
    }
    // Is payment near, of an invoice d days late?
    bool near(std::int64_t d) const {
        const auto evidence = [&](const std::optional<plain_profile>& p) {
            int n = 0, k = 0;
            if (p)
                for (const int late : p->days_late) {
                    if (late >= d) ++n;
                    if (late >= d && late <= d + s_.wait->within) ++k;
                }
            return std::pair<int, int>{k, n};
        };
        const auto [k, n] = evidence(q_.profile);
        const auto [prior_k, prior_n] = evidence(q_.prior);
        const double w = prior_n > 0 ? 4 : 1;
        const double ratio = prior_n > 0 ? static_cast<double>(prior_k) / prior_n : 0;
        return (k + w * ratio) / (n + w) >= s_.wait->share / 1000.0 - 1e-12;
    }

    std::int64_t rolled(std::int64_t day, const std::string& convention, std::int64_t floor,
                        std::int64_t cap) const {
        if (!q_.calendar || convention == "unadjusted" || q_.calendar->works(day)) return day;
        const std::int64_t after = q_.calendar->walk(day, 1), before = q_.calendar->walk(day, -1);
        const auto month = [](std::int64_t x) {
            const civil_date date = to_civil(static_cast<day_number>(x));
            return date.year * 12 + date.month;
        };
        std::int64_t wanted = after;
        if (convention == "preceding") wanted = before;
        if (convention == "modified_following" && month(after) != month(day)) wanted = before;
        if (convention == "modified_preceding" && month(before) == month(day)) wanted = before;
        if (convention == "nearest" && day - before < after - day) wanted = before;
        const bool bound_by_cap = day <= cap;
        const auto allowed = [&](std::int64_t x) {
            return (x >= floor || x > day) && (x <= cap || !bound_by_cap);
        };
        for (const std::int64_t x : {wanted, after, before})
            if (allowed(x)) return x;
        return day;
    }

    const plain_settings& s_;
    const plain_question& q_;
};

}  // namespace receivables
