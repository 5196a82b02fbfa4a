// Values whose text form is JSON, in and out. KIND describes one:
//
//   type_name                             for messages
//   Datum from_document(json_document)    reads and checks it
//   void write(Datum, text_writer*)       writes it, checking all of its bytes
#pragma once

#include "pg/base/postgres.hpp"

#include "pg/base/json_events.hpp"
#include "pg/base/value_type.hpp"

namespace receivables {

template <class Kind>
struct json_value_io {
    static Datum from_text(const char* text, std::size_t size) {
        return Kind::from_document(parse_json(text, size, Kind::type_name));
    }
    static sized_text to_text(Datum value) {
        return write_text(Kind::type_name, [&](text_writer* out) { Kind::write(value, out); });
    }
};

}  // namespace receivables

// Defines TYPE_in, _out, _recv and _send.
#define RECEIVABLES_JSON_VALUE(TYPE, KIND)                                                     \
    RECEIVABLES_FUNCTION(TYPE##_in) {                                                          \
        const char* text = PG_GETARG_CSTRING(0);                                               \
        return receivables::json_value_io<KIND>::from_text(text, strlen(text));                \
    }                                                                                          \
    RECEIVABLES_FUNCTION(TYPE##_out) {                                                         \
        PG_RETURN_CSTRING(receivables::json_value_io<KIND>::to_text(PG_GETARG_DATUM(0)).data); \
    }                                                                                          \
    RECEIVABLES_VALUE_SENT_AS_TEXT(TYPE, receivables::json_value_io<KIND>::from_text,          \
                                   receivables::json_value_io<KIND>::to_text)
