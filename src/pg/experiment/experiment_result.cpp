// experiment_result: the arms of a sample, each with its mean time to payment and its difference from
// the base; experiment_power: how small a difference customers like these could show.
#include <algorithm>
#include <cmath>

#include "core/experiment/arm_comparison.hpp"
#include "core/experiment/distributions_guarded.hpp"
#include "core/experiment/sample_arms.hpp"
#include "pg/base/error.hpp"
#include "pg/base/memory.hpp"
#include "pg/base/sort.hpp"
#include "pg/experiment/experiment_sample.hpp"

namespace receivables {

namespace {

// Below so many customers of equal weight an arm's standard error cannot be trusted.
constexpr double enough_customers = 50;
constexpr std::int32_t default_permutations = 1999, most_permutations = 100000;
constexpr double confidence = 0.95, power = 0.8;

struct experiment {
    sample_items sample;
    std::int32_t horizon;
    sample_arm* arms;
    std::uint32_t arm_count;
    paying_customer* customers;
    double* numbers;  // of a curve
};

std::string_view text_at(FunctionCallInfo fcinfo, int index) {
    const text* value = PG_GETARG_TEXT_PP(index);
    return {VARDATA_ANY(value), static_cast<std::size_t>(VARSIZE_ANY_EXHDR(value))};
}

int shown(std::string_view name) {
    return static_cast<int>(name.size());
}

counting counting_argument(std::string_view by) {
    if (by == "customer") return counting::customers;
    if (by == "item") return counting::items;
    if (by == "weight") return counting::weights;
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("each_counts \"%.*s\" is not customer, item or weight",
                           Min(shown(by), 60), by.data())));
    pg_unreachable();
}

std::int32_t horizon_argument(std::int32_t horizon) {
    if (horizon < 1 || horizon > most_horizon_days)
        ereport(ERROR,
                (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                 errmsg("horizon %d is not between 1 and %d days", horizon, most_horizon_days)));
    return horizon;
}

// Customers and events stand beside the items while the work lasts.
void build(experiment* e, Datum sample, std::int32_t horizon, counting by) {
    e->horizon = horizon_argument(horizon);
    e->sample = read_sample(payload(sample));
    const std::uint32_t count = e->sample.count;
    require_work_memory(static_cast<double>(count) *
                            (sizeof(sample_item) + sizeof(paying_customer) + sizeof(payment_event)),
                        psprintf("an experiment of %u items", count));
    sort_sample(&e->sample);
    e->arm_count = count_arms(e->sample.items, count);
    e->arms = allocate<sample_arm>(e->arm_count);
    e->customers = allocate<paying_customer>(count);
    e->numbers = allocate<double>(payment_curve::numbers_needed(e->horizon));
    arm_builder builder(e->sample.items, count, by, e->arms, e->customers,
                        allocate<payment_event>(count));
    while (builder.step()) CHECK_FOR_INTERRUPTS();
}

// The second and later arms of a customer are found where the names are sorted.
struct customer_name_order {
    int operator()(const sample_item* a, const sample_item* b) const {
        if (const int order = a->customer.compare(b->customer); order != 0) return order;
        return a->arm.compare(b->arm);
    }
};

void check_one_arm_each(const experiment& e) {
    if (e.arm_count < 2) return;
    const auto** items = allocate<const sample_item*>(e.sample.count);
    for (std::uint32_t i = 0; i < e.sample.count; ++i) items[i] = &e.sample.items[i];
    sort_values(items, e.sample.count, customer_name_order());
    for (std::uint32_t i = 1; i < e.sample.count; ++i) {
        const sample_item &one = *items[i - 1], &other = *items[i];
        if (one.customer == other.customer && one.arm != other.arm)
            ereport(
                ERROR,
                (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                 errmsg("customer \"%.*s\" is in two arms, \"%.*s\" and \"%.*s\"",
                        shown(one.customer), one.customer.data(), shown(one.arm), one.arm.data(),
                        shown(other.arm), other.arm.data()),
                 errhint("An experiment is by customer: experiment_arm() gives each one arm.")));
    }
}

curve_estimate estimate_arm(const experiment& e, const sample_arm& arm) {
    const paying_customer* customers = e.customers + arm.first_customer;
    payment_curve curve;
    curve.start(e.horizon, e.numbers);
    for (std::uint32_t i = 0; i < arm.customer_count; ++i) curve.add(customers[i]);
    curve.finish();
    if (curve.unpaid() > 0 && arm.last_seen < e.horizon - 1)
        ereport(ERROR,
                (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                 errmsg("arm \"%.*s\" is seen for %d days, the horizon is %d", shown(arm.name),
                        arm.name.data(), arm.last_seen, e.horizon),
                 errhint("Wait longer, or take a horizon of %d days.", Max(arm.last_seen, 1))));
    curve_estimation estimation;
    estimation.start(curve, arm.customer_count);
    for (std::uint32_t i = 0; i < arm.customer_count; ++i) {
        CHECK_FOR_INTERRUPTS();
        estimation.leave_out(customers[i]);
    }
    return estimation.result();
}

// What is said of a difference: its interval, its p-value, and where they come from.
struct verdict {
    arm_difference difference;
    maybe<double> reach;  // half the interval
    maybe<double> p_value;
    std::int32_t permutations;
    maybe<double> detectable;
};

void judge_by_t(verdict* v) {
    const double error = v->difference.error.value, freedom = v->difference.freedom;
    const maybe<double> t = student_t_quantile((1 + confidence) / 2, freedom);
    v->reach = {t.known, t.value * error};
    if (error > 0) v->p_value = student_t_p_value(v->difference.days_earlier / error, freedom);
}

// With B permutations of which k are at least as far from 0 as what was seen, p = (k + 1) / (B + 1);
// the interval ends where 95 % of the permutations do.
void judge_by_permutations(const experiment& e, const sample_arm& base, const sample_arm& other,
                           std::uint64_t seed, verdict* v) {
    auto* customers = allocate<paying_customer>(base.customer_count + other.customer_count);
    std::copy_n(e.customers + base.first_customer, base.customer_count, customers);
    std::copy_n(e.customers + other.first_customer, other.customer_count,
                customers + base.customer_count);
    auto* distances = allocate<double>(v->permutations);
    permutation_test test;
    test.start(customers, base.customer_count, other.customer_count, e.horizon, e.numbers, seed);
    const double error = v->difference.error.value;
    const double seen = error > 0 ? std::fabs(v->difference.days_earlier) / error : 0;
    std::int32_t as_far = 0;
    for (std::int32_t i = 0; i < v->permutations; ++i) {
        CHECK_FOR_INTERRUPTS();
        distances[i] = std::fabs(test.next());
        // What rounding makes of an equal assignment is as far.
        if (distances[i] >= seen * (1 - 1e-9)) ++as_far;
    }
    sort_values(distances, v->permutations, ascending());
    const auto place = static_cast<std::int32_t>(std::ceil(confidence * (v->permutations + 1)));
    v->reach = {place <= v->permutations, error * distances[Min(place, v->permutations) - 1]};
    v->p_value = maybe<double>::of((as_far + 1.0) / (v->permutations + 1.0));
}

// The difference that a test of this error finds four times in five.
maybe<double> detectable_days(double error, double freedom) {
    const maybe<double> found = student_t_quantile(power, freedom);
    const maybe<double> sure = student_t_quantile((1 + confidence) / 2, freedom);
    return {found.known && sure.known, error * (sure.value + found.value)};
}

// asked < 0: permutations where an arm has too few customers for its standard error, by what counts.
verdict judge(const experiment& e, const sample_arm& base, const curve_estimate& base_curve,
              const sample_arm& other, const curve_estimate& other_curve, std::int32_t asked,
              std::uint64_t seed) {
    verdict v = {compare_arms(base_curve, base.customer_count, other_curve, other.customer_count),
                 {},
                 {},
                 0,
                 {}};
    if (!v.difference.error.known) return v;
    const bool few = Min(base_curve.effective, other_curve.effective) < enough_customers;
    v.permutations = asked >= 0 ? asked : few ? default_permutations : 0;
    if (v.permutations > 0)
        judge_by_permutations(e, base, other, seed, &v);
    else
        judge_by_t(&v);
    v.detectable = detectable_days(v.difference.error.value, v.difference.freedom);
    return v;
}

class result_row {
  public:
    static constexpr int count = 15;

    void put(Datum value) { values[filled++] = value; }
    void put_name(std::string_view name) {
        put(PointerGetDatum(cstring_to_text_with_len(name.data(), shown(name))));
    }
    void put_figure(double value) { put(Float8GetDatum(value)); }
    void put_figure(const maybe<double>& figure) {
        nulls[filled] = !figure.known;
        put(Float8GetDatum(figure.value));
    }

    Datum values[count];
    bool nulls[count] = {};

  private:
    int filled = 0;
};

void put_arm(const sample_arm& arm, const curve_estimate& curve, result_row* row) {
    maybe<double> t = {};
    if (arm.customer_count > 1)
        t = student_t_quantile((1 + confidence) / 2, arm.customer_count - 1.0);
    const double reach = t.value * std::sqrt(curve.variance);
    row->put_name(arm.name);
    row->put(Int64GetDatum(arm.customer_count));
    row->put(Int64GetDatum(arm.item_count));
    row->put_figure(curve.effective);
    row->put_figure(1 - curve.unpaid);
    row->put_figure(curve.mean_days);
    row->put_figure({t.known, curve.mean_days - reach});
    row->put_figure({t.known, curve.mean_days + reach});
}

void put_verdict(const verdict& v, result_row* row) {
    const double earlier = v.difference.days_earlier;
    row->put_figure(earlier);
    row->put_figure({v.reach.known, earlier - v.reach.value});
    row->put_figure({v.reach.known, earlier + v.reach.value});
    row->put_figure(v.p_value);
    row->put_figure(v.detectable);
    row->nulls[13] = row->nulls[14] = !v.difference.error.known;
    row->put(PointerGetDatum(
        cstring_to_text(v.permutations > 0 ? "permutations" : "leave one customer out")));
    row->put(Int32GetDatum(v.permutations));
}

std::uint32_t find_base(const experiment& e, bool is_named, std::string_view name) {
    for (std::uint32_t i = 0; is_named && i < e.arm_count; ++i)
        if (e.arms[i].name == name) return i;
    if (is_named)
        ereport(ERROR,
                (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                 errmsg("the sample has no arm \"%.*s\"", Min(shown(name), 60), name.data())));
    return 0;
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (sample, horizon, each_counts, base, permutations, seed)
RECEIVABLES_FUNCTION(experiment_result) {
    InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
    auto* rows = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    if (PG_ARGISNULL(0) || PG_ARGISNULL(1)) return static_cast<Datum>(0);
    experiment e;
    build(&e, PG_GETARG_DATUM(0), PG_GETARG_INT32(1),
          PG_ARGISNULL(2) ? counting::customers : counting_argument(text_at(fcinfo, 2)));
    check_one_arm_each(e);
    const std::uint32_t base =
        find_base(e, !PG_ARGISNULL(3), PG_ARGISNULL(3) ? std::string_view() : text_at(fcinfo, 3));
    const std::int32_t asked = PG_ARGISNULL(4) ? -1 : PG_GETARG_INT32(4);
    if (!PG_ARGISNULL(4) && (asked < 0 || asked > most_permutations))
        ereport(ERROR,
                (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                 errmsg("permutations %d is not between 0 and %d", asked, most_permutations)));
    const auto seed = static_cast<std::uint64_t>(PG_ARGISNULL(5) ? 1 : PG_GETARG_INT64(5));
    const curve_estimate base_curve = estimate_arm(e, e.arms[base]);
    for (std::uint32_t i = 0; i < e.arm_count; ++i) {
        const sample_arm& arm = e.arms[i];
        const curve_estimate curve = i == base ? base_curve : estimate_arm(e, arm);
        result_row row;
        put_arm(arm, curve, &row);
        if (i == base)
            std::fill(row.nulls + 8, row.nulls + result_row::count, true);
        else
            put_verdict(judge(e, e.arms[base], base_curve, arm, curve, asked, seed), &row);
        tuplestore_putvalues(rows->setResult, rows->setDesc, row.values, row.nulls);
    }
    return static_cast<Datum>(0);
}

// (sample, horizon, share, other_share, each_counts): all arms as one, of whose customers these
// shares would be in two arms.
RECEIVABLES_FUNCTION(experiment_detectable_days) {
    if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3)) PG_RETURN_NULL();
    const double share = PG_GETARG_FLOAT8(2), other = PG_GETARG_FLOAT8(3);
    if (!(share > 0 && other > 0 && share + other <= 1 + 1e-9))
        ereport(ERROR,
                (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                 errmsg("shares %g and %g are not above 0 and at most 1 together", share, other)));
    experiment e;
    build(&e, PG_GETARG_DATUM(0), PG_GETARG_INT32(1),
          PG_ARGISNULL(4) ? counting::customers : counting_argument(text_at(fcinfo, 4)));
    sample_arm all = e.arms[0];
    for (std::uint32_t i = 1; i < e.arm_count; ++i) {
        all.customer_count += e.arms[i].customer_count;
        all.last_seen = Max(all.last_seen, e.arms[i].last_seen);
    }
    const double n = all.customer_count;
    if (n * Min(share, other) < 2) PG_RETURN_NULL();
    const curve_estimate curve = estimate_arm(e, all);
    const double error = std::sqrt(curve.variance * (1 / share + 1 / other));
    const maybe<double> days = detectable_days(error, n * (share + other) - 2);
    if (!days.known) PG_RETURN_NULL();
    PG_RETURN_FLOAT8(days.value);
}

// (chi squared, degrees of freedom)
RECEIVABLES_FUNCTION(chi_squared_tail) {
    const maybe<double> p = chi_squared_p_value(PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1));
    if (!p.known) PG_RETURN_NULL();
    PG_RETURN_FLOAT8(p.value);
}
