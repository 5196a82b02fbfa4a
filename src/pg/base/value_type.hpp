// What the four value types share: a varlena whose bytes are compared and hashed in canonical form,
// and the conversions between a JSON text and json or jsonb.
#pragma once

#include <cstdint>

#include "pg/base/postgres.hpp"

namespace receivables {

struct byte_span {
    const unsigned char* data;
    std::size_t size;
};

// The payload of a varlena argument, detoasted when it has to be; possibly unaligned.
inline byte_span payload(Datum value) {
    struct varlena* v = PG_DETOAST_DATUM_PACKED(value);
    return {reinterpret_cast<const unsigned char*>(VARDATA_ANY(v)),
            static_cast<std::size_t>(VARSIZE_ANY_EXHDR(v))};
}

// A palloc'd varlena with room for `size` bytes of payload.
inline struct varlena* make_varlena(std::size_t size) {
    if (size > MaxAllocSize - VARHDRSZ)
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("value of %zu bytes exceeds the limit of one gigabyte", size)));
    struct varlena* v = static_cast<struct varlena*>(palloc(size + VARHDRSZ));
    SET_VARSIZE(v, size + VARHDRSZ);
    return v;
}

// Order by bytes, a prefix before what it begins: no meaning beyond being a total order.
int compare_bytes(byte_span a, byte_span b);

// The functions behind operators, which free what they detoast: an index build calls them for
// every pair. `canonical` gives the canonical bytes of a value.
using canonical_bytes = byte_span (*)(Datum);
int compare_values(FunctionCallInfo fcinfo, canonical_bytes canonical);
Datum hash_value(Datum value, canonical_bytes canonical);
Datum hash_value_extended(Datum value, Datum seed, canonical_bytes canonical);

// A JSON text of ours as json and as jsonb.
Datum json_from_text(const char* text, std::size_t size);
Datum jsonb_from_text(const char* text, std::size_t size);
// A jsonb read by a type's input function, which checks it like any text.
Datum value_from_jsonb(Datum jsonb, PGFunction input);

}  // namespace receivables

// Defines TYPE_from_jsonb, which src/pg/value_from_jsonb.sql.in declares.
#define RECEIVABLES_VALUE_FROM_JSONB(TYPE)                                   \
    RECEIVABLES_FUNCTION(TYPE##_from_jsonb) {                                \
        return receivables::value_from_jsonb(PG_GETARG_DATUM(0), TYPE##_in); \
    }

// Defines TYPE_eq, _ne, _lt, _le, _gt, _ge, _cmp, _hash and _hash_extended, which
// src/pg/value_operators.sql.in declares. CANONICAL(Datum) gives the bytes in canonical form.
#define RECEIVABLES_VALUE_OPERATORS(TYPE, CANONICAL)                           \
    static int TYPE##_compare(FunctionCallInfo fcinfo) {                       \
        return receivables::compare_values(fcinfo, CANONICAL);                 \
    }                                                                          \
    RECEIVABLES_FUNCTION(TYPE##_eq) {                                          \
        PG_RETURN_BOOL(TYPE##_compare(fcinfo) == 0);                           \
    }                                                                          \
    RECEIVABLES_FUNCTION(TYPE##_ne) {                                          \
        PG_RETURN_BOOL(TYPE##_compare(fcinfo) != 0);                           \
    }                                                                          \
    RECEIVABLES_FUNCTION(TYPE##_lt) {                                          \
        PG_RETURN_BOOL(TYPE##_compare(fcinfo) < 0);                            \
    }                                                                          \
    RECEIVABLES_FUNCTION(TYPE##_le) {                                          \
        PG_RETURN_BOOL(TYPE##_compare(fcinfo) <= 0);                           \
    }                                                                          \
    RECEIVABLES_FUNCTION(TYPE##_gt) {                                          \
        PG_RETURN_BOOL(TYPE##_compare(fcinfo) > 0);                            \
    }                                                                          \
    RECEIVABLES_FUNCTION(TYPE##_ge) {                                          \
        PG_RETURN_BOOL(TYPE##_compare(fcinfo) >= 0);                           \
    }                                                                          \
    RECEIVABLES_FUNCTION(TYPE##_cmp) {                                         \
        PG_RETURN_INT32(TYPE##_compare(fcinfo));                               \
    }                                                                          \
    RECEIVABLES_FUNCTION(TYPE##_hash) {                                        \
        return receivables::hash_value(PG_GETARG_DATUM(0), CANONICAL);         \
    }                                                                          \
    RECEIVABLES_FUNCTION(TYPE##_hash_extended) {                               \
        return receivables::hash_value_extended(                               \
            PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), CANONICAL);                \
    }
