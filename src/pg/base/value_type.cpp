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

Datum hash_bytes(byte_span a) {
    return hash_any(a.data, static_cast<int>(a.size));
}

Datum hash_bytes_extended(byte_span a, Datum seed) {
    return hash_any_extended(a.data, static_cast<int>(a.size), DatumGetUInt64(seed));
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
