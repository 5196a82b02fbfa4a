// Profiles of listed items taken into a dense one: the way of a rollup over many customers.
#include <algorithm>
#include <cstring>
#include <type_traits>

#include "core/profile_dense.hpp"

namespace receivables {

namespace {

// Columns of up to two bytes, which due dates and days late of one customer mostly are, are read
// without asking for their width item by item.
constexpr int widest_narrow = 2;

// f(std::integral_constant<int, width>): the width as the compiler knows it.
template <class F>
bool with_width(int width, F&& f) noexcept {
    static_assert(widest_narrow == 2);
    if (width == 0) return f(std::integral_constant<int, 0>());
    if (width == 1) return f(std::integral_constant<int, 1>());
    return f(std::integral_constant<int, 2>());
}

template <int Width>
std::uint32_t distance_at(const unsigned char* data, std::size_t row) noexcept {
    if constexpr (Width == 0) return 0;
    if constexpr (Width == 1) return data[row];
    if constexpr (Width == 2) return load_le<std::uint16_t>(data + 2 * row);
}

// A pointer that the compiler takes as it is: it would add up base and offset anew for every item.
template <class T>
T* settled(T* pointer) noexcept {
    asm("" : "+r"(pointer));
    return pointer;
}

// Many numbers of Width bytes at a time.
template <int Width>
using lane = std::conditional_t<Width == 1, std::uint8_t, std::uint16_t>;

// Whether any distance is above `limit`.
template <int Width>
bool any_above(const unsigned char* data, std::size_t rows, std::int64_t limit) noexcept {
    constexpr std::int64_t widest = (std::int64_t{1} << 8 * Width) - 1;
    if (limit >= widest) return false;
    if (limit < 0) return true;
    if constexpr (Width > 0) {
        constexpr std::size_t lanes = 16 / Width;
        if (rows < lanes) {
            for (std::size_t i = 0; i < rows; ++i)
                if (distance_at<Width>(data, i) > limit) return true;
            return false;
        }
        // The last step takes some rows once more.
        typedef lane<Width> block __attribute__((vector_size(16)));
        block most = {};
        for (std::size_t i = 0; i < rows; i += lanes) {
            block next;
            std::memcpy(&next, data + Width * std::min(i, rows - lanes), sizeof next);
            most = next > most ? next : most;
        }
        const auto above = most > static_cast<lane<Width>>(limit);
        std::uint64_t halves[2];
        std::memcpy(halves, &above, sizeof halves);
        return (halves[0] | halves[1]) != 0;
    }
    return false;
}

constexpr std::uint64_t one_by_due = std::uint64_t{1} << quick_amount_bits;

}  // namespace

// One magnitude of 1 to 7 bytes after the other: the 8 bytes that end with a number lie within the
// profile, for the header stands before its columns.
class dense_profile::amount_reader {
  public:
    explicit amount_reader(const column& amount, std::size_t first = 0) noexcept
        : width_(amount.width),
          at_(amount.data + first * width_ - 8),
          shift_(64 - 8 * amount.width) {}
    std::uint64_t next() noexcept {
        at_ += width_;
        return load_le<std::uint64_t>(at_) >> shift_;
    }

  private:
    std::size_t width_;
    const unsigned char* at_;
    int shift_;
};

namespace {

std::uint64_t most_listed_amount(const listed_profile& listed) noexcept {
    return std::uint64_t{1} << 8 * listed.amount.width;
}

// Whether all amounts are known and together stay within quick sums, and the days are read the
// short way.
bool is_narrow(const listed_profile& listed) noexcept {
    const int width = listed.amount.width;
    return !listed.amount.nullable && width >= 1 && width <= 4 &&
           listed.due.width <= widest_narrow && listed.days_late.width <= widest_narrow &&
           listed.terms.width <= widest_narrow;
}

bool is_unknown(const column& terms, std::int64_t number) noexcept {
    return terms.nullable && number < static_cast<std::int64_t>(terms.base);
}

// Of a narrow profile, without its amount.
item item_at(const listed_profile& listed, std::uint32_t row, item_class cls) noexcept {
    item x;
    x.cls = cls;
    x.has_amount = true;
    x.due = static_cast<day_number>(listed.due.narrow_at(row));
    x.days_late =
        has_paid_date(cls) ? static_cast<std::int32_t>(listed.days_late.narrow_at(row)) : 0;
    const std::int64_t terms = listed.terms.narrow_at(row);
    x.terms = is_unknown(listed.terms, terms) ? no_terms : static_cast<std::int32_t>(terms);
    return x;
}

}  // namespace

bool dense_profile::add_listed(const profile_view& view) noexcept {
    const listed_profile& listed = view.listed();
    if (view.scale() == header_->scale && is_narrow(listed)) return add_narrow(listed);
    item items[max_listed_items];
    std::uint64_t amounts[max_listed_items];
    std::uint32_t count = 0;
    view.for_each_item([&](const item& x) { items[count++] = x; });
    for (std::uint32_t i = 0; i < count; ++i)
        if (!holds(items[i], &amounts[i])) return false;
    for (std::uint32_t i = 0; i < count; ++i) add_fitting(items[i], amounts[i]);
    return true;
}

bool dense_profile::add_narrow(const listed_profile& listed) noexcept {
    return with_width(listed.due.width, [&](auto due) noexcept {
        return with_width(listed.days_late.width, [&](auto late) noexcept {
            return add_columns<decltype(due)::value, decltype(late)::value>(listed);
        });
    });
}

// Before any sum could run into the number beside it.
void dense_profile::make_room_for(std::uint32_t items, std::uint64_t most_amount) noexcept {
    dense_header& h = *header_;
    if (h.quick_items + items > most_quick_items ||
        h.quick_amount + items * most_amount > most_quick_amount)
        carry_quick_sums();
    h.quick_items += items;
    h.quick_amount += items * most_amount;
}

// False, with nothing added, when an item lies outside the windows.
template <int DueWidth, int LateWidth>
[[gnu::flatten]] bool dense_profile::add_columns(const listed_profile& listed) noexcept {
    const std::uint32_t n = listed.to(item_class::timed);
    const std::int64_t due = static_cast<std::int64_t>(listed.due.base) - header_->due.first;
    const std::int64_t late =
        static_cast<std::int64_t>(listed.days_late.base) - header_->late.first;
    const std::int64_t last_due = std::int64_t{header_->due.days} - 1 - due;
    const std::int64_t last_late = std::int64_t{header_->late.days} - 1 - late;
    if (due < 0 || any_above<DueWidth>(listed.due.data, listed.items(), last_due)) return false;
    if (n > 0 && (late < 0 || any_above<LateWidth>(listed.days_late.data, n, last_late)))
        return false;
    make_room_for(listed.items(), most_listed_amount(listed));
    if (n > 0) {
        add_timed<DueWidth, LateWidth>(listed, due, late);
        add_order(listed);
        add_terms(listed, 0, n);
        add_days_to_pay(listed);
    }
    if (listed.items() > n) add_untimed(listed);
    return true;
}

// The places of the first due date and of the fewest days late are those where the columns' bases
// point to. Four additions an item: what else there is to know follows from the tables.
template <int DueWidth, int LateWidth>
void dense_profile::add_timed(const listed_profile& listed, std::int64_t first_due,
                              std::int64_t first_late) noexcept {
    const unsigned char* const dues = listed.due.data;
    const unsigned char* const lates = listed.days_late.data;
    const std::size_t n = listed.to(item_class::timed);
    // Copies, which the stores below cannot change for all that the compiler knows.
    const std::uint64_t one_late =
        (std::uint64_t{1} << quick_due_bits) + static_cast<std::uint64_t>(first_due);
    quick_days* const late_rows = settled(quick_late_ + first_late);
    std::uint64_t* const due_rows = settled(quick_due_ + first_due);
    std::int64_t* const paid_rows = settled(paid_ + (first_due + first_late));
    amount_reader amounts(listed.amount);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t due = distance_at<DueWidth>(dues, i);
        const std::size_t late = distance_at<LateWidth>(lates, i);
        const std::uint64_t amount = amounts.next();
        late_rows[late].items_due += one_late + due;
        late_rows[late].amount += amount;
        due_rows[due] += one_by_due + amount;
        ++paid_rows[due + late];
    }
}

// The items behind the timed ones, mostly a few open ones.
void dense_profile::add_untimed(const listed_profile& listed) noexcept {
    std::uint32_t row = listed.count[static_cast<int>(item_class::timed)];
    amount_reader amounts(listed.amount, row);
    for (int c = static_cast<int>(item_class::timed) + 1; row < listed.items(); ++c) {
        const auto cls = static_cast<item_class>(c);
        const std::uint32_t end = row + listed.count[c];
        if (row == end) continue;
        if (cls == item_class::open || cls == item_class::disputed_open)
            add_open(listed, row, end, cls, &amounts);
        else
            for (std::uint32_t i = row; i < end; ++i)
                add_fitting(item_at(listed, i, cls), amounts.next());
        row = end;
    }
}

void dense_profile::add_open(const listed_profile& listed, std::uint32_t first, std::uint32_t end,
                             item_class cls, amount_reader* amounts) noexcept {
    dense_header& h = *header_;
    const auto day = [&](std::uint32_t row) {
        return static_cast<day_number>(listed.due.narrow_at(row));
    };
    dense_amount* const rows = open_ + (cls == item_class::disputed_open ? h.due.days : 0);
    std::uint64_t square_sum = 0;
    for (std::uint32_t i = first; i < end; ++i) {
        const auto due = static_cast<std::uint64_t>(day(i) - h.due.first);
        const std::uint64_t amount = amounts->next();
        quick_due_[due] += one_by_due + amount;
        ++rows[due].items;
        rows[due].amount.add(amount);
        square_sum += due * due;
    }
    h.due_square_sum.add_signed(-static_cast<int128>(square_sum));
    h.items += end - first;
    widen_due(day(first), day(end - 1), end - first);
    add_terms(listed, first, end);
}

// What follows from the order of the items, which is that of their due dates.
void dense_profile::add_order(const listed_profile& listed) noexcept {
    dense_header& h = *header_;
    const std::uint32_t n = listed.to(item_class::timed);
    const auto due_at = [&](std::uint32_t i) {
        return static_cast<day_number>(listed.due.narrow_at(i));
    };
    h.items += n;
    h.paid_count += n;
    widen_due(due_at(0), due_at(n - 1), n);
    // The latest stand last; once one is too old for the list, so are those before it.
    for (std::uint32_t i = n; i > 0; --i) {
        const auto days_late = static_cast<std::int32_t>(listed.days_late.narrow_at(i - 1));
        if (!is_recent(due_at(i - 1), days_late)) break;
        add_recent(due_at(i - 1), days_late);
    }
}

// Invoice dates of rows first..end-1, which are of one class; in one step when all items have the
// same terms.
void dense_profile::add_terms(const listed_profile& listed, std::uint32_t first,
                              std::uint32_t end) noexcept {
    const column& terms = listed.terms;
    if (terms.width == 0 && !terms.nullable) {
        const auto days = static_cast<std::int64_t>(terms.base);
        add_terms(end - first, int128{days} * (end - first),
                  static_cast<day_number>(listed.due.narrow_at(first) - days),
                  static_cast<day_number>(listed.due.narrow_at(end - 1) - days));
        return;
    }
    terms.each<std::int64_t>(first, end, [&](std::size_t i, std::int64_t days) {
        const auto invoiced = static_cast<day_number>(listed.due.narrow_at(i) - days);
        if (!is_unknown(terms, days)) add_terms(1, days, invoiced, invoiced);
    });
}

void dense_profile::add_days_to_pay(const listed_profile& listed) noexcept {
    dense_header& h = *header_;
    const std::uint32_t n = listed.to(item_class::timed);
    if (listed.terms.width == 0 && !listed.terms.nullable) {
        h.days_to_pay_count += n;
        h.days_to_pay_sum.add_signed(listed.terms.base * n);
        return;
    }
    std::int64_t known = 0, sum = 0;
    listed.terms.each<std::int64_t>(0, n, [&](std::size_t i, std::int64_t days) {
        const bool unknown = is_unknown(listed.terms, days);
        known += !unknown;
        sum += unknown ? -listed.days_late.narrow_at(i) : days;
    });
    h.days_to_pay_count += known;
    h.days_to_pay_sum.add_signed(sum);
}

}  // namespace receivables
