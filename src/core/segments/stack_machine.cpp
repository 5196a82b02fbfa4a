#include "core/segments/stack_machine.hpp"

namespace receivables {

namespace {

// How many values each operation looks at, in the order of their declaration.
constexpr std::uint8_t operands[operation_count] = {0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 3,
                                                    2, 2, 2, 2, 1, 1, 2, 2, 1, 1, 1};

bool is_logical(const rule_value& v) noexcept {
    return v.kind == value_kind::boolean || v.kind == value_kind::unknown;
}

void copy_logical(const rule_value& from, rule_value* out) noexcept {
    out->kind = from.kind;
    out->truth = from.kind == value_kind::boolean && from.truth;
}

bool negate(const rule_value& v, rule_value* out) noexcept {
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

evaluation stack_machine::step() noexcept {
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

// Each of these is false when the program is damaged.
inline bool stack_machine::run(const instruction& i) noexcept {
    if (i.op <= operation::push_boolean) return push(i);
    if (i.op <= operation::in_end) return test(i);
    if (i.op <= operation::negate) return calculate(i);
    if (i.op <= operation::is_null) return combine(i);
    return skip(i);
}

// Drops the values above `place` and makes the one there ours to write. Operands taken before stay
// readable.
inline rule_value* stack_machine::result_at(std::uint32_t place) noexcept {
    depth_ -= place - 1;
    rule_value* out = &made_[depth_ - 1];
    values_[depth_ - 1] = out;
    return out;
}

inline bool stack_machine::push(const instruction& i) noexcept {
    const rule_value** top = &values_[depth_];
    rule_value* fresh = &made_[depth_];
    *top = fresh;
    ++depth_;
    switch (i.op) {
        case operation::push_attribute:
            return push_attribute(i, top, fresh);
        case operation::push_as_of:
            if (facts_.has_as_of)
                fresh->set_date(facts_.as_of);
            else
                fresh->set(value_kind::unknown);
            return true;
        case operation::push_exact: {
            decimal number;
            const bool sound = program_.exact_constant(i.large, &number);
            fresh->set_exact(number);
            return sound;
        }
        case operation::push_real:
            fresh->kind = value_kind::real;
            return program_.real_constant(i.large, &fresh->real);
        case operation::push_text: {
            std::string_view text;
            const bool sound = program_.text_constant(i.large, &text);
            fresh->set_text(text);
            return sound;
        }
        case operation::push_date:
            fresh->set_date(static_cast<day_number>(i.large));
            return is_finite_day(fresh->small);
        default:
            fresh->set_truth(i.a != 0);
            return true;
    }
}

bool stack_machine::push_attribute(const instruction& i, const rule_value** top,
                                   rule_value* fresh) noexcept {
    if (i.large >= program_.attribute_count()) return false;
    const rule_value& found = facts_.attributes[i.large];
    const auto wanted = static_cast<value_kind>(i.a);
    if (found.kind == wanted)
        *top = &found;
    else
        *fresh = read_attribute_as(found, wanted);
    return true;
}

inline bool stack_machine::test(const instruction& i) noexcept {
    const auto by = static_cast<compare_class>(i.b);
    rule_value first, second;
    switch (i.op) {
        case operation::compare: {
            const rule_value &a = top(2), &b = top(1);
            return compare_values(static_cast<comparison>(i.a), by, a, b, result_at(2));
        }
        case operation::between:
            if (!compare_values(comparison::ge, static_cast<compare_class>(i.a), top(3), top(2),
                                &first) ||
                !compare_values(comparison::le, by, top(3), top(1), &second))
                return false;
            and_values(first, second, result_at(3));
            return true;
        case operation::in_test: {
            if (!compare_values(comparison::eq, by, top(3), top(1), &first)) return false;
            const rule_value& flag = top(2);
            or_values(flag, first, result_at(2));
            return true;
        }
        default: {
            const rule_value& flag = top(1);
            if (!is_logical(flag)) return false;
            copy_logical(flag, result_at(2));
            return true;
        }
    }
}

inline bool stack_machine::calculate(const instruction& i) noexcept {
    const auto how = static_cast<calculation>(i.a);
    if (i.op == operation::negate) {
        const rule_value& value = top(1);
        return negate(value, result_at(1));
    }
    const rule_value &a = top(2), &b = top(1);
    rule_value* out = result_at(2);
    switch (i.op) {
        case operation::calculate:
            return calculate_values(how, i.b != 0, a, b, out);
        case operation::shift_date:
            return i.b != 0 ? shift_date_value(how, b, a, out) : shift_date_value(how, a, b, out);
        default:
            return date_distance_value(a, b, out);
    }
}

inline bool stack_machine::combine(const instruction& i) noexcept {
    if (i.op == operation::is_null) {
        const bool null = top(1).is_null();
        result_at(1)->set_truth(null != (i.a != 0));
        return true;
    }
    const rule_value& last = top(1);
    if (!is_logical(last)) return false;
    if (i.op == operation::logical_not) {
        rule_value* out = result_at(1);
        copy_logical(last, out);
        out->truth = !out->truth;
        return true;
    }
    const rule_value& before = top(2);
    if (!is_logical(before)) return false;
    if (i.op == operation::logical_and)
        and_values(before, last, result_at(2));
    else
        or_values(before, last, result_at(2));
    return true;
}

// Jumps go forward only, so every program ends.
inline bool stack_machine::skip(const instruction& i) noexcept {
    const rule_value& value = top(1);
    if (!is_logical(value) || i.large < at_ || i.large > end_) return false;
    if (i.op == operation::skip_if_false ? value.is_false() : value.is_true()) at_ = i.large;
    return true;
}

}  // namespace receivables
