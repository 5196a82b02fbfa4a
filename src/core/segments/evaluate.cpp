#include "core/segments/evaluate.hpp"

namespace receivables {

segment_evaluator::segment_evaluator(const segment_program& program, const segment_facts& facts,
                                     rule_value* slots) noexcept
    : program_(program), facts_(facts), slots_(slots), machine_(program, facts, slots) {
    for (std::uint32_t i = 0; i < program.slot_count(); ++i) slots_[i].kind = value_kind::unset;
    holds_.set(value_kind::unknown);
}

bool segment_evaluator::may_stay(const program_rule& rule) const noexcept {
    return rule.stay.count > 0 && facts_.has_current_segment &&
           facts_.current_segment == rule.segment;
}

void segment_evaluator::begin(const program_rule& rule) noexcept {
    rule_ = rule;
    begin_rule();
}

inline void segment_evaluator::begin_rule() noexcept {
    part_ = rule_.when.count > 0 ? part::when : part::none;
    if (part_ == part::none)
        holds_.set_truth(true);
    else
        machine_.start(rule_.when);
}

evaluation segment_evaluator::decide() noexcept {
    while (part_ != part::none) {
        const evaluation come = machine_.step();
        if (come != evaluation::done) return come;
        end_part();
    }
    return evaluation::done;
}

// "when" or "stay": the second is asked where the first is not true.
inline void segment_evaluator::end_part() noexcept {
    if (part_ == part::when) {
        holds_.set_logical(machine_.result());
        part_ = !holds_.is_true() && may_stay(rule_) ? part::stay : part::none;
        if (part_ == part::stay) machine_.start(rule_.stay);
    } else {
        or_values(holds_, machine_.result(), &holds_);
        part_ = part::none;
    }
}

evaluation segment_evaluator::assign() noexcept {
    for (;;) {
        if (next_rule_ > 0) {
            const evaluation come = decide();
            if (come != evaluation::done) return come;
            if (holds_.is_true()) return evaluation::done;
        }
        if (next_rule_ == program_.rule_count()) return evaluation::done;
        if (!program_.rule(next_rule_++, &rule_)) return evaluation::damaged;
        begin_rule();
    }
}

evaluation segment_evaluator::compute_next(const program_rule& rule) noexcept {
    const instruction_range ranges[] = {rule.when,
                                        may_stay(rule) ? rule.stay : instruction_range{}};
    for (const instruction_range& range : ranges)
        for (std::uint32_t at = range.first; at < range.first + range.count; ++at) {
            const instruction i = program_.at(at);
            if (i.op != operation::push_metric) continue;
            if (i.large >= program_.slot_count()) return evaluation::damaged;
            if (slots_[i.large].kind == value_kind::unset)
                return machine_.compute(i.large) ? evaluation::goes_on : evaluation::damaged;
        }
    return evaluation::done;
}

const rule_value* segment_evaluator::metric_of(std::uint32_t slot) const noexcept {
    if (slot >= program_.slot_count() || slots_[slot].kind == value_kind::unset) return nullptr;
    return &slots_[slot];
}

}  // namespace receivables
