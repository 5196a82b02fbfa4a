// Values whose text form is JSON, in and out. KIND describes one:
//
//   type_name                             for messages
//   Datum from_document(json_document)    reads and checks it
//   void write(Datum, text_writer*)       writes it, checking all of its bytes
//
// The binary form is a version and the JSON text: the same on every machine, in the client's
// encoding, and checked as the text is.
#pragma once

#include "pg/base/postgres.hpp"

extern "C" {
#include "libpq/pqformat.h"
}

#include "core/base/text_writer.hpp"
#include "pg/base/json_events.hpp"
#include "pg/base/value_type.hpp"

namespace receivables {

template <class Kind>
struct json_value_io {
    static constexpr int binary_version = 1;

    static Datum from_text(const char* text, std::size_t size) {
        return Kind::from_document(parse_json(text, size, Kind::type_name));
    }
    static char* to_text(Datum value, std::size_t* size) {
        text_writer measure;
        Kind::write(value, &measure);
        *size = measure.size();
        char* text = static_cast<char*>(palloc(*size + 1));
        text_writer writer(text, *size);
        Kind::write(value, &writer);
        text[*size] = '\0';
        return text;
    }
    static Datum receive(StringInfo message) {
        const int version = pq_getmsgbyte(message);
        if (version != binary_version)
            ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                            errmsg("unsupported version %d of %s", version, Kind::type_name)));
        int size;
        const char* text = pq_getmsgtext(message, message->len - message->cursor, &size);
        return from_text(text, static_cast<std::size_t>(size));
    }
    static Datum send(Datum value) {
        StringInfoData out;
        std::size_t size;
        const char* text = to_text(value, &size);
        pq_begintypsend(&out);
        pq_sendbyte(&out, binary_version);
        pq_sendtext(&out, text, static_cast<int>(size));
        return PointerGetDatum(pq_endtypsend(&out));
    }
};

}  // namespace receivables

// Defines TYPE_in, _out, _recv and _send.
#define RECEIVABLES_JSON_VALUE(TYPE, KIND)                                                       \
    RECEIVABLES_FUNCTION(TYPE##_in) {                                                            \
        const char* text = PG_GETARG_CSTRING(0);                                                 \
        return receivables::json_value_io<KIND>::from_text(text, strlen(text));                  \
    }                                                                                            \
    RECEIVABLES_FUNCTION(TYPE##_out) {                                                           \
        std::size_t size;                                                                        \
        PG_RETURN_CSTRING(receivables::json_value_io<KIND>::to_text(PG_GETARG_DATUM(0), &size)); \
    }                                                                                            \
    RECEIVABLES_FUNCTION(TYPE##_recv) {                                                          \
        return receivables::json_value_io<KIND>::receive(                                        \
            reinterpret_cast<StringInfo>(PG_GETARG_POINTER(0)));                                 \
    }                                                                                            \
    RECEIVABLES_FUNCTION(TYPE##_send) {                                                          \
        return receivables::json_value_io<KIND>::send(PG_GETARG_DATUM(0));                       \
    }
