// The conditions of a segment policy, parsed by PostgreSQL's own parser and checked against what a
// rule may say.
#pragma once

#include "core/segments/condition.hpp"
#include "core/segments/policy.hpp"
#include "pg/base/memory.hpp"
#include "pg/base/postgres.hpp"

namespace receivables {

// A growing list of palloc'd nodes for all conditions of a policy.
struct condition_tree {
    condition_node* nodes;
    std::uint32_t count;
    std::uint32_t capacity;
};

// Where an error belongs: shown as its detail, with the condition as the query it refers to.
struct condition_origin {
    int rule;  // from 1
    // Its place among rules kept as rows, as text before the segment; empty otherwise.
    const char* place;
    const char* key;  // "when" or "stay"
    std::string_view segment;
    const char* text;  // the condition, ended by a zero byte
};

inline constexpr int max_condition_depth = 100;

condition_tree make_condition_tree();

// Parses one condition and appends its nodes; returns the root. Every fault is an error with the
// rule's number and the position in the condition.
std::uint32_t parse_condition(const condition_origin& origin, condition_tree* tree);

// Raises what the compiler found.
[[noreturn]] void raise_condition_error(const condition_origin& origin,
                                        const condition_error& error);

}  // namespace receivables
