// assign_segment and explain_segment.
#include "pg/base/postgres.hpp"

extern "C" {
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"
}

#include "pg/base/error.hpp"
#include "pg/base/finite_day.hpp"
#include "pg/base/numeric_reader.hpp"
#include "pg/profile/payment_profile.hpp"
#include "pg/segments/condition.hpp"
#include "pg/segments/policy.hpp"

namespace receivables {

namespace {

// Arguments of both functions.
enum argument {
    policy_argument,
    profile_argument,
    as_of_argument,
    attributes_argument,
    current_argument
};

// Most policies need no memory beyond this.
constexpr std::uint32_t usual_slots = 48, usual_attributes = 16;

// What takes part in no comparison, written out only for an explanation.
rule_value other_value(const JsonbValue& found, bool explained) {
    if (!explained) return rule_value::of_other({});
    if (found.type == jbvNumeric)
        return rule_value::of_other(
            DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(found.val.numeric))));
    return rule_value::of_other(
        JsonbToCString(nullptr, found.val.binary.data, static_cast<int>(found.val.binary.len)));
}

rule_value value_of(const JsonbValue& found, bool explained) {
    numeric_parts number;
    switch (found.type) {
        case jbvNull:
            return rule_value::of(value_kind::unknown);
        case jbvBool:
            return rule_value::of_truth(found.val.boolean);
        case jbvString:
            return rule_value::of_text(
                {found.val.string.val, static_cast<std::size_t>(found.val.string.len)});
        case jbvNumeric:
            if (!try_read_numeric(NumericGetDatum(found.val.numeric), &number)) break;
            return rule_value::of_exact({number.negative ? -static_cast<int128>(number.units)
                                                         : static_cast<int128>(number.units),
                                         number.scale});
        default:
            break;
    }
    return other_value(found, explained);
}

rule_value find_attribute(JsonbContainer* container, std::string_view path, bool explained) {
    JsonbValue found;
    for (;;) {
        const std::size_t end = path.find('\0');
        const std::string_view key = path.substr(0, end);
        if (!JsonContainerIsObject(container) ||
            getKeyJsonValueFromContainer(container, key.data(), static_cast<int>(key.size()),
                                         &found) == nullptr)
            return rule_value::of(value_kind::unknown);
        if (end == std::string_view::npos) return value_of(found, explained);
        if (found.type != jbvBinary) return rule_value::of(value_kind::unknown);
        container = found.val.binary.data;
        path.remove_prefix(end + 1);
    }
}

void read_attributes(FunctionCallInfo fcinfo, const segment_program& program, bool explained,
                     rule_value* out) {
    const std::uint32_t count = program.attribute_count();
    for (std::uint32_t i = 0; i < count; ++i) out[i] = rule_value::of(value_kind::unknown);
    if (count == 0 || PG_ARGISNULL(attributes_argument)) return;
    Jsonb* document = PG_GETARG_JSONB_P(attributes_argument);
    JsonbValue scalar;
    if (JB_ROOT_IS_SCALAR(document) && JsonbExtractScalar(&document->root, &scalar) &&
        scalar.type == jbvNull)
        return;
    if (!JB_ROOT_IS_OBJECT(document))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("attributes must be a JSON object, not %s",
                               JB_ROOT_IS_SCALAR(document) ? "a single value" : "an array")));
    for (std::uint32_t i = 0; i < count; ++i) {
        std::string_view path;
        if (!program.attribute(i, &path))
            ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                            errmsg("segment_policy is damaged at attribute %u", i + 1)));
        out[i] = find_attribute(&document->root, path, explained);
    }
}

segment_facts read_facts(FunctionCallInfo fcinfo, profile_metrics* profile,
                         const rule_value* attributes) {
    segment_facts facts;
    facts.profile = profile;
    facts.has_as_of = !PG_ARGISNULL(as_of_argument);
    if (facts.has_as_of) facts.as_of = finite_day(PG_GETARG_DATEADT(as_of_argument), "as_of");
    facts.attributes = attributes;
    facts.has_current_segment = !PG_ARGISNULL(current_argument);
    if (facts.has_current_segment) {
        const text* current = PG_GETARG_TEXT_PP(current_argument);
        facts.current_segment = {VARDATA_ANY(current),
                                 static_cast<std::size_t>(VARSIZE_ANY_EXHDR(current))};
    }
    return facts;
}

Datum text_of(std::string_view value) {
    return PointerGetDatum(cstring_to_text_with_len(value.data(), static_cast<int>(value.size())));
}

Datum condition_text(const policy_rule& rule, bool with_stay) {
    const sized_text condition =
        write_text("text", [&](text_writer* out) { write_rule_condition(rule, with_stay, out); });
    return text_of({condition.data, condition.size});
}

[[noreturn]] void fail_damaged_rule(std::uint32_t index) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                    errmsg("segment_policy is damaged at rule %u", index + 1)));
    pg_unreachable();
}

Datum facts_jsonb(const segment_program& program, const segment_facts& facts,
                  const program_rule& rule, segment_evaluator* evaluator, unsigned char* seen,
                  std::uint32_t index) {
    const sized_text text = write_text("jsonb", [&](text_writer* out) {
        if (!write_rule_facts(program, facts, rule, evaluator, seen, out)) fail_damaged_rule(index);
    });
    return jsonb_from_text(text.data, text.size);
}

void explain_into(ReturnSetInfo* result, const segment_program& program, const segment_facts& facts,
                  segment_evaluator* evaluator) {
    std::size_t count;
    const policy_rule* rules = read_stored_rules(program.text(), &count);
    if (count != program.rule_count()) fail_damaged_rule(0);
    unsigned char* seen = static_cast<unsigned char*>(
        palloc(std::size_t{program.slot_count()} + program.attribute_count() + 1));
    bool chosen = false;
    for (std::uint32_t i = 0; i < program.rule_count(); ++i) {
        program_rule rule;
        if (!program.rule(i, &rule)) fail_damaged_rule(i);
        evaluator->begin(rule);
        finish_evaluation([&] { return evaluator->decide(); });
        finish_evaluation([&] { return evaluator->compute_next(rule); });
        const rule_value& holds = evaluator->holds();
        const bool stays = evaluator->may_stay(rule);
        const bool first = holds.is_true() && !chosen;
        chosen = chosen || first;
        Datum values[6] = {Int32GetDatum(static_cast<int32>(i + 1)),
                           text_of(rule.segment),
                           condition_text(rules[i], stays),
                           BoolGetDatum(holds.is_true()),
                           BoolGetDatum(first),
                           facts_jsonb(program, facts, rule, evaluator, seen, i)};
        bool nulls[6] = {false, false, !rules[i].has_when, holds.is_null(), false, false};
        tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
    }
}

}  // namespace

}  // namespace receivables

using namespace receivables;

RECEIVABLES_FUNCTION(assign_segment) {
    if (PG_ARGISNULL(policy_argument)) PG_RETURN_NULL();
    const segment_program program = open_policy_argument(fcinfo, policy_argument);
    rule_value usual_slot[usual_slots], usual_attribute[usual_attributes];
    rule_value* slots = program.slot_count() <= usual_slots
                            ? usual_slot
                            : allocate<rule_value>(program.slot_count());
    rule_value* attributes = program.attribute_count() <= usual_attributes
                                 ? usual_attribute
                                 : allocate<rule_value>(program.attribute_count());
    read_attributes(fcinfo, program, false, attributes);
    profile_metrics profile =
        profile_metrics::of([&] { return open_optional_profile(fcinfo, profile_argument); });
    const segment_facts facts = read_facts(fcinfo, &profile, attributes);
    segment_evaluator evaluator(program, facts, slots);
    finish_evaluation([&] { return evaluator.assign(); });
    if (!evaluator.is_assigned()) PG_RETURN_NULL();
    return text_of(evaluator.segment());
}

RECEIVABLES_FUNCTION(explain_segment) {
    InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
    if (PG_ARGISNULL(policy_argument)) PG_RETURN_NULL();
    const segment_program program = open_policy_argument(fcinfo, policy_argument);
    rule_value* slots = allocate<rule_value>(program.slot_count());
    rule_value* attributes = allocate<rule_value>(program.attribute_count());
    read_attributes(fcinfo, program, true, attributes);
    profile_metrics profile =
        profile_metrics::of([&] { return open_optional_profile(fcinfo, profile_argument); });
    const segment_facts facts = read_facts(fcinfo, &profile, attributes);
    segment_evaluator evaluator(program, facts, slots);
    explain_into(reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo), program, facts, &evaluator);
    PG_RETURN_NULL();
}
