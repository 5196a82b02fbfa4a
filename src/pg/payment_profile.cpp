#include "pg/postgres.hpp"

#include <cstring>

#include "core/profile_encode.hpp"
#include "core/profile_state.hpp"
#include "pg/error.hpp"
#include "pg/payment_profile.hpp"

namespace receivables {

namespace {

struct varlena* write_profile(const item* items, std::uint32_t count, int scale) {
    struct varlena* out = make_varlena(listed_size(items, count));
    write_listed(items, count, scale, reinterpret_cast<unsigned char*>(VARDATA(out)));
    return out;
}

[[noreturn]] void fail_damaged() {
    ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                    errmsg("malformed payment_profile in working form")));
    pg_unreachable();
}

// A working profile that may have any header and alignment, brought into canonical form.
struct varlena* canonical_from_state(Datum value) {
    struct varlena* copy = PG_DETOAST_DATUM_COPY(value);
    profile_state state;
    if (!state.open(reinterpret_cast<unsigned char*>(VARDATA(copy)), VARSIZE(copy) - VARHDRSZ) ||
        !state.items_are_valid())
        fail_damaged();
    status s;
    if (state.folded_size() == 0 && state.count() > 0 && state.count() <= max_listed_items &&
        state.kind() == profile_kind::packed_state) {
        item items[max_listed_items];
        int scale;
        if (!list_packed(state, items, &scale, &s)) raise(s);
        return write_profile(items, state.count(), scale);
    }
    fold_plan plan;
    if (state.folded_size() > 0) {
        profile_view folded;
        if (!folded.open(state.folded(), state.folded_size(), &s)) raise(s);
        plan.add(profile_source::of(folded));
    }
    plan.add(state.items());
    return fold_to_profile(plan);
}

}  // namespace

struct varlena* fold_to_profile(const fold_plan& plan) {
    status s;
    if (plan.item_count() == 0) fail_damaged();
    if (plan.is_listed()) {
        item items[max_listed_items];
        if (!fold_listed(plan, items, &s)) raise(s);
        return write_profile(items, static_cast<std::uint32_t>(plan.item_count()), plan.scale());
    }
    CHECK_FOR_INTERRUPTS();
    void* allocated = MemoryContextAllocHuge(CurrentMemoryContext, plan.workspace_size() + 15);
    void* workspace =
        reinterpret_cast<void*>((reinterpret_cast<uintptr_t>(allocated) + 15) & ~uintptr_t{15});
    table_set tables;
    if (!fold_tabled(plan, workspace, &tables, &s)) raise(s);
    struct varlena* out = make_varlena(tabled_size(tables));
    write_tabled(tables, reinterpret_cast<unsigned char*>(VARDATA(out)));
    pfree(allocated);
    return out;
}

byte_span canonical_profile(Datum value) {
    const byte_span bytes = payload(value);
    const profile_kind kind = kind_of(bytes.data, bytes.size);
    if (kind != profile_kind::packed_state && kind != profile_kind::wide_state) return bytes;
    return payload(PointerGetDatum(canonical_from_state(value)));
}

profile_view open_profile_argument(Datum value) {
    const byte_span bytes = canonical_profile(value);
    profile_view view;
    status s;
    if (!view.open(bytes.data, bytes.size, &s)) raise(s);
    return view;
}

day_number finite_date(Datum date, const char* argument) {
    const DateADT day = DatumGetDateADT(date);
    if (DATE_NOT_FINITE(day))
        ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
                        errmsg("%s must be a finite date, not %s", argument,
                               DATE_IS_NOBEGIN(day) ? "-infinity" : "infinity")));
    return day;
}

}  // namespace receivables
