// The items of a sample, in canonical order, as customers by arm, for payment curves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/status.hpp"
#include "core/experiment/payment_curve.hpp"
#include "core/experiment/sample.hpp"

namespace receivables {

// What counts once: a customer, however many items it has; an item; or a unit of weight.
enum class counting : std::uint8_t { customers, items, weights };

struct sample_arm {
    std::string_view name;
    std::uint32_t first_item, item_count;
    std::uint32_t first_customer, customer_count;
    std::int32_t last_seen;  // the latest day on which an item was paid or seen unpaid
};

// How many arms items in canonical order have.
std::uint32_t count_arms(const sample_item* items, std::uint32_t count) noexcept;

class arm_builder {
  public:
    // items in canonical order. There must be room for count_arms() arms, for a customer and for an
    // event an item.
    arm_builder(const sample_item* items, std::uint32_t count, counting by, sample_arm* arms,
                paying_customer* customers, payment_event* events) noexcept;
    // Takes the next customer; false when there is none left.
    bool step() noexcept;
    std::uint32_t customer_count() const noexcept { return customer_count_; }

  private:
    void begin_arm(std::string_view name) noexcept;
    void add_event(const sample_item& x, double weight, paying_customer* customer) noexcept;

    const sample_item* items_;
    std::uint32_t count_, next_ = 0;
    counting by_;
    sample_arm* arms_;
    std::uint32_t arm_count_ = 0;
    paying_customer* customers_;
    std::uint32_t customer_count_ = 0;
    payment_event* events_;
    std::uint32_t event_count_ = 0;
};

}  // namespace receivables
