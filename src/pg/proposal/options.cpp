#include "pg/base/postgres.hpp"

extern "C" {
#include "catalog/pg_type.h"
}

#include <string_view>

#include "core/base/name_distance.hpp"
#include "core/profile/metric_registry.hpp"
#include "pg/proposal/options.hpp"

namespace receivables {

namespace {

std::int64_t whole_argument(FunctionCallInfo fcinfo, int index, const char* name, int least,
                            int most, std::int64_t fallback) {
    if (PG_ARGISNULL(index)) return fallback;
    const int value = PG_GETARG_INT32(index);
    if (value < least || value > most)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("%s must be between %d and %d, not %d", name, least, most, value)));
    return value;
}

name_list names_argument(FunctionCallInfo fcinfo, int index, const char* name) {
    name_list out;
    if (PG_ARGISNULL(index)) return out;
    out.is_given = true;
    bool* nulls;
    deconstruct_array(PG_GETARG_ARRAYTYPE_P(index), TEXTOID, -1, false, TYPALIGN_INT, &out.names,
                      &nulls, &out.count);
    for (int i = 0; i < out.count; ++i)
        if (nulls[i])
            ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                            errmsg("%s must not hold a NULL", name)));
    return out;
}

// As a sample has them: the columns of profile_summary.
void check_metrics(const name_list& metrics) {
    for (int i = 0; i < metrics.count; ++i) {
        const std::string_view name = metrics.text_of(i);
        const metric* m = find_metric(name);
        if (m != nullptr && m->in_summary) continue;
        const std::string_view near = nearest_metric(name);
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("\"%.*s\" is no metric of a sample", static_cast<int>(name.size()),
                               name.data()),
                        near.empty() || near == name
                            ? errhint("Those of profile_summary are.")
                            : errhint("Perhaps you meant \"%.*s\".", static_cast<int>(near.size()),
                                      near.data())));
    }
}

}  // namespace

proposal_options read_options(FunctionCallInfo fcinfo) {
    proposal_options out;
    out.max_segments = static_cast<std::uint32_t>(
        whole_argument(fcinfo, 1, "max_segments", 1, most_segments, out.max_segments));
    out.min_customers =
        whole_argument(fcinfo, 2, "min_customers", 1, PG_INT32_MAX, out.min_customers);
    out.metrics = names_argument(fcinfo, 3, "metrics");
    check_metrics(out.metrics);
    out.attributes = names_argument(fcinfo, 4, "attributes");
    if (!PG_ARGISNULL(5)) out.monotone = PG_GETARG_BOOL(5);
    out.max_depth = static_cast<std::uint32_t>(
        whole_argument(fcinfo, 6, "max_depth", 1, most_tree_depth, out.max_depth));
    out.bootstraps = static_cast<int>(
        whole_argument(fcinfo, 7, "bootstraps", 0, most_bootstraps, out.bootstraps));
    if (!PG_ARGISNULL(8)) out.min_found_again = PG_GETARG_FLOAT8(8);
    if (!(out.min_found_again >= 0 && out.min_found_again <= 1))
        ereport(ERROR,
                (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                 errmsg("min_found_again must be between 0 and 1, not %g", out.min_found_again)));
    return out;
}

}  // namespace receivables
