#include "core/portfolio/provision_matrix.hpp"

#include "core/portfolio/bucket_json.hpp"

namespace receivables {

namespace {

constexpr std::string_view matrix_keys[] = {"bounds", "buckets"};
constexpr bucket_names matrix_names = {
    {{"paid_items", "paid_amount"}, {"credited_items", "credited_amount"}, {}}, 2, "never paid"};

}  // namespace

bool is_provision_matrix(const aging& value) noexcept {
    if (value.as_of() != provision_day) return false;
    for (int i = 0; i < value.bucket_count(); ++i)
        if (value.cell(i, aging_column::credit).items != 0) return false;
    return true;
}

void write_provision_label(const aging_bounds& bounds, int bucket, text_writer* out) noexcept {
    write_bucket_name(matrix_names, bounds, bucket, out);
}

void write_provision_json(const aging& matrix, text_writer* out) noexcept {
    out->put('{');
    write_buckets_json(matrix_names, matrix, out);
    out->put('}');
}

bool read_provision_bounds(const json_document& document, aging_bounds* bounds,
                           status* s) noexcept {
    return document.expect_object(document.root(), matrix_keys, std::size(matrix_keys), s) &&
           read_bounds_json(document, bounds, s);
}

bool read_provision_cells(const json_document& document, const aging_bounds& bounds, aging* out,
                          status* s) noexcept {
    return read_buckets_json(matrix_names, document, bounds, out, s);
}

}  // namespace receivables
