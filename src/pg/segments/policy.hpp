// segment_policy arguments and results for the functions of ring 3.
#pragma once

#include "core/segments/evaluate.hpp"
#include "core/segments/policy.hpp"
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

[[noreturn]] void fail_damaged_policy();

// Runs what is left of an evaluation, step() by step, so that a cancel is noticed.
template <class Step>
void finish_evaluation(Step step) {
    for (;;) {
        const evaluation come = step();
        if (come == evaluation::done) return;
        if (come == evaluation::damaged) fail_damaged_policy();
        CHECK_FOR_INTERRUPTS();
    }
}

// The canonical text, whatever the program.
std::string_view policy_text(Datum value);

}  // namespace receivables
