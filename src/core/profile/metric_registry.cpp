#include "core/profile/metric_registry.hpp"

#include <iterator>

namespace receivables {

namespace {

using profile = profile_metrics;

// What a metric's expression gives, as a value of its kind.
template <metric_kind Kind>
struct made;
template <>
struct made<metric_kind::count> {
    static metric_value of(profile&, std::int64_t value) noexcept {
        return metric_value::of_whole(true, metric_kind::count, value);
    }
};
template <>
struct made<metric_kind::days> {
    static metric_value of(profile&, const maybe<std::int32_t>& value) noexcept {
        return metric_value::of_whole(value.known, metric_kind::days, value.value);
    }
};
template <>
struct made<metric_kind::date> {
    static metric_value of(profile&, const maybe<day_number>& value) noexcept {
        return metric_value::of_whole(value.known, metric_kind::date, value.value);
    }
};
template <>
struct made<metric_kind::amount> {
    // Money is unknown when no item has an amount, as sum() has it.
    static metric_value of(profile& p, int128 units) noexcept {
        return metric_value::of_amount(p.view().has_amounts(), {units, p.view().scale()});
    }
};
template <>
struct made<metric_kind::figure> {
    static metric_value of(profile&, const maybe<double>& value) noexcept {
        return metric_value::of_figure(value.known, value.value);
    }
};

// The terms in which the list is written.
constexpr class_set settled = paid_invoices | paid_credits | parts;
constexpr class_set unsettled = open_invoices | open_credits;

std::int64_t whole(double argument) noexcept {
    return static_cast<std::int64_t>(argument);
}
maybe<double> ratio(int128 part, int128 whole) noexcept {
    return whole == 0 ? maybe<double>::none() : maybe<double>::of(quotient(part, whole));
}
// A date that there is when there are items that have it.
maybe<day_number> day(std::int64_t items, day_number value) noexcept {
    return items > 0 ? maybe<day_number>::of(value) : maybe<day_number>::none();
}

template <class... Parameters>
constexpr std::uint8_t count_of(const Parameters&...) noexcept {
    return sizeof...(Parameters);
}

#define PARAMETER(ID, NAME, TYPE, LEAST, MOST, DEFAULT) \
    constexpr metric_parameter ID = {#NAME, std::string_view(#TYPE) == "integer", LEAST, MOST, DEFAULT};
#define METRIC(...)
#include "core/profile/metric_list.inc"
#undef METRIC

#define METRIC(NAME, KIND, NEEDS, WHERE, PARAMETERS, EXPRESSION, COMMENT)                  \
    metric_value NAME##_of(profile& p, [[maybe_unused]] day_number as_of,                  \
                           [[maybe_unused]] const double* a) noexcept {                    \
        return made<metric_kind::KIND>::of(p, EXPRESSION);                                 \
    }
#undef PARAMETER
#define PARAMETER(...)
#include "core/profile/metric_list.inc"
#undef METRIC

enum class needs : std::uint8_t { always, as_of };
enum class place : std::uint8_t { everywhere, rules, column };

#define WITHOUT_PARENTHESES(...) __VA_ARGS__
#define METRIC(NAME, KIND, NEEDS, WHERE, PARAMETERS, EXPRESSION, COMMENT) \
    {#NAME,                                                               \
     metric_kind::KIND,                                                   \
     needs::NEEDS == needs::as_of,                                        \
     place::WHERE != place::rules,                                        \
     place::WHERE == place::rules,                                        \
     count_of(WITHOUT_PARENTHESES PARAMETERS),                            \
     {WITHOUT_PARENTHESES PARAMETERS},                                    \
     NAME##_of},

constexpr metric metrics[] = {
#include "core/profile/metric_list.inc"
};

#undef METRIC
#undef PARAMETER
#undef WITHOUT_PARENTHESES

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
