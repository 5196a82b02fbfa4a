#include "core/portfolio/rate_schedule.hpp"

namespace receivables {

namespace {

constexpr std::string_view schedule_keys[] = {"kind", "rates"};
constexpr std::string_view rate_keys[] = {"from", "percent"};
constexpr std::string_view kind_names[] = {"floating", "fixed_at_start"};

bool read_kind(const json_document& document, rate_kind* out, status* s) noexcept {
    json_value kind;
    std::string_view name;
    if (!document.require(document.root(), "kind", &kind, s) ||
        !document.read_string(kind, &name, s))
        return false;
    for (std::uint8_t i = 0; i < 2; ++i)
        if (name == kind_names[i]) {
            *out = static_cast<rate_kind>(i);
            return true;
        }
    return document.fail(kind, error_code::invalid_text, s,
                         "expected \"floating\" or \"fixed_at_start\"");
}

// Without zeros at its end, so that equal schedules have equal bytes.
bool read_percent(const json_document& document, json_value rate, decimal* out,
                  status* s) noexcept {
    json_value percent;
    if (!document.require(rate, "percent", &percent, s) || !document.read_decimal(percent, out, s))
        return false;
    while (out->scale > 0 && out->units % 10 == 0) *out = {out->units / 10, out->scale - 1};
    if (out->scale > max_rate_scale)
        return document.fail(percent, error_code::numeric_out_of_range, s,
                             "a percentage has up to %d decimals", max_rate_scale);
    if (out->units < 0 || out->units > max_rate_percent * power_of_ten(out->scale))
        return document.fail(percent, error_code::numeric_out_of_range, s,
                             "a percentage lies between 0 and %lld",
                             static_cast<long long>(max_rate_percent));
    return true;
}

}  // namespace

void write_rates_json(const rate_schedule& rates, text_writer* out) noexcept {
    out->put("{\"kind\": \"");
    out->put(kind_names[static_cast<int>(rates.kind())]);
    out->put("\", \"rates\": [");
    for (std::uint32_t i = 0; i < rates.count(); ++i) {
        const dated_rate rate = rates.rate(i);
        out->put(i > 0 ? ", {\"from\": \"" : "{\"from\": \"");
        out->put_date(rate.from);
        out->put("\", \"percent\": ");
        out->put_decimal({rate.units, rates.scale()});
        out->put('}');
    }
    out->put("]}");
}

bool measure_rates_json(const json_document& document, rate_kind* kind, int* scale,
                        std::uint32_t* rates, status* s) noexcept {
    json_value list;
    if (!document.expect_object(document.root(), schedule_keys, std::size(schedule_keys), s) ||
        !read_kind(document, kind, s) || !document.require(document.root(), "rates", &list, s) ||
        !document.expect(list, json_kind::array, s))
        return false;
    *rates = 0;
    *scale = 0;
    for (json_value e = document.first(list); e != document.past(list); e = document.next(e)) {
        decimal percent;
        if (++*rates > max_rates)
            return document.fail(e, error_code::limit_exceeded, s, "more than %u rates", max_rates);
        if (!document.expect_object(e, rate_keys, std::size(rate_keys), s) ||
            !read_percent(document, e, &percent, s))
            return false;
        if (percent.scale > *scale) *scale = percent.scale;
    }
    if (*rates > 0) return true;
    return document.fail(list, error_code::invalid_text, s, "expected at least one rate");
}

bool read_rates_json(const json_document& document, rate_schedule* out, status* s) noexcept {
    json_value list;
    if (!document.require(document.root(), "rates", &list, s)) return false;
    std::uint32_t index = 0;
    for (json_value e = document.first(list); e != document.past(list); e = document.next(e)) {
        json_value from;
        dated_rate rate;
        decimal percent;
        if (!document.require(e, "from", &from, s) || !document.read_date(from, &rate.from, s) ||
            !read_percent(document, e, &percent, s))
            return false;
        if (index > 0 && out->rate(index - 1).from >= rate.from)
            return document.fail(from, error_code::invalid_text, s,
                                 "the days of the rates must ascend");
        rate.units =
            static_cast<std::int64_t>(percent.units * power_of_ten(out->scale() - percent.scale));
        out->set_rate(index++, rate);
    }
    return true;
}

}  // namespace receivables
