// The leaves of a tree as the rules of a policy.
//
// The rules come in the order of the leaves, the "yes" side of every test before its "no" side. Who
// has not passed a test has not been taken by the rules before either, so a rule asks only for the
// tests that its customers pass, and the last rule for nothing.
#pragma once

#include <cstdint>

#include "core/base/text_writer.hpp"
#include "core/proposal/column.hpp"
#include "core/proposal/outcome.hpp"

namespace receivables {

// The nodes of the leaves in the order of the rules; room for as many as there are leaves.
std::uint32_t list_leaves(const tree_node* nodes, std::uint32_t* out) noexcept;

// The condition of the rule of a leaf; nothing for the last rule.
void write_rule(const proposal_column* columns, const tree_node* nodes, std::uint32_t leaf,
                text_writer* out) noexcept;

// What a segment holds: "late about 12 days", "on time", "early about 7 days", "no history".
struct segment_kind {
    bool is_alone = false;       // there is no other segment
    bool has_history = true;     // at least one of its customers has paid something
    bool history_tells = false;  // another rule takes customers without history
    double mean = 0;
};
void write_segment_name(const segment_kind& kind, text_writer* out) noexcept;

}  // namespace receivables
