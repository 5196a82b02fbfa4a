#include "pg/base/postgres.hpp"

#include <cstring>

#include "core/profile/check.hpp"
#include "pg/base/error.hpp"
#include "pg/base/memory.hpp"
#include "pg/profile/collector.hpp"
#include "pg/profile/payment_profile.hpp"

namespace receivables {

namespace {

struct varlena* write_tables(const table_set& tables) {
    struct varlena* out = make_varlena(tabled_size(tables));
    write_tabled(tables, profile_bytes(out));
    return out;
}

int compare_rows(const void* left, const void* right, void*) {
    const auto& a = *static_cast<const table_row*>(left);
    const auto& b = *static_cast<const table_row*>(right);
    CHECK_FOR_INTERRUPTS();
    return is_before(a, b) ? -1 : is_before(b, a);
}

// Many rows are sorted so that a cancel is noticed.
void sort_interruptibly(table_row* rows, std::size_t count) {
    constexpr std::size_t most_at_once = 1 << 16;
    if (count <= most_at_once)
        sort_rows(rows, count);
    else
        qsort_arg(rows, count, sizeof *rows, compare_rows, nullptr);
}

struct varlena* fold_to_items(const fold_plan& plan) {
    item items[most_listed_items];
    status s;
    if (!list_items(plan, items, &s)) raise(s);
    const auto count = static_cast<std::uint32_t>(plan.listed_count());
    struct varlena* out = make_varlena(listed_size(items, count));
    write_listed(items, count, plan.scale(), profile_bytes(out));
    return out;
}

}  // namespace

struct varlena* fold_to_profile(const fold_plan& plan) {
    if (plan.is_empty()) fail_malformed_profile();
    if (plan.is_listed()) return fold_to_items(plan);
    CHECK_FOR_INTERRUPTS();
    status s;
    const MemoryContext workspace = AllocSetContextCreate(
        CurrentMemoryContext, "receivables profile", ALLOCSET_START_SMALL_SIZES);
    const MemoryContext caller = MemoryContextSwitchTo(workspace);
    table_row* rows = allocate<table_row>(plan.workspace_rows());
    MemoryContextSwitchTo(caller);
    table_fold fold;
    fold.start(plan, rows);
    while (fold.step(&s)) CHECK_FOR_INTERRUPTS();
    if (!s.ok()) raise(s);
    for (int t = 0; t < keyed_tables; ++t) {
        std::size_t count;
        table_row* list = fold.list(t, &count);
        sort_interruptibly(list, count);
    }
    table_set tables;
    fold.finish(&tables);
    struct varlena* out = write_tables(tables);
    MemoryContextDelete(workspace);
    return out;
}

struct varlena* check_stored(const unsigned char* bytes, std::size_t size) {
    const profile_view view = view_of(bytes, size);
    struct varlena* rebuilt;
    status s;
    if (view.kind() == profile_kind::items) {
        if (!check_items(view, &s)) raise(s);
        fold_plan plan;
        plan.add(profile_source::of(view));
        rebuilt = fold_to_profile(plan);
    } else {
        const table_set tables = read_tables(view, allocate<table_row>(row_total(view)));
        if (!check_tables(tables, &s)) raise(s);
        rebuilt = write_tables(tables);
    }
    if (VARSIZE(rebuilt) - VARHDRSZ != size || std::memcmp(VARDATA(rebuilt), bytes, size) != 0)
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("malformed payment_profile: not in canonical form")));
    return rebuilt;
}

void fail_malformed_profile() {
    ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                    errmsg("malformed payment_profile in working form")));
    pg_unreachable();
}

profile_view view_of(const unsigned char* bytes, std::size_t size) {
    profile_view view;
    status s;
    if (!view.open(bytes, size, &s)) raise(s);
    return view;
}

byte_span stored_profile(Datum value) {
    const byte_span bytes = payload(value);
    if (kind_of(bytes.data, bytes.size) != profile_kind::working) return bytes;
    // It may have any header and alignment.
    profile_collector collector;
    if (!collector.open(PG_DETOAST_DATUM_COPY(value))) fail_malformed_profile();
    collector.check();
    return payload(PointerGetDatum(collector.fold()));
}

profile_view open_profile_argument(Datum value) {
    const byte_span bytes = stored_profile(value);
    return view_of(bytes.data, bytes.size);
}

}  // namespace receivables
