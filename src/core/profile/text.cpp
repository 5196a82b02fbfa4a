#include "core/profile/text.hpp"

#include "core/profile/check.hpp"

namespace receivables {

namespace {

constexpr std::string_view item_keys[] = {"due", "paid", "invoice", "amount", "disputed"};
constexpr std::string_view listed_keys[] = {"format", "items"};
constexpr std::string_view tabled_keys[] = {"format",    "scale",         "totals",
                                            "days_late", "due_dates",     "payment_dates",
                                            "open",      "open_disputed", "recent"};

// What the elements of a table's rows are, in order.
enum class cell : std::uint8_t { days, date, items, amount, sum };

struct table_shape {
    std::string_view key;
    profile_table table;
    int cells;
    cell order[4];
};

// "open_disputed" is the other half of the table `open`, whose keys alternate between the two.
constexpr table_shape shapes[] = {
    {"days_late",
     profile_table::by_days_late,
     4,
     {cell::days, cell::items, cell::amount, cell::sum}},
    {"due_dates", profile_table::by_due_date, 3, {cell::date, cell::items, cell::amount}},
    {"payment_dates", profile_table::by_payment_date, 2, {cell::date, cell::items}},
    {"open", profile_table::open, 3, {cell::date, cell::items, cell::amount}},
    {"open_disputed", profile_table::open, 3, {cell::date, cell::items, cell::amount}},
    {"recent", profile_table::recent, 2, {cell::date, cell::sum}},
};

// The totals by name, once for reading and writing.
struct total_field {
    std::string_view key;
    std::int64_t tabled_totals::*count = nullptr;
    int128 tabled_totals::*amount = nullptr;
    int128 tabled_totals::*sum = nullptr;
    day_number tabled_totals::*date = nullptr;
};

constexpr total_field total_fields[] = {
    {"disputed_paid_count", &tabled_totals::disputed_paid_count},
    {"credit_paid_count", &tabled_totals::credit_paid_count},
    {"credit_open_count", &tabled_totals::credit_open_count},
    {"amount_count", &tabled_totals::amount_count},
    {"disputed_paid_amount", nullptr, &tabled_totals::disputed_paid_amount},
    {"credit_paid_amount", nullptr, &tabled_totals::credit_paid_amount},
    {"credit_open_amount", nullptr, &tabled_totals::credit_open_amount},
    {"due_square_sum", nullptr, nullptr, &tabled_totals::due_square_sum},
    {"days_to_pay_count", &tabled_totals::days_to_pay_count},
    {"days_to_pay_sum", nullptr, nullptr, &tabled_totals::days_to_pay_sum},
    {"terms_count", &tabled_totals::terms_count},
    {"terms_sum", nullptr, nullptr, &tabled_totals::terms_sum},
    {"first_due", nullptr, nullptr, nullptr, &tabled_totals::first_due},
    {"last_due", nullptr, nullptr, nullptr, &tabled_totals::last_due},
    {"first_invoice", nullptr, nullptr, nullptr, &tabled_totals::first_invoice},
    {"last_invoice", nullptr, nullptr, nullptr, &tabled_totals::last_invoice},
    {"last_paid", nullptr, nullptr, nullptr, &tabled_totals::last_paid},
};

void put_key(std::string_view key, text_writer* out) noexcept {
    out->put(", \"");
    out->put(key);
    out->put("\": ");
}

void put_quoted_date(day_number day, text_writer* out) noexcept {
    out->put('"');
    out->put_date(day);
    out->put('"');
}

void write_totals(const tabled_totals& totals, int scale, text_writer* out) noexcept {
    put_key("totals", out);
    char separator = '{';
    for (const total_field& field : total_fields) {
        out->put(separator);
        if (separator == ',') out->put(' ');
        separator = ',';
        out->put('"');
        out->put(field.key);
        out->put("\": ");
        if (field.count != nullptr) out->put_integer(totals.*field.count);
        if (field.amount != nullptr) out->put_decimal({totals.*field.amount, scale});
        if (field.sum != nullptr) out->put_integer(totals.*field.sum);
        if (field.date != nullptr) put_quoted_date(totals.*field.date, out);
    }
    out->put('}');
}

void write_cell(cell what, profile_table table, const table_row& r, int scale,
                text_writer* out) noexcept {
    switch (what) {
        case cell::days:
            return out->put_integer(r.key);
        case cell::date:
            return put_quoted_date(
                static_cast<day_number>(table == profile_table::open ? r.key >> 1 : r.key), out);
        case cell::items:
            return out->put_integer(r.items);
        case cell::amount:
            return out->put_decimal({r.amount, scale});
        case cell::sum:
            return out->put_integer(r.sum);
    }
}

void write_table(const table_shape& shape, const profile_view& view, text_writer* out) noexcept {
    put_key(shape.key, out);
    const bool disputed = shape.key == "open_disputed";
    bool first = true;
    out->put('[');
    view.tabled().table(shape.table).each([&](const table_row& r) {
        if (shape.table == profile_table::open && ((r.key & 1) != 0) != disputed) return;
        out->put(first ? "[" : ", [");
        first = false;
        for (int i = 0; i < shape.cells; ++i) {
            if (i > 0) out->put(", ");
            write_cell(shape.order[i], shape.table, r, view.scale(), out);
        }
        out->put(']');
    });
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

bool read_totals(const json_document& doc, json_value v, int scale, tabled_totals* out,
                 status* s) noexcept {
    std::string_view keys[std::size(total_fields)];
    for (std::size_t i = 0; i < std::size(keys); ++i) keys[i] = total_fields[i].key;
    if (!doc.expect_object(v, keys, std::size(keys), s)) return false;
    for (const total_field& field : total_fields) {
        json_value value;
        if (!doc.require(v, field.key, &value, s)) return false;
        bool read = true;
        if (field.count != nullptr)
            read = doc.read_integer(value, 0, INT64_MAX, &(out->*field.count), s);
        if (field.amount != nullptr)
            read = read_amount(doc, value, scale, &(out->*field.amount), s);
        if (field.sum != nullptr) read = read_big_integer(doc, value, &(out->*field.sum), s);
        if (field.date != nullptr) read = doc.read_date(value, &(out->*field.date), s);
        if (!read) return false;
    }
    return true;
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
        case cell::items:
            return doc.read_integer(v, 1, INT64_MAX, &r->items, s);
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
    if (cells != shape.cells)
        return doc.fail(v, error_code::invalid_text, s, "expected %d elements, not %d", shape.cells,
                        cells);
    if (shape.table == profile_table::open) r->key = 2 * r->key + (shape.key == "open_disputed");
    return true;
}

// A key that is there and not null: what other tools write for an unknown value.
bool find_known(const json_document& doc, json_value object, std::string_view key,
                json_value* out) noexcept {
    return doc.find(object, key, out) && doc.kind(*out) != json_kind::null;
}

}  // namespace

void write_item_text(const item& x, int scale, text_writer* out) noexcept {
    out->put("{\"due\": ");
    put_quoted_date(x.due, out);
    if (has_paid_date(x.cls)) {
        put_key("paid", out);
        put_quoted_date(x.paid(), out);
    }
    if (x.terms != no_terms) {
        put_key("invoice", out);
        put_quoted_date(x.invoiced(), out);
    }
    if (x.has_amount) {
        put_key("amount", out);
        out->put_decimal({x.signed_amount(), scale});
    }
    if (x.cls == item_class::disputed_paid || x.cls == item_class::disputed_open)
        out->put(", \"disputed\": true");
    out->put('}');
}

bool read_item_text(const json_document& doc, json_value v, item* out, status* s) noexcept {
    if (!doc.expect_object(v, item_keys, std::size(item_keys), s)) return false;
    json_value value;
    day_number day;
    if (!doc.require(v, "due", &value, s) || !doc.read_date(value, &out->due, s)) return false;
    bool paid = false, disputed = false;
    decimal amount;
    out->days_late = 0;
    out->terms = no_terms;
    if (find_known(doc, v, "paid", &value)) {
        if (!doc.read_date(value, &day, s)) return false;
        out->days_late = day - out->due;
        paid = true;
    }
    if (find_known(doc, v, "invoice", &value)) {
        if (!doc.read_date(value, &day, s)) return false;
        out->terms = out->due - day;
    }
    if (find_known(doc, v, "disputed", &value) && !doc.read_boolean(value, &disputed, s))
        return false;
    out->has_amount = find_known(doc, v, "amount", &value);
    if (out->has_amount && !doc.read_decimal(value, &amount, s)) return false;
    out->scale = static_cast<std::int16_t>(amount.scale);
    out->amount = static_cast<uint128>(amount.units < 0 ? -amount.units : amount.units);
    out->cls = classify(paid, amount.units < 0, disputed);
    return true;
}

void write_profile_text(const profile_view& view, text_writer* out) noexcept {
    out->put("{\"format\": 1");
    if (view.kind() == profile_kind::items) {
        put_key("items", out);
        out->put('[');
        bool first = true;
        view.for_each_item([&](const item& x) {
            if (!first) out->put(", ");
            first = false;
            write_item_text(x, view.scale(), out);
        });
        out->put(']');
    } else {
        put_key("scale", out);
        out->put_integer(view.scale());
        write_totals(view.tabled().totals, view.scale(), out);
        for (const table_shape& shape : shapes) write_table(shape, view, out);
    }
    out->put('}');
}

bool read_profile_form(const json_document& doc, bool* tabled, std::uint32_t* count,
                       status* s) noexcept {
    const json_value root = doc.root();
    json_value format, list;
    std::int64_t version;
    if (!doc.expect(root, json_kind::object, s)) return false;
    *tabled = doc.find(root, "totals", &list);
    const bool known = *tabled ? doc.expect_object(root, tabled_keys, std::size(tabled_keys), s)
                               : doc.expect_object(root, listed_keys, std::size(listed_keys), s);
    if (!known) return false;
    if (doc.find(root, "format", &format)) {
        if (!doc.read_integer(format, INT32_MIN, INT32_MAX, &version, s)) return false;
        if (version != 1)
            return doc.fail(format, error_code::invalid_text, s,
                            "unknown format %lld of a payment_profile",
                            static_cast<long long>(version));
    }
    *count = 0;
    for (const table_shape& shape : shapes) {
        const std::string_view key = *tabled ? shape.key : "items";
        if (!doc.require(root, key, &list, s) || !doc.expect(list, json_kind::array, s))
            return false;
        for (json_value e = doc.first(list); e != doc.past(list); e = doc.next(e)) ++*count;
        if (!*tabled) break;
    }
    if (!*tabled && *count == 0)
        return doc.fail(root, error_code::invalid_text, s,
                        "a payment_profile has at least one item");
    return true;
}

bool read_profile_items(const json_document& doc, item* out, status* s) noexcept {
    json_value list;
    if (!doc.require(doc.root(), "items", &list, s)) return false;
    for (json_value e = doc.first(list); e != doc.past(list); e = doc.next(e))
        if (!read_item_text(doc, e, out++, s)) return false;
    return true;
}

bool read_profile_tables(const json_document& doc, table_row* rows, table_set* out,
                         status* s) noexcept {
    json_value value;
    std::int64_t scale;
    if (!doc.require(doc.root(), "scale", &value, s) ||
        !doc.read_integer(value, 0, max_display_scale, &scale, s) ||
        !doc.require(doc.root(), "totals", &value, s))
        return false;
    out->scale = static_cast<int>(scale);
    if (!read_totals(doc, value, out->scale, &out->totals, s)) return false;
    for (const table_shape& shape : shapes) {
        const int t = static_cast<int>(shape.table);
        if (shape.key != "open_disputed") out->rows[t] = rows;
        if (!doc.require(doc.root(), shape.key, &value, s)) return false;
        for (json_value e = doc.first(value); e != doc.past(value); e = doc.next(e))
            if (!read_row(doc, e, shape, out->scale, rows++, s)) return false;
        out->row_count[t] = static_cast<std::uint32_t>(rows - out->rows[t]);
        if (shape.key != "open_disputed") continue;
        // Two lists, each by date, become one table.
        std::sort(const_cast<table_row*>(out->rows[t]), rows,
                  [](const table_row& a, const table_row& b) { return a.key < b.key; });
    }
    if (check_tables(*out, s)) return true;
    s->code = s->code == error_code::invalid_binary ? error_code::invalid_text : s->code;
    return false;
}

}  // namespace receivables
