// The part of the text form that has tables.
#include "core/profile/check.hpp"
#include "core/profile/text.hpp"

namespace receivables {

namespace {

constexpr std::string_view listed_keys[] = {"format", "items"};
constexpr std::string_view tabled_keys[] = {
    "format",    "scale",         "totals", "days_late", "disputed_days_late",
    "due_dates", "payment_dates", "unpaid", "recent"};

// What the elements of a table's rows are, in order.
enum class cell : std::uint8_t { days, date, unpaid_class, items, amount, sum };

struct table_shape {
    std::string_view key;
    int cells;
    cell order[4];
};

// By profile_table.
constexpr table_shape shapes[profile_tables] = {
    {"days_late", 4, {cell::days, cell::items, cell::amount, cell::sum}},
    {"disputed_days_late", 4, {cell::days, cell::items, cell::amount, cell::sum}},
    {"due_dates", 3, {cell::date, cell::items, cell::amount}},
    {"payment_dates", 2, {cell::date, cell::items}},
    {"unpaid", 4, {cell::date, cell::unpaid_class, cell::items, cell::amount}},
    {"recent", 2, {cell::date, cell::sum}},
};

constexpr std::string_view class_keys[item_classes] = {"timed",
                                                       "disputed_paid",
                                                       "credit_note_paid",
                                                       "on_account_paid",
                                                       "settled",
                                                       "disputed_settled",
                                                       "written_off",
                                                       "disputed_written_off",
                                                       "zero",
                                                       "open",
                                                       "disputed_open",
                                                       "credit_note_open",
                                                       "on_account_open",
                                                       "part",
                                                       "credit_note_part",
                                                       "on_account_part"};

// The other totals by name, once for reading and writing. Dates are there when they are known.
struct total_field {
    std::string_view key;
    std::int64_t profile_totals::*count = nullptr;
    int128 profile_totals::*sum = nullptr;
    day_number profile_totals::*date = nullptr;
};

constexpr total_field total_fields[] = {
    {"amount_count", &profile_totals::amount_count},
    {"days_to_pay_count", &profile_totals::days_to_pay_count},
    {"days_to_pay_sum", nullptr, &profile_totals::days_to_pay_sum},
    {"terms_count", &profile_totals::terms_count},
    {"terms_sum", nullptr, &profile_totals::terms_sum},
    {"first_due", nullptr, nullptr, &profile_totals::first_due},
    {"last_due", nullptr, nullptr, &profile_totals::last_due},
    {"first_invoice", nullptr, nullptr, &profile_totals::first_invoice},
    {"last_invoice", nullptr, nullptr, &profile_totals::last_invoice},
    {"last_paid", nullptr, nullptr, &profile_totals::last_paid},
};
constexpr std::size_t total_keys = item_classes + std::size(total_fields);

void put_key(std::string_view key, bool first, text_writer* out) noexcept {
    out->put(first ? "\"" : ", \"");
    out->put(key);
    out->put("\": ");
}

void write_totals(const profile_totals& totals, int scale, text_writer* out) noexcept {
    bool first = true;
    out->put('{');
    for (int c = 0; c < item_classes; ++c) {
        if (totals.counts[c] == 0) continue;
        put_key(class_keys[c], first, out);
        first = false;
        out->put('[');
        out->put_integer(totals.counts[c]);
        out->put(", ");
        out->put_decimal({totals.amounts[c], scale});
        out->put(']');
    }
    for (const total_field& field : total_fields) {
        if (field.date != nullptr && !is_finite_day(totals.*field.date)) continue;
        put_key(field.key, first, out);
        first = false;
        if (field.count != nullptr) out->put_integer(totals.*field.count);
        if (field.sum != nullptr) out->put_integer(totals.*field.sum);
        if (field.date != nullptr) put_quoted_date(totals.*field.date, out);
    }
    out->put('}');
}

day_number day_of(int table, const table_row& r) noexcept {
    return static_cast<day_number>(table == static_cast<int>(profile_table::unpaid) ? r.key >> 2
                                                                                    : r.key);
}

void write_cell(cell what, int table, const table_row& r, int scale, text_writer* out) noexcept {
    switch (what) {
        case cell::days:
            return out->put_integer(r.key);
        case cell::date:
            return put_quoted_date(day_of(table, r), out);
        case cell::unpaid_class:
            out->put('"');
            out->put(class_keys[static_cast<int>(unpaid_order[r.key & 3])]);
            return out->put('"');
        case cell::items:
            return out->put_integer(r.items);
        case cell::amount:
            return out->put_decimal({r.amount, scale});
        case cell::sum:
            return out->put_integer(r.sum);
    }
}

void write_row(int table, const table_row& r, int scale, text_writer* out) noexcept {
    const table_shape& shape = shapes[table];
    out->put('[');
    for (int i = 0; i < shape.cells; ++i) {
        if (i > 0) out->put(", ");
        write_cell(shape.order[i], table, r, scale, out);
    }
    out->put(']');
}

bool read_amount(const json_document& doc, json_value v, int scale, int128* out,
                 status* s) noexcept {
    decimal amount;
    if (!doc.read_decimal(v, &amount, s)) return false;
    if (amount.scale > scale || !rescale(amount.units, amount.scale, scale, out))
        return doc.fail(v, error_code::invalid_text, s, "amount has more than %d decimals", scale);
    return true;
}

bool read_big_integer(const json_document& doc, json_value v, int128* out, status* s) noexcept {
    decimal number;
    if (!doc.read_decimal(v, &number, s)) return false;
    if (number.scale != 0)
        return doc.fail(v, error_code::invalid_text, s, "expected a whole number");
    *out = number.units;
    return true;
}

// [count, amount]
bool read_class_totals(const json_document& doc, json_value v, int scale, std::int64_t* count,
                       int128* amount, status* s) noexcept {
    if (!doc.expect(v, json_kind::array, s)) return false;
    const json_value first = doc.first(v), end = doc.past(v);
    const json_value second = first == end ? end : doc.next(first);
    if (first == end || second == end || doc.next(second) != end)
        return doc.fail(v, error_code::invalid_text, s, "expected a number of items and an amount");
    return doc.read_integer(first, 1, INT64_MAX, count, s) &&
           read_amount(doc, second, scale, amount, s);
}

bool read_totals(const json_document& doc, json_value v, int scale, profile_totals* out,
                 status* s) noexcept {
    std::string_view keys[total_keys];
    std::copy(std::begin(class_keys), std::end(class_keys), keys);
    for (std::size_t i = item_classes; i < total_keys; ++i)
        keys[i] = total_fields[i - item_classes].key;
    if (!doc.expect_object(v, keys, total_keys, s)) return false;
    json_value value;
    for (int c = 0; c < item_classes; ++c)
        if (doc.find(v, class_keys[c], &value) &&
            !read_class_totals(doc, value, scale, &out->counts[c], &out->amounts[c], s))
            return false;
    for (const total_field& field : total_fields) {
        if (field.date != nullptr) {
            if (doc.find(v, field.key, &value) && !doc.read_date(value, &(out->*field.date), s))
                return false;
            continue;
        }
        if (!doc.require(v, field.key, &value, s)) return false;
        if (field.count != nullptr ? !doc.read_integer(value, 0, INT64_MAX, &(out->*field.count), s)
                                   : !read_big_integer(doc, value, &(out->*field.sum), s))
            return false;
    }
    return true;
}

bool read_unpaid_class(const json_document& doc, json_value v, table_row* r, status* s) noexcept {
    std::string_view name;
    if (!doc.read_string(v, &name, s)) return false;
    for (item_class c : unpaid_order)
        if (name == class_keys[static_cast<int>(c)]) {
            r->key = unpaid_key(static_cast<day_number>(r->key), c);
            return true;
        }
    return doc.fail(v, error_code::invalid_text, s,
                    "expected open, disputed_open, written_off or disputed_written_off");
}

bool read_cell(const json_document& doc, json_value v, cell what, int scale, table_row* r,
               status* s) noexcept {
    day_number day;
    switch (what) {
        case cell::days:
            return doc.read_integer(v, INT32_MIN, INT32_MAX, &r->key, s);
        case cell::date:
            if (!doc.read_date(v, &day, s)) return false;
            r->key = day;
            return true;
        case cell::unpaid_class:
            return read_unpaid_class(doc, v, r, s);
        case cell::items:
            return doc.read_integer(v, 0, INT64_MAX, &r->items, s);
        case cell::amount:
            return read_amount(doc, v, scale, &r->amount, s);
        case cell::sum:
            return read_big_integer(doc, v, &r->sum, s);
    }
    return false;
}

bool read_row(const json_document& doc, json_value v, const table_shape& shape, int scale,
              table_row* r, status* s) noexcept {
    if (!doc.expect(v, json_kind::array, s)) return false;
    *r = {0, 1, 0, 0};
    int cells = 0;
    for (json_value e = doc.first(v); e != doc.past(v); e = doc.next(e), ++cells)
        if (cells < shape.cells && !read_cell(doc, e, shape.order[cells], scale, r, s))
            return false;
    if (cells == shape.cells) return true;
    return doc.fail(v, error_code::invalid_text, s, "expected %d elements, not %d", shape.cells,
                    cells);
}

bool count_elements(const json_document& doc, std::string_view key, std::uint32_t* count,
                    status* s) noexcept {
    json_value list;
    if (!doc.require(doc.root(), key, &list, s) || !doc.expect(list, json_kind::array, s))
        return false;
    for (json_value e = doc.first(list); e != doc.past(list); e = doc.next(e)) ++*count;
    return true;
}

}  // namespace

bool profile_text_writer::step_of_tables(text_writer* out) noexcept {
    if (table_ < 0) {
        out->put("{\"format\": 1");
        put_key("scale", false, out);
        out->put_integer(view_.scale());
        put_key("totals", false, out);
        write_totals(view_.tabled().totals, view_.scale(), out);
        table_ = 0;
    }
    const table_columns& table = view_.tabled().tables[table_];
    const std::uint32_t first = row_, last = std::min(first + rows_a_step, table.rows());
    if (first == 0) {
        put_key(shapes[table_].key, false, out);
        out->put('[');
    }
    table.each(first, last, [&](const table_row& r) {
        if (row_++ > 0) out->put(", ");
        write_row(table_, r, view_.scale(), out);
    });
    if (row_ < table.rows()) return true;
    out->put(']');
    row_ = 0;
    if (++table_ < profile_tables) return true;
    out->put('}');
    return false;
}

bool read_profile_form(const json_document& doc, profile_text* out, status* s) noexcept {
    const json_value root = doc.root();
    json_value value;
    std::int64_t version;
    if (!doc.expect(root, json_kind::object, s)) return false;
    out->tabled = doc.find(root, "totals", &value);
    const bool known = out->tabled
                           ? doc.expect_object(root, tabled_keys, std::size(tabled_keys), s)
                           : doc.expect_object(root, listed_keys, std::size(listed_keys), s);
    if (!known) return false;
    if (doc.find(root, "format", &value)) {
        if (!doc.read_integer(value, INT32_MIN, INT32_MAX, &version, s)) return false;
        if (version != 1)
            return doc.fail(value, error_code::invalid_text, s,
                            "unknown format %lld of a payment_profile",
                            static_cast<long long>(version));
    }
    out->rows = 0;
    if (out->tabled) {
        for (const table_shape& shape : shapes)
            if (!count_elements(doc, shape.key, &out->rows, s)) return false;
        return true;
    }
    if (!doc.require(root, "items", &out->items, s) || !doc.expect(out->items, json_kind::array, s))
        return false;
    if (doc.first(out->items) != doc.past(out->items)) return true;
    return doc.fail(root, error_code::invalid_text, s, "a payment_profile has at least one item");
}

bool profile_text_tables::start_list(const json_document& doc, status* s) noexcept {
    if (!doc.require(doc.root(), shapes[shape_].key, &list_, s)) return false;
    at_ = doc.first(list_);
    tables_.rows[shape_] = rows_;
    return true;
}

bool profile_text_tables::start(const json_document& doc, table_row* rows, status* s) noexcept {
    json_value value;
    std::int64_t scale;
    rows_ = rows;
    shape_ = 0;
    if (!doc.require(doc.root(), "scale", &value, s) ||
        !doc.read_integer(value, 0, max_display_scale, &scale, s) ||
        !doc.require(doc.root(), "totals", &value, s))
        return false;
    tables_.scale = static_cast<int>(scale);
    return read_totals(doc, value, tables_.scale, &tables_.totals, s) && start_list(doc, s);
}

bool profile_text_tables::step(const json_document& doc, status* s) noexcept {
    for (std::uint32_t i = 0; i < rows_a_step; ++i) {
        if (at_ != doc.past(list_)) {
            if (!read_row(doc, at_, shapes[shape_], tables_.scale, rows_++, s)) return false;
            at_ = doc.next(at_);
            continue;
        }
        tables_.row_count[shape_] = static_cast<std::uint32_t>(rows_ - tables_.rows[shape_]);
        if (++shape_ == profile_tables) return false;
        if (!start_list(doc, s)) return false;
    }
    return true;
}

}  // namespace receivables
