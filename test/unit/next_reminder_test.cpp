// Reminder dates and their reasons: hand-made cases. Generated ones are in
// reminder_oracle_test.cpp.
#include "core/reminders/next_reminder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reminder_fixture.hpp"

namespace receivables {
namespace {

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

TEST(NextReminder, LevelsMayHaveGaps) {
    fixture f = invoice(R"({"steps": [
        {"level": 3, "after_days": -2},
        {"level": 10, "after_days": 5},
        {"level": 20, "after_days": 10, "from": "previous_reminder"},
        {"level": 30, "after_days": 10, "from": "previous_reminder"}], "max_reminders": 2})",
                        "2026-03-02");
    f.request.last_level = 10;
    f.request.last_reminder_date = maybe<day_number>::of(date("2026-03-07"));
    EXPECT_EQ(f.say(),
              "scheduled 20 2026-03-17: 10 days after the previous reminder of 2026-03-07");
    f.request.last_level = 19;  // of an earlier policy: one of ours is done
    EXPECT_EQ(f.date_or_status(), "2026-03-17");
    f.request.last_level = 20;
    EXPECT_EQ(f.say(), "final: the maximum of 2 reminders is reached");
    f.request.reminder_count = maybe<std::int32_t>::of(1);
    EXPECT_EQ(f.date_or_status(), "2026-03-17");
}

TEST(NextReminder, NoLevelIsRolledBackOntoTheOneBefore) {
    fixture f = invoice(R"({"steps": [{"level": 1, "after_days": 4}, {"level": 2, "after_days": 6}],
                            "latest_after_due_days": 6})",
                        "2026-03-02");
    f.set_calendar({{6, 7}, {}});
    f.request.last_level = 1;
    const auto sent = [&](const char* day) {
        f.request.last_reminder_date = maybe<day_number>::of(date(day));
        return f.say();
    };
    // The limit is Sunday the 8th.
    const std::string stays =
        "scheduled 2 2026-03-08: 6 days after the due date 2026-03-02; stays on Sunday: the next "
        "business day is past the limit of 6 days after the due date, and the one before is too "
        "early";
    EXPECT_EQ(sent("2026-03-06"), stays);
    EXPECT_EQ(sent("2026-03-05"), stays);
    EXPECT_EQ(
        sent("2026-03-04"),
        "scheduled 2 2026-03-06: 6 days after the due date 2026-03-02; moved from Sunday back "
        "to Friday, the limit being 6 days after the due date");
    f.request.last_reminder_date = maybe<day_number>::none();
    EXPECT_EQ(f.date_or_status(), "2026-03-08");
}

TEST(NextReminder, NoticeThatStaysOnASaturday) {
    fixture f = invoice(R"({"steps": [{"level": 0, "after_days": -1}]})", "2026-03-08");
    f.set_calendar({{6, 7}, {}});
    f.request.not_before = maybe<day_number>::of(date("2026-03-07"));
    EXPECT_EQ(
        f.say(),
        "scheduled 0 2026-03-07: 1 day before the due date 2026-03-08; stays on Saturday: the "
        "next business day is not before the due date, and the one before is too early");
}

// Due on various days, paid on the same one of the month or the week, whichever comes next.
std::vector<paid_item> paid_on(const std::vector<int>& days, int weekday) {
    std::vector<paid_item> paid;
    for (int i = 0; i < 16; ++i) {
        const day_number due = date("2025-01-03") + 23 * i;
        std::int64_t day = weekday > 0 ? due + 3 + (i % 4) * 7 : INT32_MAX;
        while (weekday > 0 && iso_weekday(static_cast<day_number>(day)) != weekday) ++day;
        for (const int of_month : days) day = std::min(day, next_payment_date(of_month, due));
        paid.push_back({due, static_cast<int>(day - due)});
    }
    return paid;
}

TEST(NextReminder, WaitsForPaymentDay) {
    fixture f =
        invoice(R"({"steps": [{"level": 1, "after_days": 5}], "payment_day": {}})", "2026-03-02");
    f.set_profile(paid_on({25}, 0));
    EXPECT_EQ(f.say(),
              "scheduled 1 2026-03-26: 5 days after the due date 2026-03-02; 19 days later because "
              "the customer pays on the 25th, next on Wednesday 2026-03-25, plus 1 day");
    f.request.due_date = date("2026-03-25");
    EXPECT_EQ(f.date_or_status(), "2026-03-30");
}

TEST(NextReminder, WaitsForTheNextOfSeveralPaymentDays) {
    fixture f =
        invoice(R"({"steps": [{"level": 1, "after_days": 1}], "payment_day": {}})", "2026-02-02");
    f.set_profile(paid_on({10, 25}, 0));
    EXPECT_EQ(f.say(),
              "scheduled 1 2026-02-11: 1 day after the due date 2026-02-02; 8 days later because "
              "the customer pays on the 10th and 25th, next on Tuesday 2026-02-10, plus 1 day");
    f.request.due_date = date("2026-02-11");
    EXPECT_EQ(f.date_or_status(), "2026-02-26");
    f.set_profile(paid_on({}, 4));
    EXPECT_EQ(f.say(),
              "scheduled 1 2026-02-13: 1 day after the due date 2026-02-11; 1 day later because "
              "the customer pays on Thursdays, next on Thursday 2026-02-12, plus 1 day");
    // A holiday moves it on; the due date on a Friday belongs to the Thursday after.
    f.set_calendar({{6, 7}, {date("2026-02-19")}});
    f.request.due_date = date("2026-02-13");
    EXPECT_EQ(f.say(),
              "scheduled 1 2026-02-23: 1 day after the due date 2026-02-13; 7 days later because "
              "the customer pays on Thursdays, next on Friday 2026-02-20, plus 1 day; moved from "
              "Saturday to Monday");
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
    EXPECT_NE(f.say().find("; stays on Saturday: the next business day is past that limit, and the "
                           "one before is too early"),
              std::string::npos)
        << f.say();
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

TEST(NextReminder, ContactsAndStatutoryNotices) {
    fixture f = invoice(R"({"steps": [{"level": 1, "after_days": 5},
                                      {"level": 2, "after_days": 10, "statutory": true}],
                            "max_contacts": {"count": 2, "within_days": 7}})",
                        "2026-03-02");
    const std::vector<day_number> contacts = {date("2026-03-01"), date("2026-03-04"),
                                              date("2026-03-03")};
    f.request.contacts = contacts.data();
    f.request.contact_count = 2;
    // Two within seven days until the 7th.
    EXPECT_EQ(
        f.say(),
        "scheduled 1 2026-03-08: 5 days after the due date 2026-03-02; not before 2026-03-08, "
        "at most 2 contacts being allowed within 7 days");
    f.request.contact_count = 3;
    EXPECT_EQ(f.date_or_status(), "2026-03-10");
    EXPECT_EQ(held_by(f.plan()), "contacts");
    f.request.last_level = 1;
    f.request.last_reminder_date = maybe<day_number>::of(date("2026-03-09"));
    EXPECT_EQ(f.date_or_status(), "2026-03-12");
    f.request.contact_count = 1;
    f.request.last_level = 0;
    f.request.last_reminder_date = maybe<day_number>::none();
    EXPECT_EQ(f.date_or_status(), "2026-03-07");
}

TEST(NextReminder, ReviewedIsDunned) {
    fixture f = invoice(R"({"steps": [{"level": 1, "after_days": 5}], "start": {}})", "2026-03-02");
    f.request.as_of = maybe<day_number>::of(date("2026-07-01"));
    EXPECT_EQ(f.date_or_status(), "review");
    EXPECT_EQ(held_by(f.plan()), "start");
    f.request.reviewed = true;
    EXPECT_EQ(f.date_or_status(), "2026-03-07");
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

TEST(NextReminder, RefusesLevelsAndCountsThatCannotBe) {
    fixture f = invoice(R"({"steps": [{"level": 1, "after_days": 5, "repeat_every_days": 1}],
                            "max_reminders": 3})",
                        "2026-03-02");
    for (const std::int32_t level : {least_level, most_level}) {
        f.request.last_level = level;
        EXPECT_EQ(f.date_or_status(), level < 0 ? "2026-03-07" : "2026-03-08");
    }
    for (const std::int32_t level : {INT32_MIN, least_level - 1, most_level + 1, INT32_MAX}) {
        f.request.last_level = level;
        EXPECT_EQ(f.say(), "last_level must be from -99 to 999, not " + std::to_string(level));
    }
    f.request.last_level = 0;
    for (const std::int32_t count : {INT32_MIN, -1}) {
        f.request.reminder_count = maybe<std::int32_t>::of(count);
        EXPECT_EQ(f.say(), "reminder_count must not be negative: " + std::to_string(count));
    }
    f.request.reminder_count = maybe<std::int32_t>::of(INT32_MAX);
    EXPECT_EQ(f.date_or_status(), "final");
}

}  // namespace
}  // namespace receivables
