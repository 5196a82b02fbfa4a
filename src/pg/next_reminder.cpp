#include "pg/postgres.hpp"

#include "core/next_reminder.hpp"
#include "core/reminder_reason.hpp"
#include "pg/business_calendar.hpp"
#include "pg/dunning_policy.hpp"
#include "pg/error.hpp"
#include "pg/numeric_reader.hpp"
#include "pg/payment_profile.hpp"

namespace receivables {

namespace {

// The arguments of all four functions, in their order.
enum argument {
    arg_policy,
    arg_due_date,
    arg_open_amount,
    arg_as_of,
    arg_segment,
    arg_profile,
    arg_prior,
    arg_calendar,
    arg_last_level,
    arg_last_reminder_date,
    arg_reminder_count,
    arg_last_contact_date,
    arg_disputed,
    arg_not_before,
    arg_promised_date,
    arg_channel
};

maybe<day_number> date_argument(FunctionCallInfo fcinfo, argument index, const char* name) {
    if (PG_ARGISNULL(index)) return maybe<day_number>::none();
    return maybe<day_number>::of(finite_day(PG_GETARG_DATEADT(index), name));
}

std::string_view text_argument(FunctionCallInfo fcinfo, argument index) {
    if (PG_ARGISNULL(index)) return {};
    text* value = PG_GETARG_TEXT_PP(index);
    return {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};
}

maybe<decimal> amount_argument(FunctionCallInfo fcinfo, argument index) {
    if (PG_ARGISNULL(index)) return maybe<decimal>::none();
    const numeric_parts parts = read_numeric(PG_GETARG_DATUM(index));
    const auto units = static_cast<int128>(parts.units);
    return maybe<decimal>::of({parts.negative ? -units : units, parts.scale});
}

// Everything that a course points to, so that it lives as long as the call.
struct reminder_arguments {
    policy_view policy;
    reminder_request request;
    profile_metrics profile;
    profile_metrics prior;
};

// False when there is no policy or no due date: then the answer is NULL.
bool has_question(FunctionCallInfo fcinfo) {
    return !PG_ARGISNULL(arg_policy) && !PG_ARGISNULL(arg_due_date);
}

void read_history(FunctionCallInfo fcinfo, reminder_request* r) {
    if (!PG_ARGISNULL(arg_last_level)) r->last_level = PG_GETARG_INT32(arg_last_level);
    if (!PG_ARGISNULL(arg_reminder_count))
        r->reminder_count = maybe<std::int32_t>::of(PG_GETARG_INT32(arg_reminder_count));
    r->last_reminder_date = date_argument(fcinfo, arg_last_reminder_date, "last_reminder_date");
    r->last_contact_date = date_argument(fcinfo, arg_last_contact_date, "last_contact_date");
    r->not_before = date_argument(fcinfo, arg_not_before, "not_before");
    r->promised_date = date_argument(fcinfo, arg_promised_date, "promised_date");
    r->disputed = !PG_ARGISNULL(arg_disputed) && PG_GETARG_BOOL(arg_disputed);
}

void read_arguments(FunctionCallInfo fcinfo, reminder_arguments* a) {
    reminder_request& r = a->request;
    r.due_date = finite_day(PG_GETARG_DATEADT(arg_due_date), "due_date");
    r.open_amount = amount_argument(fcinfo, arg_open_amount);
    r.as_of = date_argument(fcinfo, arg_as_of, "as_of");
    r.segment = text_argument(fcinfo, arg_segment);
    r.channel = text_argument(fcinfo, arg_channel);
    r.has_calendar = !PG_ARGISNULL(arg_calendar);
    if (r.has_calendar) r.calendar = open_calendar(PG_GETARG_DATUM(arg_calendar));
    if (!PG_ARGISNULL(arg_profile)) r.profile = &a->profile;
    if (!PG_ARGISNULL(arg_prior)) r.prior = &a->prior;
    read_history(fcinfo, &r);
}

// Plans one reminder; false when there is no question.
bool plan_arguments(FunctionCallInfo fcinfo, reminder_plan* plan) {
    if (!has_question(fcinfo)) return false;
    reminder_arguments a{open_policy(PG_GETARG_DATUM(arg_policy)),
                         {},
                         profile_metrics(open_optional_profile(fcinfo, arg_profile)),
                         profile_metrics(open_optional_profile(fcinfo, arg_prior))};
    read_arguments(fcinfo, &a);
    status s;
    if (!plan_reminder(a.policy, a.request, plan, &s)) raise(s);
    return true;
}

Datum text_datum(std::string_view value) {
    return PointerGetDatum(cstring_to_text_with_len(value.data(), static_cast<int>(value.size())));
}

Datum reason_datum(const reminder_course& course, const reminder_plan& plan) {
    text_writer measure;
    write_reminder_reason(course, plan, &measure);
    struct varlena* reason = make_varlena(measure.size());
    text_writer writer(VARDATA(reason), measure.size());
    write_reminder_reason(course, plan, &writer);
    return PointerGetDatum(reason);
}

constexpr int plan_columns = 7;

// The columns of reminder_plan.
void fill_columns(const reminder_course& course, const reminder_plan& plan,
                  Datum (&values)[plan_columns], bool (&nulls)[plan_columns]) {
    const reminder_request& request = course.request();
    const reminder_step& step = plan.step;
    maybe<decimal> fee;
    status s;
    if (!reminder_fee(plan, request, &fee, &s)) raise(s);
    const std::string_view channel = reminder_channel(plan, request);
    nulls[0] = !plan.has_step;
    nulls[1] = plan.status != reminder_status::scheduled;
    nulls[2] = channel.empty();
    nulls[3] = !plan.has_step || step.template_name.empty();
    nulls[4] = !fee.known;
    nulls[5] = nulls[6] = false;
    values[0] = Int32GetDatum(step.level);
    values[1] = DateADTGetDatum(plan.date);
    values[2] = nulls[2] ? Datum{0} : text_datum(channel);
    values[3] = nulls[3] ? Datum{0} : text_datum(step.template_name);
    values[4] = nulls[4] ? Datum{0} : make_numeric(fee.value);
    values[5] = text_datum(reminder_status_names[static_cast<int>(plan.status)]);
    values[6] = reason_datum(course, plan);
}

// Looked up once a query: it takes longer than the answer.
TupleDesc plan_descriptor(FunctionCallInfo fcinfo) {
    if (fcinfo->flinfo->fn_extra != nullptr)
        return static_cast<TupleDesc>(fcinfo->flinfo->fn_extra);
    TupleDesc descriptor;
    const MemoryContext caller = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
    if (get_call_result_type(fcinfo, nullptr, &descriptor) != TYPEFUNC_COMPOSITE ||
        descriptor->natts != plan_columns)
        elog(ERROR, "return type is not reminder_plan");
    descriptor = BlessTupleDesc(descriptor);
    MemoryContextSwitchTo(caller);
    fcinfo->flinfo->fn_extra = descriptor;
    return descriptor;
}

}  // namespace

}  // namespace receivables

using namespace receivables;

RECEIVABLES_FUNCTION(next_reminder_date) {
    reminder_plan plan;
    if (!plan_arguments(fcinfo, &plan) || plan.status != reminder_status::scheduled)
        PG_RETURN_NULL();
    PG_RETURN_DATEADT(plan.date);
}

RECEIVABLES_FUNCTION(is_reminder_due) {
    reminder_plan plan;
    if (!plan_arguments(fcinfo, &plan)) PG_RETURN_NULL();
    if (plan.status != reminder_status::scheduled) PG_RETURN_BOOL(false);
    if (PG_ARGISNULL(arg_as_of)) PG_RETURN_NULL();
    PG_RETURN_BOOL(is_due(plan, PG_GETARG_DATEADT(arg_as_of)));
}

RECEIVABLES_FUNCTION(next_reminder) {
    if (!has_question(fcinfo)) PG_RETURN_NULL();
    reminder_arguments a{open_policy(PG_GETARG_DATUM(arg_policy)),
                         {},
                         profile_metrics(open_optional_profile(fcinfo, arg_profile)),
                         profile_metrics(open_optional_profile(fcinfo, arg_prior))};
    read_arguments(fcinfo, &a);
    reminder_course course;
    reminder_plan plan;
    status s;
    if (!course.begin(a.policy, a.request, &s) || !course.next(&plan, &s)) raise(s);
    Datum values[plan_columns];
    bool nulls[plan_columns];
    fill_columns(course, plan, values, nulls);
    return HeapTupleGetDatum(heap_form_tuple(plan_descriptor(fcinfo), values, nulls));
}

RECEIVABLES_FUNCTION(reminder_schedule) {
    InitMaterializedSRF(fcinfo, 0);
    ReturnSetInfo* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    if (!has_question(fcinfo)) return Datum{0};
    reminder_arguments a{open_policy(PG_GETARG_DATUM(arg_policy)),
                         {},
                         profile_metrics(open_optional_profile(fcinfo, arg_profile)),
                         profile_metrics(open_optional_profile(fcinfo, arg_prior))};
    read_arguments(fcinfo, &a);
    reminder_course course;
    status s;
    if (!course.begin(a.policy, a.request, &s)) raise(s);
    for (bool first = true;; first = false) {
        CHECK_FOR_INTERRUPTS();
        reminder_plan plan;
        if (!course.next(&plan, &s)) raise(s);
        const bool scheduled = plan.status == reminder_status::scheduled;
        if (!scheduled && !first) break;
        Datum values[plan_columns];
        bool nulls[plan_columns];
        fill_columns(course, plan, values, nulls);
        tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
        if (!scheduled) break;
    }
    return Datum{0};
}
