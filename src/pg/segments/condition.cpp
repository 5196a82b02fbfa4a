#include "pg/base/postgres.hpp"

extern "C" {
#include "mb/pg_wchar.h"
#include "parser/parser.h"
}

#include "pg/segments/tree.hpp"

namespace receivables {

namespace {

// Set while PostgreSQL's parser runs. Its syntax errors have no hint, but for those of U&'...'.
bool parser_runs = false;

bool has_unicode_literal(const char* text) {
    return strstr(text, "U&") != nullptr || strstr(text, "u&") != nullptr;
}

// Moves an error's position from the statement that the user sent to the condition, and says where
// the condition stands. Runs for the parser's errors and for ours alike.
void locate_error(void* argument) {
    const condition_origin* origin = static_cast<const condition_origin*>(argument);
    if (parser_runs && geterrcode() == ERRCODE_SYNTAX_ERROR && !has_unicode_literal(origin->text))
        errhint(
            "A condition is an SQL expression: comparisons (=, <>, <, <=, >, >=), AND, OR, NOT, "
            "BETWEEN, IN, IS NULL. Numbers have a decimal point and no thousands separator; names "
            "with blanks stand in double quotes.");
    const int position = geterrposition();
    if (position <= 0) {
        // Some errors know no place: a byte that the encoding does not have, no stack left.
        errcontext("\"%s\" of rule %d (%ssegment \"%.*s\")", origin->key, origin->rule,
                   origin->place, static_cast<int>(origin->segment.size()), origin->segment.data());
        return;
    }
    errposition(0);
    internalerrposition(position);
    internalerrquery(origin->text);
    errdetail("In \"%s\" of rule %d (%ssegment \"%.*s\"), at character %d.", origin->key,
              origin->rule, origin->place, static_cast<int>(origin->segment.size()),
              origin->segment.data(), position);
}

struct error_location {
    ErrorContextCallback callback;
};

void begin_location(error_location* location, const condition_origin& origin) {
    location->callback.callback = locate_error;
    location->callback.arg = const_cast<condition_origin*>(&origin);
    location->callback.previous = error_context_stack;
    error_context_stack = &location->callback;
}

void end_location(const error_location& location) {
    error_context_stack = location.callback.previous;
}

// The settings that decide how string literals are read; from PostgreSQL 19 on only one is left.
struct string_settings {
#if PG_VERSION_NUM < 190000
    bool standard_conforming;
    bool escape_warning;
#endif
    int backslash;
};

string_settings fix_string_settings() {
    string_settings old;
#if PG_VERSION_NUM < 190000
    old.standard_conforming = standard_conforming_strings;
    old.escape_warning = escape_string_warning;
    standard_conforming_strings = true;
    escape_string_warning = false;
#endif
    old.backslash = backslash_quote;
    backslash_quote = BACKSLASH_QUOTE_OFF;
    return old;
}

void restore_string_settings(const string_settings& old) {
#if PG_VERSION_NUM < 190000
    standard_conforming_strings = old.standard_conforming;
    escape_string_warning = old.escape_warning;
#endif
    backslash_quote = old.backslash;
}

List* parse_with_fixed_settings(const char* text) {
    // Static: a jump out of the parser may undo what a register holds. The parser never calls us.
    static string_settings old;
    List* volatile statements = NIL;
    old = fix_string_settings();
    parser_runs = true;
    PG_TRY();
    { statements = raw_parser(text, RAW_PARSE_PLPGSQL_EXPR); }
    PG_FINALLY();
    {
        parser_runs = false;
        restore_string_settings(old);
    }
    PG_END_TRY();
    return statements;
}

int sqlstate_of(condition_problem problem) {
    switch (problem) {
        case condition_problem::unknown_name:
            return ERRCODE_UNDEFINED_COLUMN;
        case condition_problem::unknown_function:
            return ERRCODE_UNDEFINED_FUNCTION;
        case condition_problem::type_mismatch:
            return ERRCODE_DATATYPE_MISMATCH;
        case condition_problem::wrong_argument:
            return ERRCODE_INVALID_PARAMETER_VALUE;
        case condition_problem::wrong_number:
            return ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE;
        case condition_problem::wrong_date:
            return ERRCODE_INVALID_DATETIME_FORMAT;
        case condition_problem::too_many:
            return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
        case condition_problem::none:
            break;
    }
    return ERRCODE_INTERNAL_ERROR;
}

}  // namespace

condition_tree make_condition_tree() {
    constexpr std::uint32_t first_capacity = 64;
    return {allocate<condition_node>(first_capacity), 0, first_capacity};
}

std::uint32_t parse_condition(const condition_origin& origin, condition_tree* tree) {
    error_location location;
    begin_location(&location, origin);
    tree_builder builder(origin, tree);
    builder.scan();
    const std::uint32_t root = builder.build_statement(parse_with_fixed_settings(origin.text));
    end_location(location);
    return root;
}

void raise_condition_error(const condition_origin& origin, const condition_error& error) {
    error_location location;
    begin_location(&location, origin);
    ereport(ERROR, (errcode(sqlstate_of(error.problem)), errmsg("%s", error.message),
                    error.hint[0] != '\0' ? errhint("%s", error.hint) : 0,
                    errposition(character_position(origin.text, error.position))));
    pg_unreachable();
}

}  // namespace receivables
