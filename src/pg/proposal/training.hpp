// A sample as a training set.
#pragma once

#include "core/proposal/column.hpp"
#include "core/proposal/outcome.hpp"
#include "pg/base/postgres.hpp"
#include "pg/proposal/options.hpp"

namespace receivables {

struct training {
    policy_sample_view sample;
    const sampled_customer* records;
    const proposal_column* columns;  // beside those of the set
    training_set set;
    outcome_scale scale;
};

// Says where the customer is now, and takes part in no rule.
inline constexpr std::string_view current_segment_attribute = "current_segment";

training make_training(const policy_sample_view& sample, const proposal_options& options);

// The place of a figure in a sample; no_column when it has none of that name.
std::uint32_t figure_place(const policy_sample_view& sample, std::string_view name);

// A path as it is passed from SQL: its keys joined by dots.
bool is_path(std::string_view path, std::string_view joined);

}  // namespace receivables
