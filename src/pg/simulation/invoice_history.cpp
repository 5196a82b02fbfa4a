// invoice_history: canonical form, text, binary, comparison.
#include "pg/base/postgres.hpp"

extern "C" {
#include "libpq/pqformat.h"
}

#include <cstring>

#include "core/simulation/invoice_history_text.hpp"
#include "pg/base/error.hpp"
#include "pg/base/json_events.hpp"
#include "pg/base/memory.hpp"
#include "pg/base/sort.hpp"
#include "pg/simulation/invoice_history.hpp"

namespace receivables {

namespace {

// Records read between two looks for interrupts: some milliseconds.
constexpr std::uint32_t most_at_once = 1 << 16;

template <class Record>
struct customer_records {
    const Record* records;
    std::uint32_t count;
};

// By number of items, then record by record.
struct customer_order {
    template <class Record>
    int operator()(const customer_records<Record>& a, const customer_records<Record>& b) const {
        if (a.count != b.count) return a.count < b.count ? -1 : 1;
        for (std::uint32_t i = 0; i < a.count; ++i) {
            if (i % most_at_once == 0) CHECK_FOR_INTERRUPTS();
            if (const int order = record_order()(a.records[i], b.records[i]); order != 0)
                return order;
        }
        return 0;
    }
};

template <class Record>
void read_records(const history_view& history, Record* out) {
    status s;
    for (std::uint32_t i = 0; i < history.count(); ++i) {
        item x;
        if (i % most_at_once == 0) CHECK_FOR_INTERRUPTS();
        if (!history.read(i, &x, &s)) raise(s);
        make_record(x, &out[i]);
    }
}

// The customers of a history, each with its records in order.
template <class Record>
customer_records<Record>* sort_customers(const history_view& history, std::uint32_t customers) {
    Record* records = allocate<Record>(history.count());
    read_records(history, records);
    auto* list = allocate<customer_records<Record>>(customers);
    for (std::uint32_t first = 0, c = 0; first < history.count(); ++c) {
        const std::uint32_t end = history.end_of_customer(first);
        list[c] = {records + first, end - first};
        sort_values(records + first, end - first, record_order());
        first = end;
    }
    sort_values(list, customers, customer_order());
    return list;
}

template <class Record>
struct varlena* make_canonical_of(const history_view& history) {
    const std::uint32_t customers = history.customer_count();
    const auto* list = sort_customers<Record>(history, customers);
    constexpr bool wide = sizeof(Record) == sizeof(wide_record);
    struct varlena* value = make_varlena(history_size(wide, history.count()));
    unsigned char* bytes = reinterpret_cast<unsigned char*>(VARDATA(value));
    write_history_header(bytes, wide, history.count());
    unsigned char* at = bytes + history_header_size;
    for (std::uint32_t c = 0; c < customers; ++c) {
        if (c % most_at_once == 0) CHECK_FOR_INTERRUPTS();
        for (std::uint32_t i = 0; i < list[c].count; ++i, at += sizeof(Record)) {
            Record record = list[c].records[i];
            if (i == 0) mark_customer(&record);
            store_record(record, at);
        }
    }
    return value;
}

bool needs_wide(const history_view& history) {
    status s;
    for (std::uint32_t i = 0; history.is_wide() && i < history.count(); ++i) {
        item x;
        if (i % most_at_once == 0) CHECK_FOR_INTERRUPTS();
        if (!history.read(i, &x, &s)) raise(s);
        if (!fits_packed(x)) return true;
    }
    return false;
}

struct varlena* history_from_items(const history_items& from) {
    bool wide = false;
    for (std::uint32_t i = 0; i < from.count; ++i) wide = wide || !fits_packed(from.items[i]);
    struct varlena* working = make_varlena(history_size(wide, from.count));
    history_writer writer;
    writer.create(reinterpret_cast<unsigned char*>(VARDATA(working)), wide, from.count);
    for (std::uint32_t i = 0; i < from.count; ++i)
        writer.append(from.items[i], from.begins_customer[i]);
    return make_canonical(open_history(PointerGetDatum(working)));
}

struct varlena* history_from_text(const char* text) {
    const json_document doc = parse_json(text, strlen(text), "invoice_history");
    status s;
    history_items items;
    if (!count_history_items(doc, &items.count, &s)) raise(s);
    items.items = allocate<item>(items.count);
    items.begins_customer = allocate<bool>(items.count);
    history_text_reader reader(doc, &items);
    while (reader.step()) CHECK_FOR_INTERRUPTS();
    if (!reader.result().ok()) raise(reader.result());
    return history_from_items(items);
}

sized_text text_of_history(Datum value) {
    const byte_span bytes = canonical_history(value);
    history_view history;
    status s;
    if (!history.open(bytes.data, bytes.size, &s)) raise(s);
    return write_text("invoice_history", [&](text_writer* out) {
        history_text_writer writer(history, out);
        while (writer.step()) CHECK_FOR_INTERRUPTS();
        if (!writer.result().ok()) raise(writer.result());
    });
}

}  // namespace

struct varlena* make_canonical(const history_view& history) {
    return needs_wide(history) ? make_canonical_of<wide_record>(history)
                               : make_canonical_of<packed_record>(history);
}

history_view open_history(Datum value) {
    const byte_span bytes = payload(value);
    history_view history;
    status s;
    if (!history.open(bytes.data, bytes.size, &s)) raise(s);
    return history;
}

byte_span canonical_history(Datum value) {
    const byte_span bytes = payload(value);
    history_view history;
    status s;
    if (!history.open(bytes.data, bytes.size, &s)) raise(s);
    if (!history.is_working()) return bytes;
    return payload(PointerGetDatum(make_canonical(history)));
}

}  // namespace receivables

using namespace receivables;

RECEIVABLES_FUNCTION(invoice_history_in) {
    PG_RETURN_POINTER(history_from_text(PG_GETARG_CSTRING(0)));
}

// The binary form is the stored form, canonical: it does not depend on the machine.
RECEIVABLES_FUNCTION(invoice_history_recv) {
    StringInfo message = reinterpret_cast<StringInfo>(PG_GETARG_POINTER(0));
    const int size = message->len - message->cursor;
    const unsigned char* bytes =
        reinterpret_cast<const unsigned char*>(pq_getmsgbytes(message, size));
    history_view history;
    status s;
    if (!history.open(bytes, static_cast<std::size_t>(size), &s)) raise(s);
    struct varlena* rebuilt = make_canonical(history);
    if (VARSIZE(rebuilt) - VARHDRSZ != static_cast<std::size_t>(size) ||
        std::memcmp(VARDATA(rebuilt), bytes, static_cast<std::size_t>(size)) != 0)
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("malformed invoice_history: not in canonical form")));
    PG_RETURN_POINTER(rebuilt);
}

RECEIVABLES_FUNCTION(invoice_history_send) {
    const byte_span bytes = canonical_history(PG_GETARG_DATUM(0));
    StringInfoData out;
    pq_begintypsend(&out);
    pq_sendbytes(&out, reinterpret_cast<const char*>(bytes.data), static_cast<int>(bytes.size));
    PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

RECEIVABLES_VALUE_AS_TEXT(invoice_history, text_of_history)

RECEIVABLES_FUNCTION(invoice_count) {
    PG_RETURN_INT64(open_history(PG_GETARG_DATUM(0)).count());
}

RECEIVABLES_FUNCTION(customer_count) {
    PG_RETURN_INT64(open_history(PG_GETARG_DATUM(0)).customer_count());
}

RECEIVABLES_VALUE_OPERATORS(invoice_history, canonical_history)
