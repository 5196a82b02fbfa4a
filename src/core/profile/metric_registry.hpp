// What can be asked of a payment profile by name, from metric_list.inc: the columns of
// profile_summary, the keys of a profile's jsonb and the names in segment rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/civil_date.hpp"
#include "core/base/decimal.hpp"
#include "core/profile/metrics.hpp"

namespace receivables {

enum class metric_kind : std::uint8_t {
    count,   // bigint
    days,    // integer
    date,    // date
    amount,  // numeric
    figure   // double precision
};

// Only the member of its kind is set, and none of a missing value.
struct metric_value {
    bool is_null;
    metric_kind kind;
    union {
        std::int64_t whole;  // count, days, and date as days since 2000-01-01
        decimal amount;
        double figure;
    };

    static metric_value null(metric_kind kind) noexcept { return {true, kind, {0}}; }
    static metric_value of_whole(bool known, metric_kind kind, std::int64_t number) noexcept {
        return {!known, kind, {number}};
    }
    static metric_value of_amount(bool known, decimal amount) noexcept {
        metric_value value = null(metric_kind::amount);
        value.is_null = !known;
        value.amount = amount;
        return value;
    }
    static metric_value of_figure(bool known, double figure) noexcept {
        metric_value value = null(metric_kind::figure);
        value.is_null = !known;
        value.figure = figure;
        return value;
    }
};

// An optional argument of a metric, as in late_share(3).
struct metric_parameter {
    std::string_view name;
    bool whole;  // a whole number; else any number
    double least, most;
    double fallback;  // what a missing argument means
};

inline constexpr std::size_t max_metric_parameters = 2;

struct metric {
    std::string_view name;
    metric_kind kind;
    bool needs_as_of;
    bool in_summary;         // a column of profile_summary; others are for rules alone
    bool argument_required;  // percentile_days_late has no fallback
    std::uint8_t parameter_count;
    metric_parameter parameters[max_metric_parameters];
    // Without items: counts are 0 and all else is NULL. as_of is read only when needs_as_of.
    metric_value (*evaluate)(profile_metrics& profile, day_number as_of,
                             const double* arguments) noexcept;
};

// All metrics, in the order of profile_summary's columns.
const metric* all_metrics(std::size_t* count) noexcept;
// nullptr when there is none of that name.
const metric* find_metric(std::string_view name) noexcept;

}  // namespace receivables
