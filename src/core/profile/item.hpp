// One item of a payment profile: an invoice, an instalment, or the part of one that a payment
// settled. This is the first room of the profile's way:
//
//   row -> item -> state -> stored -> view -> metrics
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/civil_date.hpp"
#include "core/base/decimal.hpp"
#include "core/base/status.hpp"

namespace receivables {

// What an item counts as. The order is that of the canonical form: first the classes that can have
// a paid date.
//
//   class                   what it is                                            it is in
//   timed                   paid on a known day, not disputed                     everything
//   disputed_paid           the same, is or was in dispute                        no delay figure
//   credit_note_paid        amount < 0, says that it is a credit note, settled    the amounts
//   on_account_paid         amount < 0, money on account, settled                 the amounts
//   settled                 on a day that is not known, or by a credit            no delay figure
//   disputed_settled        the same, is or was in dispute                        no delay figure
//   written_off             given up: it stays unpaid for ever                    no delay figure
//   disputed_written_off    the same, is or was in dispute                        no delay figure
//   zero                    amount 0                                              item_count alone
//   open, disputed_open     what is open of it
//   credit_note_open, on_account_open
//   part, credit_note_part, on_account_part
//                           the settled part of an item that is partly open: no   the amounts alone
//                           item of its own
enum class item_class : std::uint8_t {
    timed,
    disputed_paid,
    credit_note_paid,
    on_account_paid,
    settled,
    disputed_settled,
    written_off,
    disputed_written_off,
    zero,
    open,
    disputed_open,
    credit_note_open,
    on_account_open,
    part,
    credit_note_part,
    on_account_part
};
inline constexpr int item_classes = 16;

// A set of classes, a bit each.
class class_set {
  public:
    template <class... Classes>
    explicit constexpr class_set(Classes... classes) noexcept
        : bits_((0u | ... | (1u << static_cast<int>(classes)))) {}
    constexpr bool holds(item_class c) const noexcept {
        return (bits_ >> static_cast<int>(c) & 1) != 0;
    }
    constexpr class_set operator|(class_set other) const noexcept {
        class_set both;
        both.bits_ = bits_ | other.bits_;
        return both;
    }

  private:
    unsigned bits_;
};

inline constexpr class_set paid_invoices{
    item_class::timed,            item_class::disputed_paid, item_class::settled,
    item_class::disputed_settled, item_class::written_off,   item_class::disputed_written_off};
inline constexpr class_set open_invoices{item_class::open, item_class::disputed_open};
inline constexpr class_set invoices = paid_invoices | open_invoices;
inline constexpr class_set disputed_invoices{
    item_class::disputed_paid, item_class::disputed_settled, item_class::disputed_written_off,
    item_class::disputed_open};
inline constexpr class_set paid_credits{item_class::credit_note_paid, item_class::on_account_paid};
inline constexpr class_set open_credits{item_class::credit_note_open, item_class::on_account_open};
inline constexpr class_set parts{item_class::part, item_class::credit_note_part,
                                 item_class::on_account_part};
// Their amounts are negative.
inline constexpr class_set credits =
    paid_credits | open_credits |
    class_set{item_class::credit_note_part, item_class::on_account_part};
// Money received is no sale, and none that is taken back.
inline constexpr class_set on_account{item_class::on_account_paid, item_class::on_account_open,
                                      item_class::on_account_part};
// Unpaid for good or for now, which a forecast has to know by due date.
inline constexpr class_set unpaid_invoices =
    open_invoices | class_set{item_class::written_off, item_class::disputed_written_off};

inline constexpr int dated_classes = 9;  // timed .. zero: those that can have a paid date
inline constexpr bool can_have_paid_date(item_class c) noexcept {
    return static_cast<int>(c) < dated_classes;
}
inline constexpr bool is_credit(item_class c) noexcept {
    return credits.holds(c);
}

inline constexpr std::int32_t no_terms = INT32_MIN;  // the invoice date is not known
inline constexpr std::int32_t no_day = INT32_MIN;    // settled, but the day is not known

// Members are not initialised: arrays of items are filled for every customer.
struct item {
    day_number due;
    std::int32_t days_late;  // paid date - due date, or no_day; 0 for classes without paid dates
    std::int32_t terms;      // due date - invoice date, or no_terms
    item_class cls;
    bool has_amount;
    std::int16_t scale;  // display scale of the amount; 0 when it is unknown
    uint128 amount;      // magnitude, 0 when unknown; credits are negative by their class

    int128 signed_amount() const noexcept {
        const auto magnitude = static_cast<int128>(amount);
        return is_credit(cls) ? -magnitude : magnitude;
    }
    bool has_paid_date() const noexcept { return can_have_paid_date(cls) && days_late != no_day; }
    day_number paid() const noexcept { return due + days_late; }
    day_number invoiced() const noexcept { return due - terms; }
};

inline constexpr int max_display_scale = 16383;  // numeric's

// By what an item was settled. For an amount below 0 `credit` says that it is a credit note.
enum class settlement : std::uint8_t { payment, credit, write_off };

// One row of what is known of an invoice.
struct invoice_row {
    day_number due;
    bool has_invoice_date, is_paid, has_amount, disputed, has_open_amount;
    day_number invoice_date, paid;
    bool negative, open_negative;
    uint128 amount, open_amount;  // magnitudes; 0 where they are unknown, and so is the scale
    int scale, open_scale;
    settlement settled_by;
};

// Of an item that is not 0; `paid` says that it is paid on a known day, or a credit that is settled.
inline item_class classify(bool paid, bool credit, bool disputed) noexcept {
    if (credit) return paid ? item_class::on_account_paid : item_class::on_account_open;
    if (disputed) return paid ? item_class::disputed_paid : item_class::disputed_open;
    return paid ? item_class::timed : item_class::open;
}

// The same, and what else a row may say.
item_class class_of(const invoice_row& row, bool settled) noexcept;

// The item of a row, of which a part may be settled.
inline item make_item(const invoice_row& row, bool settled) noexcept {
    item x;
    const bool usual =
        row.settled_by == settlement::payment && row.is_paid == settled && row.amount != 0;
    x.due = row.due;
    x.terms = row.has_invoice_date ? row.due - row.invoice_date : no_terms;
    x.cls = usual ? classify(settled, row.negative, row.disputed) : class_of(row, settled);
    x.days_late = row.is_paid ? row.paid - row.due : can_have_paid_date(x.cls) ? no_day : 0;
    x.has_amount = row.has_amount;
    x.scale = static_cast<std::int16_t>(row.scale);
    x.amount = row.amount;
    return x;
}

// The items of a row with an open amount: one, or two when a part of it is settled. 0 (and a
// status) when the open amount cannot be that of the amount. Of a row with a paid date the open
// amount only has to fit.
int split_open_item(const invoice_row& row, item out[2], status* s) noexcept;

inline int make_items(const invoice_row& row, item out[2], status* s) noexcept {
    if (row.has_open_amount) return split_open_item(row, out, s);
    out[0] = make_item(row, row.is_paid);
    return 1;
}

// The settled part of an open item; false when the item is none of an open one.
bool make_part(item* x) noexcept;

// "payment", "credit", "write_off"; false when the name is none of them.
bool read_settlement(std::string_view name, settlement* out) noexcept;

// The item as it was before it was settled.
void make_open(item* x) noexcept;

// The canonical order of items whose amounts have one scale.
bool in_canonical_order(const item& a, const item& b) noexcept;

}  // namespace receivables
