// experiment_sample: canonical form, text, binary, comparison.
#include "pg/experiment/experiment_sample.hpp"

extern "C" {
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
}

#include <cstring>

#include "core/experiment/sample_text.hpp"
#include "pg/base/error.hpp"
#include "pg/base/json_events.hpp"
#include "pg/base/memory.hpp"
#include "pg/base/sort.hpp"

namespace receivables {

namespace {

// Items read between two looks for interrupts: some milliseconds.
constexpr std::uint32_t most_at_once = 1 << 14;

struct varlena* sample_from_text(const char* text) {
    const json_document document = parse_json(text, strlen(text), "experiment_sample");
    status s;
    sample_items sample;
    if (!count_sample_items(document, &sample.count, &s)) raise(s);
    sample.items = allocate<sample_item>(sample.count);
    json_value v = document.first(document.root());
    for (std::uint32_t i = 0; i < sample.count; ++i, v = document.next(v)) {
        if (i % most_at_once == 0) CHECK_FOR_INTERRUPTS();
        if (!read_sample_item(document, v, &sample.items[i], &s)) raise(s);
    }
    sort_sample(&sample);
    return make_sample(sample);
}

sized_text text_of_sample(Datum value) {
    sample_items sample = read_sample(payload(value));
    sort_sample(&sample);
    return write_text("experiment_sample", [&](text_writer* out) {
        for (std::uint32_t i = 0; i < sample.count; ++i) {
            if (i % most_at_once == 0) CHECK_FOR_INTERRUPTS();
            out->put(i == 0 ? "[" : ", ");
            write_sample_item(sample.items[i], out);
        }
        out->put(']');
    });
}

}  // namespace

sample_items read_sample(byte_span bytes) {
    status s;
    sample_reader reader;
    if (!reader.open(bytes.data, bytes.size, &s)) raise(s);
    sample_items sample = {nullptr, reader.count()};
    require_work_memory(static_cast<double>(sample.count) * sizeof(sample_item),
                        psprintf("an experiment_sample of %u items", sample.count));
    sample.items = allocate<sample_item>(sample.count);
    for (std::uint32_t i = 0; i < sample.count; ++i) {
        if (i % most_at_once == 0) CHECK_FOR_INTERRUPTS();
        if (!reader.read(&sample.items[i], &s)) raise(s);
    }
    return sample;
}

void sort_sample(sample_items* sample) {
    sort_values(sample->items, sample->count, sample_order());
}

struct varlena* make_sample(const sample_items& sample) {
    std::size_t size = sample_header_size;
    for (std::uint32_t i = 0; i < sample.count; ++i) size += sample.items[i].stored_size();
    struct varlena* value = make_varlena(size);
    sample_writer writer;
    writer.create(reinterpret_cast<unsigned char*>(VARDATA(value)), size);
    for (std::uint32_t i = 0; i < sample.count; ++i) writer.append(sample.items[i]);
    writer.mark_canonical();
    return value;
}

byte_span canonical_sample(Datum value) {
    const byte_span bytes = payload(value);
    status s;
    sample_reader reader;
    if (!reader.open(bytes.data, bytes.size, &s)) raise(s);
    if (!reader.is_working()) return bytes;
    sample_items sample = read_sample(bytes);
    sort_sample(&sample);
    return payload(PointerGetDatum(make_sample(sample)));
}

}  // namespace receivables

using namespace receivables;

RECEIVABLES_FUNCTION(experiment_sample_in) {
    PG_RETURN_POINTER(sample_from_text(PG_GETARG_CSTRING(0)));
}

// The binary form is the stored form, canonical: it does not depend on the machine.
RECEIVABLES_FUNCTION(experiment_sample_recv) {
    StringInfo message = reinterpret_cast<StringInfo>(PG_GETARG_POINTER(0));
    const auto size = static_cast<std::size_t>(message->len - message->cursor);
    const char* bytes = pq_getmsgbytes(message, static_cast<int>(size));
    sample_items sample = read_sample({reinterpret_cast<const unsigned char*>(bytes), size});
    for (std::uint32_t i = 0; i < sample.count; ++i) {
        const sample_item& x = sample.items[i];
        pg_verify_mbstr(GetDatabaseEncoding(), x.arm.data(), static_cast<int>(x.arm.size()), false);
        pg_verify_mbstr(GetDatabaseEncoding(), x.customer.data(),
                        static_cast<int>(x.customer.size()), false);
    }
    sort_sample(&sample);
    struct varlena* rebuilt = make_sample(sample);
    if (VARSIZE(rebuilt) - VARHDRSZ != size || std::memcmp(VARDATA(rebuilt), bytes, size) != 0)
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("malformed experiment_sample: not in canonical form")));
    PG_RETURN_POINTER(rebuilt);
}

RECEIVABLES_FUNCTION(experiment_sample_send) {
    const byte_span bytes = canonical_sample(PG_GETARG_DATUM(0));
    StringInfoData out;
    pq_begintypsend(&out);
    pq_sendbytes(&out, reinterpret_cast<const char*>(bytes.data), static_cast<int>(bytes.size));
    PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

RECEIVABLES_VALUE_AS_TEXT(experiment_sample, text_of_sample)
RECEIVABLES_VALUE_FROM_JSONB(experiment_sample)
RECEIVABLES_VALUE_OPERATORS(experiment_sample, canonical_sample)
