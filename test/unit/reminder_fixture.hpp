// A question to next_reminder in stored form, with all that it refers to.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/calendar/value.hpp"
#include "core/profile/write.hpp"
#include "core/reminders/dunning_policy_text.hpp"
#include "core/reminders/next_reminder.hpp"
#include "core/reminders/reason.hpp"
#include "json_text.hpp"
#include "policy_generator.hpp"
#include "reminder_oracle.hpp"

namespace receivables {

using bytes = std::vector<unsigned char>;

inline day_number date(const std::string& text) {
    day_number day = 0;
    EXPECT_TRUE(read_iso_date(text.data(), text.size(), &day)) << text;
    return day;
}

inline std::string date_text(std::int64_t day) {
    char text[iso_date_size];
    return std::string(text, write_iso_date(static_cast<day_number>(day), text));
}

inline bytes compiled(const std::string& text) {
    const json_text parsed(text);
    status s;
    std::size_t size = 0;
    EXPECT_TRUE(compile_dunning_policy(parsed.document(), nullptr, &size, &s)) << s.message << text;
    bytes out(size);
    compile_dunning_policy(parsed.document(), out.data(), &size, &s);
    return out;
}

struct paid_item {
    int due, late;
};

inline bytes stored_profile(const std::vector<paid_item>& paid) {
    std::vector<item> items;
    for (const paid_item& p : paid) {
        item x{};
        x.due = p.due;
        x.terms = no_terms;
        x.days_late = p.late;
        x.cls = item_class::timed;
        items.push_back(x);
    }
    std::sort(items.begin(), items.end(), in_canonical_order);
    const auto count = static_cast<std::uint32_t>(items.size());
    bytes out(listed_size(items.data(), count));
    write_listed(items.data(), count, 0, out.data());
    return out;
}

inline bytes stored_calendar(const plain_calendar& plain) {
    weekday_set weekend = 0;
    for (const int day : plain.weekend) weekend |= static_cast<weekday_set>(1 << (day - 1));
    std::vector<day_number> days(plain.holidays.begin(), plain.holidays.end());
    bytes out(stored_calendar_size(days.data(), days.size()));
    write_stored_calendar(weekend, days.data(), days.size(), out.data());
    return out;
}

// One question in both forms, with all that it refers to.
class fixture {
  public:
    explicit fixture(std::string policy_text) { set_policy(std::move(policy_text)); }

    void set_policy(std::string text) {
        policy_bytes = compiled(text);
        status s;
        EXPECT_TRUE(policy.open(policy_bytes.data(), policy_bytes.size(), &s)) << s.message;
    }
    void set_profile(const std::vector<paid_item>& paid) {
        open_profile(stored_profile(paid), &profile_bytes, &profile);
        request.profile = &profile;
    }
    void set_prior(const std::vector<paid_item>& paid) {
        open_profile(stored_profile(paid), &prior_bytes, &prior);
        prior_tail.build(prior.view());
        request.prior = &prior_tail;
    }
    void set_calendar(const plain_calendar& plain) {
        calendar_bytes = stored_calendar(plain);
        status s;
        EXPECT_TRUE(request.calendar.open(calendar_bytes.data(), calendar_bytes.size(), &s));
        request.has_calendar = true;
    }
    reminder_plan plan() const {
        reminder_plan out;
        status s;
        EXPECT_TRUE(plan_reminder(policy, request, &out, &s)) << s.message;
        return out;
    }
    std::string say() const {
        reminder_course course;
        reminder_plan out;
        status s;
        if (!course.begin(policy, request, &s) || !course.next(&out, &s)) return s.message;
        text_writer measure;
        write_reminder_reason(course, out, &measure);
        std::string reason(measure.size(), '?');
        text_writer writer(reason.data(), reason.size());
        write_reminder_reason(course, out, &writer);
        std::string text(reminder_status_names[static_cast<int>(out.status)]);
        if (out.has_step) text += " " + std::to_string(out.step.level);
        if (out.status == reminder_status::scheduled) text += " " + date_text(out.date);
        return text + ": " + reason;
    }
    std::string date_or_status() const {
        const reminder_plan p = plan();
        if (p.status == reminder_status::scheduled) return date_text(p.date);
        return std::string(reminder_status_names[static_cast<int>(p.status)]);
    }

    bytes policy_bytes, profile_bytes, prior_bytes, calendar_bytes;
    policy_view policy;
    profile_metrics profile{profile_view()};
    profile_metrics prior{profile_view()};
    delay_tail prior_tail;
    std::vector<day_number> contacts;
    reminder_request request;

  private:
    static void open_profile(bytes stored, bytes* keep, profile_metrics* out) {
        *keep = std::move(stored);
        profile_view view;
        status s;
        EXPECT_TRUE(view.open(keep->data(), keep->size(), &s)) << s.message;
        *out = profile_metrics(view);
    }
};

}  // namespace receivables
