// The fields of settings and steps in the stored form of a dunning policy: one list of them serves
// for writing, for reading and for their size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/reminders/dunning_policy.hpp"

namespace receivables {

// Writes little-endian numbers at `at`; without a buffer it only moves on.
class field_writer {
  public:
    field_writer(unsigned char* out, std::size_t at) noexcept : out_(out), at_(at) {}

    template <class T>
    void whole(T value, int bytes) noexcept {
        for (int i = 0; i < bytes; ++i, ++at_)
            if (out_ != nullptr)
                out_[at_] =
                    static_cast<unsigned char>(static_cast<std::uint64_t>(value) >> (8 * i));
    }
    // Everything counted in days, and levels: 16 bits with a sign.
    void small(const std::int32_t& value) noexcept { whole(value, 2); }
    void count(const std::uint16_t& value) noexcept { whole(value, 2); }
    void wide(const std::int32_t& value) noexcept { whole(value, 4); }
    void flag(const bool& value) noexcept { whole(value ? 1 : 0, 1); }
    template <class E>
    void choice(const E& value, E) noexcept {
        whole(static_cast<unsigned>(value), 1);
    }
    void money(const decimal& value) noexcept {
        whole(static_cast<std::int64_t>(value.units), 8);
        whole(value.scale, 1);
    }
    void name(const std::string_view& value) noexcept {
        whole(value.empty() ? 0 : texts_used_, 4);
        whole(value.size(), 2);
        if (out_ != nullptr)
            for (std::size_t i = 0; i < value.size(); ++i)
                out_[texts_at_ + texts_used_ + i] = static_cast<unsigned char>(value[i]);
        texts_used_ += value.size();
    }

    void place_texts(std::size_t at) noexcept { texts_at_ = at; }
    void move_to(std::size_t at) noexcept { at_ = at; }
    std::size_t texts_used() const noexcept { return texts_used_; }

  private:
    unsigned char* out_;
    std::size_t at_;
    std::size_t texts_at_ = 0;
    std::size_t texts_used_ = 0;
};

// Reads the same; `sound` is false after a choice, a flag, an amount or a name that cannot be.
class field_reader {
  public:
    field_reader(const unsigned char* at, const char* texts, std::uint32_t texts_size) noexcept
        : at_(at), texts_(texts), texts_size_(texts_size) {}

    template <int bytes>
    std::uint64_t whole() noexcept {
        std::uint64_t value = 0;
        for (int i = 0; i < bytes; ++i) value |= static_cast<std::uint64_t>(*at_++) << (8 * i);
        return value;
    }
    void small(std::int32_t& value) noexcept { value = static_cast<std::int16_t>(whole<2>()); }
    void count(std::uint16_t& value) noexcept { value = static_cast<std::uint16_t>(whole<2>()); }
    void wide(std::int32_t& value) noexcept { value = static_cast<std::int32_t>(whole<4>()); }
    void flag(bool& value) noexcept {
        const std::uint64_t byte = whole<1>();
        sound &= byte <= 1;
        value = byte == 1;
    }
    template <class E>
    void choice(E& value, E last) noexcept {
        const std::uint64_t byte = whole<1>();
        sound &= byte <= static_cast<std::uint64_t>(last);
        value = static_cast<E>(byte);
    }
    void money(decimal& value) noexcept {
        const auto units = static_cast<std::int64_t>(whole<8>());
        value.units = units;
        value.scale = static_cast<int>(whole<1>());
        sound &= units >= 0 && value.scale <= max_money_scale;
    }
    void name(std::string_view& value) noexcept {
        const std::uint64_t offset = whole<4>();
        const std::uint64_t size = whole<2>();
        const bool inside = offset + size <= texts_size_ && size <= max_policy_text;
        sound &= inside;
        value = inside ? std::string_view(texts_ + offset, size) : std::string_view();
    }

    bool sound = true;

  private:
    const unsigned char* at_;
    const char* texts_;
    std::uint32_t texts_size_;
};

// Adds up the sizes.
class field_sizer {
  public:
    constexpr void small(const std::int32_t&) noexcept { size += 2; }
    constexpr void count(const std::uint16_t&) noexcept { size += 2; }
    constexpr void wide(const std::int32_t&) noexcept { size += 4; }
    constexpr void flag(const bool&) noexcept { size += 1; }
    template <class E>
    constexpr void choice(const E&, E) noexcept {
        size += 1;
    }
    constexpr void money(const decimal&) noexcept { size += 9; }
    constexpr void name(const std::string_view&) noexcept { size += 6; }

    std::size_t size = 0;
};

// Fields is one of the three above; Settings and Step are const when it writes.
template <class Fields, class Settings>
constexpr void settings_fields(Fields& f, Settings& s) noexcept {
    f.name(s.segment);  // first: the search by name reads nothing else
    f.count(s.named);
    f.count(s.first_step);
    f.count(s.step_count);
    f.flag(s.wait.on);
    f.small(s.wait.within_days);
    f.wide(s.wait.min_share);
    f.small(s.wait.until_days);
    f.flag(s.payment_day.on);
    f.wide(s.payment_day.min_share);
    f.wide(s.payment_day.min_payments);
    f.small(s.payment_day.grace_days);
    f.small(s.payment_day.within_days);
    f.flag(s.structural.on);
    f.small(s.structural.max_days);
    f.wide(s.structural.min_items);
    f.small(s.structural.max_spread_days);
    f.small(s.min_interval_days);
    f.flag(s.max_contacts.on);
    f.small(s.max_contacts.count);
    f.small(s.max_contacts.within_days);
    f.flag(s.min_amount.known);
    f.money(s.min_amount.value);
    f.small(s.max_reminders);
    f.small(s.latest_after_due_days);
    f.choice(s.roll, roll_convention::unadjusted);
    f.small(s.promise_grace_days);
    f.small(s.promise_max_days);
    f.flag(s.skip_levels);
    f.flag(s.start.on);
    f.small(s.start.older_than_days);
    f.choice(s.start.status, reminder_status::settled);
    f.flag(s.hold);
}

template <class Fields, class Step>
constexpr void step_fields(Fields& f, Step& s) noexcept {
    f.small(s.level);  // these two first: policy_view::outline reads nothing else
    f.small(s.after_days);
    f.choice(s.from, step_base::previous_reminder);
    f.choice(s.unit, day_unit::business_days);
    f.flag(s.end_of_month);
    f.flag(s.channel_fixed);
    f.flag(s.statutory);
    f.small(s.repeat_every_days);
    f.small(s.latest_after_due_days);
    f.small(s.min_interval_days);
    f.flag(s.min_amount.known);
    f.money(s.min_amount.value);
    f.choice(s.fee_as, fee_kind::percent);
    f.money(s.fee);
    f.name(s.channel);
    f.name(s.template_name);
}

inline constexpr std::size_t stored_settings_size = [] {
    field_sizer f;
    const dunning_settings s;
    settings_fields(f, s);
    return f.size;
}();

inline constexpr std::size_t stored_step_size = [] {
    field_sizer f;
    const reminder_step s;
    step_fields(f, s);
    return f.size;
}();

}  // namespace receivables
