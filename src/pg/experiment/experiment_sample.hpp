// experiment_sample arguments for the functions of ring 3.
#pragma once

#include "core/experiment/sample.hpp"
#include "pg/base/postgres.hpp"
#include "pg/base/value_type.hpp"

namespace receivables {

// The items of a value in either form, in canonical order; their names lie in the value.
struct sample_items {
    sample_item* items;
    std::uint32_t count;
};
// Raises 22P03 when the bytes are damaged.
sample_items read_sample(byte_span bytes);
void sort_sample(sample_items* sample);

// A new canonical value of items in order.
struct varlena* make_sample(const sample_items& sample);

// The canonical bytes of a value in either form.
byte_span canonical_sample(Datum value);

}  // namespace receivables
