// Which days are business days: a weekend, any set of weekdays, and a list of holidays. Reads a
// calendar in its stored form without copying it; every answer takes time in the logarithm of the
// holidays.
//
// All of it counts with one function: B(x), the business days before day x. Weekdays repeat, so
// without holidays B has a closed form; a binary search counts the holidays to take off. Rolling
// and adding days ask for the business day x with a given B(x), and are a second binary search, on
// B itself.
//
// The functions reckon as though dates never ended, and fail with datetime_out_of_range when the
// answer itself lies outside the limits of type date, or the day that they are given does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/civil_date.hpp"
#include "core/base/status.hpp"

namespace receivables {

// A set of weekdays: bit 0 is Monday ... bit 6 is Sunday.
using weekday_set = std::uint8_t;
inline constexpr weekday_set all_weekdays = 0x7F;
inline constexpr weekday_set saturday_and_sunday = 0x60;

enum class roll_convention : std::uint8_t {
    following,           // the day itself or the first business day after it
    modified_following,  // following, unless that is in another month: then preceding
    preceding,           // the day itself or the last business day before it
    modified_preceding,  // preceding, unless that is in another month: then following
    nearest,             // the closer of following and preceding; following when both are as close
    unadjusted           // the day itself
};

// Names as above; false when it is none of them.
bool read_convention(std::string_view name, roll_convention* out) noexcept;
std::string_view convention_name(roll_convention convention) noexcept;

class calendar_view {
  public:
    // A calendar in which every day is a business day.
    calendar_view() noexcept = default;

    // Takes stored bytes; false (and a status) when they are none. Sizes and counts are checked
    // here, in constant time, so that no damage leads to a read past the end;
    // check_stored_calendar() checks the rest. The bytes may be unaligned and must outlive the view.
    bool open(const unsigned char* bytes, std::size_t size, status* s) noexcept;

    weekday_set weekend() const noexcept { return weekend_; }
    bool is_weekend(std::int64_t day) const noexcept;
    bool is_business_day(std::int64_t day) const noexcept;

    // Holidays that fall on a working weekday come first, then those that fall on the weekend and
    // so change nothing; each ascending.
    std::size_t holiday_count() const noexcept { return working_count_; }
    std::size_t weekend_holiday_count() const noexcept { return total_count_ - working_count_; }
    day_number first_holiday() const noexcept { return first_; }
    std::uint32_t holiday_offset(std::size_t index) const noexcept;
    day_number holiday(std::size_t index) const noexcept {
        return static_cast<day_number>(std::int64_t{first_} + holiday_offset(index));
    }

    // B(day): business days before it, counted from the first date there is.
    std::int64_t count_before(std::int64_t day) const noexcept;
    // The business day x with count_before(x) == rank; beyond the limits of type date if need be.
    std::int64_t nth(std::int64_t rank) const noexcept;

  private:
    void set_weekend(weekday_set weekend) noexcept;
    std::int64_t weekdays_before(std::int64_t day) const noexcept;
    std::int64_t nth_weekday(std::int64_t rank) const noexcept;
    std::size_t holidays_before(std::int64_t day) const noexcept;
    template <class Before>
    std::size_t count_holidays(Before before) const noexcept;

    const unsigned char* offsets_ = nullptr;  // of holidays, from first_
    std::uint32_t working_count_ = 0;
    std::uint32_t total_count_ = 0;
    day_number first_ = 0;
    std::uint8_t width_ = 2;  // bytes of an offset: 2 or 4
    weekday_set weekend_ = 0;
    // Of a week from Monday, four bits a day: working days before the day, and the places of the
    // working days.
    std::uint8_t working_weekdays_ = 7;
    std::uint32_t weekdays_before_ = 0x6543210;
    std::uint32_t weekday_places_ = 0x6543210;
};

// `day` must be within the limits of type date.
bool is_business_day(const calendar_view& calendar, day_number day) noexcept;

bool roll(const calendar_view& calendar, day_number day, roll_convention convention,
          day_number* out, status* s) noexcept;

// n > 0: the n-th business day after `day`; n < 0: before it; n = 0: `day` rolled following.
bool add_business_days(const calendar_view& calendar, day_number day, std::int64_t n,
                       day_number* out, status* s) noexcept;

// Business days from `from`, which counts, to `to`, which does not. With `from` after `to` the
// negative of the other order, so that pieces always add up: (a, b) + (b, c) = (a, c). Both must be
// within the limits of type date.
std::int64_t business_days_between(const calendar_view& calendar, day_number from,
                                   day_number to) noexcept;

}  // namespace receivables
