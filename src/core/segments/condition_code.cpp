// The second half of condition_compiler: instructions for a tree whose types are known.
#include "core/base/decimal_arithmetic.hpp"
#include "core/segments/condition.hpp"

namespace receivables {

namespace {

// What an attribute of that type is read as; unknown: as it is.
value_kind kind_of(condition_type type) noexcept {
    switch (type) {
        case condition_type::boolean:
            return value_kind::boolean;
        case condition_type::whole:
        case condition_type::exact:
        case condition_type::real:
            return value_kind::exact;
        case condition_type::date:
            return value_kind::date;
        case condition_type::text:
            return value_kind::text;
        case condition_type::attribute:
            break;
    }
    return value_kind::unknown;
}

}  // namespace

void condition_compiler::append(operation op, std::uint8_t a, std::uint16_t b,
                                std::uint32_t large) noexcept {
    parts_->instructions[parts_->instruction_count++] = {op, a, b, large};
}

std::uint32_t condition_compiler::add_constant(const program_constant& constant) noexcept {
    parts_->constants[parts_->constant_count] = constant;
    return parts_->constant_count++;
}

void condition_compiler::emit(const condition_node& n) noexcept {
    switch (n.kind) {
        case condition_kind::logical_and:
            return emit_logic(n, operation::skip_if_false, operation::logical_and);
        case condition_kind::logical_or:
            return emit_logic(n, operation::skip_if_true, operation::logical_or);
        case condition_kind::logical_not:
            emit(child(n, 0));
            return append(operation::logical_not);
        case condition_kind::compare:
            emit(child(n, 0));
            emit(child(n, 1));
            return append(operation::compare, n.how, static_cast<std::uint16_t>(n.classes[0]));
        case condition_kind::calculate:
            return emit_calculation(n);
        case condition_kind::negate:
            emit(child(n, 0));
            return append(operation::negate, 0, n.type == condition_type::real);
        case condition_kind::plus:
            return emit(child(n, 0));
        case condition_kind::between:
        case condition_kind::in:
            return emit_membership(n);
        case condition_kind::is_null:
            emit(child(n, 0));
            return append(operation::is_null, n.flag);
        default:
            return emit_leaf(n);
    }
}

void condition_compiler::emit_leaf(const condition_node& n) noexcept {
    program_constant constant;
    switch (n.kind) {
        case condition_kind::number:
            constant.kind = n.as_real ? value_kind::real : value_kind::exact;
            constant.exact = n.number;
            constant.real = nearest_double(n.number);
            return append(n.as_real ? operation::push_real : operation::push_exact, 0, 0,
                          add_constant(constant));
        case condition_kind::text:
            constant.kind = value_kind::text;
            constant.text = n.text;
            return append(operation::push_text, 0, 0, add_constant(constant));
        case condition_kind::boolean:
            return append(operation::push_boolean, n.flag);
        case condition_kind::date:
            return append(operation::push_date, 0, 0, static_cast<std::uint32_t>(n.day));
        case condition_kind::attribute:
            break;
        default:
            if (n.text == "as_of" && n.kind == condition_kind::name)
                return append(operation::push_as_of);
            return append(operation::push_metric, 0, 0, n.index);
    }
    append(operation::push_attribute, static_cast<std::uint8_t>(kind_of(n.type)), 0, n.index);
}

// c1, c2, c3 with "and": c1, leave when false, c2, and, leave when false, c3, and.
void condition_compiler::emit_logic(const condition_node& n, operation skip,
                                    operation combine) noexcept {
    emit(nodes_[n.first_child]);
    // The jumps out are chained through their targets until the end is known.
    std::uint32_t chain = no_node;
    for (std::uint32_t at = nodes_[n.first_child].next; at != no_node; at = nodes_[at].next) {
        append(skip, 0, 0, chain);
        chain = parts_->instruction_count - 1;
        emit(nodes_[at]);
        append(combine);
    }
    while (chain != no_node) {
        const std::uint32_t next = parts_->instructions[chain].large;
        parts_->instructions[chain].large = parts_->instruction_count;
        chain = next;
    }
}

void condition_compiler::emit_membership(const condition_node& n) noexcept {
    const condition_node& value = child(n, 0);
    emit(value);
    if (n.kind == condition_kind::between) {
        emit(child(n, 1));
        emit(child(n, 2));
        append(operation::between, static_cast<std::uint8_t>(n.classes[0]),
               static_cast<std::uint16_t>(n.classes[1]));
    } else {
        append(operation::push_boolean, 0);
        for (std::uint32_t at = value.next; at != no_node; at = nodes_[at].next) {
            emit(nodes_[at]);
            append(operation::in_test, 0, static_cast<std::uint16_t>(nodes_[at].member_class));
        }
        append(operation::in_end);
    }
    if (n.flag) append(operation::logical_not);
}

void condition_compiler::emit_calculation(const condition_node& n) noexcept {
    const condition_node &a = child(n, 0), &b = child(n, 1);
    emit(a);
    emit(b);
    if (n.type == condition_type::date) return append(operation::shift_date, n.how, !n.days_last);
    if (a.type == condition_type::date) return append(operation::date_distance);
    append(operation::calculate, n.how, n.type == condition_type::real);
}

}  // namespace receivables
