#include "pg/base/postgres.hpp"

#include <algorithm>
#include <new>
#include <type_traits>

#include "core/reminders/next_reminder.hpp"
#include "core/reminders/reason.hpp"
#include "pg/base/error.hpp"
#include "pg/base/finite_day.hpp"
#include "pg/base/numeric_reader.hpp"
#include "pg/calendar/business_calendar.hpp"
#include "pg/profile/payment_profile.hpp"
#include "pg/reminders/dunning_policy.hpp"

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
    arg_channel,
    arg_contact_dates,
    arg_reviewed
};

maybe<day_number> date_argument(FunctionCallInfo fcinfo, argument index) {
    if (PG_ARGISNULL(index)) return maybe<day_number>::none();
    return maybe<day_number>::of(PG_GETARG_DATEADT(index));
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

// False when there is no policy or no due date: then the answer is NULL.
bool has_question(FunctionCallInfo fcinfo) {
    return !PG_ARGISNULL(arg_policy) && !PG_ARGISNULL(arg_due_date);
}

// Contacts that are NULL are none.
void read_contacts(FunctionCallInfo fcinfo, reminder_request* r) {
    if (PG_ARGISNULL(arg_contact_dates)) return;
    Datum* days;
    bool* nulls;
    int count;
    deconstruct_array(PG_GETARG_ARRAYTYPE_P(arg_contact_dates), DATEOID, sizeof(DateADT), true,
                      TYPALIGN_INT, &days, &nulls, &count);
    auto* contacts = static_cast<day_number*>(palloc(sizeof(day_number) * Max(count, 1)));
    for (int i = 0; i < count; ++i)
        if (!nulls[i]) contacts[r->contact_count++] = DatumGetDateADT(days[i]);
    r->contacts = contacts;
}

void read_history(FunctionCallInfo fcinfo, reminder_request* r) {
    if (!PG_ARGISNULL(arg_last_level)) r->last_level = PG_GETARG_INT32(arg_last_level);
    if (!PG_ARGISNULL(arg_reminder_count))
        r->reminder_count = maybe<std::int32_t>::of(PG_GETARG_INT32(arg_reminder_count));
    r->last_reminder_date = date_argument(fcinfo, arg_last_reminder_date);
    r->last_contact_date = date_argument(fcinfo, arg_last_contact_date);
    r->not_before = date_argument(fcinfo, arg_not_before);
    r->promised_date = date_argument(fcinfo, arg_promised_date);
    r->reviewed = !PG_ARGISNULL(arg_reviewed) && PG_GETARG_BOOL(arg_reviewed);
    r->disputed = !PG_ARGISNULL(arg_disputed) && PG_GETARG_BOOL(arg_disputed);
}

// What they say is checked by the course that begins with it.
void read_arguments(FunctionCallInfo fcinfo, reminder_request* r) {
    r->due_date = PG_GETARG_DATEADT(arg_due_date);
    r->open_amount = amount_argument(fcinfo, arg_open_amount);
    r->as_of = date_argument(fcinfo, arg_as_of);
    r->segment = text_argument(fcinfo, arg_segment);
    r->channel = text_argument(fcinfo, arg_channel);
    r->has_calendar = !PG_ARGISNULL(arg_calendar);
    if (r->has_calendar) r->calendar = open_calendar(PG_GETARG_DATUM(arg_calendar));
    read_history(fcinfo, r);
    read_contacts(fcinfo, r);
}

// What is kept from one call to the next of the same place in a query. A few priors, as one may be
// given a segment: their delays, by the bytes of the argument as it came, which of a value stored
// out of its row are a short pointer.
constexpr int kept_priors = 8;

struct kept_prior {
    std::size_t size;
    unsigned char* argument;
    delay_tail tail;
};

struct call_memory {
    TupleDesc descriptor;
    int prior_count;
    int next_prior;
    kept_prior* priors[kept_priors];
};

call_memory* memory_of_call(FunctionCallInfo fcinfo) {
    if (fcinfo->flinfo->fn_extra == nullptr)
        fcinfo->flinfo->fn_extra =
            MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(call_memory));
    return static_cast<call_memory*>(fcinfo->flinfo->fn_extra);
}

const delay_tail* prior_argument(FunctionCallInfo fcinfo) {
    call_memory* memory = memory_of_call(fcinfo);
    struct varlena* given = reinterpret_cast<struct varlena*>(PG_GETARG_POINTER(arg_prior));
    // A pointer into memory says nothing about what it will point to next time.
    if (VARATT_IS_EXTERNAL(given) && !VARATT_IS_EXTERNAL_ONDISK(given))
        given = PG_DETOAST_DATUM_PACKED(PointerGetDatum(given));
    const auto* argument = reinterpret_cast<const unsigned char*>(given);
    const std::size_t size = VARSIZE_ANY(argument);
    for (int i = 0; i < memory->prior_count; ++i) {
        const kept_prior* kept = memory->priors[i];
        if (kept->size == size && memcmp(kept->argument, argument, size) == 0) return &kept->tail;
    }
    const profile_view view = open_profile_argument(PointerGetDatum(given));
    kept_prior* kept = memory->priors[memory->next_prior];
    if (kept == nullptr)
        kept = static_cast<kept_prior*>(
            MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(kept_prior)));
    // Consistent at every moment in which an allocation may fail.
    kept->size = 0;
    memory->priors[memory->next_prior] = kept;
    memory->prior_count = Max(memory->prior_count, memory->next_prior + 1);
    if (kept->argument != nullptr) pfree(kept->argument);
    kept->argument = nullptr;
    kept->argument = static_cast<unsigned char*>(MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, size));
    memcpy(kept->argument, argument, size);
    kept->tail.build(view);
    kept->size = size;
    memory->next_prior = (memory->next_prior + 1) % kept_priors;
    return &kept->tail;
}

// A course with everything it points to, which lives as long as the call. The profile is large and
// often not needed: it is made in its place only then.
struct reminder_question {
    policy_view policy;
    reminder_course course;
    alignas(profile_metrics) unsigned char profile[sizeof(profile_metrics)];
};
static_assert(std::is_trivially_destructible_v<reminder_course> &&
                  std::is_trivially_destructible_v<profile_metrics>,
              "an error leaves by longjmp");

void begin_course(FunctionCallInfo fcinfo, reminder_question* q) {
    reminder_request request;
    status s;
    q->policy = open_policy(PG_GETARG_DATUM(arg_policy));
    read_arguments(fcinfo, &request);
    if (!q->course.begin(q->policy, request, &s)) raise(s);
    if (!PG_ARGISNULL(arg_profile) && q->course.wants_profile())
        q->course.set_profile(
            new (q->profile) profile_metrics(open_profile_argument(PG_GETARG_DATUM(arg_profile))));
    if (!PG_ARGISNULL(arg_prior) && q->course.wants_prior())
        q->course.set_prior(prior_argument(fcinfo));
}

void plan_next(reminder_course* course, reminder_plan* plan) {
    status s;
    if (!course->next(plan, &s)) raise(s);
}

// Plans one reminder; false when there is no question.
bool plan_arguments(FunctionCallInfo fcinfo, reminder_plan* plan) {
    if (!has_question(fcinfo)) return false;
    reminder_question q;
    begin_course(fcinfo, &q);
    plan_next(&q.course, plan);
    return true;
}

Datum text_datum(std::string_view value) {
    return PointerGetDatum(cstring_to_text_with_len(value.data(), static_cast<int>(value.size())));
}

Datum reason_datum(const reminder_course& course, const reminder_plan& plan) {
    // Nearly every reason fits; one that does not is written once more.
    char text[512];
    text_writer first(text, sizeof text);
    write_reminder_reason(course, plan, &first);
    if (first.size() <= sizeof text) return text_datum({text, first.size()});
    struct varlena* reason = make_varlena(first.size());
    text_writer writer(VARDATA(reason), first.size());
    write_reminder_reason(course, plan, &writer);
    return PointerGetDatum(reason);
}

constexpr int plan_columns = 9;

// The columns of reminder_plan.
void fill_columns(const reminder_course& course, const reminder_plan& plan,
                  Datum (&values)[plan_columns], bool (&nulls)[plan_columns]) {
    const reminder_request& request = course.request();
    const reminder_step& step = plan.step;
    maybe<decimal> fee;
    status s;
    if (!reminder_fee(plan, request, &fee, &s)) raise(s);
    const std::string_view channel = reminder_channel(plan, request), held = held_by(plan);
    nulls[0] = !plan.has_step;
    nulls[1] = plan.status != reminder_status::scheduled;
    nulls[2] = channel.empty();
    nulls[3] = !plan.has_step || step.template_name.empty();
    nulls[4] = !fee.known;
    nulls[5] = nulls[6] = false;
    nulls[7] = nulls[1];
    nulls[8] = held.empty();
    values[0] = Int32GetDatum(step.level);
    values[1] = DateADTGetDatum(plan.date);
    values[2] = nulls[2] ? Datum{0} : text_datum(channel);
    values[3] = nulls[3] ? Datum{0} : text_datum(step.template_name);
    values[4] = nulls[4] ? Datum{0} : make_numeric(fee.value);
    values[5] = text_datum(reminder_status_names[static_cast<int>(plan.status)]);
    values[6] = reason_datum(course, plan);
    // The date was checked, and no bound is earlier than this day.
    values[7] = DateADTGetDatum(static_cast<DateADT>(plan.trace.capped_day));
    values[8] = nulls[8] ? Datum{0} : text_datum(held);
}

// Looked up once a query: it takes longer than the answer.
TupleDesc plan_descriptor(FunctionCallInfo fcinfo) {
    call_memory* memory = memory_of_call(fcinfo);
    if (memory->descriptor != nullptr) return memory->descriptor;
    TupleDesc descriptor;
    const MemoryContext caller = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
    if (get_call_result_type(fcinfo, nullptr, &descriptor) != TYPEFUNC_COMPOSITE ||
        descriptor->natts != plan_columns)
        elog(ERROR, "return type is not reminder_plan");
    memory->descriptor = BlessTupleDesc(descriptor);
    MemoryContextSwitchTo(caller);
    return memory->descriptor;
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
    reminder_question q;
    reminder_plan plan;
    begin_course(fcinfo, &q);
    plan_next(&q.course, &plan);
    Datum values[plan_columns];
    bool nulls[plan_columns];
    fill_columns(q.course, plan, values, nulls);
    return HeapTupleGetDatum(heap_form_tuple(plan_descriptor(fcinfo), values, nulls));
}

RECEIVABLES_FUNCTION(reminder_schedule) {
    InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
    ReturnSetInfo* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    if (!has_question(fcinfo)) return Datum{0};
    reminder_question q;
    begin_course(fcinfo, &q);
    for (bool first = true;; first = false) {
        CHECK_FOR_INTERRUPTS();
        reminder_plan plan;
        plan_next(&q.course, &plan);
        const bool scheduled = plan.status == reminder_status::scheduled;
        if (!scheduled && !first) break;
        Datum values[plan_columns];
        bool nulls[plan_columns];
        fill_columns(q.course, plan, values, nulls);
        tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
        if (!scheduled) break;
    }
    return Datum{0};
}

RECEIVABLES_FUNCTION(promise_until) {
    if (PG_ARGISNULL(0) || PG_ARGISNULL(2) || PG_ARGISNULL(3)) PG_RETURN_NULL();
    const policy_view policy = open_policy(PG_GETARG_DATUM(0));
    const auto segment = static_cast<argument>(1);
    dunning_settings settings;
    status s;
    if (!policy.find_settings(text_argument(fcinfo, segment), &settings, &s)) raise(s);
    const maybe<std::int64_t> end =
        promise_end(settings, finite_day(PG_GETARG_DATEADT(2), "due_date"),
                    finite_day(PG_GETARG_DATEADT(3), "promised_date"));
    if (!end.known) PG_RETURN_NULL();
    PG_RETURN_DATEADT(static_cast<DateADT>(std::min<std::int64_t>(end.value, max_day)));
}
