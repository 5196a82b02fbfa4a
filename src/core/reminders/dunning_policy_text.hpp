// Between the text of a dunning policy, which is JSON, and its stored form.
//
// One policy has one text: keys in a fixed order; those of the policy itself and of a step are left
// out when they have their default; wait, payment_day, structural_shift and start are written with
// all their keys; a segment's entry is written with every key it names, null where it removes;
// segments come by name. Shares lose their trailing zeros, amounts keep them: they are shown to
// customers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/json_reader.hpp"
#include "core/base/text_writer.hpp"
#include "core/reminders/dunning_policy.hpp"

namespace receivables {

// Checks a policy and writes its stored form. Without `out` it checks all the same and only
// measures: *size is what the stored form takes.
bool compile_dunning_policy(const json_document& document, unsigned char* out, std::size_t* size,
                            status* s) noexcept;

// False when the stored form turns out to be damaged.
bool write_dunning_policy(const policy_view& policy, text_writer* out, status* s) noexcept;

// A policy to start from.
extern const std::string_view standard_dunning_policy_text;

}  // namespace receivables
