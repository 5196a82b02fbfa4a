// The leaves of a condition: literals, metrics with their arguments, as_of and attributes.
#include "pg/base/postgres.hpp"

extern "C" {
#include "nodes/nodeFuncs.h"
}

#include "pg/segments/tree.hpp"

namespace receivables {

std::uint32_t tree_builder::build_constant(const A_Const* constant) {
    if (constant->isnull)
        refuse(constant->location, ERRCODE_FEATURE_NOT_SUPPORTED,
               "NULL is not a value to compare with", "Use IS NULL or IS NOT NULL.");
    condition_kind kind = condition_kind::number;
    const char* text = "";
    bool flag = false;
    switch (nodeTag(&constant->val)) {
        case T_Integer:
            text = psprintf("%d", constant->val.ival.ival);
            break;
        case T_Float:
            text = constant->val.fval.fval;
            break;
        case T_Boolean:
            kind = condition_kind::boolean;
            flag = constant->val.boolval.boolval;
            break;
        case T_String:
            kind = condition_kind::text;
            text = constant->val.sval.sval;
            break;
        default:
            refuse(constant->location, ERRCODE_FEATURE_NOT_SUPPORTED,
                   "bit strings are not part of conditions", "Write numbers as plain decimals.");
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
        Node* field = static_cast<Node*>(lfirst(cell));
        if (!IsA(field, String))
            refuse(column->location, ERRCODE_FEATURE_NOT_SUPPORTED, "* is not part of conditions",
                   "Name one metric or attribute.");
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
    if (list_length(call->funcname) > 1 && call->funcformat == COERCE_EXPLICIT_CALL &&
        find_metric(strVal(llast(call->funcname))) != nullptr)
        refuse(call->location, ERRCODE_UNDEFINED_FUNCTION,
               psprintf("metric \"%s\" is written without a schema", strVal(llast(call->funcname))),
               "Conditions know nothing of schemas: metrics have their bare names.");
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
                        strVal(linitial(call->funcname))),
               "Write numbers between the parentheses, as in late_share(3).");
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

}  // namespace receivables
