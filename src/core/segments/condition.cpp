#include "core/segments/condition.hpp"

#include <cstdarg>
#include <cstdio>
#include <utility>

#include "core/profile/metric_registry.hpp"

namespace receivables {

namespace {

bool is_number(const condition_node& n) noexcept {
    return n.type == condition_type::whole || n.type == condition_type::exact ||
           n.type == condition_type::real;
}
bool is_unsettled(const condition_node& n) noexcept {
    return n.type == condition_type::attribute;
}
bool is_text_literal(const condition_node& n) noexcept {
    return n.kind == condition_kind::text;
}

const char* describe(const condition_node& n) noexcept {
    switch (n.type) {
        case condition_type::boolean:
            return "true or false";
        case condition_type::whole:
        case condition_type::exact:
        case condition_type::real:
            return "a number";
        case condition_type::date:
            return "a date";
        case condition_type::text:
            return "a text";
        case condition_type::attribute:
            break;
    }
    return "an attribute";
}

}  // namespace

bool condition_compiler::fail(condition_problem problem, const condition_node& n,
                              const char* format, ...) noexcept {
    std::va_list args;
    va_start(args, format);
    std::vsnprintf(error_->message, sizeof error_->message, format, args);
    va_end(args);
    error_->problem = problem;
    error_->position = n.position;
    return false;
}

bool condition_compiler::hint(const char* format, ...) noexcept {
    std::va_list args;
    va_start(args, format);
    std::vsnprintf(error_->hint, sizeof error_->hint, format, args);
    va_end(args);
    return false;
}

condition_node& condition_compiler::child(const condition_node& n, int index) noexcept {
    std::uint32_t at = n.first_child;
    while (index-- > 0) at = nodes_[at].next;
    return nodes_[at];
}

bool condition_compiler::compile(std::uint32_t root, instruction_range* out) noexcept {
    if (!resolve(nodes_[root]) || !need_boolean(nodes_[root])) return false;
    out->first = parts_->instruction_count;
    emit(nodes_[root]);
    out->count = parts_->instruction_count - out->first;
    return true;
}

bool condition_compiler::resolve_children(condition_node& n) noexcept {
    for (std::uint32_t at = n.first_child; at != no_node; at = nodes_[at].next)
        if (!resolve(nodes_[at])) return false;
    return true;
}

bool condition_compiler::resolve(condition_node& n) noexcept {
    n.type = condition_type::boolean;
    n.as_real = n.days_last = false;
    if (n.kind != condition_kind::call && !resolve_children(n)) return false;
    switch (n.kind) {
        case condition_kind::number:
            return resolve_number(n);
        case condition_kind::text:
            n.type = condition_type::text;
            return true;
        case condition_kind::boolean:
            return true;
        case condition_kind::date:
            return resolve_date(n);
        case condition_kind::name:
            return resolve_name(n);
        case condition_kind::call:
            return resolve_call(n);
        case condition_kind::attribute:
            return resolve_attribute(n);
        case condition_kind::logical_and:
        case condition_kind::logical_or:
        case condition_kind::logical_not:
            for (std::uint32_t at = n.first_child; at != no_node; at = nodes_[at].next)
                if (!need_boolean(nodes_[at])) return false;
            return true;
        case condition_kind::compare:
            return unify(child(n, 0), child(n, 1), &n.classes[0]);
        case condition_kind::calculate:
            return resolve_calculation(n);
        case condition_kind::negate:
        case condition_kind::plus:
            return resolve_sign(n);
        case condition_kind::between:
            return unify(child(n, 0), child(n, 1), &n.classes[0]) &&
                   unify(child(n, 0), child(n, 2), &n.classes[1]);
        case condition_kind::in:
            return resolve_membership(n);
        case condition_kind::is_null:
            return true;
    }
    return false;
}

bool condition_compiler::resolve_membership(condition_node& n) noexcept {
    condition_node& value = child(n, 0);
    for (std::uint32_t at = value.next; at != no_node; at = nodes_[at].next)
        if (!unify(value, nodes_[at], &nodes_[at].member_class)) return false;
    return true;
}

bool condition_compiler::need_boolean(condition_node& n) noexcept {
    if (is_unsettled(n)) n.type = condition_type::boolean;
    if (n.type == condition_type::boolean) return true;
    fail(condition_problem::type_mismatch, n, "expected a condition, not %s", describe(n));
    return hint("Compare it with something, as in %s.", is_number(n) ? "timed_count > 0"
                                                        : n.type == condition_type::date
                                                            ? "as_of >= date '2026-01-31'"
                                                            : "attribute.sector = 'public'");
}

bool condition_compiler::need_number(condition_node& n) noexcept {
    if (is_unsettled(n)) n.type = condition_type::exact;
    if (is_number(n)) return true;
    return fail(condition_problem::type_mismatch, n, "cannot calculate with %s", describe(n));
}

bool condition_compiler::resolve_sign(condition_node& n) noexcept {
    condition_node& operand = child(n, 0);
    if (!need_number(operand)) return false;
    n.type = operand.type;
    return true;
}

bool condition_compiler::resolve_calculation(condition_node& n) noexcept {
    condition_node &a = child(n, 0), &b = child(n, 1);
    if (a.type == condition_type::date || b.type == condition_type::date)
        return resolve_date_calculation(n, a, b);
    if (!need_number(a) || !need_number(b)) return false;
    const bool real = a.type == condition_type::real || b.type == condition_type::real;
    if (real) {
        n.type = condition_type::real;
        a.as_real = b.as_real = true;
        return true;
    }
    const bool whole = a.type == condition_type::whole && b.type == condition_type::whole &&
                       static_cast<calculation>(n.how) != calculation::divide;
    n.type = whole ? condition_type::whole : condition_type::exact;
    return true;
}

// date + days, days + date, date - days, date - date. Beside a date, an attribute is a number of
// days under + and a date under -.
bool condition_compiler::resolve_date_calculation(condition_node& n, condition_node& a,
                                                  condition_node& b) noexcept {
    const auto how = static_cast<calculation>(n.how);
    if (how == calculation::add || how == calculation::subtract) {
        for (condition_node* side : {&a, &b})
            if (is_unsettled(*side))
                side->type = how == calculation::add ? condition_type::whole : condition_type::date;
        if (how == calculation::subtract)
            for (condition_node* side : {&a, &b})
                if (is_text_literal(*side) && !settle_date_literal(*side)) return false;
        const bool first = a.type == condition_type::date, second = b.type == condition_type::date;
        n.days_last = first;
        if (how == calculation::subtract && first && second) {
            n.type = condition_type::whole;
            n.days_last = false;
            return true;
        }
        n.type = condition_type::date;
        if (first && b.type == condition_type::whole) return true;
        if (how == calculation::add && second && a.type == condition_type::whole) return true;
    }
    fail(condition_problem::type_mismatch, n, "cannot calculate with %s and %s", describe(a),
         describe(b));
    return hint(
        "A whole number of days can be added to a date or taken off, and two dates subtracted.");
}

bool condition_compiler::settle_date_literal(condition_node& n) noexcept {
    n.kind = condition_kind::date;
    return resolve_date(n);
}

bool condition_compiler::mismatch(const condition_node& a, const condition_node& b) noexcept {
    const condition_node& culprit = is_text_literal(a) ? a : b;
    fail(condition_problem::type_mismatch, culprit, "cannot compare %s with %s", describe(a),
         describe(b));
    const condition_node& other = &culprit == &a ? b : a;
    if (is_text_literal(culprit) && is_number(other)) return hint("Write a number without quotes.");
    if (a.kind == condition_kind::calculate || b.kind == condition_kind::calculate)
        return hint(
            "In a calculation an attribute is a number. Calculate with the other side, as in "
            "attribute.since > as_of - 30.");
    if (a.type == condition_type::date || b.type == condition_type::date)
        return hint("Dates are written date 'YYYY-MM-DD'.");
    if (a.type == condition_type::boolean || b.type == condition_type::boolean)
        return hint(
            "A number is compared with a number, a text with a text; only attributes and "
            "comparisons are true or false.");
    return hint("Both sides must be of one type.");
}

bool condition_compiler::unify(condition_node& a, condition_node& b, compare_class* out) noexcept {
    *out = compare_class::same_kind;
    if (is_unsettled(a) && is_unsettled(b)) return true;
    for (auto [side, other] : {std::pair{&a, &b}, std::pair{&b, &a}}) {
        if (is_unsettled(*side))
            side->type = is_number(*other) ? condition_type::exact : other->type;
        if (is_text_literal(*side) && other->type == condition_type::date &&
            !settle_date_literal(*side))
            return false;
    }
    if (is_number(a) && is_number(b)) {
        const bool real = a.type == condition_type::real || b.type == condition_type::real;
        // A value that is compared several times stays as it is and is converted each time.
        b.as_real = real;
        *out = real ? compare_class::real : compare_class::exact;
        return true;
    }
    if (a.type != b.type) return mismatch(a, b);
    *out = a.type == condition_type::date   ? compare_class::date
           : a.type == condition_type::text ? compare_class::text
                                            : compare_class::boolean;
    return true;
}

}  // namespace receivables
