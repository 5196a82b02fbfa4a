#include "pg/base/postgres.hpp"

#include "core/checkup/segment_migration.hpp"
#include "core/checkup/stability_index.hpp"
#include "pg/base/memory.hpp"
#include "pg/checkup/label_state.hpp"

namespace receivables {

namespace {

struct migration_kind {
    using table = migration_table;
    static constexpr const char* type_name = "segment_migration";
    static constexpr const char* entries_name = "pairs of segments";
    static constexpr std::uint32_t most_entries = max_migration_cells;
    static constexpr std::uint32_t first_capacity = 32;
    static constexpr std::size_t first_label_bytes = 768;
    static constexpr auto measure = measure_migration_json;
    static constexpr auto read = read_migration_json;
    static void write(const table& t, text_writer* out) { write_migration_json(t, out); }
};

using migration_state = label_state<migration_kind>;

migration_state open_migration(Datum value) {
    migration_state state;
    state.open(value);
    return state;
}

[[noreturn]] void fail_too_many_customers() {
    ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
                    errmsg("number of customers is out of range for segment_migration")));
    pg_unreachable();
}

Datum stability_index_of(FunctionCallInfo fcinfo, double least_share) {
    const migration_state state = open_migration(PG_GETARG_DATUM(0));
    const migration_table& table = state.table();
    if (table.count() == 0) PG_RETURN_NULL();
    PG_RETURN_FLOAT8(stability_of(table, least_share, allocate<std::uint32_t>(table.count()),
                                  allocate<std::int64_t>(table.count())));
}

}  // namespace

}  // namespace receivables

using namespace receivables;

RECEIVABLES_LABEL_TYPE(segment_migration, migration_kind)

// (state, from_segment, to_segment)
RECEIVABLES_FUNCTION(segment_migration_transition) {
    const segment_label from = label_argument(fcinfo, 1), to = label_argument(fcinfo, 2);
    char* label = static_cast<char*>(palloc(label_size(from) + label_size(to)));
    const char* end = put_label(to, put_label(from, label));
    migration_state state = state_argument<migration_kind>(fcinfo);
    std::int64_t* customers = &state.record_of({label, static_cast<std::size_t>(end - label)});
    if (!add_customers(1, customers)) fail_too_many_customers();
    return state.datum();
}

RECEIVABLES_FUNCTION(segment_migration_combine) {
    if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1)) {
        std::int64_t all = totals_of(open_migration(PG_GETARG_DATUM(0)).table()).customers;
        if (!add_customers(totals_of(open_migration(PG_GETARG_DATUM(1)).table()).customers, &all))
            fail_too_many_customers();
    }
    return combine_states<migration_kind>(
        fcinfo, [](std::int64_t* to, std::int64_t from) { (void)add_customers(from, to); });
}

RECEIVABLES_FUNCTION(segment_migration_customer_count) {
    PG_RETURN_INT64(totals_of(open_migration(PG_GETARG_DATUM(0)).table()).customers);
}

RECEIVABLES_FUNCTION(segment_migration_moved_share) {
    const migration_totals totals = totals_of(open_migration(PG_GETARG_DATUM(0)).table());
    if (totals.customers == 0) PG_RETURN_NULL();
    PG_RETURN_FLOAT8(static_cast<double>(totals.moved) / static_cast<double>(totals.customers));
}

// (migration [, min_share])
RECEIVABLES_FUNCTION(segment_migration_stability_index) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    const double least_share = PG_NARGS() < 2 || PG_ARGISNULL(1) ? 0 : PG_GETARG_FLOAT8(1);
    status s;
    if (!check_least_share(least_share, &s)) raise(s);
    return stability_index_of(fcinfo, least_share);
}

// Set of (from_segment, to_segment, customers, share), in the order of the table.
RECEIVABLES_FUNCTION(segment_migration_matrix) {
    InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
    ReturnSetInfo* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    const migration_state state = open_migration(PG_GETARG_DATUM(0));
    const migration_table& table = state.table();
    for (std::uint32_t i = 0, end; i < table.count(); i = end) {
        const auto from_customers = static_cast<double>(from_total(table, i, &end));
        for (std::uint32_t cell = i; cell < end; ++cell) {
            Datum values[4] = {};
            bool nulls[4] = {};
            values[0] = label_datum(table.label_part(cell, 0), &nulls[0]);
            values[1] = label_datum(table.label_part(cell, 1), &nulls[1]);
            values[2] = Int64GetDatum(table.record(cell));
            values[3] = Float8GetDatum(static_cast<double>(table.record(cell)) / from_customers);
            tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
        }
    }
    return static_cast<Datum>(0);
}
