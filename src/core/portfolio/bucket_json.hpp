// The cells of an aging as a JSON array of buckets, under the names that a type gives them.
#pragma once

#include "core/portfolio/aging.hpp"

namespace receivables {

struct bucket_names {
    struct column {
        std::string_view items, amount;
    } columns[aging_columns];
    int column_count;
    std::string_view last_bucket;  // of the one without days
};

void write_bucket_name(const bucket_names& names, const aging_bounds& bounds, int bucket,
                       text_writer* out) noexcept;
// "bounds": [...], "buckets": [...]
void write_buckets_json(const bucket_names& names, const aging& value, text_writer* out) noexcept;
// The members with these names of the document's root.
bool read_bounds_json(const json_document& document, aging_bounds* bounds, status* s) noexcept;
bool read_buckets_json(const bucket_names& names, const json_document& document,
                       const aging_bounds& bounds, aging* out, status* s) noexcept;

}  // namespace receivables
