#include "pg/base/postgres.hpp"

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

RECEIVABLES_FUNCTION(standard_dunning_policy) {
    return compile(standard_dunning_policy_text.data(), standard_dunning_policy_text.size());
}

RECEIVABLES_VALUE_AS_TEXT(dunning_policy, policy_text)
RECEIVABLES_VALUE_SENT_AS_TEXT(dunning_policy, compile, policy_text)
RECEIVABLES_VALUE_FROM_JSONB(dunning_policy)
RECEIVABLES_VALUE_OPERATORS(dunning_policy, payload)
