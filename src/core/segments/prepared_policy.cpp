#include "core/segments/prepared_policy.hpp"

#include <cmath>
#include <limits>

#include "core/profile/metric_registry.hpp"
#include "core/segments/values.hpp"

namespace receivables {

namespace {

bool is_numeric(metric_kind kind) noexcept {
    return kind != metric_kind::date;
}

}  // namespace

// Takes a condition apart.
class condition_splitter {
  public:
    condition_splitter(prepared_policy* policy) noexcept
        : policy_(*policy), program_(policy->program_) {}

    // The compiler writes c1 and c2 and c3 as: c1, leave when false, c2, and, leave when false, c3,
    // and; each "leave" goes to the end of the condition.
    void split(instruction_range range) noexcept {
        const std::uint32_t end = range.first + range.count;
        const place before = here();
        std::uint32_t start = range.first;
        bool splits = true;
        for (std::uint32_t at = start; splits && at < end; ++at) {
            const instruction i = program_.at(at);
            if (i.op != operation::skip_if_false || i.large != end) continue;
            splits = add_part(start, at, start == range.first);
            start = at + 1;
        }
        if (splits && add_part(start, end, start == range.first)) return;
        return_to(before);
        add_program(range.first, end);
    }

  private:
    struct place {
        std::uint32_t tests, steps;
    };
    place here() const noexcept { return {policy_.test_count_, policy_.step_count_}; }
    void return_to(place before) noexcept {
        policy_.test_count_ = before.tests;
        policy_.step_count_ = before.steps;
    }

    // Every part but the first ends with its "and".
    bool add_part(std::uint32_t first, std::uint32_t end, bool is_first) noexcept {
        if (!is_first) {
            if (end <= first + 1 || program_.at(end - 1).op != operation::logical_and) return false;
            --end;
        }
        if (end <= first) return false;
        const instruction last = program_.at(end - 1);
        const bool simple =
            (last.op == operation::compare && add_comparison(first, end - 1, last)) ||
            (last.op == operation::between && add_between(first, end - 1, last)) ||
            (last.op == operation::is_null && add_null_test(first, end - 1, last));
        if (!simple) add_program(first, end);
        return true;
    }

    bool add_comparison(std::uint32_t first, std::uint32_t end,
                        const instruction& compare) noexcept {
        const auto how = static_cast<comparison>(compare.a);
        if (compare.b == static_cast<std::uint16_t>(compare_class::real))
            return add_calculations(how, first, end);
        return compare.b == static_cast<std::uint16_t>(compare_class::exact) && end == first + 2 &&
               add_exact(how, program_.at(first), program_.at(first + 1));
    }

    // A metric between two numbers.
    bool add_between(std::uint32_t first, std::uint32_t end, const instruction& between) noexcept {
        const place before = here();
        if (end == first + 3 &&
            add_bound(comparison::ge, between.a, program_.at(first), program_.at(first + 1)) &&
            add_bound(comparison::le, between.b, program_.at(first), program_.at(first + 2)))
            return true;
        return_to(before);
        return false;
    }

    bool add_bound(comparison how, std::uint16_t by, const instruction& metric,
                   const instruction& number) noexcept {
        if (by == static_cast<std::uint16_t>(compare_class::exact))
            return add_exact(how, metric, number);
        if (by != static_cast<std::uint16_t>(compare_class::real)) return false;
        const place before = here();
        if (add_operand(metric) && add_operand(number)) return add_reals(how, before);
        return_to(before);
        return false;
    }

    bool add_null_test(std::uint32_t first, std::uint32_t end, const instruction& i) noexcept {
        const instruction metric = program_.at(first);
        if (end != first + 1 || metric.op != operation::push_metric) return false;
        prepared_test test = new_test(test_kind::known);
        test.wanted = i.a != 0;
        test.slot = metric.large;
        return add(test);
    }

    bool add_exact(comparison how, const instruction& metric, const instruction& number) noexcept {
        prepared_test test = new_test(test_kind::exact);
        if (metric.op != operation::push_metric || number.op != operation::push_exact ||
            !program_.exact_constant(number.large, &test.exact))
            return false;
        const metric_kind kind = kind_of(metric.large);
        if (kind == metric_kind::date || kind == metric_kind::figure) return false;
        test.how = how;
        test.slot = metric.large;
        return add(test);
    }

    // No figure is NaN, which would be above everything; so what a comparison with a number holds
    // for is a range, and needs no branch.
    static void set_range(comparison how, double number, prepared_test* test) noexcept {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        test->least = -infinity;
        test->most = infinity;
        if (how == comparison::lt) test->most = std::nextafter(number, -infinity);
        if (how == comparison::gt) test->least = std::nextafter(number, infinity);
        if (how == comparison::le || how == comparison::eq) test->most = number;
        if (how == comparison::ge || how == comparison::eq) test->least = number;
    }

    // Compares the two numbers that the steps since `before` leave.
    bool add_reals(comparison how, place before) noexcept {
        prepared_test test = new_test(test_kind::reals);
        test.how = how;
        test.range = {before.steps, policy_.step_count_ - before.steps};
        const prepared_step* step = policy_.steps_ + before.steps;
        if (test.range.count == 2 && step[0].kind == step_kind::metric &&
            step[1].kind == step_kind::number && how != comparison::ne) {
            test.kind = test_kind::real;
            test.slot = step[0].slot;
            set_range(how, step[1].number, &test);
            return_to(before);
        }
        return add(test);
    }

    bool add_calculations(comparison how, std::uint32_t first, std::uint32_t end) noexcept {
        const place before = here();
        std::uint32_t waiting = 0;
        bool fits = true;
        for (std::uint32_t at = first; fits && at < end; ++at) {
            const instruction i = program_.at(at);
            if (i.op == operation::calculate) {
                fits = waiting >= 2 && add_calculation(i);
                --waiting;
            } else {
                fits = waiting < most_waiting_numbers && add_operand(i);
                ++waiting;
            }
        }
        if (fits && waiting == 2) return add_reals(how, before);
        return_to(before);
        return false;
    }

    bool add_calculation(const instruction& i) noexcept {
        if (i.b == 0 || i.a > static_cast<std::uint8_t>(calculation::divide)) return false;
        return add_step({step_kind::calculation, static_cast<calculation>(i.a), 0, 0});
    }

    bool add_operand(const instruction& i) noexcept {
        prepared_step step = {step_kind::number, calculation::add, 0, 0};
        if (i.op == operation::push_metric && is_numeric(kind_of(i.large))) {
            step.kind = step_kind::metric;
            step.slot = i.large;
            return add_step(step);
        }
        decimal number;
        if (i.op == operation::push_exact && program_.exact_constant(i.large, &number)) {
            step.number = nearest_double(number);
            return add_step(step);
        }
        return i.op == operation::push_real && program_.real_constant(i.large, &step.number) &&
               add_step(step);
    }

    void add_program(std::uint32_t first, std::uint32_t end) noexcept {
        prepared_test test = new_test(test_kind::program);
        test.range = {first, end - first};
        add(test);
    }

    // Of a slot that is not there: a kind that fits nothing here, so that the program runs and says
    // what is wrong.
    metric_kind kind_of(std::uint32_t slot) const noexcept {
        if (slot >= program_.slot_count()) return metric_kind::date;
        return policy_.slots_[slot].source->kind;
    }

    static prepared_test new_test(test_kind kind) noexcept {
        return {kind, comparison::eq, false, 0, 0, 0, {}, {}};
    }
    bool add(const prepared_test& test) noexcept {
        policy_.tests_[policy_.test_count_++] = test;
        return true;
    }
    bool add_step(const prepared_step& step) noexcept {
        policy_.steps_[policy_.step_count_++] = step;
        return true;
    }

    prepared_policy& policy_;
    const segment_program& program_;
};

std::size_t prepared_policy::size(const segment_program& program) noexcept {
    return program.instruction_count() * (sizeof(prepared_test) + sizeof(prepared_step)) +
           program.rule_count() * sizeof(prepared_rule) +
           program.slot_count() * sizeof(prepared_slot);
}

bool prepared_policy::prepare(const segment_program& program, void* memory) noexcept {
    program_ = program;
    // In the order of falling alignment. A test takes up at least one instruction, a step too.
    tests_ = static_cast<prepared_test*>(memory);
    steps_ = reinterpret_cast<prepared_step*>(tests_ + program.instruction_count());
    rules_ = reinterpret_cast<prepared_rule*>(steps_ + program.instruction_count());
    slots_ = reinterpret_cast<prepared_slot*>(rules_ + program.rule_count());
    test_count_ = step_count_ = 0;
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    for (std::uint32_t i = 0; i < program.slot_count(); ++i) {
        program_slot slot;
        if (!program.slot(i, &slot)) return false;
        slots_[i] = {&metrics[slot.metric], {slot.arguments[0], slot.arguments[1]}};
    }
    condition_splitter splitter(this);
    std::uint64_t instructions = 0;
    for (std::uint32_t i = 0; i < program.rule_count(); ++i) {
        prepared_rule* rule = &rules_[i];
        if (!program.rule(i, &rule->source)) return false;
        // Damaged rules could share instructions, and then have more tests than there is room for.
        instructions += rule->source.when.count;
        if (instructions > program.instruction_count()) return false;
        rule->first_test = test_count_;
        if (rule->source.when.count > 0) splitter.split(rule->source.when);
        rule->tests = test_count_ - rule->first_test;
    }
    return true;
}

}  // namespace receivables
