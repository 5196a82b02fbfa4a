// Which invoice stands for each payment date.
#include <algorithm>
#include <cstdlib>

#include "core/profile/payment_run.hpp"

namespace receivables {

void payment_history::take(const day_number* item_due, const std::int32_t* item_late,
                           std::int32_t items) noexcept {
    std::int32_t order[most_run_payments];
    std::copy_n(item_late, items, order);
    std::nth_element(order, order + items / 2, order + items);
    const std::int64_t median = items > 0 ? order[items / 2] : 0;
    const auto date = [&](std::int32_t i) noexcept {
        return std::int64_t{item_due[i]} + item_late[i];
    };
    const auto off = [&](std::int32_t i) noexcept { return std::abs(item_late[i] - median); };
    for (std::int32_t i = 0; i < items; ++i) order[i] = i;
    std::sort(order, order + items, [&](std::int32_t a, std::int32_t b) noexcept {
        if (date(a) != date(b)) return date(a) < date(b);
        return off(a) != off(b) ? off(a) < off(b) : item_late[a] < item_late[b];
    });
    count = 0;
    for (std::int32_t i = 0; i < items; ++i) {
        const std::int32_t at = order[i];
        if (count > 0 && paid[count - 1] == date(at)) continue;
        paid[count] = static_cast<day_number>(date(at));
        due[count] = item_due[at];
        late[count++] = item_late[at];
    }
    paired = true;
    due_count = late_count = count;
}

}  // namespace receivables
