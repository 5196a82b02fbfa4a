// The arguments that propose_segment_policy and its companions share, after the sample.
#pragma once

#include <cstdint>
#include <string_view>

#include "pg/base/postgres.hpp"

namespace receivables {

struct name_list {
    bool is_given = false;
    Datum* names = nullptr;  // texts
    int count = 0;

    bool holds(std::string_view name) const {
        for (int i = 0; i < count; ++i)
            if (text_of(i) == name) return true;
        return false;
    }
    std::string_view text_of(int i) const {
        const text* value = DatumGetTextPP(names[i]);
        return {VARDATA_ANY(value), static_cast<std::size_t>(VARSIZE_ANY_EXHDR(value))};
    }
};

inline constexpr int most_segments = 100, most_tree_depth = 10, most_bootstraps = 1000;

struct proposal_options {
    std::uint32_t max_segments = 8;
    std::int64_t min_customers = 0;  // 0: the larger of 30 and 5 %
    name_list metrics, attributes;
    bool monotone = true;
    std::uint32_t max_depth = 5;
    int bootstraps = 50;
    double min_found_again = 0.8;
};

// Arguments 1 to 8.
proposal_options read_options(FunctionCallInfo fcinfo);

}  // namespace receivables
