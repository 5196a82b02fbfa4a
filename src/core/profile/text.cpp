#include "core/profile/text.hpp"

namespace receivables {

namespace {

constexpr std::string_view item_keys[] = {"due",      "paid",        "invoice",    "amount",
                                          "disputed", "open_amount", "settled_by", "part"};

void put_key(std::string_view key, text_writer* out) noexcept {
    out->put(", \"");
    out->put(key);
    out->put("\": ");
}

constexpr class_set credit_notes{item_class::credit_note_paid, item_class::credit_note_open,
                                 item_class::credit_note_part};
constexpr class_set written_off{item_class::written_off, item_class::disputed_written_off};
constexpr class_set settled_otherwise{item_class::settled, item_class::disputed_settled};

// A key that is there and not null: what other tools write for an unknown value.
bool find_known(const json_document& doc, json_value object, std::string_view key,
                json_value* out) noexcept {
    return doc.find(object, key, out) && doc.kind(*out) != json_kind::null;
}

struct text_amount {
    bool known;
    decimal value;
};

bool read_amount_of(const json_document& doc, json_value v, std::string_view key, text_amount* out,
                    status* s) noexcept {
    json_value value;
    out->known = find_known(doc, v, key, &value);
    return !out->known || doc.read_decimal(value, &out->value, s);
}

uint128 magnitude(const decimal& d) noexcept {
    return static_cast<uint128>(d.units < 0 ? -d.units : d.units);
}

bool read_dates(const json_document& doc, json_value v, invoice_row* row, status* s) noexcept {
    json_value value;
    if (!doc.require(v, "due", &value, s) || !doc.read_date(value, &row->due, s)) return false;
    row->is_paid = find_known(doc, v, "paid", &value);
    if (row->is_paid && !doc.read_date(value, &row->paid, s)) return false;
    row->has_invoice_date = find_known(doc, v, "invoice", &value);
    return !row->has_invoice_date || doc.read_date(value, &row->invoice_date, s);
}

bool read_settlement(const json_document& doc, json_value v, settlement* out, status* s) noexcept {
    json_value value;
    std::string_view text;
    *out = settlement::payment;
    if (!find_known(doc, v, "settled_by", &value)) return true;
    if (!doc.read_string(value, &text, s)) return false;
    return read_settlement(text, out) ||
           doc.fail(value, error_code::invalid_text, s,
                    "settled_by must be payment, credit or write_off, not \"%.*s\"",
                    static_cast<int>(std::min<std::size_t>(text.size(), 40)), text.data());
}

bool read_row(const json_document& doc, json_value v, invoice_row* row, status* s) noexcept {
    json_value value;
    text_amount amount, open;
    if (!read_dates(doc, v, row, s)) return false;
    row->disputed = false;
    if (find_known(doc, v, "disputed", &value) && !doc.read_boolean(value, &row->disputed, s))
        return false;
    if (!read_amount_of(doc, v, "amount", &amount, s) ||
        !read_amount_of(doc, v, "open_amount", &open, s) ||
        !read_settlement(doc, v, &row->settled_by, s))
        return false;
    row->has_amount = amount.known;
    row->amount = magnitude(amount.value);
    row->negative = amount.value.units < 0;
    row->scale = amount.value.scale;
    row->has_open_amount = open.known;
    row->open_amount = magnitude(open.value);
    row->open_negative = open.value.units < 0;
    row->open_scale = open.value.scale;
    return true;
}

}  // namespace

void put_quoted_date(day_number day, text_writer* out) noexcept {
    out->put('"');
    out->put_date(day);
    out->put('"');
}

void write_item_text(const item& x, int scale, text_writer* out) noexcept {
    out->put("{\"due\": ");
    put_quoted_date(x.due, out);
    if (x.has_paid_date()) {
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
    if (disputed_invoices.holds(x.cls)) out->put(", \"disputed\": true");
    const bool without_day = can_have_paid_date(x.cls) && !x.has_paid_date();
    if (without_day && x.cls != item_class::zero) out->put(", \"open_amount\": 0");
    if (written_off.holds(x.cls)) out->put(", \"settled_by\": \"write_off\"");
    if (credit_notes.holds(x.cls) || (settled_otherwise.holds(x.cls) && x.has_paid_date()))
        out->put(", \"settled_by\": \"credit\"");
    if (parts.holds(x.cls)) out->put(", \"part\": true");
    out->put('}');
}

int read_item_text(const json_document& doc, json_value v, item out[2], status* s) noexcept {
    if (!doc.expect_object(v, item_keys, std::size(item_keys), s)) return 0;
    invoice_row row;
    if (!read_row(doc, v, &row, s)) return 0;
    const int count = make_items(row, out, s);
    json_value value;
    bool is_part = false;
    if (count == 0) {
        status reason = *s;
        doc.fail(v, error_code::invalid_text, s, "%s", reason.message);
    } else if (find_known(doc, v, "part", &value) && !doc.read_boolean(value, &is_part, s)) {
        return 0;
    }
    if (!is_part) return count;
    if (count == 1 && !row.is_paid && !row.has_open_amount && !row.has_invoice_date &&
        !row.disputed && make_part(&out[0]))
        return 1;
    doc.fail(v, error_code::invalid_text, s,
             "a part has a due date, an amount that is not 0, and what settled a credit note");
    return 0;
}

bool profile_text_writer::step(text_writer* out) noexcept {
    if (view_.kind() == profile_kind::tables) return step_of_tables(out);
    out->put("{\"format\": 1");
    put_key("items", out);
    out->put('[');
    bool first = true;
    view_.for_each_item([&](const item& x) {
        if (!first) out->put(", ");
        first = false;
        write_item_text(x, view_.scale(), out);
    });
    out->put("]}");
    return false;
}

}  // namespace receivables
