// The aggregates invoice_history, which collects the items of one customer, and rollup, which puts
// customers side by side.
#include "pg/base/postgres.hpp"

#include <cstring>

#include "pg/base/aggregate_state.hpp"
#include "pg/base/error.hpp"
#include "pg/profile/item_reader.hpp"
#include "pg/simulation/invoice_history.hpp"

namespace receivables {

namespace {

constexpr std::uint32_t first_capacity = 48;

struct history_state {
    struct varlena* value;
    history_writer writer;
};

unsigned char* bytes_of(struct varlena* value) {
    return reinterpret_cast<unsigned char*>(VARDATA(value));
}

history_state new_state(bool wide, std::uint64_t capacity) {
    if (capacity > UINT32_MAX)
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("invoice_history of " UINT64_FORMAT " items", capacity)));
    history_state state;
    state.value = make_varlena(history_size(wide, capacity));
    state.writer.create(bytes_of(state.value), wide, static_cast<std::uint32_t>(capacity));
    return state;
}

// All items of a history, one by one, as those of one customer or of several.
void append_items(history_state* state, const history_view& from, bool one_customer) {
    status s;
    for (std::uint32_t i = 0; i < from.count(); ++i) {
        item x;
        if (i % 65536 == 0) CHECK_FOR_INTERRUPTS();
        if (!from.read(i, &x, &s)) raise(s);
        state->writer.append(x,
                             one_customer ? state->writer.count() == 0 : from.begins_customer(i));
    }
}

void append_history(history_state* state, const history_view& from, bool one_customer) {
    if (one_customer || from.is_wide() != state->writer.is_wide())
        append_items(state, from, one_customer);
    else
        state->writer.append_all(from);
}

// The state argument, the executor's own or a copy, with room for `more` records of which some may
// be wide.
history_state writable_state(FunctionCallInfo fcinfo, std::uint32_t more, bool wide,
                             bool one_customer) {
    history_state state;
    state.value = own_state(fcinfo);
    if (state.value != nullptr &&
        state.writer.open(bytes_of(state.value), VARSIZE(state.value) - VARHDRSZ) &&
        state.writer.room() >= more && (state.writer.is_wide() || !wide))
        return state;
    const history_view old = open_history(PG_GETARG_DATUM(0));
    const bool widens = wide || old.is_wide();
    const std::size_t most = (MaxAllocSize - VARHDRSZ - history_header_size) / record_size(widens);
    history_state grown =
        new_state(widens, roomy(std::size_t{old.count()} + more, first_capacity, most));
    append_history(&grown, old, one_customer);
    return grown;
}

// Both combine functions: the second history behind the first.
Datum combine(FunctionCallInfo fcinfo, bool one_customer) {
    if (PG_ARGISNULL(1)) return unchanged_state(fcinfo);
    const history_view more = open_history(PG_GETARG_DATUM(1));
    history_state state =
        PG_ARGISNULL(0) ? new_state(more.is_wide(), std::uint64_t{more.count()} + first_capacity)
                        : writable_state(fcinfo, more.count(), more.is_wide(), one_customer);
    append_history(&state, more, one_customer);
    PG_RETURN_POINTER(state.value);
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (state, invoice_date, due_date, paid_date, amount [, disputed])
RECEIVABLES_FUNCTION(invoice_history_transition) {
    if (PG_ARGISNULL(2)) return unchanged_state(fcinfo);
    constexpr NullableDatum none = {0, true};
    const NullableDatum* a = fcinfo->args;
    item read[2];
    read_items({a[1], a[2], a[3], a[4], PG_NARGS() > 5 ? a[5] : none, none, none, none}, read);
    const item& x = read[0];
    const bool wide = !fits_packed(x);
    history_state state =
        PG_ARGISNULL(0) ? new_state(wide, first_capacity) : writable_state(fcinfo, 1, wide, true);
    state.writer.append(x, state.writer.count() == 0);
    PG_RETURN_POINTER(state.value);
}

RECEIVABLES_FUNCTION(invoice_history_combine) {
    return combine(fcinfo, true);
}

RECEIVABLES_FUNCTION(invoice_history_append) {
    return combine(fcinfo, false);
}

// A copy: final functions are read-only.
RECEIVABLES_FUNCTION(invoice_history_final) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    PG_RETURN_POINTER(make_canonical(open_history(PG_GETARG_DATUM(0))));
}
