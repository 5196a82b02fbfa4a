// policy_sample as text, as binary, compared.
#include "pg/base/postgres.hpp"

#include "pg/base/error.hpp"
#include "pg/base/json_events.hpp"
#include "pg/base/memory.hpp"
#include "pg/base/sort.hpp"
#include "pg/proposal/policy_sample.hpp"

namespace receivables {

namespace {

[[noreturn]] void fail_malformed() {
    ereport(ERROR,
            (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("malformed policy_sample")));
    pg_unreachable();
}

struct by_bytes {
    int operator()(const sampled_customer& a, const sampled_customer& b) const {
        const int order = memcmp(a.bytes, b.bytes, Min(a.size, b.size));
        return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
    }
};

unsigned char* bytes_of(struct varlena* v) {
    return reinterpret_cast<unsigned char*>(VARDATA(v));
}

void read_customers(const json_document& json, policy_sample_writer* out) {
    status s;
    policy_sample_json_reader reader(json);
    if (!reader.begin(out, &s)) raise(s);
    while (!reader.is_at_end()) {
        CHECK_FOR_INTERRUPTS();
        if (!reader.read_customer(out, &s)) raise(s);
    }
}

struct varlena* sample_from_text(const char* text, std::size_t size) {
    const json_document json = parse_json(text, size, "policy_sample");
    policy_sample_writer measure(nullptr);
    read_customers(json, &measure);
    struct varlena* value = make_varlena(measure.used());
    policy_sample_writer writer(bytes_of(value));
    read_customers(json, &writer);
    return canonical_sample(open_sample({bytes_of(value), measure.used()}));
}

sized_text sample_text(Datum value) {
    const policy_sample_view sample = open_checked_sample(payload(value));
    return write_text("policy_sample", [&](text_writer* out) {
        put_sample_json_head(sample, out);
        for (sampled_customer r = sample.first(); r.bytes != sample.end(); r = sample.next(r)) {
            CHECK_FOR_INTERRUPTS();
            put_sample_json_customer(sample, r, out);
        }
        put_sample_json_end(out);
    });
}

byte_span canonical_bytes(Datum value) {
    return payload(value);
}

}  // namespace

policy_sample_view open_sample(byte_span bytes) {
    policy_sample_view sample;
    if (!sample.open(bytes.data, bytes.size)) fail_malformed();
    return sample;
}

policy_sample_view open_checked_sample(byte_span bytes) {
    const policy_sample_view sample = open_sample(bytes);
    if (!sample.is_sound()) fail_malformed();
    return sample;
}

sampled_customer* list_records(const policy_sample_view& sample) {
    sampled_customer* records = allocate<sampled_customer>(sample.customers() + std::size_t{1});
    std::size_t count = 0;
    for (sampled_customer r = sample.first(); r.bytes != sample.end(); r = sample.next(r))
        records[count++] = r;
    return records;
}

struct varlena* canonical_sample(const policy_sample_view& sample) {
    sampled_customer* records = list_records(sample);
    sort_values(records, sample.customers(), by_bytes());
    struct varlena* value = make_varlena(sample.used());
    policy_sample_writer writer(bytes_of(value));
    writer.start(sample.names(), sample.figures());
    for (std::uint32_t i = 0; i < sample.customers(); ++i)
        writer.put_records(records[i].bytes, records[i].size, 1);
    return value;
}

namespace {

Datum read_sample_text(const char* text, std::size_t size) {
    return PointerGetDatum(sample_from_text(text, size));
}

}  // namespace

}  // namespace receivables

using namespace receivables;

RECEIVABLES_FUNCTION(policy_sample_in) {
    const char* text = PG_GETARG_CSTRING(0);
    PG_RETURN_POINTER(sample_from_text(text, strlen(text)));
}

RECEIVABLES_VALUE_AS_TEXT(policy_sample, sample_text)
RECEIVABLES_VALUE_SENT_AS_TEXT(policy_sample, read_sample_text, sample_text)
RECEIVABLES_VALUE_OPERATORS(policy_sample, canonical_bytes)

RECEIVABLES_FUNCTION(policy_sample_customer_count) {
    PG_RETURN_INT64(open_sample(payload(PG_GETARG_DATUM(0))).customers());
}
