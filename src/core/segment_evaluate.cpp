#include "core/segment_evaluate.hpp"

namespace receivables {

namespace {

// A hundred levels of nesting, each with at most two values waiting, and some to spare.
constexpr std::uint32_t stack_size = 256;

rule_value value_of(const metric_value& m) noexcept {
    if (m.is_null) return rule_value::of(value_kind::unknown);
    switch (m.kind) {
        case metric_kind::count:
        case metric_kind::days:
            return rule_value::of_exact({m.whole, 0});
        case metric_kind::date:
            return rule_value::of_date(static_cast<day_number>(m.whole));
        case metric_kind::amount:
            return rule_value::of_exact(m.amount);
        case metric_kind::figure:
            break;
    }
    return rule_value::of_real(m.figure);
}

bool is_logical(const rule_value& v) noexcept {
    return v.kind == value_kind::boolean || v.kind == value_kind::unknown;
}

// Every step is false when the program is damaged.
struct stack_machine {
    segment_evaluator* evaluator;
    const segment_program* program;
    const segment_facts* facts;
    std::uint32_t depth = 0;
    rule_value values[stack_size];

    // Neither below the bottom nor above the top.
    bool has_room_for(operation op) const noexcept {
        // How many values each operation looks at, in the order of their declaration.
        constexpr std::uint8_t taken[operation_count] = {0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 3,
                                                         2, 2, 2, 2, 1, 1, 2, 2, 1, 1, 1};
        const auto index = static_cast<std::uint8_t>(op);
        return index < operation_count && depth >= taken[index] && depth < stack_size;
    }

    bool push(const instruction& i) noexcept {
        rule_value& top = values[depth++];
        switch (i.op) {
            case operation::push_metric:
                return evaluator->metric_of(i.large, &top);
            case operation::push_attribute:
                if (i.large >= program->attribute_count()) return false;
                top = read_attribute_as(facts->attributes[i.large], static_cast<value_kind>(i.a));
                return true;
            case operation::push_as_of:
                top = facts->has_as_of ? rule_value::of_date(facts->as_of)
                                       : rule_value::of(value_kind::unknown);
                return true;
            case operation::push_exact: {
                decimal number;
                const bool sound = program->exact_constant(i.large, &number);
                top = rule_value::of_exact(number);
                return sound;
            }
            case operation::push_real:
                top.kind = value_kind::real;
                return program->real_constant(i.large, &top.real);
            case operation::push_text: {
                std::string_view text;
                const bool sound = program->text_constant(i.large, &text);
                top = rule_value::of_text(text);
                return sound;
            }
            case operation::push_date:
                top = rule_value::of_date(static_cast<day_number>(i.large));
                return is_finite_day(top.small);
            default:
                top = rule_value::of_truth(i.a != 0);
                return true;
        }
    }

    bool test(const instruction& i) noexcept {
        rule_value* top = values + depth;  // the first free place
        const auto by = static_cast<compare_class>(i.b);
        rule_value first, second;
        switch (i.op) {
            case operation::compare:
                --depth;
                return compare_values(static_cast<comparison>(i.a), by, top[-2], top[-1], &top[-2]);
            case operation::between:
                depth -= 2;
                if (!compare_values(comparison::ge, static_cast<compare_class>(i.a), top[-3],
                                    top[-2], &first) ||
                    !compare_values(comparison::le, by, top[-3], top[-1], &second))
                    return false;
                top[-3] = and_values(first, second);
                return true;
            case operation::in_test:
                --depth;
                if (!compare_values(comparison::eq, by, top[-3], top[-1], &first)) return false;
                top[-2] = or_values(top[-2], first);
                return true;
            default:
                --depth;
                top[-2] = top[-1];
                return true;
        }
    }

    bool calculate(const instruction& i) noexcept {
        rule_value* top = values + depth;
        const auto how = static_cast<calculation>(i.a);
        if (i.op == operation::negate) return negate(&top[-1]);
        --depth;
        switch (i.op) {
            case operation::calculate:
                return calculate_values(how, i.b != 0, top[-2], top[-1], &top[-2]);
            case operation::shift_date:
                return i.b != 0 ? shift_date_value(how, top[-1], top[-2], &top[-2])
                                : shift_date_value(how, top[-2], top[-1], &top[-2]);
            default:
                return date_distance_value(top[-2], top[-1], &top[-2]);
        }
    }

    bool combine(const instruction& i) noexcept {
        rule_value* top = values + depth;
        switch (i.op) {
            case operation::is_null:
                top[-1] = rule_value::of_truth(top[-1].is_null() != (i.a != 0));
                return true;
            case operation::logical_not:
                if (top[-1].kind == value_kind::boolean) top[-1].truth = !top[-1].truth;
                return is_logical(top[-1]);
            default:
                break;
        }
        if (!is_logical(top[-2]) || !is_logical(top[-1])) return false;
        --depth;
        top[-2] = i.op == operation::logical_and ? and_values(top[-2], top[-1])
                                                 : or_values(top[-2], top[-1]);
        return true;
    }

    // Jumps go forward only, so every program ends.
    bool skip(const instruction& i, std::uint32_t end, std::uint32_t* at) noexcept {
        const rule_value& value = values[depth - 1];
        if (!is_logical(value) || i.large < *at || i.large > end) return false;
        if (i.op == operation::skip_if_false ? value.is_false() : value.is_true()) *at = i.large;
        return true;
    }

  private:
    static bool negate(rule_value* v) noexcept {
        if (v->kind == value_kind::real)
            v->real = -v->real;
        else if (v->kind == value_kind::exact &&
                 __builtin_sub_overflow(int128{0}, v->units, &v->units))
            *v = rule_value::of(value_kind::unknown);
        return v->kind == value_kind::real || v->kind == value_kind::exact || v->is_null();
    }
};

}  // namespace

segment_evaluator::segment_evaluator(const segment_program& program, const segment_facts& facts,
                                     rule_value* slots) noexcept
    : program_(program), facts_(facts), slots_(slots) {
    for (std::uint32_t i = 0; i < program.slot_count(); ++i) slots_[i].kind = value_kind::unset;
}

bool segment_evaluator::metric_of(std::uint32_t index, rule_value* out) noexcept {
    if (index >= program_.slot_count()) return false;
    rule_value& known = slots_[index];
    if (known.kind == value_kind::unset) {
        program_slot slot;
        if (!program_.slot(index, &slot)) return false;
        std::size_t count;
        const metric& m = all_metrics(&count)[slot.metric];
        known = m.needs_as_of && !facts_.has_as_of
                    ? rule_value::of(value_kind::unknown)
                    : value_of(m.evaluate(*facts_.profile, facts_.as_of, slot.arguments));
    }
    *out = known;
    return true;
}

bool segment_evaluator::may_stay(const program_rule& rule) const noexcept {
    return rule.stay.count > 0 && facts_.has_current_segment &&
           facts_.current_segment == rule.segment;
}

bool segment_evaluator::decide(const program_rule& rule, rule_value* out, status* s) noexcept {
    *out = rule_value::of_truth(true);
    if (rule.when.count == 0) return true;
    bool sound = run(rule.when, out);
    if (sound && !out->is_true() && may_stay(rule)) {
        rule_value stays;
        sound = run(rule.stay, &stays);
        if (sound) *out = or_values(*out, stays);
    }
    return sound || s->fail(error_code::invalid_binary,
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
    if (machine.depth != 1 || !is_logical(machine.values[0])) return false;
    *out = machine.values[0];
    return true;
}

}  // namespace receivables
