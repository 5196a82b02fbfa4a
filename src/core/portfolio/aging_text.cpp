#include <algorithm>

#include "core/portfolio/aging.hpp"

namespace receivables {

namespace {

constexpr std::string_view aging_keys[] = {"as_of", "bounds", "buckets"};

struct column_keys {
    std::string_view items, amount;
};
constexpr column_keys keys_of_column[aging_columns] = {
    {"items", "amount"},
    {"disputed_items", "disputed_amount"},
    {"credit_items", "credit_amount"},
};
constexpr std::string_view bucket_keys[] = {"bucket",         "items",           "amount",
                                            "disputed_items", "disputed_amount", "credit_items",
                                            "credit_amount"};

void write_bucket(const aging& value, const aging_bounds& bounds, int bucket,
                  text_writer* out) noexcept {
    out->put("{\"bucket\": \"");
    bounds.write_label(bucket, out);
    out->put('"');
    for (int c = 0; c < aging_columns; ++c) {
        const aging_cell cell = value.cell(bucket, static_cast<aging_column>(c));
        out->put(", \"");
        out->put(keys_of_column[c].items);
        out->put("\": ");
        out->put_integer(cell.items);
        out->put(", \"");
        out->put(keys_of_column[c].amount);
        out->put("\": ");
        out->put_decimal({cell.amount, value.scale()});
    }
    out->put('}');
}

bool check_label(const json_document& document, json_value bucket, const aging_bounds& bounds,
                 int index, status* s) noexcept {
    char expected[64];
    text_writer writer(expected, sizeof expected);
    bounds.write_label(index, &writer);
    const std::string_view label(expected, writer.size());
    json_value name;
    std::string_view given;
    if (!document.require(bucket, "bucket", &name, s) || !document.read_string(name, &given, s))
        return false;
    if (given == label) return true;
    return document.fail(name, error_code::invalid_text, s, "expected the bucket \"%.*s\"",
                         static_cast<int>(label.size()), label.data());
}

// The widest scale so far is the state's; what was read before is brought to it.
bool read_cell(const json_document& document, json_value bucket, int index, int c, aging* out,
               status* s) noexcept {
    const auto column = static_cast<aging_column>(c);
    json_value items, amount;
    aging_cell cell;
    decimal read;
    if (!document.require(bucket, keys_of_column[c].items, &items, s) ||
        !document.require(bucket, keys_of_column[c].amount, &amount, s) ||
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

void write_aging_json(const aging& value, text_writer* out) noexcept {
    const aging_bounds bounds = value.bounds();
    out->put("{\"as_of\": \"");
    out->put_date(value.as_of());
    out->put("\", \"bounds\": [");
    for (int i = 0; i < bounds.count; ++i) {
        if (i > 0) out->put(", ");
        out->put_integer(bounds.days[i]);
    }
    out->put("], \"buckets\": [");
    for (int i = 0; i < bounds.bucket_count(); ++i) {
        if (i > 0) out->put(", ");
        write_bucket(value, bounds, i, out);
    }
    out->put("]}");
}

bool read_aging_head(const json_document& document, day_number* as_of, aging_bounds* bounds,
                     status* s) noexcept {
    json_value day, list;
    if (!document.expect_object(document.root(), aging_keys, std::size(aging_keys), s) ||
        !document.require(document.root(), "as_of", &day, s) ||
        !document.read_date(day, as_of, s) ||
        !document.require(document.root(), "bounds", &list, s) ||
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

bool read_aging_cells(const json_document& document, const aging_bounds& bounds, aging* out,
                      status* s) noexcept {
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
        if (!document.expect_object(e, bucket_keys, std::size(bucket_keys), s) ||
            !check_label(document, e, bounds, index, s))
            return false;
        for (int c = 0; c < aging_columns; ++c)
            if (!read_cell(document, e, index, c, out, s)) return false;
    }
    if (index == bounds.bucket_count()) return true;
    return document.fail(list, error_code::invalid_text, s, "expected %d buckets, not %d",
                         bounds.bucket_count(), index);
}

}  // namespace receivables
