#include "core/segments/stack_machine.hpp"

namespace receivables {

namespace {

// How many values each operation looks at, in the order of their declaration.
constexpr std::uint8_t operands[operation_count] = {0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 3,
                                                    2, 2, 2, 2, 1, 1, 2, 2, 1, 1, 1};

bool is_logical(const rule_value& v) noexcept {
    return v.kind == value_kind::boolean || v.kind == value_kind::unknown;
}

bool negate_value(const rule_value& v, rule_value* out) noexcept {
    if (v.kind == value_kind::real) {
        out->set_real(-v.real);
    } else if (v.kind == value_kind::exact) {
        int128 negated;
        if (__builtin_sub_overflow(int128{0}, v.units, &negated))
            out->set(value_kind::unknown);
        else
            out->set_exact({negated, v.small});
    } else {
        out->set(value_kind::unknown);
        return v.is_null();
    }
    return true;
}

}  // namespace

[[gnu::flatten]] evaluation stack_machine::step() noexcept {
    while (at_ < end_) {
        const instruction i = program_.at(at_++);
        if (!has_room_for(i.op)) return evaluation::damaged;
        if (i.op == operation::push_metric) {
            if (i.large >= program_.slot_count()) return evaluation::damaged;
            rule_value* slot = &slots_[i.large];
            values_[depth_++] = slot;
            if (slot->kind != value_kind::unset) continue;
            return compute(i.large) ? evaluation::goes_on : evaluation::damaged;
        }
        if (!run(i)) return evaluation::damaged;
    }
    return depth_ == 1 && is_logical(top(1)) ? evaluation::done : evaluation::damaged;
}

bool stack_machine::compute(std::uint32_t index) noexcept {
    program_slot slot;
    if (!program_.slot(index, &slot)) return false;
    std::size_t count;
    const metric& m = all_metrics(&count)[slot.metric];
    if (m.needs_as_of && !facts_.has_as_of)
        slots_[index].set(value_kind::unknown);
    else
        slots_[index].set_metric(m.evaluate(*facts_.profile, facts_.as_of, slot.arguments));
    return true;
}

// Neither below the bottom nor above the top.
inline bool stack_machine::has_room_for(operation op) const noexcept {
    const auto index = static_cast<std::uint8_t>(op);
    return index < operation_count && depth_ >= operands[index] && depth_ < stack_size;
}

// This and what it calls is false when the program is damaged.
inline bool stack_machine::run(const instruction& i) noexcept {
    const auto by = static_cast<compare_class>(i.b);
    switch (i.op) {
        case operation::push_metric:  // step() has done it
            return false;
        case operation::push_attribute:
            return push_attribute(i);
        case operation::push_as_of:
            return push_as_of();
        case operation::push_exact:
            return push_exact(i);
        case operation::push_real:
            return program_.real_constant(i.large, &push(value_kind::real)->real);
        case operation::push_text:
            return push_text(i);
        case operation::push_date:
            push(value_kind::date)->small = static_cast<day_number>(i.large);
            return is_finite_day(top(1).small);
        case operation::push_boolean:
            push(value_kind::boolean)->truth = i.a != 0;
            return true;
        case operation::compare: {
            const rule_value &a = top(2), &b = top(1);
            return compare_values(static_cast<comparison>(i.a), by, a, b, result_at(2));
        }
        case operation::between:
            return between(static_cast<compare_class>(i.a), by);
        case operation::in_test:
            return test_element(by);
        case operation::in_end:
            return end_membership();
        case operation::calculate:
        case operation::shift_date:
        case operation::date_distance:
            return calculate(i);
        case operation::negate:
            return negate();
        case operation::logical_not:
            return logical_not();
        case operation::logical_and:
            return combine(and_values);
        case operation::logical_or:
            return combine(or_values);
        case operation::is_null: {
            const bool null = top(1).is_null();
            result_at(1)->set_truth(null != (i.a != 0));
            return true;
        }
        case operation::skip_if_false:
            return skip(i, top(1).is_false());
        case operation::skip_if_true:
            return skip(i, top(1).is_true());
    }
    return false;
}

// Drops the values above `place` and makes the one there ours to write. Operands taken before stay
// readable.
inline rule_value* stack_machine::result_at(std::uint32_t place) noexcept {
    depth_ -= place - 1;
    rule_value* out = &made_[depth_ - 1];
    values_[depth_ - 1] = out;
    return out;
}

inline rule_value* stack_machine::push(value_kind kind) noexcept {
    rule_value* fresh = &made_[depth_];
    fresh->set(kind);
    values_[depth_++] = fresh;
    return fresh;
}

inline bool stack_machine::push_attribute(const instruction& i) noexcept {
    if (i.large >= program_.attribute_count()) return false;
    const rule_value& found = facts_.attributes[i.large];
    const auto wanted = static_cast<value_kind>(i.a);
    if (found.kind == wanted)
        values_[depth_++] = &found;
    else
        *push(value_kind::unknown) = read_attribute_as(found, wanted);
    return true;
}

inline bool stack_machine::push_as_of() noexcept {
    rule_value* fresh = push(value_kind::unknown);
    if (facts_.has_as_of) fresh->set_date(facts_.as_of);
    return true;
}

inline bool stack_machine::push_exact(const instruction& i) noexcept {
    decimal number;
    const bool sound = program_.exact_constant(i.large, &number);
    push(value_kind::exact)->set_exact(number);
    return sound;
}

inline bool stack_machine::push_text(const instruction& i) noexcept {
    std::string_view text;
    const bool sound = program_.text_constant(i.large, &text);
    push(value_kind::text)->set_text(text);
    return sound;
}

inline bool stack_machine::between(compare_class low_class, compare_class high_class) noexcept {
    rule_value above, below;
    if (!compare_values(comparison::ge, low_class, top(3), top(2), &above) ||
        !compare_values(comparison::le, high_class, top(3), top(1), &below))
        return false;
    and_values(above, below, result_at(3));
    return true;
}

// Of IN: the value, whether an element before was equal, and the next element.
inline bool stack_machine::test_element(compare_class by) noexcept {
    rule_value equal;
    if (!compare_values(comparison::eq, by, top(3), top(1), &equal)) return false;
    const rule_value& before = top(2);
    or_values(before, equal, result_at(2));
    return true;
}

inline bool stack_machine::end_membership() noexcept {
    const rule_value& flag = top(1);
    if (!is_logical(flag)) return false;
    result_at(2)->set_logical(flag);
    return true;
}

inline bool stack_machine::calculate(const instruction& i) noexcept {
    const auto how = static_cast<calculation>(i.a);
    const rule_value &a = top(2), &b = top(1);
    rule_value* out = result_at(2);
    if (i.op == operation::calculate) return calculate_values(how, i.b != 0, a, b, out);
    if (i.op == operation::date_distance) return date_distance_value(a, b, out);
    return i.b != 0 ? shift_date_value(how, b, a, out) : shift_date_value(how, a, b, out);
}

inline bool stack_machine::negate() noexcept {
    const rule_value& value = top(1);
    return negate_value(value, result_at(1));
}

inline bool stack_machine::logical_not() noexcept {
    const rule_value& value = top(1);
    if (!is_logical(value)) return false;
    rule_value* out = result_at(1);
    out->set_logical(value);
    out->truth = !out->truth;
    return true;
}

template <class Combine>
inline bool stack_machine::combine(Combine combine_values) noexcept {
    const rule_value &a = top(2), &b = top(1);
    if (!is_logical(a) || !is_logical(b)) return false;
    combine_values(a, b, result_at(2));
    return true;
}

// Jumps go forward only, so every program ends.
inline bool stack_machine::skip(const instruction& i, bool skips) noexcept {
    if (!is_logical(top(1)) || i.large < at_ || i.large > end_) return false;
    if (skips) at_ = i.large;
    return true;
}

}  // namespace receivables
