// propose_segment_policy, explain_proposal and proposal_summary.
#include "pg/base/postgres.hpp"

#include <cmath>

#include "core/experiment/distributions_guarded.hpp"
#include "core/proposal/rivals.hpp"
#include "core/proposal/rules.hpp"
#include "pg/base/memory.hpp"
#include "pg/base/sized_text.hpp"
#include "pg/proposal/policy_sample.hpp"
#include "pg/proposal/search.hpp"
#include "pg/segments/policy.hpp"

namespace receivables {

namespace {

struct proposed {
    training from;
    nursery grown_in;
    proposal_tree tree;
    int bootstraps;
    policy_rule* rules;
};

// Which leaves hold nobody who has paid anything; of a sample that does not say, none.
bool* leaves_without_history(const training& t, const proposal_tree& tree) {
    const std::uint32_t place = figure_place(t.sample, "timed_count");
    bool* out = allocate<bool>(most_nodes(t.set.rows, {1, most_tree_depth, false}));
    for (std::uint32_t i = 0; i < tree.leaf_count; ++i) out[tree.leaves[i]] = place != no_column;
    if (place == no_column) return out;
    for (std::uint32_t row = 0; row < t.set.rows; ++row)
        if (t.records[row].figure(place) != 0) out[leaf_of(tree.nodes, t.set, row, 0)] = false;
    return out;
}

template <class Write>
std::string_view written(Write write) {
    const sized_text text = write_text("text", write);
    return {text.data, text.size};
}

policy_rule* write_rules(const training& t, const proposal_tree& tree) {
    const bool* no_history = leaves_without_history(t, tree);
    std::uint32_t without = 0;
    for (std::uint32_t i = 0; i < tree.leaf_count; ++i) without += no_history[tree.leaves[i]];
    policy_rule* rules = allocate<policy_rule>(tree.leaf_count);
    for (std::uint32_t i = 0; i < tree.leaf_count; ++i) {
        const std::uint32_t leaf = tree.leaves[i];
        segment_kind kind;
        kind.is_alone = tree.leaf_count == 1;
        // Where nobody has any, it tells nobody apart.
        kind.has_history = !no_history[leaf] || without == tree.leaf_count;
        kind.history_tells = without > 1;
        kind.mean = t.scale.value(tree.nodes[leaf].sums.mean());
        rules[i] = {};
        rules[i].segment = written([&](text_writer* out) { write_segment_name(kind, out); });
        rules[i].has_when = i + 1 < tree.leaf_count;
        rules[i].when =
            written([&](text_writer* out) { write_rule(t.columns, tree.nodes, leaf, out); });
    }
    return rules;
}

// All that a call needs is in a context of its own, which is deleted at its end: in FROM all calls of
// a query share one.
MemoryContext enter_scratch() {
    return MemoryContextSwitchTo(AllocSetContextCreate(CurrentMemoryContext, "receivables proposal",
                                                       ALLOCSET_DEFAULT_SIZES));
}
void leave_scratch(MemoryContext caller) {
    const MemoryContext scratch = MemoryContextSwitchTo(caller);
    MemoryContextDelete(scratch);
}

void propose(FunctionCallInfo fcinfo, proposed* out) {
    const policy_sample_view sample = open_sample(payload(PG_GETARG_DATUM(0)));
    const proposal_options options = read_options(fcinfo);
    out->from = make_training(sample, options);
    out->grown_in = make_nursery(out->from, options);
    out->bootstraps = options.bootstraps;
    out->tree = grow_proposal(&out->grown_in, options);
    out->rules = write_rules(out->from, out->tree);
}

// An interval of 95 % by Student's t; of fewer than two customers none.
void put_interval(const training& t, const tree_node& leaf, Datum* values, bool* nulls) {
    const double mean = t.scale.value(leaf.sums.mean());
    const auto n = static_cast<double>(leaf.sums.weight);
    values[0] = Float8GetDatum(mean);
    nulls[1] = nulls[2] = leaf.sums.weight < 2;
    if (leaf.sums.weight < 2) return;
    const double deviation = std::sqrt(Max(0.0, leaf.risk) / (n - 1)) * t.scale.unit;
    const double reach = student_t_quantile(0.975, n - 1).value * deviation / std::sqrt(n);
    values[1] = Float8GetDatum(mean - reach);
    values[2] = Float8GetDatum(mean + reach);
}

Datum text_datum(std::string_view text) {
    return PointerGetDatum(cstring_to_text_with_len(text.data(), static_cast<int>(text.size())));
}

// (rule, segment, condition, customers, share, mean, mean_low, mean_high, found_again)
void put_rules(ReturnSetInfo* result, const proposed& p) {
    for (std::uint32_t i = 0; i < p.tree.leaf_count; ++i) {
        const tree_node& leaf = p.tree.nodes[p.tree.leaves[i]];
        Datum values[9] = {};
        bool nulls[9] = {};
        values[0] = Int32GetDatum(static_cast<int32>(i + 1));
        values[1] = text_datum(p.rules[i].segment);
        nulls[2] = !p.rules[i].has_when;
        if (p.rules[i].has_when) values[2] = text_datum(p.rules[i].when);
        values[3] = Int64GetDatum(leaf.sums.weight);
        values[4] = Float8GetDatum(static_cast<double>(leaf.sums.weight) / p.from.set.rows);
        put_interval(p.from, leaf, &values[5], &nulls[5]);
        nulls[8] = p.bootstraps == 0;
        if (!nulls[8])
            values[8] = Float8GetDatum(static_cast<double>(p.tree.found[i]) / p.bootstraps);
        tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
    }
}

// The group of each row by its current segment: 0 for none, and 1 up to the texts found.
std::uint32_t* current_groups(const training& t) {
    proposal_column column;
    column.kind = attribute_kind::text;
    column.path = current_segment_attribute;
    category_list found;
    std::string_view text;
    for (std::uint32_t row = 0; row < t.set.rows; ++row)
        if (text_in(t.sample, t.records[row], column, &text)) found.add(text);
    if (found.is_full || found.count == 0) return nullptr;
    std::uint32_t* group = allocate<std::uint32_t>(t.set.rows);
    for (std::uint32_t row = 0; row < t.set.rows; ++row)
        group[row] = text_in(t.sample, t.records[row], column, &text) ? found.find(text) + 1 : 0;
    return group;
}

double* own_medians(const training& t) {
    const std::uint32_t place = figure_place(t.sample, "median_days_late");
    if (place == no_column) return nullptr;
    double* own = allocate<double>(t.set.rows);
    for (std::uint32_t row = 0; row < t.set.rows; ++row) own[row] = t.records[row].figure(place);
    return own;
}

double risk_of_leaves(const proposal_tree& tree) {
    double risk = 0;
    for (std::uint32_t i = 0; i < tree.leaf_count; ++i) risk += tree.nodes[tree.leaves[i]].risk;
    return risk;
}

// (customers, rules, eta_squared, cross_validated, current_policy, own_median)
void put_summary(const proposed& p, Datum* values, bool* nulls) {
    const training& t = p.from;
    const fold_list folds = {p.tree.fold_of, fold_count};
    const double all = p.tree.nodes[0].risk;
    const std::uint32_t* groups = current_groups(t);
    const double* own = own_medians(t);
    const bool varies = all > 0;
    const double parts[4] = {risk_of_leaves(p.tree), p.tree.squares_apart,
                             groups == nullptr ? 0 : squares_of_groups(t.set, groups, folds),
                             own == nullptr ? 0 : squares_of_own(t.set, own, t.scale, folds)};
    nulls[2] = nulls[3] = !varies;
    nulls[4] = !varies || groups == nullptr;
    nulls[5] = !varies || own == nullptr;
    values[0] = Int64GetDatum(t.set.rows);
    values[1] = Int32GetDatum(static_cast<int32>(p.tree.leaf_count));
    for (int i = 0; i < 4; ++i)
        if (!nulls[i + 2]) values[i + 2] = Float8GetDatum(1 - parts[i] / all);
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (sample, max_segments, min_customers, metrics, attributes, monotone, max_depth, bootstraps,
//  min_found_again), as all three
RECEIVABLES_FUNCTION(propose_segment_policy) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    proposed p;
    const MemoryContext caller = enter_scratch();
    propose(fcinfo, &p);
    const struct varlena* policy = compile_policy(p.rules, p.tree.leaf_count);
    struct varlena* out = static_cast<struct varlena*>(MemoryContextAlloc(caller, VARSIZE(policy)));
    memcpy(out, policy, VARSIZE(policy));
    leave_scratch(caller);
    PG_RETURN_POINTER(out);
}

RECEIVABLES_FUNCTION(explain_proposal) {
    InitMaterializedSRF(fcinfo, 0);
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    proposed p;
    const MemoryContext caller = enter_scratch();
    propose(fcinfo, &p);
    put_rules(reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo), p);
    leave_scratch(caller);
    PG_RETURN_NULL();
}

RECEIVABLES_FUNCTION(proposal_summary) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    TupleDesc row_type;
    if (get_call_result_type(fcinfo, nullptr, &row_type) != TYPEFUNC_COMPOSITE ||
        row_type->natts != 6)
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                        errmsg("proposal_summary must return six columns")));
    proposed p;
    const MemoryContext caller = enter_scratch();
    propose(fcinfo, &p);
    Datum values[6] = {};
    bool nulls[6] = {};
    put_summary(p, values, nulls);
    leave_scratch(caller);
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row_type), values, nulls));
}
