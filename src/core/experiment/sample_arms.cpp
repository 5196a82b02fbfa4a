#include "core/experiment/sample_arms.hpp"

#include <algorithm>

namespace receivables {

std::uint32_t count_arms(const sample_item* items, std::uint32_t count) noexcept {
    std::uint32_t arms = 0;
    for (std::uint32_t i = 0; i < count; ++i)
        if (i == 0 || items[i].arm != items[i - 1].arm) ++arms;
    return arms;
}

arm_builder::arm_builder(const sample_item* items, std::uint32_t count, counting by,
                         sample_arm* arms, paying_customer* customers,
                         payment_event* events) noexcept
    : items_(items), count_(count), by_(by), arms_(arms), customers_(customers), events_(events) {}

void arm_builder::begin_arm(std::string_view name) noexcept {
    arms_[arm_count_++] = {name, next_, 0, customer_count_, 0, 0};
}

// Items of a customer come by day, so the events do.
void arm_builder::add_event(const sample_item& x, double weight,
                            paying_customer* customer) noexcept {
    payment_event* last = events_ + event_count_ - 1;
    if (customer->event_count == 0 || last->day != x.days) {
        last = events_ + event_count_++;
        *last = {x.days, 0, 0};
        ++customer->event_count;
    }
    (x.is_paid ? last->paid : last->left) += weight;
    customer->weight += weight;
}

bool arm_builder::step() noexcept {
    if (next_ == count_) return false;
    const std::uint32_t first = next_;
    const sample_item& head = items_[first];
    if (arm_count_ == 0 || arms_[arm_count_ - 1].name != head.arm) begin_arm(head.arm);
    std::uint32_t end = first;
    while (end < count_ && items_[end].arm == head.arm && items_[end].customer == head.customer)
        ++end;
    paying_customer& customer = customers_[customer_count_++];
    customer = {events_ + event_count_, 0, 0};
    for (; next_ < end; ++next_) {
        const sample_item& x = items_[next_];
        add_event(x,
                  by_ == counting::weights     ? x.weight
                  : by_ == counting::customers ? 1.0 / (end - first)
                                               : 1.0,
                  &customer);
    }
    sample_arm& arm = arms_[arm_count_ - 1];
    arm.item_count += end - first;
    ++arm.customer_count;
    arm.last_seen = std::max(arm.last_seen, items_[end - 1].days);
    return true;
}

}  // namespace receivables
