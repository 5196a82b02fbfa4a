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
#include "pg/simulation/invoice_history.hpp"

namespace receivables {

namespace {

// What is sorted in one go without looking for interrupts.
constexpr std::size_t most_at_once = 1 << 16;

template <class Record>
struct customer_records {
    const Record* records;
    std::uint32_t count;
};

template <class Record>
int compare_interruptibly(const void* a, const void* b, void*) {
    CHECK_FOR_INTERRUPTS();
    return compare_records(*static_cast<const Record*>(a), *static_cast<const Record*>(b));
}

template <class Record>
int compare_customers(const void* left, const void* right, void*) {
    const auto& a = *static_cast<const customer_records<Record>*>(left);
    const auto& b = *static_cast<const customer_records<Record>*>(right);
    if (a.count != b.count) return a.count < b.count ? -1 : 1;
    for (std::uint32_t i = 0; i < a.count; ++i) {
        if (i % 1024 == 0) CHECK_FOR_INTERRUPTS();
        if (const int order = compare_records(a.records[i], b.records[i]); order != 0) return order;
    }
    return 0;
}

template <class Record>
void read_records(const history_view& history, Record* out) {
    status s;
    for (std::uint32_t i = 0; i < history.count(); ++i) {
        item x;
        if (i % 65536 == 0) CHECK_FOR_INTERRUPTS();
        if (!history.read(i, &x, &s)) raise(s);
        make_record(x, &out[i]);
    }
}

template <class Record>
struct varlena* make_canonical_of(const history_view& history) {
    const std::uint32_t count = history.count(), customers = history.customer_count();
    Record* records = allocate<Record>(count);
    read_records(history, records);
    auto* list = allocate<customer_records<Record>>(customers);
    std::uint32_t c = 0;
    for (std::uint32_t first = 0; first < count; ++c) {
        const std::uint32_t end = history.end_of_customer(first), size = end - first;
        if (size <= most_at_once)
            sort_records(records + first, size);
        else
            qsort_arg(records + first, size, sizeof(Record), compare_interruptibly<Record>,
                      nullptr);
        list[c] = {records + first, size};
        first = end;
    }
    if (customers > 1) qsort_arg(list, customers, sizeof *list, compare_customers<Record>, nullptr);
    constexpr bool wide = sizeof(Record) == sizeof(wide_record);
    struct varlena* value = make_varlena(history_size(wide, count));
    unsigned char* bytes = reinterpret_cast<unsigned char*>(VARDATA(value));
    write_history_header(bytes, wide, count);
    unsigned char* at = bytes + history_header_size;
    for (c = 0; c < customers; ++c)
        for (std::uint32_t i = 0; i < list[c].count; ++i, at += sizeof(Record)) {
            Record record = list[c].records[i];
            if (i == 0) mark_customer(&record);
            store_record(record, at);
        }
    return value;
}

bool needs_wide(const history_view& history) {
    status s;
    for (std::uint32_t i = 0; history.is_wide() && i < history.count(); ++i) {
        item x;
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
    if (!read_history_items(doc, &items, &s)) raise(s);
    return history_from_items(items);
}

struct history_text {
    char* data;
    std::size_t size;
};

history_text text_of_history(Datum value) {
    const byte_span bytes = canonical_history(value);
    history_view history;
    status s;
    if (!history.open(bytes.data, bytes.size, &s)) raise(s);
    text_writer measure;
    if (!write_history_text(history, &measure, &s)) raise(s);
    if (measure.size() >= MaxAllocSize)
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("text of an invoice_history exceeds the limit of one gigabyte"),
                        errhint("Use the binary form.")));
    char* text = static_cast<char*>(palloc(measure.size() + 1));
    text_writer writer(text, measure.size());
    write_history_text(history, &writer, &s);
    text[writer.size()] = '\0';
    return {text, writer.size()};
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

RECEIVABLES_FUNCTION(invoice_history_out) {
    PG_RETURN_CSTRING(text_of_history(PG_GETARG_DATUM(0)).data);
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

RECEIVABLES_FUNCTION(invoice_history_to_json) {
    const history_text text = text_of_history(PG_GETARG_DATUM(0));
    return json_from_text(text.data, text.size);
}

RECEIVABLES_FUNCTION(invoice_history_to_jsonb) {
    const history_text text = text_of_history(PG_GETARG_DATUM(0));
    return jsonb_from_text(text.data, text.size);
}

RECEIVABLES_FUNCTION(invoice_count) {
    PG_RETURN_INT64(open_history(PG_GETARG_DATUM(0)).count());
}

RECEIVABLES_FUNCTION(customer_count) {
    PG_RETURN_INT64(open_history(PG_GETARG_DATUM(0)).customer_count());
}

RECEIVABLES_VALUE_OPERATORS(invoice_history, canonical_history)
