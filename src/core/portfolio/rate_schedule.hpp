// Dated rates of interest a year, in percent: each holds from its day until the next one's.
//
//   floating         interest is split at each change
//   fixed_at_start   the rate of the day on which interest begins holds for all of it
//
// The stored form, in the machine's byte order and anywhere in memory:
//
//   version (1), kind (1), scale (2), number of rates (4), then for each its first day (4), zeros (4)
//   and the percentage (8) in units of 10^-scale; the days ascend, the scale is the least that will do
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/civil_date.hpp"
#include "core/base/decimal.hpp"
#include "core/base/json_reader.hpp"
#include "core/base/status.hpp"
#include "core/base/text_writer.hpp"
#include "core/portfolio/day_count.hpp"

namespace receivables {

inline constexpr std::uint32_t max_rates = 10000;
inline constexpr int max_rate_scale = 10;
inline constexpr std::int64_t max_rate_percent = 1000;

enum class rate_kind : std::uint8_t { floating, fixed_at_start };

struct dated_rate {
    day_number from;
    std::int64_t units;
};

class rate_schedule {
  public:
    static std::size_t size_of(std::uint32_t rates) noexcept;

    void create(unsigned char* bytes, rate_kind kind, int scale, std::uint32_t rates) noexcept;
    // Whether these bytes can be one; is_sound looks at all of them.
    bool open(unsigned char* bytes, std::size_t size) noexcept;
    bool is_sound() const noexcept;

    rate_kind kind() const noexcept { return static_cast<rate_kind>(bytes_[1]); }
    int scale() const noexcept;
    std::uint32_t count() const noexcept;
    dated_rate rate(std::uint32_t index) const noexcept;
    void set_rate(std::uint32_t index, dated_rate rate) noexcept;

  private:
    unsigned char* bytes_ = nullptr;
};

// A part of the time of interest with one rate: from its first day to the day before past.
struct interest_period {
    day_number first;
    std::int64_t past;
    std::int64_t rate_units;
};

// The periods from the day after the due date to until_date, which counts.
//   for (interest_periods p(rates, due, until); p.next(&period, &s);) ...     then s says whether all went well
class interest_periods {
  public:
    interest_periods(const rate_schedule& rates, day_number due, day_number until) noexcept
        : rates_(rates), at_(std::int64_t{due} + 1), past_(std::int64_t{until} + 1) {}
    bool next(interest_period* out, status* s) noexcept;

  private:
    rate_schedule rates_;
    std::int64_t at_, past_;
};

// The sum of percentage times year_parts over the periods, in units of 10^-scale of the schedule:
// interest = amount * this / (100 * year_parts), exactly. False where a rate is missing.
bool interest_factor(const rate_schedule& rates, day_number due, day_number until,
                     day_count convention, int128* out, status* s) noexcept;

// {"kind": "floating", "rates": [{"from": "2024-01-01", "percent": 12.5}, ...]}
void write_rates_json(const rate_schedule& rates, text_writer* out) noexcept;
// What the text needs, and then the text itself into a value with this room.
bool measure_rates_json(const json_document& document, rate_kind* kind, int* scale,
                        std::uint32_t* rates, status* s) noexcept;
bool read_rates_json(const json_document& document, rate_schedule* out, status* s) noexcept;

}  // namespace receivables
