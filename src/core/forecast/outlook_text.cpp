#include "core/forecast/outlook_text.hpp"

#include <cmath>
#include <cstdlib>

namespace receivables {

namespace {

static_assert(prior_weight == 1);
constexpr std::string_view prior_words = " of the prior weigh as one";

// "1 day", "2 days"; "1 invoice", "2 invoices".
void put_number(std::int64_t n, std::string_view word, text_writer* out) noexcept {
    out->put_integer(n);
    out->put(' ');
    out->put(word);
    if (n != 1) out->put('s');
}

void put_percent(double share, text_writer* out) noexcept {
    out->put_integer(std::llround(share * 100));
    out->put(" %");
}

// "2024-07-04, 6 days after the due date"
void put_day(std::int64_t day, const outlook_question& question, text_writer* out) noexcept {
    const std::int64_t late = day - question.due;
    out->put_date(static_cast<day_number>(day));
    if (late == 0) {
        out->put(", the due date");
        return;
    }
    out->put(", ");
    put_number(std::llabs(late), "day", out);
    out->put(late > 0 ? " after the due date" : " before the due date");
}

// "of what is still unpaid after 2024-06-01"
void put_condition(const outlook_question& question, text_writer* out) noexcept {
    out->put(" of what is still unpaid after ");
    out->put_date(question.as_of);
}

void put_own(const payment_outlook& outlook, const maybe<std::int64_t>& median,
             text_writer* out) noexcept {
    if (outlook.own_paid() == 0) {
        out->put("; no earlier invoice of its own is paid");
    } else if (median.known) {
        out->put("; half of ");
        put_number(outlook.own_paid() + outlook.own_unpaid(), "own invoice", out);
        out->put(" came by day ");
        out->put_integer(median.value);
    } else {
        out->put("; fewer than half of ");
        put_number(outlook.own_paid() + outlook.own_unpaid(), "own invoice", out);
        out->put(" are paid");
    }
    if (outlook.own_paid() > 0 && outlook.own_unpaid() > 0) {
        out->put(" (");
        out->put_integer(outlook.own_unpaid());
        out->put(" unpaid)");
    }
}

// What the answer rests on.
void put_grounds(const payment_outlook& outlook, const maybe<std::int64_t>& median,
                 text_writer* out) noexcept {
    put_own(outlook, median, out);
    if (outlook.run().found()) {
        out->put("; pays on ");
        write_payment_run(outlook.run(), out);
    }
    const calendar_view& calendar = outlook.question().calendar;
    if (calendar.weekend() != 0 || calendar.holiday_count() > 0) out->put("; on business days");
    if (outlook.prior_paid() > 0) {
        out->put("; ");
        put_number(outlook.prior_paid(), "invoice", out);
        out->put(prior_words);
    }
}

}  // namespace

void write_payment_day(const payment_outlook& outlook, double fraction,
                       const maybe<std::int64_t>& median, text_writer* out) noexcept {
    const maybe<std::int64_t> day = outlook.payment_day(fraction);
    if (!day.known) {
        out->put("never: less than ");
        out->put_double(fraction);
        put_condition(outlook.question(), out);
        out->put(" is paid within ");
        put_number(horizon_days, "day", out);
    } else {
        put_day(day.value, outlook.question(), out);
        out->put(": ");
        put_percent(outlook.share_paid_by(day.value), out);
        put_condition(outlook.question(), out);
        out->put(" is paid by then");
    }
    put_grounds(outlook, median, out);
}

void write_payment_probability(const payment_outlook& outlook, day_number by_date,
                               const maybe<std::int64_t>& median, text_writer* out) noexcept {
    put_percent(outlook.share_paid_by(by_date), out);
    put_condition(outlook.question(), out);
    out->put(" is paid by ");
    put_day(by_date, outlook.question(), out);
    put_grounds(outlook, median, out);
}

void write_mean_days_late(const payment_outlook& outlook, const maybe<std::int64_t>& median,
                          text_writer* out) noexcept {
    // Tenths, as a decimal.
    out->put_decimal({std::llround(outlook.mean_days_late() * 10), 1});
    out->put(" days late in the mean");
    put_condition(outlook.question(), out);
    out->put(", where the ");
    put_percent(outlook.share_never(), out);
    out->put(" unpaid after ");
    put_number(horizon_days, "day", out);
    out->put(" counts as paid then");
    put_grounds(outlook, median, out);
}

}  // namespace receivables
