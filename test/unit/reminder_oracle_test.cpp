// Reminder dates: tens of thousands of generated policies and invoices against the oracle of
// reminder_oracle.hpp, and the properties that every answer must have.
#include "reminder_oracle.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "policy_generator.hpp"
#include "reminder_fixture.hpp"

namespace receivables {
namespace {

std::vector<paid_item> generated_history(std::mt19937& random) {
    std::vector<paid_item> paid;
    const int style = pick(random, 0, 6), usual = pick(random, -5, 30);
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
        if (style == 4) {
            const civil_date d = to_civil(due);
            late = (chance(random, 50) ? 40 : 54) - d.day;  // 40 and 54 days after the month began
        }
        if (style == 5) late = 7 * pick(random, 1, 4) - iso_weekday(due) + 4;  // on Thursdays
        paid.push_back({due, late});
    }
    return paid;
}

plain_profile plain_of(const std::vector<paid_item>& paid, const plain_settings& s,
                       profile_metrics& metrics) {
    plain_profile p;
    for (const paid_item& x : paid) p.days_late.push_back(x.late);
    if (s.payment_day) {
        const payment_run run =
            metrics.payment_habit({s.payment_day->share / 1000.0, s.payment_day->payments});
        p.payment_days.assign(run.day, run.day + run.day_count);
        p.payment_weekday = run.weekday;
    }
    if (s.structural) {
        const auto late = metrics.structural_days_late(s.structural->items, s.structural->spread);
        if (late.known) p.structural = late.value;
    }
    return p;
}

void generate_history(std::mt19937& random, plain_question* q, fixture* f) {
    reminder_request* r = &f->request;
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
    if (chance(random, 50))
        for (int i = pick(random, 0, 8); i > 0; --i)
            q->contacts.push_back(q->due + pick(random, -20, 50));
    f->contacts.assign(q->contacts.begin(), q->contacts.end());
    r->contacts = f->contacts.data();
    r->contact_count = f->contacts.size();
    q->reviewed = r->reviewed = chance(random, 30);
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
    generate_history(random, q, &f);
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

// When the level before went out; none before the first level after the due date.
std::optional<std::int64_t> level_before(const plain_settings& s, const plain_state& state,
                                         const plain_answer& answer) {
    const bool first = !answer.repeat && (answer.step < 1 || s.steps[answer.step - 1].after < 0);
    return first ? std::nullopt : state.last;
}

// Every answer must have these, whatever the policy.
void check_properties(const plain_question& q, const plain_settings& s, const reminder_plan& plan,
                      const plain_answer& expected, const std::optional<std::int64_t>& before) {
    if (plan.status != reminder_status::scheduled) return;
    ASSERT_GE(plan.date, expected.floor);
    ASSERT_EQ(plan.trace.capped_day, expected.wanted);
    ASSERT_EQ(held_by(plan).empty(), plan.date <= expected.wanted);
    ASSERT_TRUE(plan.date <= expected.cap || expected.floor > expected.cap) << "past the cap";
    if (plan.step.is_notice())
        ASSERT_LT(plan.date, q.due);
    else
        ASSERT_GE(plan.date, q.due);
    const auto is_clear_of_it = [&](std::int64_t d) {
        return !before || d > *before + 1 || d >= plan.trace.bound_day;
    };
    ASSERT_TRUE(is_clear_of_it(plan.date)) << "back onto the level before";
    if (q.calendar && s.roll != "unadjusted") {
        bool room = false;
        const std::int64_t from =
            std::max<std::int64_t>(expected.floor, plan.step.is_notice() ? plan.date - 60 : q.due);
        const std::int64_t to = expected.floor > expected.cap ? plan.date + 60 : expected.cap;
        for (std::int64_t d = std::max<std::int64_t>(from, plan.date - 60);
             d <= std::min<std::int64_t>(to, plan.date + 60); ++d)
            room |= q.calendar->works(d) && is_clear_of_it(d);
        ASSERT_TRUE(!room || q.calendar->works(plan.date)) << "no business day";
    }
}

TEST(ReminderOracle, AgreesWithTheOracle) {
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
            check_properties(q, s, plan, answer, level_before(s, state, answer));
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

TEST(ReminderOracle, DamagedPoliciesAreSafe) {
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

TEST(ReminderOracle, MonotoneInAsOfAndIndependentOfIt) {
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
