// What refresh_segments needs of C++: the aggregate of attributes, and whether anything can commit.
#include "pg/base/postgres.hpp"

extern "C" {
#include "access/xact.h"
#include "utils/jsonb.h"
}

namespace receivables {

namespace {

bool same_bytes(const varlena* a, const varlena* b) {
    return VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
           memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// The rows of a customer usually carry the same bytes; then the state stays where it is.
RECEIVABLES_FUNCTION(customer_attributes_larger) {
    if (same_bytes(PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(0)),
                   PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(1))))
        PG_RETURN_DATUM(PG_GETARG_DATUM(0));
    Jsonb* state = PG_GETARG_JSONB_P(0);
    Jsonb* next = PG_GETARG_JSONB_P(1);
    if (compareJsonbContainers(&state->root, &next->root) >= 0) PG_RETURN_POINTER(state);
    PG_RETURN_POINTER(next);
}

RECEIVABLES_FUNCTION(inside_transaction_block) {
    PG_RETURN_BOOL(IsTransactionBlock());
}
