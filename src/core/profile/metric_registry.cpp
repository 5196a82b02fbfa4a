#include "core/profile/metric_registry.hpp"

#include <initializer_list>
#include <iterator>

namespace receivables {

namespace {

using profile = profile_metrics;

metric_value count(std::int64_t value) noexcept {
    return metric_value::of_whole(true, metric_kind::count, value);
}

metric_value days(const maybe<std::int32_t>& value) noexcept {
    return metric_value::of_whole(value.known, metric_kind::days, value.value);
}

metric_value date(bool known, day_number value) noexcept {
    return metric_value::of_whole(known, metric_kind::date, value);
}

metric_value figure(const maybe<double>& value) noexcept {
    return metric_value::of_figure(value.known, value.value);
}

metric_value ratio(int128 part, int128 whole) noexcept {
    return whole == 0 ? metric_value::null(metric_kind::figure)
                      : metric_value::of_figure(true, quotient(part, whole));
}

// Money is unknown when no item has an amount, as sum() has it.
metric_value amount(profile& p, int128 units) noexcept {
    return metric_value::of_amount(p.has_amounts(), {units, p.view().scale()});
}

int128 sum(std::initializer_list<int128> amounts) noexcept {
    int128 total = 0;
    for (int128 a : amounts) wrapping_add(&total, a);
    return total;
}

metric_value item_count(profile& p, day_number, const double*) noexcept {
    return count(p.counts().item_count());
}
metric_value paid_count(profile& p, day_number, const double*) noexcept {
    return count(p.counts().paid_count());
}
metric_value open_count(profile& p, day_number, const double*) noexcept {
    return count(p.counts().unpaid_count());
}
metric_value credit_count(profile& p, day_number, const double*) noexcept {
    return count(p.counts().credit_count());
}
metric_value disputed_count(profile& p, day_number, const double*) noexcept {
    return count(p.counts().disputed_count());
}
metric_value timed_count(profile& p, day_number, const double*) noexcept {
    return count(p.view().timed_count());
}
metric_value payment_count(profile& p, day_number, const double*) noexcept {
    return count(p.payment_count());
}
metric_value total_amount(profile& p, day_number, const double*) noexcept {
    const profile_totals& t = p.totals();
    return amount(p, sum({t.positive_amount(), t.credit_amount()}));
}
metric_value paid_amount(profile& p, day_number, const double*) noexcept {
    const profile_totals& t = p.totals();
    return amount(p, sum({t.timed_amount, t.disputed_paid_amount, t.credit_paid_amount}));
}
metric_value open_amount(profile& p, day_number, const double*) noexcept {
    const profile_totals& t = p.totals();
    return amount(p, sum({t.open_amount, t.disputed_open_amount, t.credit_open_amount}));
}
metric_value mean_days_late(profile& p, day_number, const double*) noexcept {
    return figure(p.mean_days_late());
}
metric_value stddev_days_late(profile& p, day_number, const double*) noexcept {
    return figure(p.moments().stddev);
}
metric_value skewness_days_late(profile& p, day_number, const double*) noexcept {
    return figure(p.moments().skewness);
}
metric_value kurtosis_days_late(profile& p, day_number, const double*) noexcept {
    return figure(p.moments().kurtosis);
}
metric_value min_days_late(profile& p, day_number, const double*) noexcept {
    return days(p.min_days_late());
}
metric_value max_days_late(profile& p, day_number, const double*) noexcept {
    return days(p.max_days_late());
}
metric_value p10_days_late(profile& p, day_number, const double*) noexcept {
    return figure(p.percentile_days_late(0.10));
}
metric_value p25_days_late(profile& p, day_number, const double*) noexcept {
    return figure(p.percentile_days_late(0.25));
}
metric_value median_days_late(profile& p, day_number, const double*) noexcept {
    return figure(p.median_days_late());
}
metric_value p75_days_late(profile& p, day_number, const double*) noexcept {
    return figure(p.percentile_days_late(0.75));
}
metric_value p90_days_late(profile& p, day_number, const double*) noexcept {
    return figure(p.percentile_days_late(0.90));
}
metric_value percentile_days_late(profile& p, day_number, const double* fraction) noexcept {
    return figure(p.percentile_days_late(fraction[0]));
}
metric_value spread_days_late(profile& p, day_number, const double*) noexcept {
    return figure(p.spread_days_late());
}
metric_value weighted_days_late(profile& p, day_number, const double*) noexcept {
    return figure(p.weighted_days_late());
}
metric_value late_share(profile& p, day_number, const double* tolerance) noexcept {
    return figure(p.late_share(static_cast<std::int64_t>(tolerance[0])));
}
metric_value late_amount_share(profile& p, day_number, const double* tolerance) noexcept {
    return figure(p.late_amount_share(static_cast<std::int64_t>(tolerance[0])));
}
metric_value dispute_share(profile& p, day_number, const double*) noexcept {
    const item_counts n = p.counts();
    const std::int64_t all = n.invoice_count();
    return metric_value::of_figure(all != 0, all != 0 ? quotient(n.disputed_count(), all) : 0);
}
metric_value mean_days_to_pay(profile& p, day_number, const double*) noexcept {
    return ratio(p.totals().days_to_pay_sum, p.totals().days_to_pay_count);
}
metric_value mean_terms_days(profile& p, day_number, const double*) noexcept {
    return ratio(p.totals().terms_sum, p.totals().terms_count);
}
metric_value recent_median_days_late(profile& p, day_number, const double* items) noexcept {
    return figure(p.recent_median_days_late(static_cast<std::int64_t>(items[0])));
}
metric_value late_streak(profile& p, day_number, const double*) noexcept {
    return count(p.late_streak());
}
metric_value trend_days_late_per_year(profile& p, day_number, const double*) noexcept {
    return figure(p.trend_days_late_per_year());
}
metric_value payment_day(profile& p, day_number, const double* rule) noexcept {
    return days(p.payment_day({rule[0], static_cast<std::int64_t>(rule[1])}));
}
metric_value payment_day_share(profile& p, day_number, const double*) noexcept {
    return figure(p.payment_day_share());
}
metric_value payment_weekday(profile& p, day_number, const double* rule) noexcept {
    return days(p.payment_weekday({rule[0], static_cast<std::int64_t>(rule[1])}));
}
metric_value payment_weekday_share(profile& p, day_number, const double*) noexcept {
    return figure(p.payment_weekday_share());
}
metric_value structural_days_late(profile& p, day_number, const double* rule) noexcept {
    return days(p.structural_days_late(static_cast<std::int64_t>(rule[0]), rule[1]));
}
metric_value overdue_amount(profile& p, day_number as_of, const double* older) noexcept {
    return amount(p, p.overdue_amount(as_of, static_cast<std::int64_t>(older[0])));
}
metric_value overdue_count(profile& p, day_number as_of, const double* older) noexcept {
    return count(p.overdue_count(as_of, static_cast<std::int64_t>(older[0])));
}
metric_value oldest_overdue_days(profile& p, day_number as_of, const double*) noexcept {
    return days(p.oldest_overdue_days(as_of));
}
metric_value amount_last_year(profile& p, day_number as_of, const double*) noexcept {
    return amount(p, p.amount_last_year(as_of));
}
metric_value first_due_date(profile& p, day_number, const double*) noexcept {
    return date(p.totals().invoice_count() > 0, p.totals().first_due);
}
metric_value last_due_date(profile& p, day_number, const double*) noexcept {
    return date(p.totals().invoice_count() > 0, p.totals().last_due);
}
metric_value first_invoice_date(profile& p, day_number, const double*) noexcept {
    return date(p.totals().terms_count > 0, p.totals().first_invoice);
}
metric_value last_invoice_date(profile& p, day_number, const double*) noexcept {
    return date(p.totals().terms_count > 0, p.totals().last_invoice);
}
metric_value last_paid_date(profile& p, day_number, const double*) noexcept {
    return date(p.totals().paid_count() > 0, p.totals().last_paid);
}
metric_value invoice_interval_days(profile& p, day_number, const double*) noexcept {
    const profile_totals& t = p.totals();
    if (t.terms_count < 2) return metric_value::null(metric_kind::figure);
    return ratio(int128{t.last_invoice} - t.first_invoice, t.terms_count - 1);
}
metric_value prompt_payment_score(profile& p, day_number, const double*) noexcept {
    return figure(p.prompt_payment_score());
}

constexpr double max_days = 2147483647;
constexpr metric_parameter none = {};
constexpr metric_parameter tolerance_days = {"tolerance_days", true, -max_days, max_days, 0};
constexpr metric_parameter older_than_days = {"older_than_days", true, -max_days, max_days, 0};
constexpr metric_parameter min_share = {"min_share", false, 0, 1, 0.6};
constexpr metric_parameter min_payments = {"min_payments", true, 1, max_days, 5};
// Of seven weekdays five are business days, so chance makes a streak more easily than among the
// days of the month; eight payment dates keep it below one customer in a hundred.
constexpr metric_parameter min_weekday_payments = {"min_payments", true, 1, max_days, 8};
constexpr metric_parameter recent_items = {"items", true, 1, max_recent_items, 5};
constexpr metric_parameter fraction = {"fraction", false, 0, 1, 0.5};
constexpr metric_parameter min_items = {"min_items", true, 1, max_days, 8};
constexpr metric_parameter max_spread_days = {"max_spread_days", false, 0, max_days, 5};

// name, kind, needs as_of, in profile_summary, argument required, parameters, function
#define PLAIN(NAME, KIND) \
    { #NAME, metric_kind::KIND, false, true, false, 0, {none, none }, NAME }
#define AS_OF(NAME, KIND) \
    { #NAME, metric_kind::KIND, true, true, false, 0, {none, none }, NAME }
#define WITH(NAME, KIND, N, A, B) \
    { #NAME, metric_kind::KIND, false, true, false, N, {A, B }, NAME }
#define AS_OF_WITH(NAME, KIND, A) \
    { #NAME, metric_kind::KIND, true, true, false, 1, {A, none }, NAME }

constexpr metric metrics[] = {
    PLAIN(item_count, count),
    PLAIN(paid_count, count),
    PLAIN(open_count, count),
    PLAIN(credit_count, count),
    PLAIN(disputed_count, count),
    PLAIN(timed_count, count),
    PLAIN(payment_count, count),
    PLAIN(total_amount, amount),
    PLAIN(paid_amount, amount),
    PLAIN(open_amount, amount),
    PLAIN(mean_days_late, figure),
    PLAIN(stddev_days_late, figure),
    PLAIN(skewness_days_late, figure),
    PLAIN(kurtosis_days_late, figure),
    PLAIN(min_days_late, days),
    PLAIN(p10_days_late, figure),
    PLAIN(p25_days_late, figure),
    PLAIN(median_days_late, figure),
    PLAIN(p75_days_late, figure),
    PLAIN(p90_days_late, figure),
    PLAIN(max_days_late, days),
    PLAIN(spread_days_late, figure),
    {"percentile_days_late",
     metric_kind::figure,
     false,
     false,
     true,
     1,
     {fraction, none},
     percentile_days_late},
    PLAIN(weighted_days_late, figure),
    WITH(late_share, figure, 1, tolerance_days, none),
    WITH(late_amount_share, figure, 1, tolerance_days, none),
    PLAIN(dispute_share, figure),
    PLAIN(mean_days_to_pay, figure),
    PLAIN(mean_terms_days, figure),
    WITH(recent_median_days_late, figure, 1, recent_items, none),
    PLAIN(late_streak, count),
    PLAIN(trend_days_late_per_year, figure),
    WITH(payment_day, days, 2, min_share, min_payments),
    PLAIN(payment_day_share, figure),
    WITH(payment_weekday, days, 2, min_share, min_weekday_payments),
    PLAIN(payment_weekday_share, figure),
    WITH(structural_days_late, days, 2, min_items, max_spread_days),
    AS_OF_WITH(overdue_amount, amount, older_than_days),
    AS_OF_WITH(overdue_count, count, older_than_days),
    AS_OF(oldest_overdue_days, days),
    AS_OF(amount_last_year, amount),
    PLAIN(first_due_date, date),
    PLAIN(last_due_date, date),
    PLAIN(first_invoice_date, date),
    PLAIN(last_invoice_date, date),
    PLAIN(last_paid_date, date),
    PLAIN(invoice_interval_days, figure),
    PLAIN(prompt_payment_score, figure),
};

#undef PLAIN
#undef AS_OF
#undef WITH
#undef AS_OF_WITH

}  // namespace

const metric* all_metrics(std::size_t* count) noexcept {
    *count = std::size(metrics);
    return metrics;
}

const metric* find_metric(std::string_view name) noexcept {
    for (const metric& m : metrics)
        if (m.name == name) return &m;
    return nullptr;
}

}  // namespace receivables
