// The aggregates experiment_sample, which collects items, and rollup, which puts samples together.
#include <cmath>

#include "pg/base/aggregate_state.hpp"
#include "pg/base/error.hpp"
#include "pg/experiment/experiment_sample.hpp"

namespace receivables {

namespace {

constexpr std::size_t first_size = 4096;

struct sample_state {
    struct varlena* value;
    sample_writer writer;
};

unsigned char* bytes_of(struct varlena* value) {
    return reinterpret_cast<unsigned char*>(VARDATA(value));
}

sample_state new_state(std::size_t item_bytes) {
    sample_state state;
    const std::size_t size =
        roomy(sample_header_size + item_bytes, first_size, MaxAllocSize - VARHDRSZ);
    state.value = make_varlena(size);
    state.writer.create(bytes_of(state.value), size);
    return state;
}

sample_reader open_sample(Datum value) {
    const byte_span bytes = payload(value);
    status s;
    sample_reader reader;
    if (!reader.open(bytes.data, bytes.size, &s)) raise(s);
    return reader;
}

// The state argument with room for `more` bytes of items: the executor's own, or a copy.
sample_state writable_state(FunctionCallInfo fcinfo, std::size_t more) {
    if (PG_ARGISNULL(0)) return new_state(more);
    sample_state state;
    state.value = own_state(fcinfo);
    if (state.value != nullptr &&
        state.writer.open(bytes_of(state.value), VARSIZE(state.value) - VARHDRSZ) &&
        state.writer.room() >= more)
        return state;
    const sample_reader old = open_sample(PG_GETARG_DATUM(0));
    sample_state grown = new_state(old.items_size() + more);
    grown.writer.append_all(old);
    return grown;
}

std::string_view text_argument(FunctionCallInfo fcinfo, int index) {
    const text* value = PG_GETARG_TEXT_PP(index);
    return {VARDATA_ANY(value), static_cast<std::size_t>(VARSIZE_ANY_EXHDR(value))};
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (state, arm, customer, days_to_payment, paid, weight)
RECEIVABLES_FUNCTION(experiment_sample_transition) {
    for (int i = 1; i <= 4; ++i)
        if (PG_ARGISNULL(i)) return unchanged_state(fcinfo);
    const sample_item x = {text_argument(fcinfo, 1), text_argument(fcinfo, 2), PG_GETARG_INT32(3),
                           PG_GETARG_BOOL(4), PG_ARGISNULL(5) ? 1.0 : PG_GETARG_FLOAT8(5)};
    status s;
    if (!check_sample_item(x, &s)) raise(s);
    sample_state state = writable_state(fcinfo, x.stored_size());
    state.writer.append(x);
    PG_RETURN_POINTER(state.value);
}

RECEIVABLES_FUNCTION(experiment_sample_combine) {
    if (PG_ARGISNULL(1)) return unchanged_state(fcinfo);
    const sample_reader more = open_sample(PG_GETARG_DATUM(1));
    sample_state state = writable_state(fcinfo, more.items_size());
    state.writer.append_all(more);
    PG_RETURN_POINTER(state.value);
}

// A copy: final functions are read-only.
RECEIVABLES_FUNCTION(experiment_sample_final) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    sample_items sample = read_sample(payload(PG_GETARG_DATUM(0)));
    sort_sample(&sample);
    PG_RETURN_POINTER(make_sample(sample));
}
