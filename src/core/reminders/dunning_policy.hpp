// What a dunning policy says, and how its stored form is read without copying it.
//
//   offset 0   format version, 1
//          1   0
//          2   number of settings: those of the policy itself, then one for each segment that has
//              an entry, by name in bytewise order; 16 bits
//          4   number of steps, 16 bits
//          6   0, 16 bits
//          8   size of the texts in bytes, 32 bits
//         12   settings, all of one size
//              steps, all of one size
//              texts (names of segments, channels, templates), one behind the other
//
// Numbers are little-endian. A segment's settings are complete: what its entry does not name is
// copied from the policy, and a set of bits says what it names, so that a reminder date needs one
// look-up and the text can still be written as it was entered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/decimal.hpp"
#include "core/base/maybe.hpp"
#include "core/base/status.hpp"
#include "core/calendar/business_calendar.hpp"

namespace receivables {

inline constexpr std::uint8_t dunning_format_version = 1;
inline constexpr std::size_t dunning_header_size = 12;

// Limits of what a policy may say.
inline constexpr std::int32_t max_policy_days = 3650;  // ten years
inline constexpr std::int32_t max_habit_days = 366;    // waiting, notices, grace
inline constexpr std::int32_t max_start_days = 30000;
inline constexpr std::int32_t least_level = -99;  // notices may be numbered from below
inline constexpr std::int32_t most_level = 999;
inline constexpr std::int32_t max_reminder_limit = 1000;
inline constexpr std::int32_t max_contact_limit = 20;  // of max_contacts
inline constexpr std::int32_t max_evidence = 1000000;  // min_payments, min_items
inline constexpr std::size_t max_policy_steps = 50;    // of one list
inline constexpr std::size_t max_policy_segments = 200;
inline constexpr std::size_t max_policy_text = 500;  // bytes of a name
inline constexpr int max_money_digits = 18;          // so that 64 bits hold them
inline constexpr int max_money_scale = 18;
inline constexpr std::int32_t share_units = 1000000;  // shares have up to six decimals

// The keys of a policy, in the order in which its text is written. Each can be in a segment's
// entry.
enum class policy_key : std::uint8_t {
    steps,
    wait,
    payment_day,
    structural_shift,
    min_interval_days,
    max_contacts,
    min_amount,
    max_reminders,
    latest_after_due_days,
    roll,
    promise_grace_days,
    promise_max_days,
    skip_levels,
    start,
    hold
};
inline constexpr std::string_view policy_key_names[] = {"steps",
                                                        "wait",
                                                        "payment_day",
                                                        "structural_shift",
                                                        "min_interval_days",
                                                        "max_contacts",
                                                        "min_amount",
                                                        "max_reminders",
                                                        "latest_after_due_days",
                                                        "roll",
                                                        "promise_grace_days",
                                                        "promise_max_days",
                                                        "skip_levels",
                                                        "start",
                                                        "hold"};
inline constexpr std::size_t policy_key_count = sizeof policy_key_names / sizeof *policy_key_names;

inline constexpr std::uint16_t bit_of(policy_key key) noexcept {
    return static_cast<std::uint16_t>(1u << static_cast<unsigned>(key));
}

enum class step_base : std::uint8_t { due_date, previous_reminder };
enum class day_unit : std::uint8_t { days, business_days };
enum class fee_kind : std::uint8_t { none, amount, percent };

enum class reminder_status : std::uint8_t {
    scheduled,
    on_hold,
    below_minimum,
    no_reminder,
    review,
    final_level,
    settled
};
inline constexpr std::string_view reminder_status_names[] = {
    "scheduled", "on_hold", "below_minimum", "no_reminder", "review", "final", "settled"};

struct reminder_step {
    std::int32_t level = 0;
    std::int32_t after_days = 0;
    step_base from = step_base::due_date;
    day_unit unit = day_unit::days;
    bool end_of_month = false;  // the last day of the month in which the days end
    bool channel_fixed = false;
    bool statutory = false;                   // max_contacts does not hold it
    std::int32_t repeat_every_days = 0;       // 0: goes out once
    std::int32_t latest_after_due_days = -1;  // -1: what the policy says
    std::int32_t min_interval_days = -1;      // -1: what the policy says
    maybe<decimal> min_amount;
    fee_kind fee_as = fee_kind::none;
    decimal fee;
    std::string_view channel;        // empty: none
    std::string_view template_name;  // empty: none

    // A friendly notice before the due date.
    bool is_notice() const noexcept { return after_days < 0; }
};

// The first fields of a stored step: enough for those who look for one.
struct step_outline {
    std::int32_t level = 0;
    std::int32_t after_days = 0;

    bool is_notice() const noexcept { return after_days < 0; }
};

struct wait_rule {
    bool on = false;
    std::int32_t within_days = 10;
    std::int32_t min_share = 400000;  // of share_units
    std::int32_t until_days = 21;
};

struct payment_day_habit {
    bool on = false;
    std::int32_t min_share = 600000;
    std::int32_t min_payments = 5;
    std::int32_t grace_days = 1;
    std::int32_t within_days = 31;
};

struct structural_shift {
    bool on = false;
    std::int32_t max_days = 14;
    std::int32_t min_items = 8;
    std::int32_t max_spread_days = 5;
};

struct start_rule {
    bool on = false;
    std::int32_t older_than_days = 90;
    reminder_status status = reminder_status::review;
};

// At most so many contacts with a customer on any within_days days, about all of its invoices.
struct contact_limit {
    bool on = false;
    std::int32_t count = 3;
    std::int32_t within_days = 30;
};

struct dunning_settings {
    std::string_view segment;  // empty: the policy itself
    std::uint16_t named = 0;   // of a segment: bit_of() the keys of its entry
    std::uint16_t first_step = 0;
    std::uint16_t step_count = 0;
    wait_rule wait;
    payment_day_habit payment_day;
    structural_shift structural;
    std::int32_t min_interval_days = 0;
    contact_limit max_contacts;
    maybe<decimal> min_amount;
    std::int32_t max_reminders = 0;           // 0: no maximum
    std::int32_t latest_after_due_days = -1;  // -1: no limit
    roll_convention roll = roll_convention::following;
    std::int32_t promise_grace_days = 0;
    std::int32_t promise_max_days = -1;  // -1: every promise is taken
    bool skip_levels = false;
    start_rule start;
    bool hold = false;
};

class policy_view {
  public:
    // Takes stored bytes; false (and a status) when they are none. Sizes and counts are checked
    // here, in constant time; what is read later is checked when it is read, so that no damage
    // leads to a read past the end or to a number beyond the limits above. The bytes may be
    // unaligned and must outlive the view and every name taken from it.
    bool open(const unsigned char* bytes, std::size_t size, status* s) noexcept;

    std::size_t settings_count() const noexcept { return settings_count_; }
    // index 0: the policy itself, then the segments.
    bool read_settings(std::size_t index, dunning_settings* out, status* s) const noexcept;
    // Those of a segment, else of the policy itself.
    bool find_settings(std::string_view segment, dunning_settings* out, status* s) const noexcept;
    // index < step_count, here and below.
    step_outline outline(const dunning_settings& settings, std::size_t index) const noexcept;
    bool read_step(const dunning_settings& settings, std::size_t index, reminder_step* out,
                   status* s) const noexcept;

  private:
    bool read_name(std::size_t index, std::string_view* out, status* s) const noexcept;
    const unsigned char* settings_at(std::size_t index) const noexcept;

    const unsigned char* bytes_ = nullptr;
    const unsigned char* steps_ = nullptr;
    const char* texts_ = nullptr;
    std::uint32_t texts_size_ = 0;
    std::uint16_t settings_count_ = 0;
    std::uint16_t step_count_ = 0;
};

}  // namespace receivables
