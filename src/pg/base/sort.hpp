// PostgreSQL's own sort, which a cancel or a timeout interrupts, for any type and order.
#pragma once

#include "pg/base/postgres.hpp"

namespace receivables {

// ORDER()(a, b) is below, equal to or above 0.
template <class T, class Order>
class interruptible_sort {
  public:
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"
#define ST_SORT sort
#define ST_ELEMENT_TYPE T
#define ST_COMPARE(a, b) Order()(*(a), *(b))
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"
#pragma GCC diagnostic pop
};

template <class T, class Order>
void sort_values(T* values, std::size_t count, Order) {
    interruptible_sort<T, Order>::sort(values, count);
}

// -1, 0, 1 for numbers.
struct ascending {
    template <class T>
    int operator()(const T& a, const T& b) const {
        return (a > b) - (a < b);
    }
};

}  // namespace receivables
