// segment_policy arguments and results for the functions of ring 3.
#pragma once

#include "core/segments/policy.hpp"
#include "core/segments/prepared_policy.hpp"
#include "pg/base/postgres.hpp"
#include "pg/base/value_type.hpp"

namespace receivables {

// Checks and compiles rules into a new value. Every fault is an error that names the rule.
struct varlena* compile_policy(const policy_rule* rules, std::size_t count);
struct varlena* compile_policy_text(const char* text, std::size_t size);

// That of this version of the library.
std::uint32_t program_mark();

// The program of a stored value; an error when there is none.
segment_program open_program(byte_span bytes);

// The rules of a policy's canonical text, palloc'd.
policy_rule* read_stored_rules(std::string_view text, std::size_t* count);

// A policy argument, ready to run. A stored program of this version is used where it lies. What had
// to be decompressed, fetched or compiled again is kept at the call site for the next row.
segment_program open_policy_argument(FunctionCallInfo fcinfo, int index);

// A policy argument that is a constant of the query, prepared for all its rows.
struct constant_policy {
    prepared_policy policy;
    text** segments;  // of each rule
};

// nullptr when the argument is no such constant, and on the first row: most calls from a PL/pgSQL
// function see no second one.
const constant_policy* find_constant_policy(FunctionCallInfo fcinfo, int index);

// The canonical text, whatever the program.
std::string_view policy_text(Datum value);

}  // namespace receivables
