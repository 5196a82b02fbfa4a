#include "core/proposal/rules.hpp"

#include <cmath>

namespace receivables {

namespace {

// Deeper than any tree.
constexpr std::uint32_t most_levels = 64;

// The nodes from the root down to a leaf; children stand behind their parents.
std::uint32_t path_to(const tree_node* nodes, std::uint32_t leaf, std::uint32_t* out) noexcept {
    std::uint32_t waiting[most_levels], levels[most_levels], depth = 0;
    waiting[depth] = 0;
    levels[depth++] = 0;
    while (depth > 0) {
        const std::uint32_t at = waiting[--depth], level = levels[depth];
        out[level] = at;
        if (at == leaf) return level + 1;
        if (nodes[at].is_leaf()) continue;
        for (const std::uint32_t child : {nodes[at].no, nodes[at].yes}) {
            waiting[depth] = child;
            levels[depth++] = level + 1;
        }
    }
    return 0;
}

// A test that is passed implies what was asked of the same column above it.
bool implies(const tree_test& below, const tree_test& above) noexcept {
    return below.column == above.column &&
           (below.kind == above.kind || above.kind == test_kind::known);
}

}  // namespace

std::uint32_t list_leaves(const tree_node* nodes, std::uint32_t* out) noexcept {
    std::uint32_t waiting[most_levels], depth = 0, count = 0;
    waiting[depth++] = 0;
    while (depth > 0) {
        const std::uint32_t at = waiting[--depth];
        if (nodes[at].is_leaf()) {
            out[count++] = at;
            continue;
        }
        waiting[depth++] = nodes[at].no;
        waiting[depth++] = nodes[at].yes;
    }
    return count;
}

void write_rule(const proposal_column* columns, const tree_node* nodes, std::uint32_t leaf,
                text_writer* out) noexcept {
    std::uint32_t path[most_levels];
    const std::uint32_t size = path_to(nodes, leaf, path);
    const auto passed = [&](std::uint32_t i) { return nodes[path[i]].yes == path[i + 1]; };
    bool first = true;
    for (std::uint32_t i = 0; i + 1 < size; ++i) {
        if (!passed(i)) continue;
        const tree_test& test = nodes[path[i]].test;
        bool implied = false;
        for (std::uint32_t j = i + 1; j + 1 < size; ++j)
            implied = implied || (passed(j) && implies(nodes[path[j]].test, test));
        if (implied) continue;
        if (!first) out->put(" and ");
        first = false;
        write_test(columns[test.column], test, out);
    }
}

void write_segment_name(const segment_kind& kind, text_writer* out) noexcept {
    if (kind.is_alone) return out->put("all");
    if (!kind.has_history) {
        out->put("no history");
        if (!kind.history_tells) return;
        out->put(", ");
    }
    const double days = std::round(kind.mean);
    if (std::fabs(days) <= 1) return out->put("on time");
    out->put(days > 0 ? "late about " : "early about ");
    out->put_integer(static_cast<int128>(std::fabs(days)));
    out->put(" days");
}

}  // namespace receivables
