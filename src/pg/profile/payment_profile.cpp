#include "pg/base/postgres.hpp"

#include <cstring>

#include "core/profile/encode.hpp"
#include "core/profile/state.hpp"
#include "pg/base/error.hpp"
#include "pg/base/memory.hpp"
#include "pg/profile/collector.hpp"
#include "pg/profile/payment_profile.hpp"

namespace receivables {

namespace {

struct varlena* write_profile(const item* items, std::uint32_t count, int scale) {
    struct varlena* out = make_varlena(listed_size(items, count));
    write_listed(items, count, scale, reinterpret_cast<unsigned char*>(VARDATA(out)));
    return out;
}

}  // namespace

struct varlena* fold_to_profile(const fold_plan& plan) {
    status s;
    if (plan.item_count() == 0) fail_malformed_profile();
    if (plan.is_listed()) {
        item items[max_listed_items];
        if (!fold_listed(plan, items, &s)) raise(s);
        return write_profile(items, static_cast<std::uint32_t>(plan.item_count()), plan.scale());
    }
    CHECK_FOR_INTERRUPTS();
    const std::size_t rows = plan.workspace_size() / sizeof(table_row);
    table_row* workspace = allocate<table_row>(rows);
    table_set tables;
    if (!fold_tabled(plan, workspace, &tables, &s)) raise(s);
    struct varlena* out = make_varlena(tabled_size(tables));
    write_tabled(tables, reinterpret_cast<unsigned char*>(VARDATA(out)));
    return out;
}

struct varlena* list_state(const profile_state& state) {
    item items[max_listed_items];
    int scale;
    status s;
    if (!list_items(state, items, &scale, &s)) raise(s);
    return write_profile(items, state.count(), scale);
}

void fail_malformed_profile() {
    ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                    errmsg("malformed payment_profile in working form")));
    pg_unreachable();
}

byte_span canonical_profile(Datum value) {
    const byte_span bytes = payload(value);
    if (!is_working(kind_of(bytes.data, bytes.size))) return bytes;
    // It may have any header and alignment.
    profile_collector collector;
    if (!collector.open(PG_DETOAST_DATUM_COPY(value)) || !collector.is_valid())
        fail_malformed_profile();
    return payload(PointerGetDatum(collector.fold()));
}

profile_view open_profile_argument(Datum value) {
    const byte_span bytes = canonical_profile(value);
    profile_view view;
    status s;
    if (!view.open(bytes.data, bytes.size, &s)) raise(s);
    return view;
}

}  // namespace receivables
