// What the value types share: a varlena whose bytes are compared and hashed in canonical form, and
// the conversions between a JSON text and json or jsonb.
#pragma once

#include <cstdint>

#include "pg/base/postgres.hpp"
#include "pg/base/sized_text.hpp"

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

// Compares and hashes the canonical bytes of arguments: canonical(Datum). Order by bytes, a prefix
// before what it begins: no meaning beyond being a total order. What is detoasted or made on the
// way is freed: a sort or an index build compares millions of times in one context.
using canonical_form = byte_span (*)(Datum value);
int compare_canonical(canonical_form canonical, Datum a, Datum b);
std::uint64_t hash_canonical(canonical_form canonical, Datum value, std::uint64_t seed);

// A binary form that is a version and the text: the same on every machine, in the client's
// encoding, and checked as the text is, by read(text, size).
using text_reader = Datum (*)(const char* text, std::size_t size);
Datum receive_text(FunctionCallInfo fcinfo, const char* type_name, text_reader read);
Datum send_text(const sized_text& text);

// A JSON text of ours as json and as jsonb.
Datum json_from_text(const char* text, std::size_t size);
Datum jsonb_from_text(const char* text, std::size_t size);
// A jsonb read by a type's input function, which checks it like any text.
Datum value_from_jsonb(Datum jsonb, PGFunction input);

}  // namespace receivables

// Defines TYPE_to_json and TYPE_to_jsonb (value_as_json.sql.in). TEXT(Datum) gives a sized_text.
#define RECEIVABLES_VALUE_AS_JSON(TYPE, TEXT)                          \
    RECEIVABLES_FUNCTION(TYPE##_to_json) {                             \
        const receivables::sized_text text = TEXT(PG_GETARG_DATUM(0)); \
        return receivables::json_from_text(text.data, text.size);      \
    }                                                                  \
    RECEIVABLES_FUNCTION(TYPE##_to_jsonb) {                            \
        const receivables::sized_text text = TEXT(PG_GETARG_DATUM(0)); \
        return receivables::jsonb_from_text(text.data, text.size);     \
    }

// The same and TYPE_out, where the type's text is what its JSON is.
#define RECEIVABLES_VALUE_AS_TEXT(TYPE, TEXT)             \
    RECEIVABLES_FUNCTION(TYPE##_out) {                    \
        PG_RETURN_CSTRING(TEXT(PG_GETARG_DATUM(0)).data); \
    }                                                     \
    RECEIVABLES_VALUE_AS_JSON(TYPE, TEXT)

// Defines TYPE_recv and TYPE_send of a type whose binary form is its text.
#define RECEIVABLES_VALUE_SENT_AS_TEXT(TYPE, READ, TEXT)         \
    RECEIVABLES_FUNCTION(TYPE##_recv) {                          \
        return receivables::receive_text(fcinfo, #TYPE, READ);   \
    }                                                            \
    RECEIVABLES_FUNCTION(TYPE##_send) {                          \
        return receivables::send_text(TEXT(PG_GETARG_DATUM(0))); \
    }

// Defines TYPE_from_jsonb, which src/pg/base/value_from_jsonb.sql.in declares.
#define RECEIVABLES_VALUE_FROM_JSONB(TYPE)                                   \
    RECEIVABLES_FUNCTION(TYPE##_from_jsonb) {                                \
        return receivables::value_from_jsonb(PG_GETARG_DATUM(0), TYPE##_in); \
    }

// Defines TYPE_eq, _ne, _lt, _le, _gt, _ge, _cmp, _hash and _hash_extended, which
// src/pg/base/value_operators.sql.in declares. CANONICAL is a canonical_form. What hash returns
// without a seed is the lower half of hash_extended with seed 0, as PostgreSQL wants it.
#define RECEIVABLES_VALUE_OPERATORS(TYPE, CANONICAL)                                              \
    static int TYPE##_compare(FunctionCallInfo fcinfo) {                                          \
        return receivables::compare_canonical(CANONICAL, PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)); \
    }                                                                                             \
    RECEIVABLES_FUNCTION(TYPE##_eq) {                                                             \
        PG_RETURN_BOOL(TYPE##_compare(fcinfo) == 0);                                              \
    }                                                                                             \
    RECEIVABLES_FUNCTION(TYPE##_ne) {                                                             \
        PG_RETURN_BOOL(TYPE##_compare(fcinfo) != 0);                                              \
    }                                                                                             \
    RECEIVABLES_FUNCTION(TYPE##_lt) {                                                             \
        PG_RETURN_BOOL(TYPE##_compare(fcinfo) < 0);                                               \
    }                                                                                             \
    RECEIVABLES_FUNCTION(TYPE##_le) {                                                             \
        PG_RETURN_BOOL(TYPE##_compare(fcinfo) <= 0);                                              \
    }                                                                                             \
    RECEIVABLES_FUNCTION(TYPE##_gt) {                                                             \
        PG_RETURN_BOOL(TYPE##_compare(fcinfo) > 0);                                               \
    }                                                                                             \
    RECEIVABLES_FUNCTION(TYPE##_ge) {                                                             \
        PG_RETURN_BOOL(TYPE##_compare(fcinfo) >= 0);                                              \
    }                                                                                             \
    RECEIVABLES_FUNCTION(TYPE##_cmp) {                                                            \
        PG_RETURN_INT32(TYPE##_compare(fcinfo));                                                  \
    }                                                                                             \
    RECEIVABLES_FUNCTION(TYPE##_hash) {                                                           \
        PG_RETURN_UINT32(static_cast<std::uint32_t>(                                              \
            receivables::hash_canonical(CANONICAL, PG_GETARG_DATUM(0), 0)));                      \
    }                                                                                             \
    RECEIVABLES_FUNCTION(TYPE##_hash_extended) {                                                  \
        PG_RETURN_UINT64(receivables::hash_canonical(CANONICAL, PG_GETARG_DATUM(0),               \
                                                     DatumGetUInt64(PG_GETARG_DATUM(1))));        \
    }
