#include "core/checkup/value_sorter.hpp"

#include <algorithm>
#include <utility>

namespace receivables {

namespace {

constexpr std::size_t run_size = 16384;
constexpr std::size_t merged_in_a_step = 131072;

}  // namespace

bool value_sorter::step() noexcept {
    if (runs_end_ < count_) {
        const std::size_t end = std::min(count_, runs_end_ + run_size);
        std::sort(from_ + runs_end_, from_ + end);
        runs_end_ = end;
        width_ = run_size;
        right_ = width_;
        return true;
    }
    if (width_ >= count_) return false;
    merge_some();
    return true;
}

void value_sorter::merge_some() noexcept {
    const std::size_t middle = std::min(start_ + width_, count_);
    const std::size_t end = std::min(start_ + 2 * width_, count_);
    const std::size_t stop = std::min(end, out_ + merged_in_a_step);
    while (out_ < stop) {
        const bool take_right = right_ < end && (left_ >= middle || from_[right_] < from_[left_]);
        to_[out_++] = from_[take_right ? right_++ : left_++];
    }
    if (out_ < end) return;
    start_ = end;
    if (start_ == count_) {
        std::swap(from_, to_);
        width_ *= 2;
        start_ = out_ = 0;
    }
    left_ = start_;
    right_ = start_ + width_;
}

}  // namespace receivables
