#include "pg/postgres.hpp"

extern "C" {
#include "mb/pg_wchar.h"
#include "nodes/nodeFuncs.h"
}

#include "core/condition_scan.hpp"
#include "pg/segment_tree.hpp"

namespace receivables {

namespace {

constexpr const char* only_an_expression =
    "A condition is one boolean expression and nothing else.";

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
        condition_node* larger = allocate_array<condition_node>(std::size_t{tree_->capacity} * 2);
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
                            max_name_bytes));
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
        refuse(0, ERRCODE_SYNTAX_ERROR, "condition has clauses of a query", only_an_expression);
    if (list_length(select->targetList) > 1) {
        const ResTarget* second = static_cast<const ResTarget*>(lsecond(select->targetList));
        refuse(second->location, ERRCODE_SYNTAX_ERROR, "condition has more than one expression",
               only_an_expression);
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
               psprintf("condition is nested more than %d levels deep", max_condition_depth));
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

// What people try first, each with its way out.
void tree_builder::refuse_node(const Node* node) {
    const int location = exprLocation(node);
    const auto no = [&](const char* message, const char* hint) {
        refuse(location, ERRCODE_FEATURE_NOT_SUPPORTED, message, hint);
    };
    switch (nodeTag(node)) {
        case T_SubLink:
            no("a condition cannot have a subquery",
               "Put what it needs into the customer's attributes.");
            break;
        case T_ParamRef:
            no("a condition cannot have parameters", "Write the value itself.");
            break;
        case T_SQLValueFunction:
            no("a condition cannot read the clock or the session", "Today is as_of.");
            break;
        case T_BooleanTest:
            no("IS TRUE, IS FALSE and IS UNKNOWN are not part of conditions",
               "Use NOT, = true or IS NULL.");
            break;
        case T_CaseExpr:
            no("CASE is not part of conditions",
               "Use AND and OR, or several rules of the same segment.");
            break;
        case T_CoalesceExpr:
            no("COALESCE is not part of conditions", "Test with IS NULL and OR.");
            break;
        case T_A_Indirection:
            no("subscripts are not part of conditions",
               "Nested attributes are written attribute.name.name.");
            break;
        case T_RowExpr:
            no("rows are not part of conditions", "Compare single values.");
            break;
        case T_CollateClause:
            no("COLLATE is not part of conditions", "Texts are compared byte by byte.");
            break;
        default:
            break;
    }
    no("this expression is not part of conditions",
       "Metrics, attributes and literals can be combined with comparisons, AND, OR, NOT, BETWEEN, "
       "IN, "
       "IS NULL, +, -, * and /.");
    pg_unreachable();
}

std::uint32_t tree_builder::build_constant(const A_Const* constant) {
    if (constant->isnull)
        refuse(constant->location, ERRCODE_FEATURE_NOT_SUPPORTED,
               "NULL is not a value to compare with", "Use IS NULL or IS NOT NULL.");
    condition_kind kind = condition_kind::number;
    const char* text = "";
    bool flag = false;
    switch (nodeTag(&constant->val)) {
        case T_Integer:
            text = psprintf("%d", intVal(&constant->val));
            break;
        case T_Float:
            text = constant->val.fval.fval;
            break;
        case T_Boolean:
            kind = condition_kind::boolean;
            flag = boolVal(&constant->val);
            break;
        case T_String:
            kind = condition_kind::text;
            text = strVal(&constant->val);
            break;
        default:
            refuse(constant->location, ERRCODE_FEATURE_NOT_SUPPORTED,
                   "bit strings are not part of conditions");
    }
    const std::uint32_t node = add(kind, constant->location);
    tree_->nodes[node].text = {text, strlen(text)};
    tree_->nodes[node].flag = flag;
    return node;
}

namespace {

bool names_type(const TypeName* type, const char* name) {
    return !type->setof && !type->pct_type && type->typmods == NIL && type->arrayBounds == NIL &&
           type->names != NIL && strcmp(strVal(llast(type->names)), name) == 0 &&
           (list_length(type->names) == 1 ||
            (list_length(type->names) == 2 &&
             strcmp(strVal(linitial(type->names)), "pg_catalog") == 0));
}

}  // namespace

// true, false and date '...' reach us as casts: of a boolean constant, and with the type's name
// before the constant.
std::uint32_t tree_builder::build_cast(const TypeCast* cast) {
    if (IsA(cast->arg, A_Const)) {
        const A_Const* constant = reinterpret_cast<const A_Const*>(cast->arg);
        if (!constant->isnull && IsA(&constant->val, Boolean) && cast->location < 0 &&
            names_type(cast->typeName, "bool"))
            return build_constant(constant);
        if (!constant->isnull && IsA(&constant->val, String) &&
            names_type(cast->typeName, "date") && cast->typeName->location >= 0 &&
            cast->typeName->location < constant->location) {
            const std::uint32_t node = build_constant(constant);
            tree_->nodes[node].kind = condition_kind::date;
            return node;
        }
    }
    refuse(exprLocation(reinterpret_cast<const Node*>(cast)), ERRCODE_FEATURE_NOT_SUPPORTED,
           "casts are not part of conditions",
           "A date is written date 'YYYY-MM-DD'; an attribute takes the type it is compared with.");
}

std::uint32_t tree_builder::build_column(const ColumnRef* column) {
    StringInfoData path;
    initStringInfo(&path);
    bool attribute = false;
    ListCell* cell;
    foreach (cell, column->fields) {
        const Node* field = static_cast<const Node*>(lfirst(cell));
        if (!IsA(field, String))
            refuse(column->location, ERRCODE_FEATURE_NOT_SUPPORTED, "* is not part of conditions");
        if (foreach_current_index(cell) == 0 && list_length(column->fields) > 1) {
            attribute = strcmp(strVal(field), "attribute") == 0;
            if (!attribute)
                refuse(column->location, ERRCODE_UNDEFINED_COLUMN,
                       psprintf("unknown name \"%s\" before the dot", strVal(field)),
                       "Customer attributes are written attribute.name; metrics have no prefix.");
            continue;
        }
        if (path.len > 0) appendStringInfoChar(&path, '\0');
        appendStringInfoString(&path, strVal(field));
    }
    const std::uint32_t node =
        add(attribute ? condition_kind::attribute : condition_kind::name, column->location);
    tree_->nodes[node].text = {path.data, static_cast<std::size_t>(path.len)};
    return node;
}

std::uint32_t tree_builder::build_call(const FuncCall* call) {
    if (list_length(call->funcname) != 1 || call->funcformat != COERCE_EXPLICIT_CALL)
        refuse(call->location, ERRCODE_UNDEFINED_FUNCTION,
               psprintf("function %s() is not a metric", strVal(llast(call->funcname))),
               "Only metrics can be called, by their bare names and with literal arguments.");
    const char* name = strVal(linitial(call->funcname));
    const bool metric = find_metric(name) != nullptr;
    if (metric &&
        (call->agg_order != NIL || call->agg_filter != nullptr || call->over != nullptr ||
         call->agg_within_group || call->agg_star || call->agg_distinct || call->func_variadic))
        refuse(call->location, ERRCODE_FEATURE_NOT_SUPPORTED,
               psprintf("metric \"%s\" takes literal arguments only",
                        strVal(linitial(call->funcname))));
    const std::uint32_t node = add(condition_kind::call, call->location);
    tree_->nodes[node].text = {name, strlen(name)};
    std::uint32_t last = no_node;
    ListCell* cell;
    // The arguments of what is no metric do not matter.
    foreach (cell, metric ? call->args : NIL)
        add_child(node, &last, build_argument(static_cast<const Node*>(lfirst(cell))));
    return node;
}

std::uint32_t tree_builder::build_argument(const Node* node) {
    const char* label = "";
    if (IsA(node, NamedArgExpr)) {
        const NamedArgExpr* named = reinterpret_cast<const NamedArgExpr*>(node);
        label = named->name;
        node = reinterpret_cast<const Node*>(named->arg);
    }
    if (!IsA(node, A_Const))
        refuse(exprLocation(node), ERRCODE_FEATURE_NOT_SUPPORTED,
               "an argument of a metric must be a number",
               "Write it as a literal, as in late_share(3).");
    const A_Const* constant = reinterpret_cast<const A_Const*>(node);
    if (constant->isnull || !(IsA(&constant->val, Integer) || IsA(&constant->val, Float)))
        refuse(constant->location, ERRCODE_DATATYPE_MISMATCH,
               "an argument of a metric must be a number",
               "Write it as a literal without quotes, as in late_share(3).");
    const std::uint32_t argument = build_constant(constant);
    tree_->nodes[argument].label = {label, strlen(label)};
    return argument;
}

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
                   "NULLIF is not part of conditions");
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
    if (list_length(expression->name) == 1)
        for (const operator_name& known : known_operators)
            if (strcmp(known.name, name) == 0) found = &known;
    const bool unary = expression->lexpr == nullptr;
    if (found == nullptr || (unary && strcmp(name, "-") != 0 && strcmp(name, "+") != 0))
        refuse(expression->location, ERRCODE_FEATURE_NOT_SUPPORTED,
               psprintf("operator %s is not part of conditions", name),
               "The operators are =, <>, <, <=, >, >=, +, -, * and /.");
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
