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

struct json_text {
    char* data;
    std::size_t size;
};

json_text policy_text(Datum value) {
    const policy_view policy = open_policy(value);
    status s;
    text_writer measure;
    if (!write_dunning_policy(policy, &measure, &s)) raise(s);
    char* text = static_cast<char*>(palloc(measure.size() + 1));
    text_writer writer(text, measure.size());
    write_dunning_policy(policy, &writer, &s);
    text[measure.size()] = '\0';
    return {text, measure.size()};
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

RECEIVABLES_FUNCTION(dunning_policy_out) {
    PG_RETURN_CSTRING(policy_text(PG_GETARG_DATUM(0)).data);
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
    const json_text text = policy_text(PG_GETARG_DATUM(0));
    StringInfoData message;
    pq_begintypsend(&message);
    pq_sendbyte(&message, wire_version);
    pq_sendtext(&message, text.data, static_cast<int>(text.size));
    PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

RECEIVABLES_FUNCTION(dunning_policy_to_json) {
    const json_text text = policy_text(PG_GETARG_DATUM(0));
    return json_from_text(text.data, text.size);
}

RECEIVABLES_FUNCTION(dunning_policy_to_jsonb) {
    const json_text text = policy_text(PG_GETARG_DATUM(0));
    return jsonb_from_text(text.data, text.size);
}

RECEIVABLES_FUNCTION(standard_dunning_policy) {
    return compile(standard_dunning_policy_text.data(), standard_dunning_policy_text.size());
}

RECEIVABLES_VALUE_FROM_JSONB(dunning_policy)
RECEIVABLES_VALUE_OPERATORS(dunning_policy, payload)
