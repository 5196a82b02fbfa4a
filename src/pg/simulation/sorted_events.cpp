#include "pg/base/postgres.hpp"

#include "pg/simulation/sorted_events.hpp"

namespace receivables {

namespace {

// Some milliseconds of sorting.
constexpr std::uint32_t most_sorted_at_once = 1 << 16;

int compare_events(const void* left, const void* right, void*) {
    const auto& a = *static_cast<const day_event*>(left);
    const auto& b = *static_cast<const day_event*>(right);
    CHECK_FOR_INTERRUPTS();
    return is_earlier(a, b) ? -1 : is_earlier(b, a);
}

}  // namespace

void sort_interruptibly(day_event* events, std::uint32_t count) {
    if (count <= most_sorted_at_once)
        sort_events(events, count);
    else
        qsort_arg(events, count, sizeof *events, compare_events, nullptr);
}

}  // namespace receivables
