#include "core/profile/item.hpp"

#include <algorithm>

namespace receivables {

namespace {

// Of an invoice that is settled, not by a payment on a known day.
item_class settled_class(settlement by, bool disputed) noexcept {
    if (by == settlement::write_off)
        return disputed ? item_class::disputed_written_off : item_class::written_off;
    return disputed ? item_class::disputed_settled : item_class::settled;
}

bool fail_open_amount(const invoice_row& row, const char* what, status* s) noexcept {
    char open[decimal_text_size(40)], amount[decimal_text_size(40)];
    const auto text = [](bool negative, uint128 units, int scale, char* out) {
        const auto number = static_cast<int128>(units);
        out[scale > 40 ? 0 : write_decimal({negative ? -number : number, scale}, out)] = '\0';
    };
    text(row.open_negative, row.open_amount, row.open_scale, open);
    text(row.negative, row.amount, row.scale, amount);
    return s->fail(error_code::invalid_parameter, "open_amount %s %s amount%s%s", open, what,
                   row.has_amount ? " " : "",
                   row.has_amount ? amount : "");
}

// Both amounts at the larger of their scales.
bool bring_to_one_scale(invoice_row* row, status* s) noexcept {
    const int scale = std::max(row->scale, row->open_scale);
    int128 amount, open;
    if (!rescale(static_cast<int128>(row->amount), row->scale, scale, &amount) ||
        !rescale(static_cast<int128>(row->open_amount), row->open_scale, scale, &open))
        return s->fail(error_code::numeric_out_of_range,
                       "amount and open_amount are out of range for %d decimals", scale);
    row->amount = static_cast<uint128>(amount);
    row->open_amount = static_cast<uint128>(open);
    row->scale = row->open_scale = scale;
    return true;
}

bool check_open_amount(invoice_row* row, status* s) noexcept {
    const bool wrong_sign = row->open_amount != 0 && row->open_negative != row->negative;
    if (!row->has_amount) {
        if (!row->open_negative || row->open_amount == 0) return true;
        return fail_open_amount(*row, "is below 0, and there is no", s);
    }
    if (wrong_sign) return fail_open_amount(*row, "has not the sign of", s);
    const invoice_row given = *row;
    if (!bring_to_one_scale(row, s)) return false;
    return row->open_amount <= row->amount || fail_open_amount(given, "is more than", s);
}

}  // namespace

item_class class_of(const invoice_row& row, bool settled) noexcept {
    const bool credit = row.has_amount && row.negative;
    if (row.has_amount && row.amount == 0) return item_class::zero;
    if (credit && row.settled_by == settlement::credit)
        return settled ? item_class::credit_note_paid : item_class::credit_note_open;
    const bool by_payment = row.is_paid && row.settled_by == settlement::payment;
    if (credit || !settled || by_payment) return classify(settled, credit, row.disputed);
    return settled_class(row.settled_by, row.disputed);
}

int split_open_item(const invoice_row& given, item out[2], status* s) noexcept {
    invoice_row row = given;
    if (!check_open_amount(&row, s)) return 0;
    const bool settled = row.is_paid || row.open_amount == 0;
    item& x = out[0];
    x = make_item(row, settled);
    if (settled || !row.has_amount || row.open_amount == row.amount) return 1;
    x.amount = row.open_amount;
    out[1] = x;
    out[1].amount = row.amount - row.open_amount;
    make_part(&out[1]);
    return 2;
}

bool make_part(item* x) noexcept {
    if (!x->has_amount) return false;
    if (open_invoices.holds(x->cls))
        x->cls = item_class::part;
    else if (x->cls == item_class::credit_note_open)
        x->cls = item_class::credit_note_part;
    else if (x->cls == item_class::on_account_open)
        x->cls = item_class::on_account_part;
    else
        return false;
    x->terms = no_terms;
    return true;
}

bool read_settlement(std::string_view name, settlement* out) noexcept {
    constexpr std::string_view names[] = {"payment", "credit", "write_off"};
    for (int i = 0; i < 3; ++i)
        if (name == names[i]) {
            *out = static_cast<settlement>(i);
            return true;
        }
    return false;
}

void make_open(item* x) noexcept {
    switch (x->cls) {
        case item_class::timed:
        case item_class::settled:
        case item_class::written_off:
            x->cls = item_class::open;
            break;
        case item_class::disputed_paid:
        case item_class::disputed_settled:
        case item_class::disputed_written_off:
            x->cls = item_class::disputed_open;
            break;
        case item_class::credit_note_paid:
            x->cls = item_class::credit_note_open;
            break;
        case item_class::on_account_paid:
            x->cls = item_class::on_account_open;
            break;
        case item_class::zero:
            x->days_late = no_day;
            return;
        default:
            break;
    }
    x->days_late = 0;
}

bool in_canonical_order(const item& a, const item& b) noexcept {
    if (a.cls != b.cls) return a.cls < b.cls;
    if (a.due != b.due) return a.due < b.due;
    if (a.days_late != b.days_late) return a.days_late < b.days_late;
    if (a.terms != b.terms) return a.terms < b.terms;
    if (a.has_amount != b.has_amount) return b.has_amount;
    return a.amount < b.amount;
}

}  // namespace receivables
