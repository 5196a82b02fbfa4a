// What combines the leaves of a condition: AND, OR, NOT, operators, BETWEEN, IN and IS NULL.
#include "pg/base/postgres.hpp"

#include "pg/segments/tree.hpp"

namespace receivables {

std::uint32_t tree_builder::build_logic(const BoolExpr* logic, int depth) {
    const condition_kind kind = logic->boolop == AND_EXPR  ? condition_kind::logical_and
                                : logic->boolop == OR_EXPR ? condition_kind::logical_or
                                                           : condition_kind::logical_not;
    const std::uint32_t node = add(kind, logic->location);
    std::uint32_t last = no_node;
    ListCell* cell;
    foreach (cell, logic->args)
        add_child(node, &last, build(static_cast<const Node*>(lfirst(cell)), depth + 1));
    return node;
}

std::uint32_t tree_builder::build_operator(const A_Expr* expression, int depth) {
    switch (expression->kind) {
        case AEXPR_OP:
            return build_plain_operator(expression, depth);
        case AEXPR_IN:
            return build_in(expression, depth);
        case AEXPR_BETWEEN:
            return build_range(expression, false, depth);
        case AEXPR_NOT_BETWEEN:
            return build_range(expression, true, depth);
        case AEXPR_DISTINCT:
        case AEXPR_NOT_DISTINCT:
            refuse(expression->location, ERRCODE_FEATURE_NOT_SUPPORTED,
                   "IS DISTINCT FROM is not part of conditions", "Use =, <> and IS NULL.");
        case AEXPR_LIKE:
        case AEXPR_ILIKE:
        case AEXPR_SIMILAR:
            refuse(expression->location, ERRCODE_FEATURE_NOT_SUPPORTED,
                   "text patterns are not part of conditions", "Use = or IN.");
        case AEXPR_BETWEEN_SYM:
        case AEXPR_NOT_BETWEEN_SYM:
            refuse(expression->location, ERRCODE_FEATURE_NOT_SUPPORTED,
                   "BETWEEN SYMMETRIC is not part of conditions", "Write the smaller bound first.");
        case AEXPR_OP_ANY:
        case AEXPR_OP_ALL:
            refuse(expression->location, ERRCODE_FEATURE_NOT_SUPPORTED,
                   "ANY and ALL are not part of conditions", "Use IN (...).");
        case AEXPR_NULLIF:
            refuse(expression->location, ERRCODE_FEATURE_NOT_SUPPORTED,
                   "NULLIF is not part of conditions", "Test with <> and AND.");
        default:
            refuse_node(reinterpret_cast<const Node*>(expression));
    }
}

namespace {

struct operator_name {
    const char* name;
    condition_kind kind;
    std::uint8_t how;
};

constexpr operator_name known_operators[] = {
    {"=", condition_kind::compare, static_cast<std::uint8_t>(comparison::eq)},
    {"<>", condition_kind::compare, static_cast<std::uint8_t>(comparison::ne)},
    {"<", condition_kind::compare, static_cast<std::uint8_t>(comparison::lt)},
    {"<=", condition_kind::compare, static_cast<std::uint8_t>(comparison::le)},
    {">", condition_kind::compare, static_cast<std::uint8_t>(comparison::gt)},
    {">=", condition_kind::compare, static_cast<std::uint8_t>(comparison::ge)},
    {"+", condition_kind::calculate, static_cast<std::uint8_t>(calculation::add)},
    {"-", condition_kind::calculate, static_cast<std::uint8_t>(calculation::subtract)},
    {"*", condition_kind::calculate, static_cast<std::uint8_t>(calculation::multiply)},
    {"/", condition_kind::calculate, static_cast<std::uint8_t>(calculation::divide)}};

}  // namespace

std::uint32_t tree_builder::build_plain_operator(const A_Expr* expression, int depth) {
    const operator_name* found = nullptr;
    const char* name = strVal(llast(expression->name));
    if (list_length(expression->name) > 1)
        refuse(expression->location, ERRCODE_FEATURE_NOT_SUPPORTED,
               psprintf("operator %s is written without a schema", name),
               psprintf("Write %s by itself.", name));
    for (const operator_name& known : known_operators)
        if (strcmp(known.name, name) == 0) found = &known;
    const bool unary = expression->lexpr == nullptr;
    if (found == nullptr || (unary && strcmp(name, "-") != 0 && strcmp(name, "+") != 0))
        refuse(expression->location, ERRCODE_FEATURE_NOT_SUPPORTED,
               psprintf("operator %s is not part of conditions", name),
               "The operators are =, <>, <, <=, >, >=, +, -, * and /; conditions are joined by AND "
               "and OR.");
    const condition_kind kind = !unary           ? found->kind
                                : name[0] == '-' ? condition_kind::negate
                                                 : condition_kind::plus;
    const std::uint32_t node = add(kind, expression->location);
    tree_->nodes[node].how = found->how;
    std::uint32_t last = no_node;
    if (!unary) add_child(node, &last, build(expression->lexpr, depth + 1));
    add_child(node, &last, build(expression->rexpr, depth + 1));
    return node;
}

std::uint32_t tree_builder::build_range(const A_Expr* expression, bool negated, int depth) {
    const std::uint32_t node = add(condition_kind::between, expression->location);
    tree_->nodes[node].flag = negated;
    const List* bounds = reinterpret_cast<const List*>(expression->rexpr);
    std::uint32_t last = no_node;
    add_child(node, &last, build(expression->lexpr, depth + 1));
    add_child(node, &last, build(static_cast<const Node*>(linitial(bounds)), depth + 1));
    add_child(node, &last, build(static_cast<const Node*>(lsecond(bounds)), depth + 1));
    return node;
}

std::uint32_t tree_builder::build_in(const A_Expr* expression, int depth) {
    const std::uint32_t node = add(condition_kind::in, expression->location);
    tree_->nodes[node].flag = strcmp(strVal(linitial(expression->name)), "<>") == 0;
    std::uint32_t last = no_node;
    add_child(node, &last, build(expression->lexpr, depth + 1));
    ListCell* cell;
    foreach (cell, reinterpret_cast<const List*>(expression->rexpr))
        add_child(node, &last, build(static_cast<const Node*>(lfirst(cell)), depth + 1));
    return node;
}

std::uint32_t tree_builder::build_null_test(const NullTest* test, int depth) {
    const std::uint32_t node = add(condition_kind::is_null, test->location);
    tree_->nodes[node].flag = test->nulltesttype == IS_NOT_NULL;
    std::uint32_t last = no_node;
    add_child(node, &last, build(reinterpret_cast<const Node*>(test->arg), depth + 1));
    return node;
}

}  // namespace receivables
