#include "pg/base/postgres.hpp"

extern "C" {
#include "libpq/pqformat.h"
}

#include "core/reminders/dunning_policy_text.hpp"
#include "pg/base/error.hpp"
#include "pg/base/json_events.hpp"
#include "pg/base/value_type.hpp"
#include "pg/reminders/dunning_policy.hpp"

namespace receivables {

policy_view open_policy(Datum value) {
    const byte_span bytes = payload(value);
    policy_view policy;
    status s;
    if (!policy.open(bytes.data, bytes.size, &s)) raise(s);
    return policy;
}

namespace {

// The version of what send and recv exchange: a byte that says so, then the text.
constexpr int wire_version = 1;

sized_text policy_text(Datum value) {
    const policy_view policy = open_policy(value);
    return write_text("dunning_policy", [&](text_writer* out) {
        status s;
        if (!write_dunning_policy(policy, out, &s)) raise(s);
    });
}

Datum compile(const char* text, std::size_t size) {
    const json_document document = parse_json(text, size, "dunning_policy");
    status s;
    std::size_t stored;
    if (!compile_dunning_policy(document, nullptr, &stored, &s)) raise(s);
    struct varlena* out = make_varlena(stored);
    if (!compile_dunning_policy(document, reinterpret_cast<unsigned char*>(VARDATA(out)), &stored,
                                &s))
        raise(s);
    return PointerGetDatum(out);
}

}  // namespace

}  // namespace receivables

using namespace receivables;

RECEIVABLES_FUNCTION(dunning_policy_in) {
    const char* text = PG_GETARG_CSTRING(0);
    return compile(text, strlen(text));
}

RECEIVABLES_FUNCTION(dunning_policy_recv) {
    StringInfo message = reinterpret_cast<StringInfo>(PG_GETARG_POINTER(0));
    const int version = pq_getmsgbyte(message);
    if (version != wire_version)
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("unknown version %d of a binary dunning policy", version)));
    int size;
    const char* text = pq_getmsgtext(message, message->len - message->cursor, &size);
    return compile(text, static_cast<std::size_t>(size));
}

RECEIVABLES_FUNCTION(dunning_policy_send) {
    const sized_text text = policy_text(PG_GETARG_DATUM(0));
    StringInfoData message;
    pq_begintypsend(&message);
    pq_sendbyte(&message, wire_version);
    pq_sendtext(&message, text.data, static_cast<int>(text.size));
    PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

RECEIVABLES_FUNCTION(standard_dunning_policy) {
    return compile(standard_dunning_policy_text.data(), standard_dunning_policy_text.size());
}

RECEIVABLES_VALUE_AS_TEXT(dunning_policy, policy_text)
RECEIVABLES_VALUE_FROM_JSONB(dunning_policy)
RECEIVABLES_VALUE_OPERATORS(dunning_policy, payload)
