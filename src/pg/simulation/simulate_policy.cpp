// simulate_policy: walks through the past of every customer of a history, asks for each item on its
// due date when the policy would remind, and counts what became of it.
#include "pg/base/postgres.hpp"

#include <new>
#include <type_traits>

#include "core/reminders/next_reminder.hpp"
#include "core/segments/evaluate.hpp"
#include "core/simulation/customer_replay.hpp"
#include "core/simulation/tally.hpp"
#include "pg/base/error.hpp"
#include "pg/base/finite_day.hpp"
#include "pg/base/memory.hpp"
#include "pg/base/sort.hpp"
#include "pg/calendar/business_calendar.hpp"
#include "pg/reminders/dunning_policy.hpp"
#include "pg/segments/policy.hpp"
#include "pg/simulation/growing_profile.hpp"
#include "pg/simulation/invoice_history.hpp"
#include "pg/simulation/portfolio_prior.hpp"

namespace receivables {

namespace {

enum argument {
    arg_policy,
    arg_history,
    arg_as_of,
    arg_paid_within_days,
    arg_portfolio_prior,
    arg_calendar,
    arg_segments
};

constexpr std::int32_t usual_paid_within_days = 5;

struct simulation {
    policy_view policy;
    history_view history;
    day_number as_of;
    std::int32_t paid_within_days;
    bool has_prior;
    bool has_calendar;
    calendar_view calendar;
    bool has_segments;
    segment_program segments;
    rule_value* slots;
    rule_value* attributes;

    replay_detail detail;
    customer_replay::memory memory;
    customer_replay replay;
    growing_profile profile;
    portfolio_prior prior;
    simulation_tally tally;
};
static_assert(std::is_trivially_destructible_v<simulation>, "an error leaves by longjmp");

// What the policy's rules, of any segment, look at.
void find_detail(simulation* sim) {
    bool waits = false, has_habits = false;
    for (std::size_t i = 0; i < sim->policy.settings_count(); ++i) {
        dunning_settings settings;
        status s;
        if (!sim->policy.read_settings(i, &settings, &s)) raise(s);
        waits = waits || settings.wait.on;
        has_habits = has_habits || settings.payment_day.on || settings.structural.on;
    }
    sim->detail = sim->has_segments     ? replay_detail::everything
                  : waits || has_habits ? replay_detail::timed_days
                                        : replay_detail::nothing;
    sim->has_prior = sim->has_prior && waits;
}

void read_options(FunctionCallInfo fcinfo, simulation* sim) {
    sim->as_of = finite_day(PG_GETARG_DATEADT(arg_as_of), "as_of");
    sim->paid_within_days = PG_ARGISNULL(arg_paid_within_days)
                                ? usual_paid_within_days
                                : PG_GETARG_INT32(arg_paid_within_days);
    if (sim->paid_within_days < 0 || sim->paid_within_days > max_paid_within_days)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("paid_within_days must be between 0 and %d, not %d",
                               static_cast<int>(max_paid_within_days), sim->paid_within_days)));
    sim->has_prior = !PG_ARGISNULL(arg_portfolio_prior) && PG_GETARG_BOOL(arg_portfolio_prior);
    sim->has_calendar = !PG_ARGISNULL(arg_calendar);
    if (sim->has_calendar) sim->calendar = open_calendar(PG_GETARG_DATUM(arg_calendar));
    sim->has_segments = !PG_ARGISNULL(arg_segments);
    if (!sim->has_segments) return;
    sim->segments = open_policy_argument(fcinfo, arg_segments);
    sim->slots = allocate<rule_value>(sim->segments.slot_count() + 1);
    sim->attributes = allocate<rule_value>(sim->segments.attribute_count() + 1);
    // Nothing of a customer is known but the items.
    for (std::uint32_t i = 0; i < sim->segments.attribute_count(); ++i)
        sim->attributes[i] = rule_value::of(value_kind::unknown);
}

void allocate_memory(simulation* sim) {
    std::uint32_t most = 0;
    const history_view& history = sim->history;
    for (std::uint32_t first = 0; first < history.count();) {
        const std::uint32_t end = history.end_of_customer(first);
        most = Max(most, end - first);
        first = end;
    }
    sim->memory = {allocate<item>(most),          allocate<day_event>(most),
                   allocate<day_event>(most),     allocate<day_event>(most),
                   allocate<std::uint32_t>(most), allocate<item>(most)};
    sim->profile.create();
    sim->tally.begin(allocate<std::int64_t>(simulation_tally::memory_size / sizeof(std::int64_t)),
                     sim->paid_within_days);
}

// The customer of the records from `first` to `end`, as known on as_of, ready to be walked through.
void begin_customer(simulation* sim, std::uint32_t first, std::uint32_t end) {
    std::uint32_t count = 0;
    status s;
    for (std::uint32_t i = first; i < end; ++i) {
        item* x = &sim->memory.items[count];
        if (!sim->history.read(i, x, &s)) raise(s);
        if (!apply_as_of(sim->as_of, x)) continue;
        ++count;
        if (can_be_reminded(*x, sim->as_of)) sim->tally.add_item();
    }
    sim->replay.begin(sim->memory, count, sim->as_of, sim->detail);
    for (const customer_replay::events& events :
         {sim->replay.due(), sim->replay.settled(), sim->replay.opened()})
        sort_values(events.list, events.count, event_order());
    sim->profile.clear();
}

// The profile of the customer as known on the evening of the due date.
profile_view profile_of_day(simulation* sim) {
    if (sim->detail == replay_detail::nothing) return {};
    sim->profile.add(sim->memory.changes, sim->replay.take_settled());
    if (sim->detail != replay_detail::everything) return sim->profile.view();
    return sim->profile.with(sim->memory.changes, sim->replay.list_open());
}

// Moves `segment` on to that of the day; nullptr data stands for none.
void assign_segment_of_day(simulation* sim, profile_metrics* profile, std::string_view* segment) {
    segment_facts facts;
    facts.profile = profile;
    facts.has_as_of = true;
    facts.as_of = sim->replay.day();
    facts.attributes = sim->attributes;
    facts.has_current_segment = segment->data() != nullptr;
    facts.current_segment = *segment;
    segment_evaluator evaluator(sim->segments, facts, sim->slots);
    finish_evaluation([&] { return evaluator.assign(); });
    *segment = evaluator.is_assigned() ? evaluator.segment() : std::string_view();
}

void simulate_item(simulation* sim, const item& x, std::string_view segment,
                   profile_metrics* profile, const delay_tail* prior) {
    reminder_request request;
    request.due_date = x.due;
    request.as_of = maybe<day_number>::of(x.due);
    if (x.has_amount) request.open_amount = maybe<decimal>::of({x.signed_amount(), x.scale});
    request.segment = segment;
    request.profile = profile;
    request.prior = prior;
    request.has_calendar = sim->has_calendar;
    request.calendar = sim->calendar;
    reminder_plan plan;
    status s;
    if (!plan_reminder(sim->policy, request, &plan, &s)) raise(s);
    if (plan.status != reminder_status::scheduled) {
        sim->tally.add_unscheduled();
        return;
    }
    const bool open = x.cls == item_class::open;
    if (!sim->tally.add_scheduled(open, open ? sim->as_of - x.due : x.days_late,
                                  std::int64_t{plan.date} - x.due, &s))
        raise(s);
}

void simulate_customer(simulation* sim, std::uint32_t first, std::uint32_t end) {
    begin_customer(sim, first, end);
    std::string_view segment;
    while (sim->replay.next_due_date()) {
        CHECK_FOR_INTERRUPTS();
        profile_metrics profile(profile_of_day(sim));
        if (sim->has_segments) assign_segment_of_day(sim, &profile, &segment);
        const delay_tail* prior = sim->has_prior ? sim->prior.on_day(sim->replay.day()) : nullptr;
        for (std::uint32_t i = 0; i < sim->replay.overdue_count(); ++i) {
            if (i % 256 == 255) CHECK_FOR_INTERRUPTS();
            simulate_item(sim, sim->replay.overdue(i), segment, &profile, prior);
        }
    }
}

void run(FunctionCallInfo fcinfo, simulation* sim) {
    sim->policy = open_policy(PG_GETARG_DATUM(arg_policy));
    sim->history = open_history(PG_GETARG_DATUM(arg_history));
    read_options(fcinfo, sim);
    find_detail(sim);
    allocate_memory(sim);
    if (sim->has_prior) sim->prior.build(sim->history, sim->as_of);
    for (std::uint32_t first = 0; first < sim->history.count();) {
        const std::uint32_t end = sim->history.end_of_customer(first);
        simulate_customer(sim, first, end);
        first = end;
    }
}

// The columns of policy_simulation, in order.
class report_columns {
  public:
    static constexpr int count = 17;

    void put_count(double value) { put(Int64GetDatum(static_cast<int64>(value))); }
    void put_figure(double value) { put(Float8GetDatum(value)); }
    void put_figure(const maybe<double>& figure) {
        nulls[filled] = !figure.known;
        put(Float8GetDatum(figure.value));
    }
    void put_fixed(const simulation_report& report, double value) {
        nulls[filled] = !report.fixed_days.known;
        put(Float8GetDatum(value));
    }

    Datum values[count];
    bool nulls[count] = {};

  private:
    void put(Datum value) { values[filled++] = value; }
    int filled = 0;
};

Datum report_datum(FunctionCallInfo fcinfo, const simulation_report& report) {
    TupleDesc descriptor;
    if (get_call_result_type(fcinfo, nullptr, &descriptor) != TYPEFUNC_COMPOSITE ||
        descriptor->natts != report_columns::count)
        elog(ERROR, "return type is not policy_simulation");
    report_columns columns;
    columns.put_count(static_cast<double>(report.items));
    columns.put_count(static_cast<double>(report.overdue_items));
    columns.put_count(static_cast<double>(report.unscheduled_items));
    for (std::int64_t items : report.late_items) columns.put_count(static_cast<double>(items));
    columns.put_count(report.policy.reminders);
    columns.put_count(report.policy.paid_soon);
    for (int k = 0; k < late_limit_count; ++k) {
        columns.put_count(report.policy.late_reminders[k]);
        columns.put_figure(report.policy.mean_late_days(k));
    }
    columns.put_figure(report.fixed_days);
    columns.put_fixed(report, report.fixed.paid_soon);
    for (int k = 0; k < late_limit_count; ++k) {
        columns.put_fixed(report, report.fixed.late_reminders[k]);
        columns.put_figure(report.fixed.mean_late_days(k));
    }
    return HeapTupleGetDatum(
        heap_form_tuple(BlessTupleDesc(descriptor), columns.values, columns.nulls));
}

}  // namespace

}  // namespace receivables

using namespace receivables;

RECEIVABLES_FUNCTION(simulate_policy) {
    if (PG_ARGISNULL(arg_policy) || PG_ARGISNULL(arg_history) || PG_ARGISNULL(arg_as_of))
        PG_RETURN_NULL();
    // Memory of its own, since a query may simulate many policies in one context.
    const MemoryContext caller = CurrentMemoryContext;
    const MemoryContext own =
        AllocSetContextCreate(caller, "receivables simulation", ALLOCSET_DEFAULT_SIZES);
    MemoryContextSwitchTo(own);
    auto* sim = new (allocate<simulation>(1)) simulation();
    run(fcinfo, sim);
    const simulation_report report = sim->tally.report();
    MemoryContextSwitchTo(caller);
    MemoryContextDelete(own);
    return report_datum(fcinfo, report);
}
