#include "core/portfolio/rate_schedule.hpp"

#include <cstring>

namespace receivables {

namespace {

constexpr std::uint8_t rates_version = 1;
constexpr std::size_t rates_head = 8, rate_size = 16;

std::int64_t power(int exponent) noexcept {
    return static_cast<std::int64_t>(power_of_ten(exponent));
}

}  // namespace

std::size_t rate_schedule::size_of(std::uint32_t rates) noexcept {
    return rates_head + rate_size * rates;
}

void rate_schedule::create(unsigned char* bytes, rate_kind kind, int scale,
                           std::uint32_t rates) noexcept {
    bytes_ = bytes;
    std::memset(bytes, 0, size_of(rates));
    bytes[0] = rates_version;
    bytes[1] = static_cast<unsigned char>(kind);
    const auto digits = static_cast<std::uint16_t>(scale);
    std::memcpy(bytes + 2, &digits, sizeof digits);
    std::memcpy(bytes + 4, &rates, sizeof rates);
}

bool rate_schedule::open(unsigned char* bytes, std::size_t size) noexcept {
    bytes_ = bytes;
    return size >= rates_head && bytes[0] == rates_version && bytes[1] <= 1 && count() > 0 &&
           count() <= max_rates && size == size_of(count()) && scale() <= max_rate_scale;
}

bool rate_schedule::is_sound() const noexcept {
    for (std::uint32_t i = 0; i < count(); ++i) {
        const dated_rate here = rate(i);
        if (!is_finite_day(here.from) || here.units < 0 ||
            here.units > max_rate_percent * power(scale()) ||
            (i > 0 && rate(i - 1).from >= here.from))
            return false;
    }
    return true;
}

int rate_schedule::scale() const noexcept {
    std::uint16_t digits;
    std::memcpy(&digits, bytes_ + 2, sizeof digits);
    return digits;
}

std::uint32_t rate_schedule::count() const noexcept {
    std::uint32_t rates;
    std::memcpy(&rates, bytes_ + 4, sizeof rates);
    return rates;
}

dated_rate rate_schedule::rate(std::uint32_t index) const noexcept {
    const unsigned char* at = bytes_ + size_of(index);
    dated_rate out;
    std::memcpy(&out.from, at, sizeof out.from);
    std::memcpy(&out.units, at + 8, sizeof out.units);
    return out;
}

void rate_schedule::set_rate(std::uint32_t index, dated_rate rate) noexcept {
    unsigned char* at = bytes_ + size_of(index);
    std::memcpy(at, &rate.from, sizeof rate.from);
    std::memcpy(at + 8, &rate.units, sizeof rate.units);
}

bool interest_periods::next(interest_period* out, status* s) noexcept {
    if (at_ >= past_) return false;
    // The first rate that begins after this day; the one before it is in force.
    std::uint32_t low = 0, high = rates_.count();
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        if (rates_.rate(middle).from <= at_)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0) {
        char day[iso_date_size], first[iso_date_size];
        write_iso_date(static_cast<day_number>(at_), day);
        write_iso_date(rates_.rate(0).from, first);
        return s->fail(error_code::invalid_parameter, "no rate is known for %s", day) ||
               s->with_detail("The rates begin on %s.", first);
    }
    const bool split = rates_.kind() == rate_kind::floating && low < rates_.count();
    const std::int64_t change = split ? rates_.rate(low).from : past_;
    *out = {static_cast<day_number>(at_), change < past_ ? change : past_,
            rates_.rate(low - 1).units};
    at_ = out->past;
    return true;
}

bool interest_factor(const rate_schedule& rates, day_number due, day_number until,
                     day_count convention, int128* out, status* s) noexcept {
    *out = 0;
    interest_period period;
    // A percentage has 13 digits and all days together 10, a day 4453 parts: 27 digits.
    for (interest_periods periods(rates, due, until); periods.next(&period, s);)
        *out += int128{period.rate_units} * count_year_parts(convention, period.first, period.past);
    return s->ok();
}

}  // namespace receivables
