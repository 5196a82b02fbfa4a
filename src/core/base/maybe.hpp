// A figure, a date or an amount that may be missing.
#pragma once

namespace receivables {

template <class T>
struct maybe {
    bool known = false;
    T value{};
    static maybe none() noexcept { return {}; }
    static maybe of(T v) noexcept { return {true, v}; }
};

}  // namespace receivables
