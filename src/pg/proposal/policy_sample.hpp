// policy_sample values, and states of the aggregate that collects one.
#pragma once

#include "core/proposal/sample.hpp"
#include "pg/base/postgres.hpp"
#include "pg/base/value_type.hpp"

namespace receivables {

// Raises 22P03 unless the bytes are a sample whose head can be trusted.
policy_sample_view open_sample(byte_span bytes);
// The same, and every customer is checked: for bytes that a SQL function may have been handed.
policy_sample_view open_checked_sample(byte_span bytes);

// The customers of a sample, one place each.
sampled_customer* list_records(const policy_sample_view& sample);

// The sample as a value: its customers in the order of their bytes.
struct varlena* canonical_sample(const policy_sample_view& sample);

}  // namespace receivables
