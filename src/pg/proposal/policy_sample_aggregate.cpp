// The aggregates policy_sample(profile, outcome, as_of, attributes) and rollup(policy_sample).
//
// The state is a bytea: a sample (core/proposal/sample.hpp) whose customers stand in no order, and
// room for more.
#include "pg/base/postgres.hpp"

extern "C" {
#include "utils/jsonb.h"
}

#include <cmath>

#include "core/base/decimal_arithmetic.hpp"
#include "core/segments/condition.hpp"
#include "core/segments/condition_scan.hpp"
#include "pg/base/aggregate_state.hpp"
#include "pg/base/finite_day.hpp"
#include "pg/base/memory.hpp"
#include "pg/base/numeric_reader.hpp"
#include "pg/profile/payment_profile.hpp"
#include "pg/proposal/policy_sample.hpp"

namespace receivables {

namespace {

constexpr std::size_t first_state_bytes = 8000;
constexpr std::size_t most_state_bytes = MaxAllocSize - VARHDRSZ;

// A state, ours to change where it says so.
struct sample_state {
    struct varlena* value;
    policy_sample_view sample;
    bool own;

    unsigned char* bytes() const { return reinterpret_cast<unsigned char*>(VARDATA(value)); }
    std::size_t room() const { return VARSIZE(value) - VARHDRSZ - sample.used(); }
};

sample_state view_state(struct varlena* value, bool own) {
    sample_state out = {value, {}, own};
    const byte_span bytes = {out.bytes(), VARSIZE(value) - VARHDRSZ};
    // Nobody but this aggregate has written its own state.
    out.sample = own ? open_sample(bytes) : open_checked_sample(bytes);
    return out;
}

struct varlena* new_state(std::size_t bytes) {
    struct varlena* value = make_varlena(roomy(bytes, first_state_bytes, most_state_bytes));
    memset(VARDATA(value), 0, VARSIZE(value) - VARHDRSZ);
    return value;
}

sample_state start_state() {
    struct varlena* value = new_state(policy_sample_head_size + sample_names_size());
    policy_sample_writer(reinterpret_cast<unsigned char*>(VARDATA(value))).start();
    return view_state(value, true);
}

sample_state state_argument(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0)) return start_state();
    if (struct varlena* own = own_state(fcinfo)) return view_state(own, true);
    return view_state(PG_DETOAST_DATUM(PG_GETARG_DATUM(0)), false);
}

void require_customers(std::uint64_t customers) {
    if (customers > most_sample_customers)
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("policy_sample has more than the limit of %u customers",
                               most_sample_customers),
                        errhint("Take a part of the customers.")));
}

// The state with room for more bytes: itself, or a copy.
sample_state with_room(const sample_state& state, std::size_t more) {
    if (state.own && state.room() >= more) return state;
    const std::size_t used = state.sample.used();
    if (used + more > most_state_bytes)
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("policy_sample of %u customers needs more than one gigabyte",
                               state.sample.customers() + 1),
                        errhint("Take a part of the customers, or fewer attributes.")));
    struct varlena* value = new_state(used + more);
    memcpy(VARDATA(value), state.bytes(), used);
    return view_state(value, true);
}

// What a transition knows of a customer's attributes: those that a rule can ask for.
struct attribute_list {
    sampled_attribute* entries;
    std::size_t count, bytes;
};

[[noreturn]] void fail_too_many_attributes() {
    ereport(ERROR,
            (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
             errmsg("a customer has more than the limit of %zu attributes", most_attribute_values),
             errhint("Pass those that may take part: jsonb_build_object('sector', sector).")));
    pg_unreachable();
}

// False for what no comparison of a rule knows: null, a list, a number of more than 38 digits, a
// long text.
bool read_scalar(const JsonbValue& found, sampled_attribute* out) {
    numeric_parts number;
    switch (found.type) {
        case jbvBool:
            out->kind = attribute_kind::boolean;
            out->number = found.val.boolean;
            return true;
        case jbvString:
            out->kind = attribute_kind::text;
            out->text = {found.val.string.val, static_cast<std::size_t>(found.val.string.len)};
            return out->text.size() <= most_attribute_text;
        case jbvNumeric:
            if (!try_read_numeric(NumericGetDatum(found.val.numeric), &number)) return false;
            out->kind = attribute_kind::number;
            out->number = nearest_double({static_cast<int128>(number.units), number.scale});
            if (number.negative) out->number = -out->number;
            return true;
        default:
            return false;
    }
}

void read_object(JsonbContainer* object, const char* path, std::size_t path_size,
                 attribute_list* out) {
    check_stack_depth();
    JsonbIterator* at = JsonbIteratorInit(object);
    JsonbValue found;
    char name[max_attribute_path_bytes];
    std::size_t size = 0;
    for (JsonbIteratorToken token; (token = JsonbIteratorNext(&at, &found, true)) != WJB_DONE;) {
        if (token == WJB_KEY) {
            const auto key = static_cast<std::size_t>(found.val.string.len);
            const std::size_t dot = path_size > 0;
            size = 0;
            // What has no name in a rule takes no part.
            if (key == 0 || key > max_name_bytes || path_size + dot + key >= sizeof name) continue;
            memcpy(name, path, path_size);
            if (dot > 0) name[path_size] = '\0';
            memcpy(name + path_size + dot, found.val.string.val, key);
            size = path_size + dot + key;
        }
        if (token != WJB_VALUE || size == 0) continue;
        if (found.type == jbvBinary && JsonContainerIsObject(found.val.binary.data))
            read_object(found.val.binary.data, name, size, out);
        sampled_attribute a = {};
        if (!read_scalar(found, &a)) continue;
        if (out->count == most_attribute_values) fail_too_many_attributes();
        char* path_copy = static_cast<char*>(palloc(size));
        memcpy(path_copy, name, size);
        a.path = {path_copy, size};
        out->entries[out->count++] = a;
        out->bytes += stored_size(a);
    }
}

attribute_list read_attributes(FunctionCallInfo fcinfo, int index) {
    attribute_list out = {nullptr, 0, 0};
    if (PG_ARGISNULL(index)) return out;
    Jsonb* document = PG_GETARG_JSONB_P(index);
    JsonbValue scalar;
    if (JB_ROOT_IS_SCALAR(document) && JsonbExtractScalar(&document->root, &scalar) &&
        scalar.type == jbvNull)
        return out;
    if (!JB_ROOT_IS_OBJECT(document))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("attributes must be a JSON object, not %s",
                               JB_ROOT_IS_SCALAR(document) ? "a single value" : "an array")));
    out.entries = allocate<sampled_attribute>(most_attribute_values);
    read_object(&document->root, "", 0, &out);
    return out;
}

double outcome_argument(FunctionCallInfo fcinfo, int index) {
    const double outcome = PG_GETARG_FLOAT8(index);
    if (!std::isfinite(outcome) || std::fabs(outcome) > most_sample_number)
        ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
                        errmsg("outcome %g is not between %g and %g", outcome, -most_sample_number,
                               most_sample_number)));
    return outcome;
}

// In the order of policy_sample_writer::start(), with an interrupt between them: one may take milliseconds.
void put_figures(FunctionCallInfo fcinfo, policy_sample_writer* out) {
    const bool has_as_of = !PG_ARGISNULL(3);
    const day_number as_of = has_as_of ? finite_day(PG_GETARG_DATEADT(3), "as_of") : 0;
    profile_metrics profile = profile_metrics::of([&] { return open_optional_profile(fcinfo, 1); });
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    for (std::size_t i = 0; i < count; ++i) {
        CHECK_FOR_INTERRUPTS();
        if (metrics[i].in_summary)
            out->put_figure(figure_of(metrics[i], profile, has_as_of, as_of));
    }
}

void require_same_figures(const policy_sample_view& a, const policy_sample_view& b) {
    if (a.names() == b.names()) return;
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("cannot merge samples of other figures"),
                    errdetail("One has %u figures, another %u.", a.figures(), b.figures()),
                    errhint("They were collected by other versions of the extension; collect them "
                            "again.")));
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (state, profile, outcome, as_of, attributes)
RECEIVABLES_FUNCTION(policy_sample_transition) {
    if (PG_ARGISNULL(2)) return unchanged_state(fcinfo);
    const double outcome = outcome_argument(fcinfo, 2);
    sample_state state = state_argument(fcinfo);
    if (state.sample.figures() != sample_figure_count())
        require_same_figures(start_state().sample, state.sample);
    require_customers(std::uint64_t{state.sample.customers()} + 1);
    const attribute_list attributes = read_attributes(fcinfo, 4);
    state = with_room(
        state, record_head_size + sizeof(double) * state.sample.figures() + attributes.bytes);
    policy_sample_writer writer(state.bytes());
    writer.resume(state.sample);
    writer.begin_customer(outcome);
    put_figures(fcinfo, &writer);
    for (std::size_t i = 0; i < attributes.count; ++i) writer.put_attribute(attributes.entries[i]);
    writer.end_customer();
    PG_RETURN_POINTER(state.value);
}

// (state, state), and the transition function of rollup: (state, policy_sample)
RECEIVABLES_FUNCTION(policy_sample_combine) {
    if (PG_ARGISNULL(1)) return unchanged_state(fcinfo);
    const policy_sample_view more = open_checked_sample(payload(PG_GETARG_DATUM(1)));
    if (PG_ARGISNULL(0)) {
        struct varlena* copy = new_state(more.used());
        policy_sample_writer writer(reinterpret_cast<unsigned char*>(VARDATA(copy)));
        writer.start(more.names(), more.figures());
        writer.put_records(more.first().bytes, more.used() - more.head_size(), more.customers());
        PG_RETURN_POINTER(copy);
    }
    sample_state state = state_argument(fcinfo);
    require_same_figures(state.sample, more);
    require_customers(std::uint64_t{state.sample.customers()} + more.customers());
    const std::size_t size = more.used() - more.head_size();
    state = with_room(state, size);
    policy_sample_writer writer(state.bytes());
    writer.resume(state.sample);
    writer.put_records(more.first().bytes, size, more.customers());
    PG_RETURN_POINTER(state.value);
}

RECEIVABLES_FUNCTION(policy_sample_final) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    PG_RETURN_POINTER(canonical_sample(open_checked_sample(payload(PG_GETARG_DATUM(0)))));
}
