// The aggregate segment_policy(position, segment, condition [, stay]) over rules kept as rows.
//
// The state is a bytea: a version byte, three zero bytes, the number of rules, then each rule as
// position, three sizes (no_text for a NULL) and the bytes of segment, condition and stay.
#include "pg/base/postgres.hpp"

extern "C" {
#include "mb/pg_wchar.h"
}

#include "core/base/byte_order.hpp"
#include "pg/segments/condition.hpp"
#include "pg/segments/policy.hpp"

namespace receivables {

namespace {

constexpr unsigned char state_version = 1;
constexpr std::size_t state_header = 8, row_header = 16;
constexpr std::uint32_t no_text = ~std::uint32_t{0};

struct rule_row {
    std::int32_t position;
    policy_rule rule;
};

[[noreturn]] void fail_state() {
    ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                    errmsg("malformed state of aggregate segment_policy")));
    pg_unreachable();
}

std::uint32_t row_count(byte_span state) {
    if (state.size < state_header || load_le<std::uint32_t>(state.data) != state_version)
        fail_state();
    return load_le<std::uint32_t>(state.data + 4);
}

void check_row_count(std::uint64_t count) {
    if (count > max_segment_rules)
        ereport(ERROR,
                (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                 errmsg("segment policy has more than the limit of %zu rules", max_segment_rules)));
}

// Takes the next text of a row off the bytes.
bool take_text(std::uint32_t size, const unsigned char** at, const unsigned char* end,
               std::string_view* out) {
    *out = {};
    if (size == no_text) return false;
    if (size > static_cast<std::size_t>(end - *at)) fail_state();
    *out = {reinterpret_cast<const char*>(*at), size};
    if (!pg_verifymbstr(out->data(), static_cast<int>(size), true)) fail_state();
    *at += size;
    return true;
}

rule_row* read_rows(byte_span state, std::uint32_t* count) {
    *count = row_count(state);
    check_row_count(*count);
    rule_row* rows = allocate<rule_row>(*count);
    const unsigned char* at = state.data + state_header;
    const unsigned char* end = state.data + state.size;
    for (std::uint32_t i = 0; i < *count; ++i) {
        if (static_cast<std::size_t>(end - at) < row_header) fail_state();
        const unsigned char* header = at;
        at += row_header;
        rows[i].position = static_cast<std::int32_t>(load_le<std::uint32_t>(header));
        policy_rule* rule = &rows[i].rule;
        if (!take_text(load_le<std::uint32_t>(header + 4), &at, end, &rule->segment)) fail_state();
        rule->has_when = take_text(load_le<std::uint32_t>(header + 8), &at, end, &rule->when);
        rule->has_stay = take_text(load_le<std::uint32_t>(header + 12), &at, end, &rule->stay);
    }
    if (at != end) fail_state();
    return rows;
}

// The bytes of both states, or of an empty one and one row, one after the other.
struct varlena* append_state(byte_span state, std::uint32_t count, std::size_t more,
                             unsigned char** end) {
    const std::size_t used = state.size < state_header ? state_header : state.size;
    struct varlena* out = make_varlena(used + more);
    unsigned char* bytes = reinterpret_cast<unsigned char*>(VARDATA(out));
    if (state.size > 0) memcpy(bytes, state.data, state.size);
    store_le(bytes, std::uint32_t{state_version});
    store_le(bytes + 4, count);
    *end = bytes + used;
    return out;
}

std::string_view text_argument(FunctionCallInfo fcinfo, int index) {
    if (PG_NARGS() <= index || PG_ARGISNULL(index)) return {};
    const text* value = PG_GETARG_TEXT_PP(index);
    return {VARDATA_ANY(value), static_cast<std::size_t>(VARSIZE_ANY_EXHDR(value))};
}

int compare_rows(const void* a, const void* b) {
    const std::int32_t first = static_cast<const rule_row*>(a)->position;
    const std::int32_t second = static_cast<const rule_row*>(b)->position;
    return first < second ? -1 : first > second;
}

}  // namespace

}  // namespace receivables

using namespace receivables;

RECEIVABLES_FUNCTION(segment_policy_transition) {
    if (PG_ARGISNULL(1))
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                        errmsg("position of a rule must not be NULL")));
    const std::int32_t position = PG_GETARG_INT32(1);
    if (PG_ARGISNULL(2))
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                        errmsg("segment of the rule at position %d must not be NULL", position)));
    const byte_span state = PG_ARGISNULL(0) ? byte_span{nullptr, 0} : payload(PG_GETARG_DATUM(0));
    const std::uint32_t count = state.size == 0 ? 0 : row_count(state);
    check_row_count(std::uint64_t{count} + 1);
    const std::string_view texts[3] = {text_argument(fcinfo, 2), text_argument(fcinfo, 3),
                                       text_argument(fcinfo, 4)};
    std::size_t size = row_header;
    for (const std::string_view& text : texts) size += text.size();
    unsigned char* at;
    struct varlena* out = append_state(state, count + 1, size, &at);
    store_le(at, static_cast<std::uint32_t>(position));
    for (int i = 0; i < 3; ++i) {
        const bool missing = PG_NARGS() <= i + 2 || PG_ARGISNULL(i + 2);
        store_le(at + 4 + 4 * i, missing ? no_text : static_cast<std::uint32_t>(texts[i].size()));
    }
    at += row_header;
    for (const std::string_view& text : texts) {
        if (!text.empty()) memcpy(at, text.data(), text.size());
        at += text.size();
    }
    PG_RETURN_POINTER(out);
}

RECEIVABLES_FUNCTION(segment_policy_combine) {
    if (PG_ARGISNULL(0) && PG_ARGISNULL(1)) PG_RETURN_NULL();
    const byte_span empty = {nullptr, 0};
    const byte_span first = PG_ARGISNULL(0) ? empty : payload(PG_GETARG_DATUM(0));
    const byte_span second = PG_ARGISNULL(1) ? empty : payload(PG_GETARG_DATUM(1));
    const std::uint64_t count = (first.size == 0 ? std::uint64_t{0} : row_count(first)) +
                                (second.size == 0 ? std::uint64_t{0} : row_count(second));
    check_row_count(count);
    const std::size_t more = second.size == 0 ? 0 : second.size - state_header;
    unsigned char* at;
    struct varlena* out = append_state(first, static_cast<std::uint32_t>(count), more, &at);
    if (more > 0) memcpy(at, second.data + state_header, more);
    PG_RETURN_POINTER(out);
}

RECEIVABLES_FUNCTION(segment_policy_final) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    std::uint32_t count;
    rule_row* rows = read_rows(payload(PG_GETARG_DATUM(0)), &count);
    qsort(rows, count, sizeof(rule_row), compare_rows);
    policy_rule* rules = allocate<policy_rule>(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        if (i > 0 && rows[i].position == rows[i - 1].position)
            ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                            errmsg("two rules have position %d", rows[i].position),
                            errdetail("They are of segments \"%.*s\" and \"%.*s\".",
                                      static_cast<int>(rows[i - 1].rule.segment.size()),
                                      rows[i - 1].rule.segment.data(),
                                      static_cast<int>(rows[i].rule.segment.size()),
                                      rows[i].rule.segment.data())));
        rules[i] = rows[i].rule;
        rules[i].has_position = true;
        rules[i].position = rows[i].position;
    }
    PG_RETURN_POINTER(compile_policy(rules, count));
}
