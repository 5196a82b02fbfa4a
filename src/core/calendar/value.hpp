// Makes, checks and writes the stored form of a business calendar.
//
//   offset 0   format version, 1
//          1   weekend: bit 0 Monday ... bit 6 Sunday
//          2   width of an offset: 2, or 4 when the holidays span more than 65,535 days (179 years)
//          3   0
//          4   the earliest holiday, days since 2000-01-01 (0 without holidays), 32 bits
//          8   number of holidays on working weekdays, 32 bits
//         12   offsets of these from the earliest holiday, ascending
//              offsets of the holidays on weekend days, ascending, up to the end
//
// Numbers are little-endian. A weekend and a set of holidays have exactly one stored form. Holidays
// on weekend days are kept, so that a calendar gives back what went in, but apart, so that they
// cost nothing when days are counted.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/json_reader.hpp"
#include "core/base/text_writer.hpp"
#include "core/calendar/business_calendar.hpp"

namespace receivables {

inline constexpr std::uint8_t calendar_format_version = 1;
inline constexpr std::size_t calendar_header_size = 12;
inline constexpr std::int64_t max_narrow_span = 65535;

// Every day of 2,700 years.
inline constexpr std::size_t max_holidays = 1000000;

// False for a weekend of seven days: add_business_days could not end.
bool check_weekend(weekday_set weekend, status* s) noexcept;

bool check_holiday_count(std::size_t count, status* s) noexcept;

// Of sorted days: leaves one of each, and returns how many are left.
std::size_t drop_repeated_holidays(day_number* days, std::size_t count) noexcept;

// Of sorted holidays, none of them twice, all within the limits of type date, at most max_holidays.
std::size_t stored_calendar_size(const day_number* days, std::size_t count) noexcept;
void write_stored_calendar(weekday_set weekend, const day_number* days, std::size_t count,
                           unsigned char* out) noexcept;

// Checks every byte; what passes is what write_stored_calendar writes, and nothing else is.
bool check_stored_calendar(const unsigned char* bytes, std::size_t size, status* s) noexcept;

// {"weekend": [6, 7], "holidays": ["2026-12-25"]}; both keys may be left out. `days` has room for
// json_holiday_count(document) days, which come as written: unsorted.
std::size_t json_holiday_count(const json_document& document) noexcept;
bool read_calendar_json(const json_document& document, weekday_set* weekend, day_number* days,
                        std::size_t* count, status* s) noexcept;
// Always both keys; weekdays and holidays ascending.
void write_calendar_json(const calendar_view& calendar, text_writer* out) noexcept;

}  // namespace receivables
