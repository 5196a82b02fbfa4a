#include "pg/postgres.hpp"

#include <cstring>

#include "pg/numeric_reader.hpp"

namespace receivables {

namespace {

// The stored form of a numeric, fixed since PostgreSQL 9.1 by on-disk compatibility: a 16-bit
// header, for the long form a 16-bit weight, then base-10000 digits without zeros at either end.
//   short   1 0 sign(1) display scale(6) weight(7, signed)
//   long    sign(2: 00 or 01) display scale(14), weight in the next word
//   special 1 1 (NaN, infinities)
// The value is the sum of digit[i] * 10000^(weight - i). PostgreSQL's own functions give the same
// at several times the cost, which would be most of the aggregate's; the tests compare the two.
constexpr std::uint16_t kind_mask = 0xC000, kind_negative = 0x4000, kind_short = 0x8000,
                        kind_special = 0xC000;
constexpr std::uint16_t special_mask = 0xF000, special_infinity = 0xD000,
                        special_minus_infinity = 0xF000;

constexpr std::uint64_t small_powers[] = {1,      10,      100,      1000,     10000,
                                          100000, 1000000, 10000000, 100000000};
constexpr int max_small_power = 8;

[[noreturn]] void fail_special(std::uint16_t header) {
    const char* what = "NaN";
    if ((header & special_mask) == special_infinity) what = "infinity";
    if ((header & special_mask) == special_minus_infinity) what = "-infinity";
    ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
                    errmsg("amount must be a finite number, not %s", what)));
    pg_unreachable();
}

[[noreturn]] void fail_digits(Datum value) {
    ereport(
        ERROR,
        (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
         errmsg("amount %s is out of range",
                DatumGetCString(DirectFunctionCall1(numeric_out, value))),
         errdetail("An amount may have up to 38 digits, those after the decimal point included.")));
    pg_unreachable();
}

std::uint16_t word(const char* at) {
    std::uint16_t value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

// units * 10^exponent, where a negative exponent only takes off zeros; false on overflow.
bool shift_digits(uint128 units, int exponent, uint128* out) {
    for (; exponent < 0 && units != 0; ++exponent) units /= 10;
    for (; exponent > 0 && units != 0; --exponent)
        if (__builtin_mul_overflow(units, uint128{10}, &units)) return false;
    *out = units;
    return units <= static_cast<uint128>(int128_max);
}

}  // namespace

numeric_parts read_numeric(Datum value) {
    struct varlena* v = PG_DETOAST_DATUM_PACKED(value);
    const char* at = VARDATA_ANY(v);
    const char* end = at + VARSIZE_ANY_EXHDR(v);
    const std::uint16_t header = word(at);
    at += 2;
    numeric_parts result;
    int weight;
    if ((header & kind_mask) == kind_short) {
        result.negative = (header & 0x2000) != 0;
        result.scale = header >> 7 & 0x3F;
        weight = header & 0x40 ? static_cast<int>(header & 0x3F) - 64 : header & 0x3F;
    } else if ((header & kind_mask) == kind_special) {
        fail_special(header);
    } else {
        result.negative = (header & kind_mask) == kind_negative;
        result.scale = header & 0x3FFF;
        weight = static_cast<std::int16_t>(word(at));
        at += 2;
    }
    const int digits = static_cast<int>((end - at) / 2);
    const int exponent = 4 * (weight - digits + 1) + result.scale;
    if (digits <= 4) {
        // Below 10^16: stays in 64 bits, and with up to 8 more places in 128.
        std::uint64_t units = 0;
        for (; at < end; at += 2) units = units * 10000 + word(at);
        if (exponent >= 0 && exponent <= max_small_power) {
            result.units = static_cast<uint128>(units) * small_powers[exponent];
            return result;
        }
        if (exponent < 0 && exponent >= -max_small_power) {
            result.units = units / small_powers[-exponent];
            return result;
        }
        if (!shift_digits(units, exponent, &result.units)) fail_digits(value);
        return result;
    }
    // Without the zeros that fill up the last digit: 38 digits fit, 38 and these may not.
    constexpr unsigned powers[] = {1, 10, 100, 1000, 10000};
    const int filling = Min(Max(-exponent, 0), 4);
    uint128 units = 0;
    for (; at < end; at += 2) {
        const int left_out = at + 2 == end ? filling : 0;
        if (__builtin_mul_overflow(units, uint128{powers[4 - left_out]}, &units) ||
            __builtin_add_overflow(units, uint128{word(at) / powers[left_out]}, &units))
            fail_digits(value);
    }
    if (!shift_digits(units, exponent + filling, &result.units)) fail_digits(value);
    return result;
}

Datum make_numeric(decimal value) {
    if (value.scale == 0 && value.units >= PG_INT64_MIN && value.units <= PG_INT64_MAX)
        return NumericGetDatum(int64_to_numeric(static_cast<int64>(value.units)));
    char* text = static_cast<char*>(palloc(decimal_text_size(value.scale)));
    write_decimal(value, text);
    const Datum result = DirectFunctionCall3(numeric_in, CStringGetDatum(text),
                                             ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
    pfree(text);
    return result;
}

}  // namespace receivables
