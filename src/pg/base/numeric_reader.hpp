// Amounts from PostgreSQL's numeric to whole numbers of their smallest unit, and back.
#pragma once

#include "core/base/decimal.hpp"
#include "pg/base/postgres.hpp"

namespace receivables {

// The stored form of a numeric, fixed since PostgreSQL 9.1 by on-disk compatibility: a 16-bit
// header, for the long form a 16-bit weight, then base-10000 digits without zeros at either end.
//   short   1 0 sign(1) display scale(6) weight(7, signed)
//   long    sign(2: 00 or 01) display scale(14), weight in the next word
//   special 1 1 (NaN, infinities)
// The value is the sum of digit[i] * 10000^(weight - i). PostgreSQL's own functions give the same
// at several times the cost, which would be most of the aggregate's; the tests compare the two.

// What a numeric says, exactly: (negative ? -1 : 1) * units * 10^-scale.
struct numeric_parts {
    uint128 units;
    int scale;  // the display scale
    bool negative;
};

// Raises 22003 for NaN, infinity, and more than 38 digits. Takes any varlena form.
numeric_parts read_numeric(Datum value);

// The same, but false where read_numeric raises an error.
bool try_read_numeric(Datum value, numeric_parts* out);

// An ordinary amount, in registers: the short form with up to four base-10000 digits.
struct short_amount {
    std::uint64_t units;
    int scale;
    bool negative;
};

// False when the value is not stored like that; read_numeric takes it all the same.
[[gnu::always_inline]] inline bool read_short_numeric(Datum value, short_amount* out) {
    const struct varlena* v = reinterpret_cast<const struct varlena*>(DatumGetPointer(value));
    const bool one_byte = VARATT_IS_1B(v) && !VARATT_IS_1B_E(v);
    if (!one_byte && !VARATT_IS_4B_U(v)) return false;
    const char* at = VARDATA_ANY(v);
    const std::size_t size = VARSIZE_ANY_EXHDR(v);
    std::uint16_t word;
    memcpy(&word, at, sizeof word);
    const std::size_t digits = (size - sizeof word) / sizeof word;
    if ((word & 0xC000) != 0x8000 || digits > 4) return false;
    out->negative = (word & 0x2000) != 0;
    out->scale = word >> 7 & 0x3F;
    const int weight = static_cast<int>(word & 0x3F) - static_cast<int>(word & 0x40);
    std::uint64_t units = 0;
    for (std::size_t i = 1; i <= digits; ++i) {
        memcpy(&word, at + i * sizeof word, sizeof word);
        units = units * 10000 + word;
    }
    // A negative exponent takes off the zeros that fill up the last digit beyond the display scale.
    // Each case divides or multiplies by a constant, which is several times as fast as by a
    // variable.
    switch (4 * (weight - static_cast<int>(digits) + 1) + out->scale) {
        case -3:
            units /= 1000;
            break;
        case -2:
            units /= 100;
            break;
        case -1:
            units /= 10;
            break;
        case 0:
            break;
        case 1:
            units *= 10;
            break;
        case 2:
            units *= 100;
            break;
        default:
            return false;
    }
    out->units = units;
    return true;
}

// A numeric with the display scale of the decimal.
Datum make_numeric(decimal value);

}  // namespace receivables
