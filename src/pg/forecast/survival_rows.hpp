// The rows of the product-limit estimator of a profile argument.
#pragma once

#include "core/forecast/survival.hpp"
#include "pg/base/memory.hpp"

namespace receivables {

struct survival_rows {
    survival_row* rows;
    std::size_t count;
};

inline survival_rows collect_survival(const profile_view& view, day_number as_of, bool disputed) {
    survival_rows out = {allocate<survival_row>(most_survival_rows(view)), 0};
    for_each_survival(view, as_of, disputed,
                      [&out](std::int64_t days, std::int64_t paid, std::int64_t unpaid) {
                          out.rows[out.count++] = {days, paid, unpaid};
                      });
    return out;
}

}  // namespace receivables
