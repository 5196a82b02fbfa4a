// Payment runs: does a customer pay on certain days of the month, or on a weekday, and not merely
// so many days after the due dates? Pure: it takes dates, whatever form they are stored in.
//
// A set of one to three days of the month is looked for, one day after the other: each time the
// three days in a row that hold the most of the payment dates not yet held (day_window.hpp; never
// nearer than seven days to a day that is in the set). The day is the one of the three on which the
// most payments fall as one of the shapes below says, and that lies behind the others otherwise.
//
// With n payment dates, of which h are held, a set is a run when h >= min_payments,
// h / n >= min_share, and in one of four shapes, h again being what that shape holds:
//
//   wide       the three days in a row                          chance u = 3 / 30.44 a day
//   as it is   the day itself                                   u = 1 / 30.44 a day
//   following  the day, or the Monday after when that is a      u = 1 / 21.75 a day, of
//   preceding  weekend; or the Friday before                    customers never paid at weekends
//
//   1  no chance of the calendar:   P(X >= h) * sets * 3 <= 0.1, X binomial (n, u), and sets the
//                                   number of sets of that size: 31, 279, 682 (the correction of
//                                   Bonferroni, which the search for the best set makes necessary)
//   2  more than the due dates say: let p be the share of "due date + days late of another payment"
//                                   that the set holds, over all pairs of payments. In the wide
//                                   shape P(X >= h) * sets * 3 <= 0.1 for X binomial (n, p) too,
//                                   and for p after a move off the weekend in either direction
//                                   where the customer never pays then. In the other shapes, which
//                                   are hard to hit, it is enough that the run explains better:
//                                   n * D >= max(0.5 + days of the set, n / 8), where D is the
//                                   divergence of Kullback and Leibler of the share h / n from p,
//                                   the logarithm of the likelihood ratio a payment; a further day
//                                   costs 1, about ln 3, for it is the best of three.
//
// p is drawn towards u with the weight of one payment, so that a share of none among few is not
// taken for impossible. Since the mean of the binomial is p, its tail bounds that of the sum of the
// payments' unequal chances (Hoeffding, 1956).
//
// So month-end due dates paid with a constant delay are no run: p is then 1. Where all due dates lie
// on the same day of the month only the move off weekends tells a run from a constant delay, and a
// constant delay that is moved off weekends cannot be told from a run: it is found as one.
//
// A weekday is a run when it holds min_payments and min_share of the payment dates and
// P(X >= h) <= 0.005 for X binomial (n, p), with p as above, and again after a move of weekends to
// Monday where the customer never pays on them.
//
// A payment date that settles several invoices counts once, with the one whose days late lie nearest
// to the customer's median: the others came along.
//
// Calibrated in test/unit/payment_run_test.cpp: of customers whose due dates are kept and whose
// delays are drawn 0.3 to 1.2 % get any run, for due dates of four kinds; the most, 6 %, with due
// dates on the 15th and the last and delays within a day of each other. Of planted runs (12
// payments, 80 % on the run) 91 to 96 % are found, also with due dates at month's end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/civil_date.hpp"
#include "core/base/text_writer.hpp"

namespace receivables {

struct payment_day_rule {
    double min_share = 0.6;
    std::int64_t min_payments = 5;
};

inline constexpr std::int32_t most_run_payments = 255;
inline constexpr std::int32_t most_run_days = 3;

// What a run is looked for in.
struct payment_history {
    // Distinct payment dates of timed items, ascending; of more than fit the latest.
    std::int32_t count = 0;
    day_number paid[most_run_payments];

    // Due dates and days late, from which chance would draw. Paired: those of the invoice that
    // stands for paid[i]; else some of each, evenly spread, where nobody knows which belong
    // together.
    bool paired = true;
    std::int32_t due_count = 0;
    day_number due[most_run_payments];
    std::int32_t late_count = 0;
    std::int32_t late[most_run_payments];

    // Of `count` timed items, at most most_run_payments, in any order.
    void take(const day_number* item_due, const std::int32_t* item_late,
              std::int32_t items) noexcept;
};

// Days of the month, or a weekday, or neither.
struct payment_run {
    std::int32_t day_count = 0;
    std::int32_t day[most_run_days] =
        {};                    // 1..31, -1 for the last day of the month, ...; ascending
    std::int32_t weekday = 0;  // ISO, 1 Monday .. 7 Sunday
    double surprise = 0;       // -ln of the corrected chance that due dates and delays make it so

    bool found() const noexcept { return day_count > 0 || weekday > 0; }
};

// The smallest set of up to `most_days` days.
payment_run find_run_days(const payment_history& history, const payment_day_rule& rule,
                          std::int32_t most_days = most_run_days) noexcept;
payment_run find_run_weekday(const payment_history& history, const payment_day_rule& rule) noexcept;
// Whichever of the two is the greater surprise.
payment_run find_payment_run(const payment_history& history, const payment_day_rule& rule) noexcept;

// The first date of the run on or after `from`: 31 is the last day of a shorter month, -1 the last
// day of any, -2 the one before it. It may lie beyond the limits of type date.
std::int64_t next_run_date(const payment_run& run, day_number from) noexcept;
// The same for one day of the month.
std::int64_t next_payment_date(std::int32_t payment_day, day_number from) noexcept;

inline constexpr std::size_t payment_day_text_size = 48;
// A payment day in words: "25th", "last day of the month", "2nd to last day of the month".
void write_payment_day(std::int32_t day, char* out) noexcept;
inline constexpr std::size_t payment_run_text_size = 4 * payment_day_text_size;
// A run in words: "the 10th and 25th", "Thursdays".
void write_payment_run(const payment_run& run, text_writer* out) noexcept;

std::string_view weekday_name(int iso_weekday) noexcept;

}  // namespace receivables
