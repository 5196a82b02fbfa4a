// payment_profile as text, as binary, and compared.
#include "pg/base/postgres.hpp"

extern "C" {
#include "libpq/pqformat.h"
}

#include <cstring>

#include "core/profile/check.hpp"
#include "core/profile/text.hpp"
#include "pg/base/error.hpp"
#include "pg/base/json_events.hpp"
#include "pg/base/memory.hpp"
#include "pg/profile/collector.hpp"

namespace receivables {

namespace {

[[noreturn]] void raise_as_text(status* s) {
    if (s->code == error_code::invalid_binary) s->code = error_code::invalid_text;
    raise(*s);
}

// Items are collected as the aggregate does it, so that memory does not grow with their number.
struct varlena* profile_from_items(const json_document& doc, json_value list) {
    profile_collector collector;
    collector.start();
    status s;
    item read[2];
    profile_totals totals;
    for (json_value e = doc.first(list); e != doc.past(list); e = doc.next(e)) {
        CHECK_FOR_INTERRUPTS();
        const int count = read_item_text(doc, e, read, &s);
        if (count == 0) raise(s);
        for (int i = 0; i < count; ++i) {
            if (!check_item(read[i], &s)) raise_as_text(&s);
            ++totals.counts[static_cast<int>(read[i].cls)];
            collector.add(read[i]);
        }
    }
    if (!check_parts(totals, &s)) raise_as_text(&s);
    return collector.fold();
}

struct varlena* profile_from_tables(const json_document& doc, std::uint32_t rows) {
    profile_text_tables reader;
    status s;
    if (!reader.start(doc, allocate<table_row>(rows), &s)) raise(s);
    while (reader.step(doc, &s)) CHECK_FOR_INTERRUPTS();
    if (!s.ok()) raise(s);
    if (!check_tables(reader.tables(), &s)) raise_as_text(&s);
    struct varlena* out = make_varlena(tabled_size(reader.tables()));
    write_tabled(reader.tables(), reinterpret_cast<unsigned char*>(VARDATA(out)));
    return out;
}

}  // namespace

}  // namespace receivables

using namespace receivables;

RECEIVABLES_FUNCTION(payment_profile_in) {
    const char* text = PG_GETARG_CSTRING(0);
    const json_document doc = parse_json(text, strlen(text), "payment_profile");
    status s;
    profile_text form;
    if (!read_profile_form(doc, &form, &s)) raise(s);
    PG_RETURN_POINTER(form.tabled ? profile_from_tables(doc, form.rows)
                                  : profile_from_items(doc, form.items));
}

RECEIVABLES_FUNCTION(payment_profile_out) {
    const profile_view view = open_profile_argument(PG_GETARG_DATUM(0));
    PG_RETURN_CSTRING(write_text("payment_profile", [&](text_writer* out) {
                          profile_text_writer writer(view);
                          while (writer.step(out)) CHECK_FOR_INTERRUPTS();
                      }).data);
}

// The binary form is the stored form, canonical: it does not depend on the machine.
RECEIVABLES_FUNCTION(payment_profile_recv) {
    StringInfo message = reinterpret_cast<StringInfo>(PG_GETARG_POINTER(0));
    const int size = message->len - message->cursor;
    const unsigned char* bytes =
        reinterpret_cast<const unsigned char*>(pq_getmsgbytes(message, size));
    PG_RETURN_POINTER(check_stored(bytes, static_cast<std::size_t>(size)));
}

RECEIVABLES_FUNCTION(payment_profile_send) {
    const byte_span bytes = stored_profile(PG_GETARG_DATUM(0));
    StringInfoData out;
    pq_begintypsend(&out);
    pq_sendbytes(&out, reinterpret_cast<const char*>(bytes.data), static_cast<int>(bytes.size));
    PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

RECEIVABLES_VALUE_OPERATORS(payment_profile, stored_profile)
