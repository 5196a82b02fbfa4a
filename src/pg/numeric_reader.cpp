#include "pg/postgres.hpp"

#include <cstring>

#include "pg/numeric_reader.hpp"

namespace receivables {

namespace {

constexpr std::uint16_t kind_mask = 0xC000, kind_negative = 0x4000, kind_short = 0x8000,
                        kind_special = 0xC000;

constexpr std::uint64_t small_powers[] = {1,      10,      100,      1000,     10000,
                                          100000, 1000000, 10000000, 100000000};
constexpr int max_small_power = 8;

[[noreturn]] void fail_special(bool infinite) {
    ereport(ERROR,
            (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
             errmsg("amount must be a finite number, not %s", infinite ? "infinity" : "NaN")));
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

enum class numeric_fault { none, not_a_number, infinite, digits };

numeric_fault decode(Datum value, numeric_parts* out) {
    struct varlena* v = PG_DETOAST_DATUM_PACKED(value);
    const char* at = VARDATA_ANY(v);
    const char* end = at + VARSIZE_ANY_EXHDR(v);
    const std::uint16_t header = word(at);
    at += 2;
    numeric_parts& result = *out;
    int weight;
    if ((header & kind_mask) == kind_short) {
        result.negative = (header & 0x2000) != 0;
        result.scale = header >> 7 & 0x3F;
        weight = header & 0x40 ? static_cast<int>(header & 0x3F) - 64 : header & 0x3F;
    } else if ((header & kind_mask) == kind_special) {
        return (header & 0xF000) == kind_special ? numeric_fault::not_a_number
                                                 : numeric_fault::infinite;
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
            return numeric_fault::none;
        }
        if (exponent < 0 && exponent >= -max_small_power) {
            result.units = units / small_powers[-exponent];
            return numeric_fault::none;
        }
        return shift_digits(units, exponent, &result.units) ? numeric_fault::none
                                                            : numeric_fault::digits;
    }
    uint128 units = 0;
    for (; at < end; at += 2)
        if (__builtin_mul_overflow(units, uint128{10000}, &units) ||
            __builtin_add_overflow(units, uint128{word(at)}, &units))
            return numeric_fault::digits;
    return shift_digits(units, exponent, &result.units) ? numeric_fault::none
                                                        : numeric_fault::digits;
}

}  // namespace

numeric_parts read_numeric(Datum value) {
    numeric_parts result;
    switch (decode(value, &result)) {
        case numeric_fault::none:
            break;
        case numeric_fault::not_a_number:
            fail_special(false);
        case numeric_fault::infinite:
            fail_special(true);
        case numeric_fault::digits:
            fail_digits(value);
    }
    return result;
}

bool try_read_numeric(Datum value, numeric_parts* out) {
    return decode(value, out) == numeric_fault::none;
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
