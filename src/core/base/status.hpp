// What the core says when it cannot answer. Rings 1 and 2 never raise an error themselves: they
// fill a status, and ring 3 turns it into an ereport with the SQLSTATE that belongs to its code.
#pragma once

#include <cstdint>

// GCC checks C99's formats only under this name; clang knows no other than printf.
#ifdef __clang__
#define RECEIVABLES_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define RECEIVABLES_PRINTF(text, first) __attribute__((format(gnu_printf, text, first)))
#endif

namespace receivables {

enum class error_code : std::uint8_t {
    none,
    invalid_text,           // 22P02 invalid_text_representation
    invalid_binary,         // 22P03 invalid_binary_representation
    numeric_out_of_range,   // 22003 numeric_value_out_of_range
    datetime_out_of_range,  // 22008 datetime_field_overflow
    invalid_parameter,      // 22023 invalid_parameter_value
    limit_exceeded,         // 54000 program_limit_exceeded
    out_of_memory,          // 53200 out_of_memory (a ring 2 function could not allocate)
    internal                // XX000 internal_error (an invariant of ours is broken)
};

// Messages follow PostgreSQL's style: lower case, no full stop; detail and hint are sentences.
struct status {
    error_code code = error_code::none;
    char message[256];
    char detail[512];
    char hint[256];

    // Empty texts, without clearing a kilobyte: a status is made on every call of a fast function.
    status() noexcept { message[0] = detail[0] = hint[0] = '\0'; }

    bool ok() const noexcept { return code == error_code::none; }

    // Each returns false, so that a check can end with "return s->fail(...)".
    RECEIVABLES_PRINTF(3, 4) bool fail(error_code c, const char* format, ...) noexcept;
    RECEIVABLES_PRINTF(2, 3) bool with_detail(const char* format, ...) noexcept;
    RECEIVABLES_PRINTF(2, 3) bool with_hint(const char* format, ...) noexcept;
};

}  // namespace receivables
