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
#include "pg/profile/payment_profile.hpp"

namespace receivables {

namespace {

struct varlena* profile_from_items(const item* items, std::uint32_t count) {
    status s;
    for (std::uint32_t i = 0; i < count; ++i)
        if (!check_item(items[i], &s)) raise(s);
    fold_plan plan;
    plan.add(profile_source::of_wide(reinterpret_cast<const unsigned char*>(items), count));
    return fold_to_profile(plan);
}

struct varlena* profile_from_tables(const table_set& tables) {
    struct varlena* out = make_varlena(tabled_size(tables));
    write_tabled(tables, reinterpret_cast<unsigned char*>(VARDATA(out)));
    return out;
}

// The canonical profile that these canonical-looking bytes stand for; equal to them unless they are
// forged.
struct varlena* rebuild(const profile_view& view) {
    if (view.kind() == profile_kind::items) {
        item* items = allocate<item>(max_listed_items);
        std::uint32_t count = 0;
        view.for_each_item([&](const item& x) { items[count++] = x; });
        return profile_from_items(items, count);
    }
    status s;
    const table_set tables = read_tables(view, allocate<table_row>(row_total(view)));
    if (!check_tables(tables, &s)) raise(s);
    return profile_from_tables(tables);
}

text_writer written_text(const profile_view& view, char** text) {
    text_writer measure;
    write_profile_text(view, &measure);
    *text = static_cast<char*>(palloc(measure.size() + 1));
    text_writer writer(*text, measure.size());
    write_profile_text(view, &writer);
    (*text)[writer.size()] = '\0';
    return writer;
}

}  // namespace

}  // namespace receivables

using namespace receivables;

RECEIVABLES_FUNCTION(payment_profile_in) {
    const char* text = PG_GETARG_CSTRING(0);
    const json_document doc = parse_json(text, strlen(text), "payment_profile");
    status s;
    bool tabled;
    std::uint32_t count;
    if (!read_profile_form(doc, &tabled, &count, &s)) raise(s);
    if (!tabled) {
        item* items = allocate<item>(count);
        if (!read_profile_items(doc, items, &s)) raise(s);
        PG_RETURN_POINTER(profile_from_items(items, count));
    }
    table_set tables;
    if (!read_profile_tables(doc, allocate<table_row>(count), &tables, &s)) raise(s);
    PG_RETURN_POINTER(profile_from_tables(tables));
}

RECEIVABLES_FUNCTION(payment_profile_out) {
    char* text;
    written_text(open_profile_argument(PG_GETARG_DATUM(0)), &text);
    PG_RETURN_CSTRING(text);
}

// The binary form is the stored form, canonical: it does not depend on the machine.
RECEIVABLES_FUNCTION(payment_profile_recv) {
    StringInfo message = reinterpret_cast<StringInfo>(PG_GETARG_POINTER(0));
    const int size = message->len - message->cursor;
    const unsigned char* bytes =
        reinterpret_cast<const unsigned char*>(pq_getmsgbytes(message, size));
    profile_view view;
    status s;
    if (!view.open(bytes, static_cast<std::size_t>(size), &s)) raise(s);
    struct varlena* rebuilt = rebuild(view);
    if (VARSIZE(rebuilt) - VARHDRSZ != static_cast<std::size_t>(size) ||
        std::memcmp(VARDATA(rebuilt), bytes, static_cast<std::size_t>(size)) != 0)
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("malformed payment_profile: not in canonical form")));
    PG_RETURN_POINTER(rebuilt);
}

RECEIVABLES_FUNCTION(payment_profile_send) {
    const byte_span bytes = canonical_profile(PG_GETARG_DATUM(0));
    StringInfoData out;
    pq_begintypsend(&out);
    pq_sendbytes(&out, reinterpret_cast<const char*>(bytes.data), static_cast<int>(bytes.size));
    PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

RECEIVABLES_VALUE_OPERATORS(payment_profile, canonical_profile)
