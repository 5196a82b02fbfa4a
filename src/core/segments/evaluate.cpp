#include "core/segments/evaluate.hpp"

namespace receivables {

namespace {

// A hundred levels of nesting, each with at most two values waiting, and some to spare.
constexpr std::uint32_t stack_size = 256;

// How many values each operation looks at, in the order of their declaration.
constexpr std::uint8_t operands[operation_count] = {0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 3,
                                                    2, 2, 2, 2, 1, 1, 2, 2, 1, 1, 1};

bool is_logical(const rule_value& v) noexcept {
    return v.kind == value_kind::boolean || v.kind == value_kind::unknown;
}

// Every step is false when the program is damaged.
struct stack_machine {
    segment_evaluator* evaluator;
    const segment_program* program;
    const segment_facts* facts;
    std::uint32_t depth = 0;
    // The stack: metrics and attributes where they are, all else in `made`, at its own place.
    const rule_value* values[stack_size];
    rule_value made[stack_size];

    // Neither below the bottom nor above the top.
    bool has_room_for(operation op) const noexcept {
        const auto index = static_cast<std::uint8_t>(op);
        return index < operation_count && depth >= operands[index] && depth < stack_size;
    }

    bool push(const instruction& i) noexcept {
        const rule_value** top = &values[depth];
        rule_value* fresh = &made[depth];
        *top = fresh;
        ++depth;
        switch (i.op) {
            case operation::push_metric:
                *top = evaluator->metric_of(i.large);
                return *top != nullptr;
            case operation::push_attribute:
                return push_attribute(i, top, fresh);
            case operation::push_as_of:
                if (facts->has_as_of)
                    fresh->set_date(facts->as_of);
                else
                    fresh->set(value_kind::unknown);
                return true;
            case operation::push_exact: {
                decimal number;
                const bool sound = program->exact_constant(i.large, &number);
                fresh->set_exact(number);
                return sound;
            }
            case operation::push_real:
                fresh->kind = value_kind::real;
                return program->real_constant(i.large, &fresh->real);
            case operation::push_text: {
                std::string_view text;
                const bool sound = program->text_constant(i.large, &text);
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

    bool test(const instruction& i) noexcept {
        const auto by = static_cast<compare_class>(i.b);
        rule_value first, second;
        switch (i.op) {
            case operation::compare: {
                const rule_value &a = top(2), &b = top(1);
                return compare_values(static_cast<comparison>(i.a), by, a, b, result(2));
            }
            case operation::between:
                if (!compare_values(comparison::ge, static_cast<compare_class>(i.a), top(3), top(2),
                                    &first) ||
                    !compare_values(comparison::le, by, top(3), top(1), &second))
                    return false;
                and_values(first, second, result(3));
                return true;
            case operation::in_test: {
                if (!compare_values(comparison::eq, by, top(3), top(1), &first)) return false;
                const rule_value& flag = top(2);
                or_values(flag, first, result(2));
                return true;
            }
            default: {
                const rule_value& flag = top(1);
                if (!is_logical(flag)) return false;
                copy_logical(flag, result(2));
                return true;
            }
        }
    }

    bool calculate(const instruction& i) noexcept {
        const auto how = static_cast<calculation>(i.a);
        if (i.op == operation::negate) {
            const rule_value& value = top(1);
            return negate(value, result(1));
        }
        const rule_value &a = top(2), &b = top(1);
        rule_value* out = result(2);
        switch (i.op) {
            case operation::calculate:
                return calculate_values(how, i.b != 0, a, b, out);
            case operation::shift_date:
                return i.b != 0 ? shift_date_value(how, b, a, out)
                                : shift_date_value(how, a, b, out);
            default:
                return date_distance_value(a, b, out);
        }
    }

    bool combine(const instruction& i) noexcept {
        if (i.op == operation::is_null) {
            const bool null = top(1).is_null();
            result(1)->set_truth(null != (i.a != 0));
            return true;
        }
        const rule_value& last = top(1);
        if (!is_logical(last)) return false;
        if (i.op == operation::logical_not) {
            rule_value* out = result(1);
            copy_logical(last, out);
            out->truth = !out->truth;
            return true;
        }
        const rule_value& before = top(2);
        if (!is_logical(before)) return false;
        if (i.op == operation::logical_and)
            and_values(before, last, result(2));
        else
            or_values(before, last, result(2));
        return true;
    }

    // Jumps go forward only, so every program ends.
    bool skip(const instruction& i, std::uint32_t end, std::uint32_t* at) noexcept {
        const rule_value& value = top(1);
        if (!is_logical(value) || i.large < *at || i.large > end) return false;
        if (i.op == operation::skip_if_false ? value.is_false() : value.is_true()) *at = i.large;
        return true;
    }

    // The value `place` below the first free place.
    const rule_value& top(std::uint32_t place) const noexcept { return *values[depth - place]; }

  private:
    // Drops the values above `place` and makes the one there ours to write. Operands taken before
    // stay readable.
    rule_value* result(std::uint32_t place) noexcept {
        depth -= place - 1;
        rule_value* out = &made[depth - 1];
        values[depth - 1] = out;
        return out;
    }

    bool push_attribute(const instruction& i, const rule_value** top, rule_value* fresh) noexcept {
        if (i.large >= program->attribute_count()) return false;
        const rule_value& found = facts->attributes[i.large];
        const auto wanted = static_cast<value_kind>(i.a);
        if (found.kind == wanted)
            *top = &found;
        else
            *fresh = read_attribute_as(found, wanted);
        return true;
    }

    static void copy_logical(const rule_value& from, rule_value* out) noexcept {
        out->kind = from.kind;
        out->truth = from.kind == value_kind::boolean && from.truth;
    }

    static bool negate(const rule_value& v, rule_value* out) noexcept {
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
};

}  // namespace

segment_evaluator::segment_evaluator(const segment_program& program, const segment_facts& facts,
                                     rule_value* slots) noexcept
    : program_(program), facts_(facts), slots_(slots) {
    for (std::uint32_t i = 0; i < program.slot_count(); ++i) slots_[i].kind = value_kind::unset;
}

const rule_value* segment_evaluator::metric_of(std::uint32_t index) noexcept {
    if (index >= program_.slot_count()) return nullptr;
    if (slots_[index].kind == value_kind::unset && !compute_slot(index)) return nullptr;
    return &slots_[index];
}

bool segment_evaluator::compute_slot(std::uint32_t index) noexcept {
    program_slot slot;
    if (!program_.slot(index, &slot)) return false;
    std::size_t count;
    compute_metric(all_metrics(&count)[slot.metric], slot.arguments, facts_, &slots_[index]);
    return true;
}

bool segment_evaluator::may_stay(const program_rule& rule) const noexcept {
    return rule.stay.count > 0 && facts_.has_current_segment &&
           facts_.current_segment == rule.segment;
}

bool segment_evaluator::decide(const program_rule& rule, rule_value* out, status* s) noexcept {
    out->set_truth(true);
    if (rule.when.count == 0) return true;
    bool sound = run(rule.when, out);
    if (sound && !out->is_true() && may_stay(rule)) {
        rule_value stays;
        sound = run(rule.stay, &stays);
        if (sound) or_values(*out, stays, out);
    }
    return sound || fail_damaged(s);
}

bool segment_evaluator::fail_damaged(status* s) noexcept {
    return s->fail(error_code::invalid_binary,
                   "segment_policy is damaged: an instruction of it makes no sense");
}

bool segment_evaluator::assign(bool* found, std::string_view* segment, status* s) noexcept {
    *found = false;
    for (std::uint32_t i = 0; i < program_.rule_count(); ++i) {
        program_rule rule;
        if (!program_.rule(i, &rule))
            return s->fail(error_code::invalid_binary, "segment_policy is damaged at rule %u",
                           static_cast<unsigned>(i + 1));
        rule_value result;
        if (!decide(rule, &result, s)) return false;
        if (result.is_true()) {
            *found = true;
            *segment = rule.segment;
            return true;
        }
    }
    return true;
}

bool segment_evaluator::run(instruction_range range, rule_value* out) noexcept {
    stack_machine machine;
    machine.evaluator = this;
    machine.program = &program_;
    machine.facts = &facts_;
    const std::uint32_t end = range.first + range.count;
    for (std::uint32_t at = range.first; at < end;) {
        const instruction i = program_.at(at++);
        if (!machine.has_room_for(i.op)) return false;
        bool sound;
        if (i.op <= operation::push_boolean)
            sound = machine.push(i);
        else if (i.op <= operation::in_end)
            sound = machine.test(i);
        else if (i.op <= operation::negate)
            sound = machine.calculate(i);
        else if (i.op <= operation::is_null)
            sound = machine.combine(i);
        else
            sound = machine.skip(i, end, &at);
        if (!sound) return false;
    }
    if (machine.depth != 1 || !is_logical(machine.top(1))) return false;
    *out = machine.top(1);
    return true;
}

}  // namespace receivables
