// A prepared policy decides one customer.
#include "core/segments/prepared_policy.hpp"
#include "core/segments/values.hpp"

namespace receivables {

class prepared_run {
  public:
    prepared_run(const prepared_policy& policy, const segment_facts& facts,
                 rule_value* slots) noexcept
        : policy_(policy),
          facts_(facts),
          slots_(slots),
          evaluator_(policy.program_, facts, slots) {}

    bool decide(const prepared_rule& rule, bool* fits, status* s) noexcept {
        const prepared_test* test = policy_.tests_ + rule.first_test;
        const prepared_test* const end = test + rule.tests;
        *fits = true;
        for (; *fits && test != end; ++test)
            if (!passes(*test, fits)) return evaluator_.fail_damaged(s);
        if (*fits || !evaluator_.may_stay(rule.source)) return true;
        rule_value stays;
        if (!evaluator_.run(rule.source.stay, &stays)) return evaluator_.fail_damaged(s);
        *fits = stays.is_true();
        return true;
    }

  private:
    // False when the program is damaged.
    bool passes(const prepared_test& test, bool* out) noexcept {
        switch (test.kind) {
            case test_kind::real: {
                const rule_value& value = slot(test.slot);
                if (value.is_null()) {
                    *out = false;
                } else {
                    const double number = as_real(value);
                    *out = (number >= test.least) & (number <= test.most);
                }
                return true;
            }
            case test_kind::reals:
                *out = compare_reals(test);
                return true;
            case test_kind::exact: {
                const rule_value& value = slot(test.slot);
                *out = !value.is_null() && holds(test.how, order_exact(value.exact(), test.exact));
                return true;
            }
            case test_kind::known:
                *out = slot(test.slot).is_null() != test.wanted;
                return true;
            case test_kind::program:
                break;
        }
        rule_value result;
        if (!evaluator_.run(test.range, &result)) return false;
        *out = result.is_true();
        return true;
    }

    const rule_value& slot(std::uint32_t index) noexcept {
        rule_value* value = &slots_[index];
        if (value->kind == value_kind::unset) {
            const prepared_slot& from = policy_.slots_[index];
            compute_metric(*from.source, from.arguments, facts_, value);
        }
        return *value;
    }

    // Counts have the scale of whole numbers, and every amount that of its profile: only a sign is
    // asked of it most of the time.
    static int order_exact(decimal value, decimal number) noexcept {
        if (value.scale == number.scale || number.units == 0)
            return value.units < number.units ? -1 : value.units > number.units;
        return compare_decimals(value, number);
    }

    bool compare_reals(const prepared_test& test) noexcept {
        double waiting[most_waiting_numbers];
        double* top = waiting;
        const prepared_step* step = policy_.steps_ + test.range.first;
        for (const prepared_step* const end = step + test.range.count; step != end; ++step) {
            switch (step->kind) {
                case step_kind::number:
                    *top++ = step->number;
                    break;
                case step_kind::metric: {
                    const rule_value& value = slot(step->slot);
                    if (value.is_null()) return false;
                    *top++ = as_real(value);
                    break;
                }
                case step_kind::calculation:
                    --top;
                    if (!calculate_reals(step->how, top[-1], top[0], &top[-1])) return false;
                    break;
            }
        }
        return holds(test.how, order_reals(waiting[0], waiting[1]));
    }

    const prepared_policy& policy_;
    const segment_facts& facts_;
    rule_value* slots_;
    segment_evaluator evaluator_;
};

[[gnu::flatten]] bool prepared_policy::assign(const segment_facts& facts, rule_value* slots,
                                              std::uint32_t* rule, status* s) const noexcept {
    prepared_run run(*this, facts, slots);
    const std::uint32_t count = rule_count();
    for (*rule = 0; *rule < count; ++*rule) {
        bool fits;
        if (!run.decide(rules_[*rule], &fits, s)) return false;
        if (fits) return true;
    }
    return true;
}

}  // namespace receivables
