// experiment_arm: in which arm of an experiment a customer is.
#include "core/experiment/arm.hpp"

#include "pg/base/postgres.hpp"

extern "C" {
#include "mb/pg_wchar.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
}

#include "pg/base/error.hpp"
#include "pg/base/json_events.hpp"
#include "pg/base/value_type.hpp"

namespace receivables {

namespace {

struct utf8_text {
    const char* data;
    std::size_t size;
};

utf8_text utf8_argument(FunctionCallInfo fcinfo, int index) {
    const text* value = PG_GETARG_TEXT_PP(index);
    const char* own = VARDATA_ANY(value);
    const int size = static_cast<int>(VARSIZE_ANY_EXHDR(value));
    const char* converted = pg_server_to_any(own, size, PG_UTF8);
    return {converted, converted == own ? static_cast<std::size_t>(size) : strlen(converted)};
}

// The first bits of SHA-256 over the experiment, a byte of 0, which no text has, and the customer.
std::uint64_t point_of(utf8_text experiment, utf8_text customer) {
    const std::size_t size = experiment.size + 1 + customer.size;
    struct varlena* message = make_varlena(size);
    memcpy(VARDATA(message), experiment.data, experiment.size);
    VARDATA(message)[experiment.size] = '\0';
    memcpy(VARDATA(message) + experiment.size + 1, customer.data, customer.size);
    const byte_span hash = payload(DirectFunctionCall1(sha256_bytea, PointerGetDatum(message)));
    std::uint64_t point = 0;
    for (int i = 0; i < 8; ++i) point = point << 8 | hash.data[i];
    return point >> (64 - point_bits);
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (customer_id, experiment, shares)
RECEIVABLES_FUNCTION(experiment_arm) {
    Jsonb* written = PG_GETARG_JSONB_P(2);
    StringInfoData json;
    initStringInfo(&json);
    JsonbToCString(&json, &written->root, static_cast<int>(VARSIZE(written)));
    status s;
    arm_shares shares;
    if (!shares.read(parse_json(json.data, json.len, "shares"), &s)) raise(s);
    std::string_view arm;
    if (!shares.find(point_of(utf8_argument(fcinfo, 1), utf8_argument(fcinfo, 0)), &arm))
        PG_RETURN_NULL();
    PG_RETURN_TEXT_P(cstring_to_text_with_len(arm.data(), static_cast<int>(arm.size())));
}
