#include "core/portfolio/aging.hpp"
#include "core/portfolio/bucket_json.hpp"

namespace receivables {

namespace {

constexpr std::string_view aging_keys[] = {"as_of", "bounds", "buckets"};
constexpr bucket_names aging_names = {
    {{"items", "amount"}, {"disputed_items", "disputed_amount"}, {"credit_items", "credit_amount"}},
    3,
    no_due_date_name};

}  // namespace

void write_aging_json(const aging& value, text_writer* out) noexcept {
    out->put("{\"as_of\": \"");
    out->put_date(value.as_of());
    out->put("\", ");
    write_buckets_json(aging_names, value, out);
    out->put('}');
}

bool read_aging_head(const json_document& document, day_number* as_of, aging_bounds* bounds,
                     status* s) noexcept {
    json_value day;
    return document.expect_object(document.root(), aging_keys, std::size(aging_keys), s) &&
           document.require(document.root(), "as_of", &day, s) &&
           document.read_date(day, as_of, s) && read_bounds_json(document, bounds, s);
}

bool read_aging_cells(const json_document& document, const aging_bounds& bounds, aging* out,
                      status* s) noexcept {
    return read_buckets_json(aging_names, document, bounds, out, s);
}

}  // namespace receivables
