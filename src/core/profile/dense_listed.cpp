// Profiles of listed items taken into a dense one: the way of a rollup over many customers.
#include <algorithm>
#include <type_traits>

#include "core/profile/dense.hpp"

namespace receivables {

namespace {

// Days late of up to two bytes, and due dates with their amounts of 3 to 5 bytes, which those of
// one customer mostly take, are read without asking for their width item by item.
constexpr int widest_late = 2, any_width = 0;

// f(std::integral_constant<int, width>): the width as the compiler knows it.
template <class F>
void with_late_width(int width, F&& f) noexcept {
    static_assert(widest_late == 2);
    if (width == 0) return f(std::integral_constant<int, 0>());
    if (width == 1) return f(std::integral_constant<int, 1>());
    return f(std::integral_constant<int, 2>());
}

template <class F>
void with_due_amount_width(int width, F&& f) noexcept {
    if (width == 3) return f(std::integral_constant<int, 3>());
    if (width == 4) return f(std::integral_constant<int, 4>());
    if (width == 5) return f(std::integral_constant<int, 5>());
    return f(std::integral_constant<int, any_width>());
}

template <int Width>
std::uint32_t distance_at(const unsigned char* data, std::size_t row) noexcept {
    if constexpr (Width == 0) return 0;
    if constexpr (Width == 1) return data[row];
    if constexpr (Width == 2) return load_le<std::uint16_t>(data + 2 * row);
}

// One row after the other of due dates with their amounts.
template <int Width>
class word_reader {
  public:
    explicit word_reader(const due_amount_column& column, std::size_t first = 0) noexcept
        : width_(Width == any_width ? column.width : Width),
          shift_(64 - 8 * static_cast<int>(width_)),
          at_(column.data + first * width_) {}
    std::uint64_t next() noexcept {
        at_ += width_;
        if constexpr (Width == 4) return load_le<std::uint32_t>(at_ - 4);
        // The eight bytes that end with the row, less those before it.
        return load_le<std::uint64_t>(at_ - 8) >> shift_;
    }

  private:
    std::size_t width_;
    int shift_;
    const unsigned char* at_;
};

// A pointer that the compiler takes as it is: it would add up base and offset anew for every item.
template <class T>
T* settled(T* pointer) noexcept {
    asm("" : "+r"(pointer));
    return pointer;
}

constexpr std::uint64_t one_by_due = std::uint64_t{1} << quick_amount_bits;

int amount_bits(const due_amount_column& column) noexcept {
    return std::max(0, 8 * column.width - column.due_bits);
}

// Whether all amounts are known and together stay within quick sums, and the items are read the
// short way.
bool is_narrow(const listed_profile& listed) noexcept {
    const due_amount_column& dues = listed.due_amounts;
    constexpr int most_amount_bits = 36;
    return !dues.nullable && dues.width >= 1 && dues.is_narrow() &&
           amount_bits(dues) <= most_amount_bits && listed.days_late.width <= widest_late;
}

// Neither paid under dispute nor a credit.
bool is_timed_or_open(const listed_profile& listed) noexcept {
    const auto count = [&](item_class c) { return listed.count[static_cast<int>(c)]; };
    return (count(item_class::disputed_paid) | count(item_class::credit_paid) |
            count(item_class::credit_open)) == 0;
}

bool has_same_terms(const listed_profile& listed) noexcept {
    return listed.terms.width == 0 && !listed.terms.nullable;
}

bool is_unknown(const column& terms, std::int64_t number) noexcept {
    return terms.nullable && number < static_cast<std::int64_t>(terms.base);
}

// Whether a window holds all days from `first` on that `distance` bits can tell. It mostly does,
// for it has room; then no day has to be looked at.
bool holds_all(const day_window_range& window, std::int64_t first, int distance) noexcept {
    return window.holds(first) && window.holds(first + (std::int64_t{1} << distance) - 1);
}

[[gnu::noinline]] bool holds_each_due_date(const day_window_range& window,
                                           const due_amount_column& dues) noexcept {
    bool inside = true;
    dues.each_due(0, dues.rows,
                  [&](std::size_t, std::int64_t due) { inside &= window.holds(due); });
    return inside;
}

[[gnu::noinline]] bool holds_each_day_late(const day_window_range& window,
                                           const listed_profile& listed) noexcept {
    bool inside = true;
    listed.days_late.each<std::int64_t>(
        0, listed.timed(), [&](std::size_t, std::int64_t late) { inside &= window.holds(late); });
    return inside;
}

}  // namespace

// Rows first..end-1, and the due dates between which they lie.
struct dense_profile::invoice_rows {
    // Of one class: in the order of their due dates.
    invoice_rows(const listed_profile& of, std::uint32_t from, std::uint32_t to) noexcept
        : invoice_rows(of, from, to, of.due_amounts.due_at(from), of.due_amounts.due_at(to - 1)) {}
    invoice_rows(const listed_profile& of, std::uint32_t from, std::uint32_t to,
                 std::int64_t earliest, std::int64_t latest) noexcept
        : listed(of),
          first(from),
          end(to),
          first_due(static_cast<day_number>(earliest)),
          last_due(static_cast<day_number>(latest)) {}
    std::uint32_t count() const noexcept { return end - first; }

    const listed_profile& listed;
    std::uint32_t first, end;
    day_number first_due, last_due;
};

bool dense_profile::add(const listed_profile& listed, int scale) noexcept {
    if (scale == header_->scale && is_narrow(listed)) return add_narrow(listed);
    return add_items(listed, scale);
}

bool dense_profile::add_items(const listed_profile& listed, int scale) noexcept {
    item items[max_listed_items];
    std::uint64_t amounts[max_listed_items];
    std::uint32_t count = 0;
    for (int c = 0; c < item_classes; ++c) {
        const std::uint32_t end = count + listed.count[c];
        listed.read(count, end, static_cast<item_class>(c), scale, items + count);
        count = end;
    }
    for (std::uint32_t i = 0; i < count; ++i)
        if (!holds(items[i], &amounts[i])) return false;
    for (std::uint32_t i = 0; i < count; ++i) add_fitting(items[i], amounts[i]);
    return true;
}

// False, with nothing added, when an item lies outside the windows.
[[gnu::flatten]] bool dense_profile::add_narrow(const listed_profile& listed) noexcept {
    const due_amount_column& dues = listed.due_amounts;
    const column& days_late = listed.days_late;
    if (!holds_all(header_->due, dues.due_base, dues.due_bits) &&
        !holds_each_due_date(header_->due, dues))
        return false;
    if (!holds_all(header_->late, static_cast<std::int64_t>(days_late.base), 8 * days_late.width) &&
        !holds_each_day_late(header_->late, listed))
        return false;
    make_room_for(listed.items(), std::uint64_t{1} << amount_bits(listed.due_amounts));
    if (listed.timed() > 0) {
        with_due_amount_width(listed.due_amounts.width, [&](auto width) noexcept {
            with_late_width(listed.days_late.width, [&](auto late) noexcept {
                add_timed<decltype(width)::value, decltype(late)::value>(listed);
            });
        });
        header_->paid_count += listed.timed();
        add_recent(listed);
        add_days_to_pay(listed);
    }
    if (is_timed_or_open(listed))
        add_all_invoices(listed);
    else
        add_each_class(listed);
    return true;
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

// The places of the first due date and of the fewest days late are those where the columns' bases
// point to. Four additions an item: what else there is to know follows from the tables.
template <int Width, int LateWidth>
void dense_profile::add_timed(const listed_profile& listed) noexcept {
    const due_amount_column& dues = listed.due_amounts;
    const std::int64_t first_due = dues.due_base - header_->due.first;
    const std::int64_t first_late =
        static_cast<std::int64_t>(listed.days_late.base) - header_->late.first;
    const unsigned char* const lates = listed.days_late.data;
    const std::size_t n = listed.timed();
    // Copies, which the stores below cannot change for all that the compiler knows.
    const std::uint64_t mask = dues.due_mask();
    const int due_bits = dues.due_bits;
    const std::uint64_t one_late =
        (std::uint64_t{1} << quick_due_bits) + static_cast<std::uint64_t>(first_due);
    quick_days* const late_rows = settled(quick_late_ + first_late);
    std::uint64_t* const due_rows = settled(quick_due_ + first_due);
    std::int64_t* const paid_rows = settled(paid_ + (first_due + first_late));
    word_reader<Width> words(dues);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < n; ++i) {
        const std::uint64_t word = words.next();
        const std::size_t late = distance_at<LateWidth>(lates, i);
        const std::size_t due = word & mask;
        const std::uint64_t amount = word >> due_bits;
        late_rows[late].items_due += one_late + due;
        late_rows[late].amount += amount;
        due_rows[due] += one_by_due + amount;
        ++paid_rows[due + late];
    }
}

// What is left of a profile whose items are all timed or open, as in most of them: their base of
// due dates is the first of all, so the invoices are one range. It saves a rollup a twentieth of
// its time over add_each_class, which says the same.
void dense_profile::add_all_invoices(const listed_profile& listed) noexcept {
    std::uint32_t end = 0;
    std::int64_t last_due = INT64_MIN;
    for (const item_class c : {item_class::timed, item_class::open, item_class::disputed_open}) {
        const std::uint32_t first = end;
        end += listed.count[static_cast<int>(c)];
        if (first == end) continue;
        last_due = std::max(last_due, listed.due_amounts.due_at(end - 1));
        if (c != item_class::timed) add_open(listed, c, first, end);
    }
    add_invoices(invoice_rows(listed, 0, end, listed.due_amounts.due_base, last_due));
}

[[gnu::noinline]] void dense_profile::add_each_class(const listed_profile& listed) noexcept {
    std::uint32_t first = 0;
    for (int i = 0; i < item_classes; ++i) {
        const auto c = static_cast<item_class>(i);
        const std::uint32_t end = first + listed.count[i];
        if (first == end) continue;
        const bool open = c == item_class::open || c == item_class::disputed_open;
        if (open) add_open(listed, c, first, end);
        if (open || c == item_class::timed)
            add_invoices(invoice_rows(listed, first, end));
        else
            add_one_by_one(listed, c, first, end);
        first = end;
    }
}

void dense_profile::add_one_by_one(const listed_profile& listed, item_class c, std::uint32_t first,
                                   std::uint32_t end) noexcept {
    item items[max_listed_items];
    listed.read(first, end, c, header_->scale, items);
    for (std::uint32_t i = 0; i < end - first; ++i)
        add_fitting(items[i], static_cast<std::uint64_t>(items[i].amount));
}

void dense_profile::add_open(const listed_profile& listed, item_class c, std::uint32_t first,
                             std::uint32_t end) noexcept {
    const due_amount_column& dues = listed.due_amounts;
    const std::int64_t first_due = dues.due_base - header_->due.first;
    std::uint64_t* const due_rows = quick_due_ + first_due;
    std::uint64_t* const open_rows =
        quick_open_ + first_due + (c == item_class::disputed_open ? header_->due.days : 0);
    const std::uint64_t mask = dues.due_mask();
    word_reader<any_width> words(dues, first);
    for (std::uint32_t i = first; i < end; ++i) {
        const std::uint64_t word = words.next();
        const std::uint64_t one = one_by_due + (word >> dues.due_bits);
        due_rows[word & mask] += one;
        open_rows[word & mask] += one;
    }
}

// The latest timed items stand last; once one is too old for the list, so are those before it.
void dense_profile::add_recent(const listed_profile& listed) noexcept {
    for (std::uint32_t i = listed.timed(); i > 0; --i) {
        const auto due = static_cast<day_number>(listed.due_amounts.due_at(i - 1));
        const auto days_late = static_cast<std::int32_t>(listed.days_late.narrow_at(i - 1));
        if (!is_recent(due, days_late)) break;
        add_recent(due, days_late);
    }
}

// Their number, due dates and invoice dates; in one step when all have the same terms.
void dense_profile::add_invoices(const invoice_rows& rows) noexcept {
    const column& terms = rows.listed.terms;
    header_->items += rows.count();
    widen_due(rows.first_due, rows.last_due, rows.count());
    if (has_same_terms(rows.listed)) {
        const auto days = static_cast<std::int64_t>(terms.base);
        add_terms(rows.count(), days * rows.count(), static_cast<day_number>(rows.first_due - days),
                  static_cast<day_number>(rows.last_due - days));
        return;
    }
    terms.each<std::int64_t>(rows.first, rows.end, [&](std::size_t i, std::int64_t days) {
        const std::int64_t due = rows.listed.due_amounts.due_at(i);
        const auto invoiced = static_cast<day_number>(due - days);
        if (!is_unknown(terms, days)) add_terms(1, days, invoiced, invoiced);
    });
}

void dense_profile::add_days_to_pay(const listed_profile& listed) noexcept {
    dense_header& h = *header_;
    const std::uint32_t n = listed.timed();
    if (has_same_terms(listed)) {
        h.days_to_pay_count += n;
        h.days_to_pay_sum.add_signed(static_cast<std::int64_t>(listed.terms.base) * n);
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
