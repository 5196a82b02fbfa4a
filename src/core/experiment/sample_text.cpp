#include "core/experiment/sample_text.hpp"

namespace receivables {

bool count_sample_items(const json_document& document, std::uint32_t* count, status* s) noexcept {
    const json_value root = document.root();
    *count = 0;
    if (!document.expect(root, json_kind::array, s)) return false;
    for (json_value e = document.first(root); e != document.past(root); e = document.next(e))
        ++*count;
    if (*count > 0) return true;
    return document.fail(root, error_code::invalid_text, s,
                         "an experiment_sample has at least one item");
}

bool read_sample_item(const json_document& document, json_value v, sample_item* out,
                      status* s) noexcept {
    constexpr int fields = 5;
    json_value field[fields];
    int count = 0;
    if (!document.expect(v, json_kind::array, s)) return false;
    for (json_value e = document.first(v); e != document.past(v); e = document.next(e), ++count)
        if (count < fields) field[count] = e;
    if (count != fields)
        return document.fail(v, error_code::invalid_text, s,
                             "an item is arm, customer, days, paid and weight, not %d values",
                             count);
    std::int64_t days;
    if (!document.read_string(field[0], &out->arm, s) ||
        !document.read_string(field[1], &out->customer, s) ||
        !document.read_integer(field[2], 0, most_sample_days, &days, s) ||
        !document.read_boolean(field[3], &out->is_paid, s) ||
        !document.read_double(field[4], most_sample_weight, &out->weight, s))
        return false;
    out->days = static_cast<std::int32_t>(days);
    return check_sample_item(*out, s);
}

void write_sample_item(const sample_item& x, text_writer* out) noexcept {
    out->put('[');
    out->put_json_string(x.arm);
    out->put(", ");
    out->put_json_string(x.customer);
    out->put(", ");
    out->put_integer(x.days);
    out->put(x.is_paid ? ", true, " : ", false, ");
    out->put_double(x.weight);
    out->put(']');
}

}  // namespace receivables
