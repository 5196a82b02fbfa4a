#include "pg/base/postgres.hpp"

extern "C" {
#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "utils/json.h"
#include "utils/jsonb.h"
}

#include <cstring>

#include "pg/base/value_type.hpp"

namespace receivables {

namespace {

// Where the arguments of one comparison are detoasted; empty in between.
MemoryContext comparison_memory() {
    static MemoryContext memory = nullptr;
    if (memory == nullptr)
        memory = AllocSetContextCreate(TopMemoryContext, "receivables comparison",
                                       ALLOCSET_DEFAULT_SIZES);
    return memory;
}

int compare_bytes(byte_span a, byte_span b) {
    const int order = std::memcmp(a.data, b.data, Min(a.size, b.size));
    if (order != 0) return order;
    return a.size < b.size ? -1 : a.size > b.size;
}

}  // namespace

// An error may leave something behind, which the next comparison frees.
int compare_canonical(canonical_form canonical, Datum a, Datum b) {
    const MemoryContext memory = comparison_memory();
    const MemoryContext caller = MemoryContextSwitchTo(memory);
    const int order = compare_bytes(canonical(a), canonical(b));
    MemoryContextSwitchTo(caller);
    MemoryContextReset(memory);
    return order;
}

std::uint64_t hash_canonical(canonical_form canonical, Datum value, std::uint64_t seed) {
    const MemoryContext memory = comparison_memory();
    const MemoryContext caller = MemoryContextSwitchTo(memory);
    const byte_span bytes = canonical(value);
    const std::uint64_t hash =
        DatumGetUInt64(hash_any_extended(bytes.data, static_cast<int>(bytes.size), seed));
    MemoryContextSwitchTo(caller);
    MemoryContextReset(memory);
    return hash;
}

namespace {

constexpr int text_version = 1;

}  // namespace

Datum receive_text(FunctionCallInfo fcinfo, const char* type_name, text_reader read) {
    StringInfo message = reinterpret_cast<StringInfo>(PG_GETARG_POINTER(0));
    const int version = pq_getmsgbyte(message);
    if (version != text_version)
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("unsupported version %d of %s", version, type_name)));
    int size;
    const char* text = pq_getmsgtext(message, message->len - message->cursor, &size);
    return read(text, static_cast<std::size_t>(size));
}

Datum send_text(const sized_text& text) {
    StringInfoData message;
    pq_begintypsend(&message);
    pq_sendbyte(&message, text_version);
    pq_sendtext(&message, text.data, static_cast<int>(text.size));
    return PointerGetDatum(pq_endtypsend(&message));
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
