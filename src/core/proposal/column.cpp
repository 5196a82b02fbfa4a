#include "core/proposal/column.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace receivables {

namespace {

struct direction {
    std::string_view metric;
    std::int8_t lateness;
};

// A unit test delays the items of profiles and watches each metric of the list.
constexpr direction directions[] = {
    {"mean_days_late", 1},          {"min_days_late", 1},
    {"p10_days_late", 1},           {"p25_days_late", 1},
    {"median_days_late", 1},        {"p75_days_late", 1},
    {"p90_days_late", 1},           {"max_days_late", 1},
    {"weighted_days_late", 1},      {"late_share", 1},
    {"late_amount_share", 1},       {"mean_days_to_pay", 1},
    {"recent_median_days_late", 1}, {"late_streak", 1},
    {"days_late_so_far", 1},        {"prompt_payment_score", -1},
};

// Their numbers are names of days, and nobody is beyond the 25th.
constexpr std::string_view named_days[] = {"payment_day", "payment_weekday"};

bool is_named_day(const metric& m) noexcept {
    return std::find(std::begin(named_days), std::end(named_days), m.name) != std::end(named_days);
}

bool is_plain_name(std::string_view name) noexcept {
    const auto small = [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); };
    return !name.empty() && small(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [&](char c) { return small(c) || (c >= '0' && c <= '9'); });
}

void put_quoted(std::string_view text, char quote, text_writer* out) noexcept {
    out->put(quote);
    for (const char c : text) {
        if (c == quote) out->put(quote);
        out->put(c);
    }
    out->put(quote);
}

void put_attribute(std::string_view path, text_writer* out) noexcept {
    out->put("attribute");
    for (;;) {
        const std::size_t end = path.find('\0');
        const std::string_view key = path.substr(0, end);
        out->put('.');
        if (is_plain_name(key))
            out->put(key);
        else
            put_quoted(key, '"', out);
        if (end == std::string_view::npos) return;
        path.remove_prefix(end + 1);
    }
}

void put_operand(const proposal_column& column, text_writer* out) noexcept {
    if (column.figure == nullptr) return put_attribute(column.path, out);
    if (column.figure->kind == metric_kind::date) out->put("as_of - ");
    out->put(column.figure->name);
}

void put_category(const proposal_column& column, int code, text_writer* out) noexcept {
    if (column.kind == attribute_kind::boolean)
        out->put(code == 1 ? "true" : "false");
    else
        put_quoted(column.categories[code], '\'', out);
}

void put_membership(const proposal_column& column, std::uint64_t members,
                    text_writer* out) noexcept {
    const bool one = std::popcount(members) == 1;
    out->put(one ? " = " : " in (");
    for (bool first = true; members != 0; members &= members - 1, first = false) {
        if (!first) out->put(", ");
        put_category(column, std::countr_zero(members), out);
    }
    if (!one) out->put(')');
}

}  // namespace

int order_columns(const proposal_column& a, const proposal_column& b) noexcept {
    if ((a.figure == nullptr) != (b.figure == nullptr)) return a.figure == nullptr ? 1 : -1;
    if (a.figure != nullptr) return a.figure < b.figure ? -1 : a.figure > b.figure;
    if (const int order = a.path.compare(b.path); order != 0) return order;
    return static_cast<int>(a.kind) - static_cast<int>(b.kind);
}

std::int8_t lateness_of(std::string_view metric_name) noexcept {
    for (const direction& d : directions)
        if (d.metric == metric_name) return d.lateness;
    return 0;
}

training_column empty_column(const proposal_column& column) noexcept {
    training_column out;
    out.may_be_asked_for = column.figure != nullptr;
    out.exact = column.figure == nullptr || column.figure->kind == metric_kind::amount;
    if (column.is_category()) out.kind = column_kind::category;
    if (column.figure == nullptr) return out;
    if (is_named_day(*column.figure)) out.kind = column_kind::presence;
    out.lateness = lateness_of(column.figure->name);
    return out;
}

bool number_in(const policy_sample_view& sample, const sampled_customer& r,
               const proposal_column& column, double* out) noexcept {
    if (column.figure != nullptr) {
        *out = r.figure(column.place);
        return !std::isnan(*out);
    }
    sampled_attribute a;
    for (const unsigned char* at = sample.attributes(r); sample.next_attribute(r, &at, &a);)
        if (a.kind == column.kind && a.path == column.path) {
            *out = a.number;
            return true;
        }
    return false;
}

bool text_in(const policy_sample_view& sample, const sampled_customer& r,
             const proposal_column& column, std::string_view* out) noexcept {
    sampled_attribute a;
    for (const unsigned char* at = sample.attributes(r); sample.next_attribute(r, &at, &a);)
        if (a.kind == attribute_kind::text && a.path == column.path) {
            *out = a.text;
            return true;
        }
    return false;
}

std::uint32_t sort_rows(keyed_row* rows, std::uint32_t count) noexcept {
    std::sort(rows, rows + count, [](const keyed_row& a, const keyed_row& b) {
        return a.key != b.key ? a.key < b.key : a.row < b.row;
    });
    std::uint32_t distinct = count > 0;
    for (std::uint32_t i = 1; i < count; ++i) distinct += rows[i].key != rows[i - 1].key;
    return distinct;
}

void fill_column(const keyed_row* sorted, std::uint32_t known, std::uint32_t rows,
                 std::uint32_t* code, std::uint32_t* order, double* values) noexcept {
    std::fill(code, code + rows, no_code);
    std::uint32_t distinct = 0;
    for (std::uint32_t i = 0; i < known; ++i) {
        if (i == 0 || sorted[i].key != sorted[i - 1].key) values[distinct++] = sorted[i].key;
        code[sorted[i].row] = distinct - 1;
        order[i] = sorted[i].row;
    }
    std::uint32_t end = known;
    for (std::uint32_t row = 0; row < rows; ++row)
        if (code[row] == no_code) order[end++] = row;
}

void category_list::add(std::string_view text) noexcept {
    if (is_full || find(text) < count) return;
    if (count == most_categories)
        is_full = true;
    else
        texts[count++] = text;
}

void category_list::sort() noexcept {
    std::sort(texts, texts + count);
}

std::uint32_t category_list::find(std::string_view text) const noexcept {
    std::uint32_t i = 0;
    while (i < count && texts[i] != text) ++i;
    return i;
}

void write_test(const proposal_column& column, const tree_test& test, text_writer* out) noexcept {
    if (test.kind == test_kind::known) {
        out->put(column.figure->name);
        return out->put(" is not null");
    }
    put_operand(column, out);
    if (test.kind == test_kind::member) return put_membership(column, test.members, out);
    out->put(test.kind == test_kind::at_least ? " >= " : " < ");
    out->put_decimal(test.threshold);
}

}  // namespace receivables
