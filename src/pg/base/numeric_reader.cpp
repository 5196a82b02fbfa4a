#include "pg/base/postgres.hpp"

#include <cstring>

#include "pg/base/numeric_reader.hpp"

namespace receivables {

namespace {

constexpr std::uint16_t kind_mask = 0xC000, kind_negative = 0x4000, kind_short = 0x8000,
                        kind_special = 0xC000;
constexpr std::uint16_t special_mask = 0xF000, special_infinity = 0xD000,
                        special_minus_infinity = 0xF000;

enum class numeric_fault { none, not_a_number, infinity, minus_infinity, digits };

std::uint16_t word(const char* at) {
    std::uint16_t value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

numeric_fault special_fault(std::uint16_t header) {
    if ((header & special_mask) == special_infinity) return numeric_fault::infinity;
    if ((header & special_mask) == special_minus_infinity) return numeric_fault::minus_infinity;
    return numeric_fault::not_a_number;
}

// The digits from `at` to `end`, times 10^exponent. A negative exponent says how many of the last
// base-10000 digit's zeros only fill it up beyond the display scale; they are left out while
// reading, because 38 digits fit where 38 and these may not. False on overflow.
bool read_digits(const char* at, const char* end, int exponent, uint128* out) {
    constexpr unsigned powers[] = {1, 10, 100, 1000, 10000};
    const int filling = Min(Max(-exponent, 0), 4);
    uint128 units = 0;
    for (; at < end; at += 2) {
        const int left_out = at + 2 == end ? filling : 0;
        if (__builtin_mul_overflow(units, uint128{powers[4 - left_out]}, &units) ||
            __builtin_add_overflow(units, uint128{word(at) / powers[left_out]}, &units))
            return false;
    }
    exponent += filling;
    for (; exponent < 0 && units != 0; ++exponent) units /= 10;
    for (; exponent > 0 && units != 0; --exponent)
        if (__builtin_mul_overflow(units, uint128{10}, &units)) return false;
    *out = units;
    return units <= static_cast<uint128>(int128_max);
}

numeric_fault decode(Datum value, numeric_parts* out) {
    struct varlena* v = PG_DETOAST_DATUM_PACKED(value);
    const char* at = VARDATA_ANY(v);
    const char* end = at + VARSIZE_ANY_EXHDR(v);
    const std::uint16_t header = word(at);
    at += 2;
    int weight;
    if ((header & kind_mask) == kind_special) return special_fault(header);
    if ((header & kind_mask) == kind_short) {
        out->negative = (header & 0x2000) != 0;
        out->scale = header >> 7 & 0x3F;
        weight = static_cast<int>(header & 0x3F) - static_cast<int>(header & 0x40);
    } else {
        out->negative = (header & kind_mask) == kind_negative;
        out->scale = header & 0x3FFF;
        weight = static_cast<std::int16_t>(word(at));
        at += 2;
    }
    const int digits = static_cast<int>((end - at) / 2);
    const int exponent = 4 * (weight - digits + 1) + out->scale;
    return read_digits(at, end, exponent, &out->units) ? numeric_fault::none
                                                       : numeric_fault::digits;
}

[[noreturn]] void fail_special(const char* what) {
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
         errdetail("An amount may have up to 38 digits, those after the decimal point included."),
         errhint("Round the amount to the decimals that count.")));
    pg_unreachable();
}

}  // namespace

numeric_parts read_numeric(Datum value) {
    numeric_parts result;
    switch (decode(value, &result)) {
        case numeric_fault::none:
            break;
        case numeric_fault::not_a_number:
            fail_special("NaN");
        case numeric_fault::infinity:
            fail_special("infinity");
        case numeric_fault::minus_infinity:
            fail_special("-infinity");
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
