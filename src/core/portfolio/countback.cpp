#include "core/portfolio/countback.hpp"

#include <cstring>

#include "core/base/decimal_arithmetic.hpp"

namespace receivables {

namespace {

constexpr std::uint8_t countback_version = 1;
constexpr std::size_t sales_head = 32, sales_size = 16;

template <class T>
T peek(const unsigned char* at) noexcept {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

template <class T>
void poke(unsigned char* at, T value) noexcept {
    std::memcpy(at, &value, sizeof value);
}

}  // namespace

int months_before(day_number as_of, day_number day) noexcept {
    const civil_date now = to_civil(as_of), then = to_civil(day);
    return 12 * (now.year - then.year) + now.month - then.month;
}

std::size_t monthly_sales::size_of(int months) noexcept {
    return sales_head + sales_size * static_cast<std::size_t>(months);
}

void monthly_sales::create(unsigned char* bytes, std::size_t size, day_number as_of) noexcept {
    std::memset(bytes, 0, size);
    bytes_ = bytes;
    capacity_ = static_cast<int>((size - sales_head) / sales_size);
    bytes[0] = countback_version;
    poke(bytes + 4, as_of);
}

bool monthly_sales::open(unsigned char* bytes, std::size_t size) noexcept {
    bytes_ = bytes;
    if (size < sales_head || bytes[0] != countback_version ||
        size > size_of(2 * max_countback_months))
        return false;
    capacity_ = static_cast<int>((size - sales_head) / sales_size);
    return month_count() >= 0 && month_count() <= capacity_ &&
           month_count() <= max_countback_months && is_finite_day(as_of());
}

void monthly_sales::copy_to(unsigned char* bytes, std::size_t size) const noexcept {
    std::memset(bytes, 0, size);
    std::memcpy(bytes, bytes_, size_of(month_count()));
}

day_number monthly_sales::as_of() const noexcept {
    return peek<day_number>(bytes_ + 4);
}

int monthly_sales::scale() const noexcept {
    return peek<std::uint16_t>(bytes_ + 2);
}

int monthly_sales::month_count() const noexcept {
    return peek<std::int32_t>(bytes_ + 8);
}

int128 monthly_sales::receivables() const noexcept {
    return peek<int128>(bytes_ + 16);
}

int128 monthly_sales::sales(int month) const noexcept {
    return peek<int128>(bytes_ + size_of(month));
}

void monthly_sales::set_sales(int month, int128 units) noexcept {
    poke(bytes_ + size_of(month), units);
}

bool monthly_sales::widen_scale(int to) noexcept {
    const int from = scale();
    if (to <= from) return true;
    int128 units;
    if (!rescale(receivables(), from, to, &units)) return false;
    poke(bytes_ + 16, units);
    for (int i = 0; i < month_count(); ++i) {
        if (!rescale(sales(i), from, to, &units)) return false;
        set_sales(i, units);
    }
    poke(bytes_ + 2, static_cast<std::uint16_t>(to));
    return true;
}

bool monthly_sales::set_receivables(decimal balance) noexcept {
    int128 units;
    if (!widen_scale(balance.scale) || !rescale(balance.units, balance.scale, scale(), &units))
        return false;
    poke(bytes_ + 16, units);
    return true;
}

bool monthly_sales::has_receivables(decimal balance) const noexcept {
    return compare_decimals(balance, {receivables(), scale()}) == 0;
}

bool monthly_sales::add_units(int month, int128 units) noexcept {
    if (month >= month_count()) poke(bytes_ + 8, static_cast<std::int32_t>(month + 1));
    int128 sum;
    if (__builtin_add_overflow(sales(month), units, &sum)) return false;
    set_sales(month, sum);
    return true;
}

bool monthly_sales::add(int month, decimal amount) noexcept {
    if (!widen_scale(amount.scale) ||
        (amount.scale != scale() && !rescale(amount.units, amount.scale, scale(), &amount.units)))
        return false;
    return add_units(month, amount.units);
}

bool monthly_sales::add(const monthly_sales& other) noexcept {
    if (!widen_scale(other.scale())) return false;
    for (int i = 0; i < other.month_count(); ++i) {
        int128 units;
        if (!rescale(other.sales(i), other.scale(), scale(), &units) || !add_units(i, units))
            return false;
    }
    return true;
}

maybe<double> countback_days(const monthly_sales& months) noexcept {
    int128 balance = months.receivables();
    if (balance < 0) return maybe<double>::none();
    if (balance == 0) return maybe<double>::of(0);
    civil_date month = to_civil(months.as_of());
    int days = month.day;
    std::int64_t whole = 0;
    for (int i = 0; i < months.month_count(); ++i) {
        const int128 sales = months.sales(i);
        if (sales >= balance)
            return maybe<double>::of(static_cast<double>(whole) + quotient(balance, sales) * days);
        // A month with more credit notes than sales adds to what earlier months must cover.
        if (__builtin_sub_overflow(balance, sales, &balance)) return maybe<double>::none();
        whole += days;
        month.year -= month.month == 1;
        month.month = static_cast<std::uint8_t>(month.month == 1 ? 12 : month.month - 1);
        days = days_in_month(month.year, month.month);
    }
    return maybe<double>::none();
}

}  // namespace receivables
