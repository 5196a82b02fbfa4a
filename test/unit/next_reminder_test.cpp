// Reminder dates: tens of thousands of generated policies and invoices against the oracle of
// reminder_oracle.hpp, the properties that every answer must have, and hand-made cases.
#include "core/next_reminder.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/business_calendar_value.hpp"
#include "core/dunning_policy_text.hpp"
#include "core/profile_encode.hpp"
#include "core/reminder_reason.hpp"
#include "json_text.hpp"
#include "policy_generator.hpp"
#include "reminder_oracle.hpp"

namespace receivables {
namespace {

using bytes = std::vector<unsigned char>;

day_number date(const std::string& text) {
    day_number day = 0;
    EXPECT_TRUE(read_iso_date(text.data(), text.size(), &day)) << text;
    return day;
}

std::string date_text(std::int64_t day) {
    char text[iso_date_size];
    return std::string(text, write_iso_date(static_cast<day_number>(day), text));
}

bytes compiled(const std::string& text) {
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

bytes stored_profile(const std::vector<paid_item>& paid) {
    std::vector<item> items;
    for (const paid_item& p : paid) {
        item x;
        x.due = p.due;
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

bytes stored_calendar(const plain_calendar& plain) {
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

constexpr const char* three_levels =
    R"({"steps": [{"level": 1, "after_days": 5},
                  {"level": 2, "after_days": 14, "from": "previous_reminder"},
                  {"level": 3, "after_days": 10, "from": "previous_reminder", "min_amount": 250}]})";

fixture invoice(const std::string& policy, const std::string& due) {
    fixture f(policy);
    f.request.due_date = date(due);
    f.request.open_amount = maybe<decimal>::of({10000, 2});
    return f;
}

std::vector<paid_item> always(int late, int count) {
    std::vector<paid_item> paid;
    for (int i = 0; i < count; ++i) paid.push_back({date("2025-01-10") + 30 * i, late});
    return paid;
}

TEST(NextReminder, ThreeDaysLateThreeDaysLater) {
    fixture f = invoice(R"({"steps": [{"level": 1, "after_days": 1}],
                            "wait": {"within_days": 10, "min_share": 0.4, "until_days": 21}})",
                        "2026-03-02");
    EXPECT_EQ(f.say(), "scheduled 1 2026-03-03: 1 day after the due date 2026-03-02");
    f.set_profile(always(3, 8));
    EXPECT_EQ(f.say(),
              "scheduled 1 2026-03-06: 1 day after the due date 2026-03-02; 3 days later because 8 "
              "of 8 earlier invoices still open on that day were paid within 10 days");
    f.set_profile(always(-2, 8));
    EXPECT_EQ(f.date_or_status(), "2026-03-03");
    f.set_profile(always(0, 8));
    EXPECT_EQ(f.date_or_status(), "2026-03-03");
    f.set_profile(always(60, 8));
    EXPECT_EQ(f.date_or_status(), "2026-03-03");
}

TEST(NextReminder, WaitsUntilTheLimitInclusive) {
    fixture f = invoice(R"({"steps": [{"level": 1, "after_days": 5}],
                            "wait": {"within_days": 10, "min_share": 0.4, "until_days": 8}})",
                        "2026-03-02");
    f.set_profile(always(30, 8));
    EXPECT_EQ(f.date_or_status(), "2026-03-07");
    f.set_profile(always(12, 8));
    EXPECT_EQ(f.date_or_status(), "2026-03-10");
}

TEST(NextReminder, PriorCarriesWhoHasNoHistory) {
    fixture f = invoice(R"({"steps": [{"level": 1, "after_days": 5}],
                            "wait": {"within_days": 10, "min_share": 0.4, "until_days": 21}})",
                        "2026-03-02");
    f.set_prior(always(9, 3));
    EXPECT_EQ(f.say(),
              "scheduled 1 2026-03-12: 5 days after the due date 2026-03-02; 5 days later because "
              "100% of the earlier invoices of comparable customers still open on that day were "
              "paid within 10 days");
    f.set_profile(always(40, 2));
    EXPECT_EQ(f.say(),
              "scheduled 1 2026-03-12: 5 days after the due date 2026-03-02; 5 days later because "
              "0 of 2 earlier invoices still open on that day, and 100% of those of comparable "
              "customers, were paid within 10 days");
    f.set_profile(always(40, 7));
    EXPECT_EQ(f.date_or_status(), "2026-03-07");
}

TEST(NextReminder, LevelsAndTheirEnd) {
    fixture f = invoice(three_levels, "2026-03-02");
    EXPECT_EQ(f.say(), "scheduled 1 2026-03-07: 5 days after the due date 2026-03-02");
    f.request.last_level = 1;
    EXPECT_EQ(f.say(),
              "scheduled 2 2026-03-21: 14 days after the previous reminder, taken as sent on "
              "2026-03-07");
    f.request.last_reminder_date = maybe<day_number>::of(date("2026-03-09"));
    EXPECT_EQ(f.say(), "scheduled 2 2026-03-23: 14 days after the previous reminder of 2026-03-09");
    f.request.last_level = 2;
    EXPECT_EQ(f.say(),
              "below_minimum 3: the open amount 100.00 is below the minimum of 250 for level 3");
    f.request.open_amount = maybe<decimal>::of({250, 0});
    EXPECT_EQ(f.date_or_status(), "2026-03-19");
    f.request.open_amount = maybe<decimal>::none();
    EXPECT_EQ(f.date_or_status(), "2026-03-19");
    f.request.last_level = 3;
    EXPECT_EQ(f.say(), "final: all levels are done");
    f.request.open_amount = maybe<decimal>::of({0, 2});
    EXPECT_EQ(f.say(), "settled: nothing is open");
}

TEST(NextReminder, WaitsForPaymentDay) {
    fixture f =
        invoice(R"({"steps": [{"level": 1, "after_days": 5}], "payment_day": {}})", "2026-03-02");
    std::vector<paid_item> paid;
    for (int month = 1; month <= 8; ++month)
        paid.push_back({from_civil({2025, static_cast<std::uint8_t>(month), 5}), 20});
    f.set_profile(paid);
    EXPECT_EQ(f.say(),
              "scheduled 1 2026-03-26: 5 days after the due date 2026-03-02; 19 days later because "
              "the customer pays on day 25 of the month, next on 2026-03-25, plus 1 day");
    f.request.due_date = date("2026-03-25");
    EXPECT_EQ(f.date_or_status(), "2026-03-30");
}

TEST(NextReminder, NextPaymentDates) {
    const auto next = [](int day, const char* from) {
        return date_text(next_payment_date(day, date(from)));
    };
    EXPECT_EQ(next(15, "2026-02-15"), "2026-02-15");
    EXPECT_EQ(next(15, "2026-02-16"), "2026-03-15");
    EXPECT_EQ(next(31, "2026-02-01"), "2026-02-28");
    EXPECT_EQ(next(30, "2026-02-28"), "2026-02-28");
    EXPECT_EQ(next(31, "2026-04-30"), "2026-04-30");
    EXPECT_EQ(next(-1, "2026-12-31"), "2026-12-31");
    EXPECT_EQ(next(-2, "2026-12-31"), "2027-01-30");
    EXPECT_EQ(next(1, "2026-12-02"), "2027-01-01");
}

TEST(NextReminder, CapBoundsAndRolling) {
    fixture f = invoice(R"({"steps": [{"level": 1, "after_days": 5}], "wait": {},
                            "latest_after_due_days": 12, "min_interval_days": 7,
                            "promise_grace_days": 2, "promise_max_days": 30})",
                        "2026-03-02");
    f.set_profile(always(19, 9));
    f.set_calendar({{6, 7}, {}});
    // Day 12 is a Saturday; Monday would be past the cap.
    f.request.due_date = date("2026-03-02");
    f.set_policy(R"({"steps": [{"level": 1, "after_days": 9}], "wait": {},
                     "latest_after_due_days": 12})");
    EXPECT_EQ(f.say(),
              "scheduled 1 2026-03-13: 9 days after the due date 2026-03-02; 11 days later because "
              "9 of 9 earlier invoices still open on that day were paid within 10 days; but no "
              "later than 2026-03-14, the limit of 12 days after the due date; moved from Saturday "
              "back to Friday");
    f.request.not_before = maybe<day_number>::of(date("2026-03-14"));
    EXPECT_NE(f.say().find("left on Saturday"), std::string::npos) << f.say();
    f.request.not_before = maybe<day_number>::of(date("2026-03-15"));
    EXPECT_NE(f.say().find("not before 2026-03-15, as set for this invoice; moved from Sunday to "
                           "Monday"),
              std::string::npos)
        << f.say();
}

TEST(NextReminder, PromisesAndInterval) {
    fixture f = invoice(R"({"steps": [{"level": 1, "after_days": 5}], "min_interval_days": 7,
                            "promise_grace_days": 2, "promise_max_days": 30})",
                        "2026-03-02");
    f.request.promised_date = maybe<day_number>::of(date("2026-04-01"));
    EXPECT_EQ(f.say(),
              "scheduled 1 2026-04-03: 5 days after the due date 2026-03-02; not before "
              "2026-04-03, 2 days after the promised day of payment");
    f.request.promised_date = maybe<day_number>::of(date("2026-04-02"));
    EXPECT_EQ(f.say(),
              "scheduled 1 2026-03-07: 5 days after the due date 2026-03-02; the promise to pay on "
              "2026-04-02 is not taken, being more than 30 days after the due date");
    f.request.promised_date = maybe<day_number>::none();
    f.request.last_contact_date = maybe<day_number>::of(date("2026-03-05"));
    EXPECT_EQ(f.say(),
              "scheduled 1 2026-03-12: 5 days after the due date 2026-03-02; not before "
              "2026-03-12, 7 days after the last contact");
}

TEST(NextReminder, NoticeBeforeTheDueDate) {
    fixture f =
        invoice(R"({"steps": [{"level": 0, "after_days": -3}, {"level": 1, "after_days": 5}],
                            "min_interval_days": 7})",
                "2026-03-03");
    f.set_calendar({{6, 7}, {}});
    EXPECT_EQ(f.say(),
              "scheduled 0 2026-02-27: 3 days before the due date 2026-03-03; moved from Saturday "
              "back to Friday");
    f.request.as_of = maybe<day_number>::of(date("2026-03-02"));
    EXPECT_EQ(f.date_or_status(), "2026-02-27");
    f.request.as_of = maybe<day_number>::of(date("2026-03-03"));
    EXPECT_EQ(f.date_or_status(), "2026-03-09");
    // Sent: it neither blocks the first level nor starts the interval.
    f.request.as_of = maybe<day_number>::of(date("2026-03-01"));
    f.request.last_reminder_date = maybe<day_number>::of(date("2026-03-02"));
    EXPECT_EQ(f.say(),
              "scheduled 1 2026-03-09: 5 days after the due date 2026-03-03; moved from Sunday to "
              "Monday");
}

TEST(NextReminder, SkipsLevels) {
    fixture f = invoice(R"({"steps": [{"level": 1, "after_days": 5}, {"level": 2, "after_days": 20},
                            {"level": 3, "after_days": 10, "from": "previous_reminder"}],
                            "skip_levels": true})",
                        "2026-03-02");
    const auto on = [&](const char* day) {
        f.request.as_of = maybe<day_number>::of(date(day));
        return f.say();
    };
    EXPECT_EQ(on("2026-03-21"), "scheduled 1 2026-03-07: 5 days after the due date 2026-03-02");
    EXPECT_EQ(on("2026-03-22"),
              "scheduled 2 2026-03-22: 20 days after the due date 2026-03-02; level 1 skipped "
              "because level 2 is deserved already");
    EXPECT_EQ(on("2026-12-01"),
              "scheduled 3 2026-04-01: 10 days after the level before it, which was due on "
              "2026-03-22; level 1 skipped because level 3 is deserved already");
}

TEST(NextReminder, HoldReviewAndMaximum) {
    fixture f = invoice(R"({"steps": [{"level": 1, "after_days": 5, "repeat_every_days": 7}],
                            "max_reminders": 3, "start": {"older_than_days": 90},
                            "segments": {"vip": {"hold": true}, "none": {"steps": []}}})",
                        "2026-03-02");
    f.request.as_of = maybe<day_number>::of(date("2026-05-31"));
    EXPECT_EQ(f.date_or_status(), "2026-03-07");
    f.request.as_of = maybe<day_number>::of(date("2026-06-01"));
    EXPECT_EQ(f.say(), "review 1: 91 days overdue without a reminder, more than 90");
    f.request.last_level = 1;
    f.request.last_reminder_date = maybe<day_number>::of(date("2026-05-01"));
    EXPECT_EQ(f.say(),
              "scheduled 1 2026-05-08: 7 days after the previous reminder of 2026-05-01, repeating "
              "the last level");
    f.request.reminder_count = maybe<std::int32_t>::of(3);
    EXPECT_EQ(f.say(), "final: the maximum of 3 reminders is reached");
    f.request.segment = "vip";
    EXPECT_EQ(f.say(), "on_hold: reminders are on hold in segment \"vip\"");
    f.request.segment = "none";
    EXPECT_EQ(f.say(), "no_reminder: there are no reminder levels in segment \"none\"");
    f.request.segment = "";
    f.request.disputed = true;
    EXPECT_EQ(f.say(), "on_hold: the invoice is disputed");
}

TEST(NextReminder, Fees) {
    fixture f = invoice(R"({"steps": [{"level": 1, "after_days": 5, "fee": 5.00},
                                      {"level": 2, "after_days": 20, "fee_percent": 1.5}]})",
                        "2026-03-02");
    f.request.open_amount = maybe<decimal>::of({12345, 2});
    status s;
    maybe<decimal> fee;
    ASSERT_TRUE(reminder_fee(f.plan(), f.request, &fee, &s));
    EXPECT_TRUE(fee.known && fee.value.units == 500 && fee.value.scale == 2);
    f.request.last_level = 1;
    ASSERT_TRUE(reminder_fee(f.plan(), f.request, &fee, &s));
    // 123.45 * 1.5 / 100 = 1.85175
    EXPECT_TRUE(fee.known && fee.value.units == 185175 && fee.value.scale == 5);
    f.request.open_amount = maybe<decimal>::of({int128_max, 0});
    EXPECT_FALSE(reminder_fee(f.plan(), f.request, &fee, &s));
    EXPECT_EQ(s.code, error_code::numeric_out_of_range);
    f.request.open_amount = maybe<decimal>::none();
    ASSERT_TRUE(reminder_fee(f.plan(), f.request, &fee, &s));
    EXPECT_FALSE(fee.known);
}

TEST(NextReminder, MinimumIsComparedByValue) {
    fixture f =
        invoice(R"({"steps": [{"level": 1, "after_days": 5}], "min_amount": 25.00})", "2026-03-02");
    const auto status_of = [&](int128 units, int scale) {
        f.request.open_amount = maybe<decimal>::of({units, scale});
        return std::string(reminder_status_names[static_cast<int>(f.plan().status)]);
    };
    EXPECT_EQ(status_of(25, 0), "scheduled");
    EXPECT_EQ(status_of(24, 0), "below_minimum");
    EXPECT_EQ(status_of(250, 1), "scheduled");
    EXPECT_EQ(status_of(2500, 2), "scheduled");
    EXPECT_EQ(status_of(2499, 2), "below_minimum");
    EXPECT_EQ(status_of(25000, 3), "scheduled");
    EXPECT_EQ(status_of(24999, 3), "below_minimum");
    EXPECT_EQ(status_of(int128_max, 0), "scheduled");
    EXPECT_EQ(status_of(int128_max, 38), "below_minimum");
    EXPECT_EQ(status_of(1, 16383), "below_minimum");
    EXPECT_EQ(status_of(0, 16383), "settled");
}

TEST(NextReminder, DatesStayWithinTheirLimits) {
    fixture f = invoice(three_levels, "2026-03-02");
    reminder_plan plan;
    const auto code = [&] {
        status s;
        plan_reminder(f.policy, f.request, &plan, &s);
        return s.code;
    };
    f.request.due_date = max_day - 5;
    EXPECT_EQ(code(), error_code::none);
    EXPECT_EQ(plan.date, max_day);
    f.request.due_date = max_day - 4;
    EXPECT_EQ(code(), error_code::datetime_out_of_range);
    f.request.due_date = INT32_MAX;
    EXPECT_EQ(code(), error_code::datetime_out_of_range);
    f.request.due_date = min_day;
    EXPECT_EQ(code(), error_code::none);
    f.request.not_before = maybe<day_number>::of(INT32_MAX);
    EXPECT_EQ(code(), error_code::datetime_out_of_range);
    f.request.not_before = maybe<day_number>::of(max_day);
    EXPECT_EQ(code(), error_code::none);
    f.set_calendar({{6, 7}, {}});
    f.request.due_date = max_day - 5;
    code();
    f.set_policy(R"({"steps": [{"level": 1, "after_days": 5, "unit": "business_days"}]})");
    f.request.not_before = maybe<day_number>::none();
    EXPECT_EQ(code(), error_code::datetime_out_of_range);
}

// A generated question in both forms.
struct generated_case {
    plain_policy policy;
    plain_question question;
    plain_settings settings;
};

std::vector<paid_item> generated_history(std::mt19937& random) {
    std::vector<paid_item> paid;
    const int style = pick(random, 0, 4), usual = pick(random, -5, 30);
    for (int i = pick(random, 1, 25); i > 0; --i) {
        const int due = pick(random, 8800, 9500);
        int late = usual + pick(random, -2, 2);
        if (style == 0) late = usual;
        if (style == 1) late = pick(random, -20, 60);
        if (style == 2) {
            const civil_date d = to_civil(due);
            late = 20 - d.day;  // always on the 20th
        }
        if (style == 3 && chance(random, 20)) late = 500;
        paid.push_back({due, late});
    }
    return paid;
}

plain_profile plain_of(const std::vector<paid_item>& paid, const plain_settings& s,
                       profile_metrics& metrics) {
    plain_profile p;
    for (const paid_item& x : paid) p.days_late.push_back(x.late);
    if (s.payment_day) {
        const auto day =
            metrics.payment_day({s.payment_day->share / 1000.0, s.payment_day->payments});
        if (day.known) p.payment_day = day.value;
    }
    if (s.structural) {
        const auto late = metrics.structural_days_late(s.structural->items, s.structural->spread);
        if (late.known) p.structural = late.value;
    }
    return p;
}

void generate_history(std::mt19937& random, plain_question* q, reminder_request* r) {
    const auto day = [&](int percent, std::optional<int>* plain, maybe<day_number>* given, int from,
                         int to) {
        if (!chance(random, percent)) return;
        *plain = q->due + pick(random, from, to);
        *given = maybe<day_number>::of(**plain);
    };
    if (chance(random, 50)) q->last_level = r->last_level = pick(random, -2, 5);
    day(q->last_level == 0 ? 15 : 70, &q->last_reminder, &r->last_reminder_date, -15, 50);
    day(20, &q->last_contact, &r->last_contact_date, -20, 50);
    day(15, &q->not_before, &r->not_before, -20, 50);
    day(20, &q->promised, &r->promised_date, -10, 70);
    day(80, &q->as_of, &r->as_of, -20, 120);
    if (chance(random, 25)) {
        q->count = pick(random, 0, 7);
        r->reminder_count = maybe<std::int32_t>::of(*q->count);
    }
    q->disputed = r->disputed = chance(random, 3);
}

void generate_surroundings(std::mt19937& random, const plain_settings& s, plain_question* q,
                           fixture* f) {
    if (chance(random, 70)) {
        const auto paid = generated_history(random);
        f->set_profile(paid);
        q->profile = plain_of(paid, s, f->profile);
    }
    if (chance(random, 40)) {
        const auto paid = generated_history(random);
        f->set_prior(paid);
        q->prior = plain_of(paid, s, f->prior);
    }
    if (chance(random, 70)) {
        plain_calendar calendar;
        if (chance(random, 90)) calendar.weekend = {6, 7};
        if (chance(random, 10)) calendar.weekend = {1, 2, 3, 5, 6, 7};
        for (int i = pick(random, 0, 30); i > 0; --i)
            calendar.holidays.insert(q->due + pick(random, -30, 90));
        f->set_calendar(calendar);
        q->calendar = calendar;
    }
}

fixture generate(std::mt19937& random, plain_question* q, plain_settings* settings) {
    const plain_policy policy = generated_policy(random);
    fixture f(policy.text());
    q->due = f.request.due_date = pick(random, 9000, 10000);
    if (chance(random, 90)) {
        q->amount = chance(random, 2) ? 0 : pick(random, 1, 15000);
        f.request.open_amount = maybe<decimal>::of({*q->amount, 2});
        if (chance(random, 10))
            f.request.open_amount = maybe<decimal>::of({int128{*q->amount} * 1000, 5});
    }
    if (chance(random, 60) && !policy.segments.empty()) q->segment = policy.segments.begin()->first;
    *settings = policy.of(q->segment);
    generate_history(random, q, &f.request);
    generate_surroundings(random, *settings, q, &f);
    f.request.segment = q->segment;
    return f;
}

std::string describe(const reminder_plan& p) {
    std::string text(reminder_status_names[static_cast<int>(p.status)]);
    if (p.has_step) text += " level " + std::to_string(p.step.level);
    if (p.is_repeat && p.has_step) text += " repeated";
    if (p.status == reminder_status::scheduled) text += " on " + date_text(p.date);
    return text;
}

std::string describe(const plain_answer& a, const plain_settings& s) {
    std::string text = a.status;
    if (a.step >= 0) text += " level " + std::to_string(s.steps[a.step].level);
    if (a.repeat && a.step >= 0) text += " repeated";
    if (a.status == "scheduled") text += " on " + date_text(a.date);
    return text;
}

// Every answer must have these, whatever the policy.
void check_properties(const plain_question& q, const plain_settings& s, const reminder_plan& plan,
                      const plain_answer& expected) {
    if (plan.status != reminder_status::scheduled) return;
    ASSERT_GE(plan.date, expected.floor);
    ASSERT_TRUE(plan.date <= expected.cap || expected.floor > expected.cap) << "past the cap";
    if (plan.step.is_notice())
        ASSERT_LT(plan.date, q.due);
    else
        ASSERT_GE(plan.date, q.due);
    if (q.calendar && s.roll != "unadjusted") {
        bool room = false;
        const std::int64_t from =
            std::max<std::int64_t>(expected.floor, plan.step.is_notice() ? plan.date - 60 : q.due);
        const std::int64_t to = expected.floor > expected.cap ? plan.date + 60 : expected.cap;
        for (std::int64_t d = std::max<std::int64_t>(from, plan.date - 60);
             d <= std::min<std::int64_t>(to, plan.date + 60); ++d)
            room |= q.calendar->works(d) &&
                    (plan.trace.base == base_kind::due_date || d > plan.trace.base_day);
        ASSERT_TRUE(!room || q.calendar->works(plan.date)) << "no business day";
    }
}

TEST(NextReminder, AgreesWithTheOracle) {
    std::mt19937 random(7);
    int scheduled = 0, moved = 0;
    for (int i = 0; i < 30000; ++i) {
        plain_question q;
        plain_settings s;
        fixture f = generate(random, &q, &s);
        reminder_course course;
        reminder_plan plan;
        status st;
        ASSERT_TRUE(course.begin(f.policy, f.request, &st)) << st.message;
        const reminder_oracle oracle(s, q);
        plain_state state = oracle.start();
        plain_answer answer = oracle.first(&state);
        for (int row = 0; row < 30; ++row) {
            ASSERT_TRUE(course.next(&plan, &st)) << st.message;
            ASSERT_EQ(describe(plan), describe(answer, s))
                << "case " << i << " row " << row << " segment " << q.segment << " due "
                << date_text(q.due) << "\n"
                << plain_policy{s, {}}.text() << "\n"
                << f.say();
            check_properties(q, s, plan, answer);
            if (::testing::Test::HasFatalFailure()) {
                FAIL() << plain_policy{s, {}}.text() << "\n" << f.say();
            }
            if (plan.status != reminder_status::scheduled) break;
            ++scheduled;
            moved += plan.date != plan.trace.step_day;
            state = oracle.after(state, answer);
            answer = oracle.next(state);
        }
        text_writer reason;
        write_reminder_reason(course, plan, &reason);
        ASSERT_GT(reason.size(), 0u);
    }
    EXPECT_GT(scheduled, 30000);
    EXPECT_GT(moved, 10000);
}

TEST(NextReminder, DamagedPoliciesAreSafe) {
    std::mt19937 random(9);
    int planned = 0;
    for (int i = 0; i < 20000; ++i) {
        plain_question q;
        plain_settings s;
        fixture f = generate(random, &q, &s);
        for (int hits = pick(random, 1, 4); hits > 0; --hits)
            f.policy_bytes[random() % f.policy_bytes.size()] = static_cast<unsigned char>(random());
        policy_view policy;
        status st;
        reminder_course course;
        reminder_plan plan;
        if (!policy.open(f.policy_bytes.data(), f.policy_bytes.size(), &st) ||
            !course.begin(policy, f.request, &st))
            continue;
        for (int row = 0; row < 10 && course.next(&plan, &st); ++row, ++planned) {
            text_writer reason;
            write_reminder_reason(course, plan, &reason);
            if (plan.status != reminder_status::scheduled) break;
        }
    }
    EXPECT_GT(planned, 5000);
}

TEST(NextReminder, MonotoneInAsOfAndIndependentOfIt) {
    std::mt19937 random(8);
    for (int i = 0; i < 5000; ++i) {
        plain_question q;
        plain_settings s;
        fixture f = generate(random, &q, &s);
        f.request.as_of = maybe<day_number>::none();
        const reminder_plan without = f.plan();
        bool was_due = false;
        for (int day = -20; day <= 130; day += 3) {
            const day_number as_of = q.due + day;
            f.request.as_of = maybe<day_number>::of(as_of);
            const reminder_plan plan = f.plan();
            const bool due = is_due(plan, as_of);
            ASSERT_EQ(due, plan.status == reminder_status::scheduled && plan.date <= as_of);
            // start takes an old item out, and a notice lapses on the due date: they alone end what
            // was due.
            const bool same_side = !without.has_step || !without.step.is_notice() || day < 0;
            if (!s.start && same_side) {
                ASSERT_TRUE(due || !was_due) << f.say();
            }
            if (!s.start && !s.skip && same_side) {
                ASSERT_EQ(describe(plan), describe(without)) << f.say();
            }
            was_due = due;
        }
    }
}

}  // namespace
}  // namespace receivables
