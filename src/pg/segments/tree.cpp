// From the parse tree to nodes: the statement, what every node needs, and refusals.
#include "pg/base/postgres.hpp"

extern "C" {
#include "mb/pg_wchar.h"
#include "nodes/nodeFuncs.h"
}

#include "core/segments/condition_scan.hpp"
#include "pg/segments/tree.hpp"

namespace receivables {

namespace {

constexpr const char* only_an_expression =
    "A condition is one boolean expression and nothing else.";

// Where the clauses begin that make more than an expression of it; 0 where the tree does not say.
int clause_location(const SelectStmt* select) {
    const void* clauses[] = {select->fromClause,   select->whereClause,  select->groupClause,
                             select->havingClause, select->windowClause, select->sortClause,
                             select->limitOffset,  select->limitCount};
    for (const void* clause : clauses) {
        const int location = exprLocation(static_cast<const Node*>(clause));
        if (location >= 0) return location;
    }
    return 0;
}

}  // namespace

int character_position(const char* text, int byte_offset) {
    return byte_offset < 0 ? 1 : pg_mbstrlen_with_len(text, byte_offset) + 1;
}

void tree_builder::refuse(int location, int sqlstate, const char* message, const char* hint) {
    ereport(ERROR,
            (errcode(sqlstate), errmsg("%s", message), hint != nullptr ? errhint("%s", hint) : 0,
             errposition(character_position(text_, location))));
    pg_unreachable();
}

std::uint32_t tree_builder::add(condition_kind kind, int location) {
    if (tree_->count == tree_->capacity) {
        // No repalloc: it would lose the alignment.
        condition_node* larger = allocate<condition_node>(std::size_t{tree_->capacity} * 2);
        memcpy(static_cast<void*>(larger), tree_->nodes, tree_->capacity * sizeof(condition_node));
        tree_->nodes = larger;
        tree_->capacity *= 2;
    }
    condition_node* node = &tree_->nodes[tree_->count];
    memset(static_cast<void*>(node), 0, sizeof *node);
    node->kind = kind;
    node->position = location;
    node->first_child = node->next = no_node;
    return tree_->count++;
}

void tree_builder::add_child(std::uint32_t parent, std::uint32_t* last, std::uint32_t child) {
    if (*last == no_node)
        tree_->nodes[parent].first_child = child;
    else
        tree_->nodes[*last].next = child;
    *last = child;
}

void tree_builder::scan() {
    const scan_result found = scan_condition({text_, strlen(text_)});
    const int start = static_cast<int>(found.start), size = static_cast<int>(found.size);
    const int shown = pg_mbcliplen(text_ + start, size, Min(size, 100));
    switch (found.finding) {
        case scan_finding::nothing:
            return;
        case scan_finding::long_name:
            refuse(start, ERRCODE_NAME_TOO_LONG,
                   psprintf("name \"%.*s\" has more than %zu bytes", shown, text_ + start,
                            max_name_bytes),
                   "Give the attribute a shorter key: names in SQL end there.");
        case scan_finding::odd_number:
            refuse(start, ERRCODE_SYNTAX_ERROR,
                   psprintf("\"%.*s\" is not a plain decimal number", shown, text_ + start),
                   "Write digits and a decimal point, without exponent or separators.");
        case scan_finding::leading_all:
            refuse(start, ERRCODE_SYNTAX_ERROR, "condition has clauses of a query",
                   only_an_expression);
    }
}

// The parser takes everything that PL/pgSQL may write after an assignment: a whole query without
// its SELECT. Only its one expression is wanted.
std::uint32_t tree_builder::build_statement(const List* statements) {
    const Node* node = list_length(statements) == 1
                           ? static_cast<const RawStmt*>(linitial(statements))->stmt
                           : nullptr;
    if (node == nullptr || !IsA(node, SelectStmt))
        refuse(0, ERRCODE_SYNTAX_ERROR, "condition is not an expression", only_an_expression);
    const SelectStmt* select = reinterpret_cast<const SelectStmt*>(node);
    if (select->targetList == NIL)
        refuse(0, ERRCODE_SYNTAX_ERROR, "condition is empty", only_an_expression);
    if (select->distinctClause != NIL || select->intoClause != nullptr ||
        select->fromClause != NIL || select->whereClause != nullptr || select->groupClause != NIL ||
        select->groupDistinct || select->havingClause != nullptr || select->windowClause != NIL ||
        select->valuesLists != NIL || select->sortClause != NIL || select->limitOffset != nullptr ||
        select->limitCount != nullptr || select->lockingClause != NIL ||
        select->withClause != nullptr || select->op != SETOP_NONE)
        refuse(clause_location(select), ERRCODE_SYNTAX_ERROR, "condition has clauses of a query",
               only_an_expression);
    if (list_length(select->targetList) > 1) {
        const ResTarget* second = static_cast<const ResTarget*>(lsecond(select->targetList));
        refuse(second->location, ERRCODE_SYNTAX_ERROR, "condition has more than one expression",
               "A condition is one boolean expression. Numbers have a decimal point and no "
               "thousands separator.");
    }
    const ResTarget* target = static_cast<const ResTarget*>(linitial(select->targetList));
    if (target->name != nullptr || target->indirection != NIL)
        refuse(target->location, ERRCODE_SYNTAX_ERROR,
               psprintf("condition is followed by a name, \"%s\"", target->name),
               only_an_expression);
    return build(target->val, 1);
}

std::uint32_t tree_builder::build(const Node* node, int depth) {
    check_stack_depth();
    if (depth > max_condition_depth)
        refuse(exprLocation(node), ERRCODE_STATEMENT_TOO_COMPLEX,
               psprintf("condition is nested more than %d levels deep", max_condition_depth),
               "Use IN for many values, and several rules of the same segment for many cases.");
    switch (nodeTag(node)) {
        case T_A_Const:
            return build_constant(reinterpret_cast<const A_Const*>(node));
        case T_TypeCast:
            return build_cast(reinterpret_cast<const TypeCast*>(node));
        case T_ColumnRef:
            return build_column(reinterpret_cast<const ColumnRef*>(node));
        case T_FuncCall:
            return build_call(reinterpret_cast<const FuncCall*>(node));
        case T_BoolExpr:
            return build_logic(reinterpret_cast<const BoolExpr*>(node), depth);
        case T_A_Expr:
            return build_operator(reinterpret_cast<const A_Expr*>(node), depth);
        case T_NullTest:
            return build_null_test(reinterpret_cast<const NullTest*>(node), depth);
        default:
            refuse_node(node);
    }
}

namespace {

struct refusal {
    NodeTag tag;
    const char* message;
    const char* hint;
};

// What people try first, each with its way out.
constexpr refusal refusals[] = {
    {T_SubLink, "a condition cannot have a subquery",
     "Put what it needs into the customer's attributes."},
    {T_ParamRef, "a condition cannot have parameters", "Write the value itself."},
    {T_SQLValueFunction, "a condition cannot read the clock or the session", "Today is as_of."},
    {T_BooleanTest, "IS TRUE, IS FALSE and IS UNKNOWN are not part of conditions",
     "Use NOT, = true or IS NULL."},
    {T_CaseExpr, "CASE is not part of conditions",
     "Use AND and OR, or several rules of the same segment."},
    {T_CoalesceExpr, "COALESCE is not part of conditions", "Test with IS NULL and OR."},
    {T_A_Indirection, "subscripts are not part of conditions",
     "Nested attributes are written attribute.name.name."},
    {T_RowExpr, "rows are not part of conditions", "Compare single values."},
    {T_CollateClause, "COLLATE is not part of conditions", "Texts are compared byte by byte."}};

}  // namespace

void tree_builder::refuse_node(const Node* node) {
    for (const refusal& r : refusals)
        if (r.tag == nodeTag(node))
            refuse(exprLocation(node), ERRCODE_FEATURE_NOT_SUPPORTED, r.message, r.hint);
    refuse(exprLocation(node), ERRCODE_FEATURE_NOT_SUPPORTED,
           "this expression is not part of conditions",
           "Metrics, attributes and literals can be combined with comparisons, AND, OR, NOT, "
           "BETWEEN, IN, IS NULL, +, -, * and /.");
}

}  // namespace receivables
