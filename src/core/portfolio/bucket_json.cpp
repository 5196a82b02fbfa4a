#include "core/portfolio/bucket_json.hpp"

namespace receivables {

namespace {

constexpr std::string_view bucket_key = "bucket";

void write_bucket(const bucket_names& names, const aging& value, const aging_bounds& bounds,
                  int bucket, text_writer* out) noexcept {
    out->put("{\"bucket\": \"");
    write_bucket_name(names, bounds, bucket, out);
    out->put('"');
    for (int c = 0; c < names.column_count; ++c) {
        const aging_cell cell = value.cell(bucket, static_cast<aging_column>(c));
        out->put(", \"");
        out->put(names.columns[c].items);
        out->put("\": ");
        out->put_integer(cell.items);
        out->put(", \"");
        out->put(names.columns[c].amount);
        out->put("\": ");
        out->put_decimal({cell.amount, value.scale()});
    }
    out->put('}');
}

bool expect_bucket(const bucket_names& names, const json_document& document, json_value v,
                   const aging_bounds& bounds, int bucket, status* s) noexcept {
    std::string_view keys[1 + 2 * aging_columns] = {bucket_key};
    std::size_t key_count = 1;
    for (int c = 0; c < names.column_count; ++c) {
        keys[key_count++] = names.columns[c].items;
        keys[key_count++] = names.columns[c].amount;
    }
    char expected[64];
    text_writer writer(expected, sizeof expected);
    write_bucket_name(names, bounds, bucket, &writer);
    const std::string_view label(expected, writer.size());
    json_value name;
    std::string_view given;
    if (!document.expect_object(v, keys, key_count, s) ||
        !document.require(v, bucket_key, &name, s) || !document.read_string(name, &given, s))
        return false;
    if (given == label) return true;
    return document.fail(name, error_code::invalid_text, s, "expected the bucket \"%.*s\"",
                         static_cast<int>(label.size()), label.data());
}

// The widest scale so far is the state's; what was read before is brought to it.
bool read_bucket_cell(const bucket_names::column& name, const json_document& document,
                      json_value bucket, int index, aging_column column, aging* out,
                      status* s) noexcept {
    json_value items, amount;
    aging_cell cell;
    decimal read;
    if (!document.require(bucket, name.items, &items, s) ||
        !document.require(bucket, name.amount, &amount, s) ||
        !document.read_integer(items, 0, INT64_MAX, &cell.items, s) ||
        !document.read_decimal(amount, &read, s))
        return false;
    if (!out->widen_scale(read.scale) ||
        !rescale(read.units, read.scale, out->scale(), &cell.amount))
        return document.fail(amount, error_code::numeric_out_of_range, s,
                             "amounts have more than 38 digits");
    const int128 size = column == aging_column::credit ? -cell.amount : cell.amount;
    if (size < 0 || (size > 0) != (cell.items > 0))
        return document.fail(amount, error_code::invalid_text, s,
                             "no items have this number and amount");
    out->set_cell(index, column, cell);
    return true;
}

}  // namespace

void write_bucket_name(const bucket_names& names, const aging_bounds& bounds, int bucket,
                       text_writer* out) noexcept {
    if (bucket == bounds.no_due_date()) return out->put(names.last_bucket);
    bounds.write_label(bucket, out);
}

void write_buckets_json(const bucket_names& names, const aging& value, text_writer* out) noexcept {
    const aging_bounds bounds = value.bounds();
    out->put("\"bounds\": [");
    for (int i = 0; i < bounds.count; ++i) {
        if (i > 0) out->put(", ");
        out->put_integer(bounds.days[i]);
    }
    out->put("], \"buckets\": [");
    for (int i = 0; i < bounds.bucket_count(); ++i) {
        if (i > 0) out->put(", ");
        write_bucket(names, value, bounds, i, out);
    }
    out->put(']');
}

bool read_bounds_json(const json_document& document, aging_bounds* bounds, status* s) noexcept {
    json_value list;
    if (!document.require(document.root(), "bounds", &list, s) ||
        !document.expect(list, json_kind::array, s))
        return false;
    for (json_value e = document.first(list); e != document.past(list); e = document.next(e)) {
        std::int64_t bound;
        if (!document.read_integer(e, -max_aging_bound, max_aging_bound, &bound, s) ||
            !bounds->add(bound, s))
            return false;
    }
    return true;
}

bool read_buckets_json(const bucket_names& names, const json_document& document,
                       const aging_bounds& bounds, aging* out, status* s) noexcept {
    json_value list;
    if (!document.require(document.root(), "buckets", &list, s) ||
        !document.expect(list, json_kind::array, s))
        return false;
    int index = 0;
    for (json_value e = document.first(list); e != document.past(list);
         e = document.next(e), ++index) {
        if (index == bounds.bucket_count())
            return document.fail(e, error_code::invalid_text, s, "expected %d buckets",
                                 bounds.bucket_count());
        if (!expect_bucket(names, document, e, bounds, index, s)) return false;
        for (int c = 0; c < names.column_count; ++c)
            if (!read_bucket_cell(names.columns[c], document, e, index,
                                  static_cast<aging_column>(c), out, s))
                return false;
    }
    if (index == bounds.bucket_count()) return true;
    return document.fail(list, error_code::invalid_text, s, "expected %d buckets, not %d",
                         bounds.bucket_count(), index);
}

}  // namespace receivables
