// Sorts numbers in short steps, so that the caller can look for interrupts in between.
#pragma once

#include <cstddef>

namespace receivables {

class value_sorter {
  public:
    // Two buffers of the same size; the numbers are in the first, and none is NaN.
    value_sorter(double* values, double* room, std::size_t count) noexcept
        : from_(values), to_(room), count_(count) {}

    // Does the next piece of the work; false when there is none left.
    bool step() noexcept;
    // The buffer that has the numbers, ascending, once step() returned false.
    double* sorted() const noexcept { return from_; }

  private:
    void merge_some() noexcept;

    double* from_;
    double* to_;
    std::size_t count_;
    std::size_t runs_end_ = 0;  // up to here, sorted in runs of width_
    std::size_t width_ = 0;
    // The merge under way: of two runs from start_ on, what is left of each, and where it goes.
    std::size_t start_ = 0, left_ = 0, right_ = 0, out_ = 0;
};

}  // namespace receivables
