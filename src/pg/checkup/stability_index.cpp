// The population stability index of two arrays of shares or counts.
#include "pg/base/postgres.hpp"

extern "C" {
#include "catalog/pg_type.h"
}

#include "core/checkup/stability_index.hpp"
#include "pg/base/error.hpp"

namespace receivables {

namespace {

struct weights {
    const double* data;
    std::size_t count;
};

weights weights_argument(ArrayType* array, const char* side) {
    if (ARR_NDIM(array) > 1)
        ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
                        errmsg("%s must be a one-dimensional array", side)));
    if (array_contains_nulls(array))
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                        errmsg("%s must not contain NULL", side)));
    return {reinterpret_cast<const double*>(ARR_DATA_PTR(array)),
            static_cast<std::size_t>(ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)))};
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (expected float8[], actual float8[], min_share)
RECEIVABLES_FUNCTION(stability_index_of_shares) {
    if (PG_ARGISNULL(0) || PG_ARGISNULL(1)) PG_RETURN_NULL();
    const double least_share = PG_ARGISNULL(2) ? 0 : PG_GETARG_FLOAT8(2);
    status s;
    if (!check_least_share(least_share, &s)) raise(s);
    const weights expected = weights_argument(PG_GETARG_ARRAYTYPE_P(0), "expected");
    const weights actual = weights_argument(PG_GETARG_ARRAYTYPE_P(1), "actual");
    if (expected.count != actual.count)
        ereport(ERROR,
                (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                 errmsg("expected has %zu shares and actual %zu", expected.count, actual.count),
                 errdetail("Each group needs a share on both sides.")));
    bool has_value;
    double value;
    if (!stability_of_weights(expected.data, actual.data, expected.count, least_share, &has_value,
                              &value, &s))
        raise(s);
    if (!has_value) PG_RETURN_NULL();
    PG_RETURN_FLOAT8(value);
}
