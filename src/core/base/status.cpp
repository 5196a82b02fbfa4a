#include "core/base/status.hpp"

#include <cstdarg>
#include <cstdio>

namespace receivables {

bool status::fail(error_code c, const char* format, ...) noexcept {
    std::va_list args;
    va_start(args, format);
    std::vsnprintf(message, sizeof message, format, args);
    va_end(args);
    code = c;
    return false;
}

bool status::with_detail(const char* format, ...) noexcept {
    std::va_list args;
    va_start(args, format);
    std::vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    return false;
}

bool status::with_hint(const char* format, ...) noexcept {
    std::va_list args;
    va_start(args, format);
    std::vsnprintf(hint, sizeof hint, format, args);
    va_end(args);
    return false;
}

}  // namespace receivables
