// One row of an aggregate's input as an item.
#pragma once

#include "core/profile/item.hpp"
#include "pg/base/finite_day.hpp"
#include "pg/base/numeric_reader.hpp"
#include "pg/base/postgres.hpp"

namespace receivables {

// NULLs as the aggregate's arguments have them.
struct input_row {
    bool has_invoice, has_paid, has_amount, disputed, has_as_of;
    Datum invoice_date, due_date, paid_date, amount, as_of;
};

// False when the row does not count: its invoice was written after as_of.
[[gnu::always_inline]] inline bool read_item(const input_row& row, item* out) {
    const day_number due = finite_day(DatumGetDateADT(row.due_date), "due date");
    day_number paid = 0;
    bool is_paid = row.has_paid;
    if (is_paid) paid = finite_day(DatumGetDateADT(row.paid_date), "paid date");
    out->terms = no_terms;
    if (row.has_invoice)
        out->terms = due - finite_day(DatumGetDateADT(row.invoice_date), "invoice date");
    if (row.has_as_of) {
        const day_number as_of = finite_day(DatumGetDateADT(row.as_of), "as_of");
        if (row.has_invoice && due - out->terms > as_of) return false;
        is_paid = is_paid && paid <= as_of;
    }
    bool negative = false;
    out->has_amount = row.has_amount;
    out->scale = 0;
    out->amount = 0;
    if (row.has_amount) {
        short_amount amount;
        if (read_short_numeric(row.amount, &amount)) {
            out->amount = amount.units;
        } else {
            const numeric_parts parts = read_numeric(row.amount);
            out->amount = parts.units;
            amount.scale = parts.scale;
            amount.negative = parts.negative;
        }
        negative = amount.negative;
        out->scale = static_cast<std::int16_t>(amount.scale);
    }
    out->due = due;
    out->days_late = is_paid ? paid - due : 0;
    out->cls = classify(is_paid, negative, row.disputed);
    return true;
}

}  // namespace receivables
