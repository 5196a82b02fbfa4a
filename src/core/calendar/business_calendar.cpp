#include "core/calendar/business_calendar.hpp"

#include <array>

#include "core/base/byte_order.hpp"
#include "core/calendar/value.hpp"

namespace receivables {

namespace {

static_assert((static_cast<std::int64_t>(min_day) + 5) % 7 == 0, "the first date is a Monday");

struct week {
    std::uint32_t before;  // working days of the week before the day, four bits a day from Monday
    std::uint32_t places;  // the day of the n-th working day, four bits each
    std::uint8_t working;
};

constexpr auto weeks = [] {
    std::array<week, all_weekdays + 1> table{};
    for (unsigned weekend = 0; weekend < table.size(); ++weekend) {
        week& w = table[weekend];
        for (unsigned day = 0; day < 7; ++day) {
            w.before |= std::uint32_t{w.working} << (4 * day);
            if (weekend >> day & 1) continue;
            w.places |= day << (4 * w.working);
            ++w.working;
        }
    }
    return table;
}();

constexpr unsigned nibble(std::uint32_t packed, std::int64_t index) noexcept {
    return packed >> (4 * index) & 15;
}

struct week_day {
    std::int64_t week;
    std::int64_t day;
};

// Days are asked for up to some days outside the limits, so the quotient is rounded down.
constexpr week_day split(std::int64_t value, std::int64_t divisor) noexcept {
    std::int64_t quotient = value / divisor;
    std::int64_t rest = value % divisor;
    if (rest < 0) {
        --quotient;
        rest += divisor;
    }
    return {quotient, rest};
}

constexpr std::array<std::string_view, 6> convention_names = {
    "following", "modified_following", "preceding", "modified_preceding", "nearest", "unadjusted"};

bool require_finite(day_number day, status* s) noexcept {
    if (is_finite_day(day)) return true;
    return s->fail(error_code::datetime_out_of_range, "day must be a finite date, not %sinfinity",
                   day < 0 ? "-" : "");
}

bool out_of_range(status* s) noexcept {
    return s->fail(error_code::datetime_out_of_range, "business day is out of range for type date");
}

// `other` may lie outside the limits of type date, but by no more than a week.
bool in_same_month(day_number day, std::int64_t other) noexcept {
    const civil_date a = to_civil(day);
    const civil_date b = to_civil(static_cast<day_number>(other));
    return a.month == b.month && a.year == b.year;
}

}  // namespace

bool read_convention(std::string_view name, roll_convention* out) noexcept {
    for (std::size_t i = 0; i < convention_names.size(); ++i)
        if (name == convention_names[i]) {
            *out = static_cast<roll_convention>(i);
            return true;
        }
    return false;
}

std::string_view convention_name(roll_convention convention) noexcept {
    return convention_names[static_cast<std::size_t>(convention)];
}

void calendar_view::set_weekend(weekday_set weekend) noexcept {
    const week& w = weeks[weekend];
    weekend_ = weekend;
    working_weekdays_ = w.working;
    weekdays_before_ = w.before;
    weekday_places_ = w.places;
}

bool calendar_view::open(const unsigned char* bytes, std::size_t size, status* s) noexcept {
    const auto damaged = [s](const char* what) noexcept {
        s->fail(error_code::invalid_binary, "invalid business_calendar: %s", what);
        return false;
    };
    if (size < calendar_header_size) return damaged("it is too short");
    if (bytes[0] != calendar_format_version) return damaged("unknown format version");
    if (bytes[1] >= all_weekdays) return damaged("its weekend is no weekend");
    const std::size_t width = bytes[2];
    if ((width != 2 && width != 4) || bytes[3] != 0) return damaged("its header is damaged");
    const std::size_t total = (size - calendar_header_size) / width;
    const std::uint32_t working = load_le<std::uint32_t>(bytes + 8);
    if (size != calendar_header_size + total * width || total > max_holidays || working > total)
        return damaged("its size and its number of holidays do not fit");
    set_weekend(bytes[1]);
    width_ = static_cast<std::uint8_t>(width);
    first_ = static_cast<day_number>(load_le<std::uint32_t>(bytes + 4));
    working_count_ = working;
    total_count_ = static_cast<std::uint32_t>(total);
    offsets_ = bytes + calendar_header_size;
    return true;
}

std::uint32_t calendar_view::holiday_offset(std::size_t index) const noexcept {
    return width_ == 2 ? load_le<std::uint16_t>(offsets_ + 2 * index)
                       : load_le<std::uint32_t>(offsets_ + 4 * index);
}

bool calendar_view::is_weekend(std::int64_t day) const noexcept {
    return weekend_ >> split(day - min_day, 7).day & 1;
}

std::int64_t calendar_view::weekdays_before(std::int64_t day) const noexcept {
    const week_day at = split(day - min_day, 7);
    return at.week * working_weekdays_ + nibble(weekdays_before_, at.day);
}

std::int64_t calendar_view::nth_weekday(std::int64_t rank) const noexcept {
    const week_day at = split(rank, working_weekdays_);
    return min_day + at.week * 7 + nibble(weekday_places_, at.day);
}

// The number of leading holidays for which `before(index, day)` holds: a binary search whose steps
// are conditional moves.
template <class Load, class Before>
static std::size_t count_leading(std::size_t count, Load load, Before before) noexcept {
    std::size_t start = 0;
    while (count > 0) {
        const std::size_t half = count / 2;
        const bool yes = before(start + half, load(start + half));
        start = yes ? start + half + 1 : start;
        count = yes ? count - half - 1 : half;
    }
    return start;
}

template <class Before>
std::size_t calendar_view::count_holidays(Before before) const noexcept {
    if (width_ == 2)
        return count_leading(
            working_count_,
            [this](std::size_t i) noexcept {
                return std::uint32_t{load_le<std::uint16_t>(offsets_ + 2 * i)};
            },
            before);
    return count_leading(
        working_count_,
        [this](std::size_t i) noexcept { return load_le<std::uint32_t>(offsets_ + 4 * i); },
        before);
}

std::size_t calendar_view::holidays_before(std::int64_t day) const noexcept {
    const std::int64_t offset = day - first_;
    return count_holidays(
        [offset](std::size_t, std::uint32_t holiday) noexcept { return holiday < offset; });
}

std::int64_t calendar_view::count_before(std::int64_t day) const noexcept {
    return weekdays_before(day) - static_cast<std::int64_t>(holidays_before(day));
}

// Let h(i) be the holidays on working weekdays. B(h(i)) = W(h(i)) - i with W the weekdays before a
// day, and h(i) comes before x exactly if B(h(i)) <= B(x) = rank. So their number j is found by a
// binary search, and x is the weekday with W(x) = rank + j.
std::int64_t calendar_view::nth(std::int64_t rank) const noexcept {
    const std::size_t passed =
        count_holidays([this, rank](std::size_t i, std::uint32_t offset) noexcept {
            return weekdays_before(std::int64_t{first_} + offset) - static_cast<std::int64_t>(i) <=
                   rank;
        });
    return nth_weekday(rank + static_cast<std::int64_t>(passed));
}

bool calendar_view::is_business_day(std::int64_t day) const noexcept {
    if (is_weekend(day)) return false;
    const std::size_t at = holidays_before(day);
    return at == working_count_ || holiday(at) != day;
}

bool is_business_day(const calendar_view& calendar, day_number day) noexcept {
    return calendar.is_business_day(day);
}

bool roll(const calendar_view& calendar, day_number day, roll_convention convention,
          day_number* out, status* s) noexcept {
    if (!require_finite(day, s)) return false;
    if (convention == roll_convention::unadjusted || calendar.is_business_day(day)) {
        *out = day;
        return true;
    }
    // No business day: the one before it has the rank below that of the one after it.
    const std::int64_t rank = calendar.count_before(day);
    const auto following = [&]() noexcept { return calendar.nth(rank); };
    const auto preceding = [&]() noexcept { return calendar.nth(rank - 1); };
    std::int64_t rolled = day;
    switch (convention) {
        case roll_convention::following:
            rolled = following();
            break;
        case roll_convention::preceding:
            rolled = preceding();
            break;
        case roll_convention::modified_following:
            rolled = following();
            if (!in_same_month(day, rolled)) rolled = preceding();
            break;
        case roll_convention::modified_preceding:
            rolled = preceding();
            if (!in_same_month(day, rolled)) rolled = following();
            break;
        case roll_convention::nearest: {
            const std::int64_t after = following(), before = preceding();
            rolled = after - day <= day - before ? after : before;
            break;
        }
        case roll_convention::unadjusted:
            break;
    }
    if (!is_finite_day(rolled)) {
        char from[iso_date_size];
        write_iso_date(day, from);
        const std::string_view name = convention_name(convention);
        out_of_range(s);
        return s->with_detail("The day is %s, the convention %.*s.", from,
                              static_cast<int>(name.size()), name.data());
    }
    *out = static_cast<day_number>(rolled);
    return true;
}

bool add_business_days(const calendar_view& calendar, day_number day, std::int64_t n,
                       day_number* out, status* s) noexcept {
    if (!require_finite(day, s)) return false;
    // No two dates are further apart than this; far beyond, the ranks themselves could overflow.
    constexpr std::int64_t most = std::int64_t{max_day} - min_day;
    std::int64_t sum = std::int64_t{max_day} + 1;
    if (n > 0 && n <= most)
        sum = calendar.nth(calendar.count_before(std::int64_t{day} + 1) + n - 1);
    if (n <= 0 && n >= -most) sum = calendar.nth(calendar.count_before(day) + n);
    if (!is_finite_day(sum)) {
        char from[iso_date_size];
        write_iso_date(day, from);
        out_of_range(s);
        return s->with_detail("%lld business days were counted from %s.", static_cast<long long>(n),
                              from);
    }
    *out = static_cast<day_number>(sum);
    return true;
}

std::int64_t business_days_between(const calendar_view& calendar, day_number from,
                                   day_number to) noexcept {
    return calendar.count_before(to) - calendar.count_before(from);
}

}  // namespace receivables
