// Walking through a customer's past, against looking at all items anew on every day.
#include "core/simulation/customer_replay.hpp"

#include <gtest/gtest.h>

#include <tuple>

#include "profile_samples.hpp"

namespace receivables {
namespace {

using namespace profile_samples;

using item_key = std::tuple<day_number, std::int32_t, std::int32_t, int, bool, std::uint64_t>;

item_key key_of(const item& x) {
    return {x.due,        x.days_late,
            x.terms,      static_cast<int>(x.cls),
            x.has_amount, x.has_amount ? static_cast<std::uint64_t>(x.amount) : 0};
}

// The customer as known on the evening of `day`: the obvious way.
std::vector<item_key> known_on(const std::vector<item>& items, day_number day,
                               replay_detail detail) {
    std::vector<item_key> known;
    for (item x : items) {
        const bool paid_by_then = x.has_paid_date() && x.paid() <= day;
        if (x.terms != no_terms ? x.invoiced() > day : x.due > day && !paid_by_then) continue;
        if (x.has_paid_date() && !paid_by_then) make_open(&x);
        if (detail == replay_detail::timed_days) {
            if (x.cls != item_class::timed) continue;
            forget_amount(&x);
        }
        known.push_back(key_of(x));
    }
    std::sort(known.begin(), known.end());
    return known;
}

struct replay_memory {
    explicit replay_memory(const std::vector<item>& from)
        : items(from), due(n()), settled(n()), opened(n()), waiting(n()), changes(n()) {}
    std::size_t n() const { return items.size(); }
    customer_replay::memory get() {
        return {items.data(),  due.data(),     settled.data(),
                opened.data(), waiting.data(), changes.data()};
    }
    std::vector<item> items;
    std::vector<day_event> due, settled, opened;
    std::vector<std::uint32_t> waiting;
    std::vector<item> changes;
};

TEST(customer_replay, knows_what_was_known) {
    dice random(20260901);
    int visits = 0, open_items = 0;
    for (int round = 0; round < 4000; ++round) {
        const auto kind = static_cast<sample>(random.between(0, sample_kinds - 1));
        const std::vector<item> sampled =
            sample_items(kind, static_cast<std::size_t>(random.between(1, 60)), random);
        const auto detail =
            random.one_in(2) ? replay_detail::everything : replay_detail::timed_days;
        const auto as_of =
            static_cast<day_number>(kind == sample::extreme ? max_day : random.between(7500, 9100));
        std::vector<item> items;
        for (item x : sampled)
            if (apply_as_of(as_of, &x)) items.push_back(x);
        std::size_t asked = 0;
        for (const item& x : items) asked += can_be_reminded(x, as_of) && is_overdue(x);
        replay_memory memory(items);
        customer_replay replay;
        replay.begin(memory.get(), static_cast<std::uint32_t>(items.size()), as_of, detail);
        for (const auto& e : {replay.due(), replay.settled(), replay.opened()})
            std::sort(e.list, e.list + e.count, [](const day_event& a, const day_event& b) {
                return event_order()(a, b) < 0;
            });
        std::vector<item_key> settled;
        day_number before = min_day;
        bool first = true;
        while (replay.next_due_date()) {
            ++visits;
            EXPECT_TRUE(first || replay.day() > before);
            first = false;
            before = replay.day();
            for (std::uint32_t i = 0; i < replay.overdue_count(); ++i) {
                EXPECT_EQ(replay.overdue(i).due, replay.day());
                EXPECT_TRUE(can_be_reminded(replay.overdue(i), as_of));
            }
            asked -= replay.overdue_count();
            const std::uint32_t changes = replay.take_settled();
            for (std::uint32_t i = 0; i < changes; ++i)
                settled.push_back(key_of(memory.changes[i]));
            std::vector<item_key> all = settled;
            if (detail == replay_detail::everything) {
                const std::uint32_t open = replay.list_open();
                open_items += static_cast<int>(open);
                for (std::uint32_t i = 0; i < open; ++i) all.push_back(key_of(memory.changes[i]));
            }
            std::sort(all.begin(), all.end());
            ASSERT_EQ(all, known_on(items, replay.day(), detail));
        }
        EXPECT_EQ(asked, 0u);
    }
    EXPECT_GT(visits, 25000);
    EXPECT_GT(open_items, 10000);
}

}  // namespace
}  // namespace receivables
