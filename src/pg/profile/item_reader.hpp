// One row of an aggregate's input as items.
#pragma once

#include "pg/base/postgres.hpp"

extern "C" {
#include "mb/pg_wchar.h"
}

#include <string_view>

#include "core/profile/item.hpp"
#include "pg/base/error.hpp"
#include "pg/base/finite_day.hpp"
#include "pg/base/numeric_reader.hpp"

namespace receivables {

// The arguments of one call, NULLs as fcinfo has them; those that a function does not take are
// NULL.
struct input_row {
    NullableDatum invoice_date, due_date, paid_date, amount, disputed, as_of, open_amount,
        settled_by;
};

[[gnu::always_inline]] inline numeric_parts read_amount(Datum value) {
    short_amount amount;
    if (!read_short_numeric(value, &amount)) return read_numeric(value);
    return {amount.units, amount.scale, amount.negative};
}

inline settlement read_settled_by(Datum value) {
    const text* name = DatumGetTextPP(value);
    const std::string_view given(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
    settlement by;
    if (!read_settlement(given, &by))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("settled_by must be payment, credit or write_off, not \"%.*s\"",
                               pg_mbcliplen(given.data(), static_cast<int>(given.size()), 40),
                               given.data())));
    return by;
}

// The items of a row that has a due date: none when its invoice was written after as_of.
// Always inline: once an invoice, and most of its arguments are known to be absent.
[[gnu::always_inline]] inline int read_items(const input_row& row, item out[2]) {
    invoice_row r = {};
    r.due = finite_day(DatumGetDateADT(row.due_date.value), "due date");
    r.is_paid = !row.paid_date.isnull;
    if (r.is_paid) r.paid = finite_day(DatumGetDateADT(row.paid_date.value), "paid date");
    r.has_invoice_date = !row.invoice_date.isnull;
    if (r.has_invoice_date)
        r.invoice_date = finite_day(DatumGetDateADT(row.invoice_date.value), "invoice date");
    bool is_paid_later = false;
    if (!row.as_of.isnull) {
        const day_number as_of = finite_day(DatumGetDateADT(row.as_of.value), "as_of");
        if (r.has_invoice_date && r.invoice_date > as_of) return 0;
        is_paid_later = r.is_paid && r.paid > as_of;
    }
    r.disputed = !row.disputed.isnull && DatumGetBool(row.disputed.value);
    r.has_amount = !row.amount.isnull;
    numeric_parts amount = {0, 0, false};
    if (r.has_amount) amount = read_amount(row.amount.value);
    r.amount = amount.units;
    r.scale = amount.scale;
    r.negative = amount.negative && amount.units != 0;
    r.has_open_amount = !row.open_amount.isnull;
    if (r.has_open_amount) {
        const numeric_parts open = read_amount(row.open_amount.value);
        r.open_amount = open.units;
        r.open_scale = open.scale;
        r.open_negative = open.negative;
    }
    r.settled_by = row.settled_by.isnull ? settlement::payment
                                         : read_settled_by(row.settled_by.value);
    status s;
    const int count = make_items(r, out, &s);
    if (count == 0) raise(s);
    if (!is_paid_later) return count;
    // On as_of it was open with its whole amount.
    make_open(&out[0]);
    return 1;
}

}  // namespace receivables
