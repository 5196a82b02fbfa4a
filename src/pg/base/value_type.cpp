#include "pg/base/postgres.hpp"

extern "C" {
#include "common/hashfn.h"
#include "utils/json.h"
#include "utils/jsonb.h"
}

#include <cstring>

#include "pg/base/value_type.hpp"

namespace receivables {

int compare_bytes(byte_span a, byte_span b) {
    const int order = std::memcmp(a.data, b.data, Min(a.size, b.size));
    if (order != 0) return order;
    return a.size < b.size ? -1 : a.size > b.size;
}

namespace {

// A value that is not compressed or stored apart: the argument itself where it can be.
struct plain_value {
    Datum given;
    Datum plain;
};

plain_value make_plain(Datum value) {
    return {value, PointerGetDatum(PG_DETOAST_DATUM_PACKED(value))};
}

void release(const plain_value& value) {
    if (value.plain != value.given) pfree(DatumGetPointer(value.plain));
}

}  // namespace

int compare_values(FunctionCallInfo fcinfo, canonical_bytes canonical) {
    const plain_value a = make_plain(PG_GETARG_DATUM(0)), b = make_plain(PG_GETARG_DATUM(1));
    const int order = compare_bytes(canonical(a.plain), canonical(b.plain));
    release(a);
    release(b);
    return order;
}

Datum hash_value(Datum value, canonical_bytes canonical) {
    const plain_value v = make_plain(value);
    const byte_span bytes = canonical(v.plain);
    const Datum hash = hash_any(bytes.data, static_cast<int>(bytes.size));
    release(v);
    return hash;
}

Datum hash_value_extended(Datum value, Datum seed, canonical_bytes canonical) {
    const plain_value v = make_plain(value);
    const byte_span bytes = canonical(v.plain);
    const Datum hash =
        hash_any_extended(bytes.data, static_cast<int>(bytes.size), DatumGetUInt64(seed));
    release(v);
    return hash;
}

Datum json_from_text(const char* text, std::size_t size) {
    return PointerGetDatum(cstring_to_text_with_len(text, static_cast<int>(size)));
}

Datum jsonb_from_text(const char* text, std::size_t size) {
    return DirectFunctionCall1(jsonb_in, CStringGetDatum(pnstrdup(text, size)));
}

Datum value_from_jsonb(Datum jsonb, PGFunction input) {
    Jsonb* document = DatumGetJsonbP(jsonb);
    char* text = JsonbToCString(nullptr, &document->root, static_cast<int>(VARSIZE(document)));
    return DirectFunctionCall1(input, CStringGetDatum(text));
}

}  // namespace receivables
