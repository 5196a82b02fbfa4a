// How the parts of a dunning policy are read from JSON, each with its checks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/json_reader.hpp"
#include "core/reminders/dunning_policy.hpp"

namespace receivables {

// One member of a policy or of a segment's entry; null gives the default. `steps` is not read here.
bool read_policy_member(const json_document& document, policy_key key, json_value value,
                        dunning_settings* out, status* s) noexcept;

bool read_reminder_step(const json_document& document, json_value value, reminder_step* out,
                        status* s) noexcept;

// What a step cannot be, whatever its place.
bool check_step(const json_document& document, json_value value, const reminder_step& step,
                status* s) noexcept;

// What only a step's place in the list can tell; `earlier` is the step before it or nullptr.
bool check_step_order(const json_document& document, json_value value, const reminder_step& step,
                      const reminder_step* earlier, bool last, status* s) noexcept;

// A name that is shown to people or looked up: not empty, not too long.
bool read_policy_name(const json_document& document, json_value value, std::string_view* out,
                      status* s) noexcept;
bool check_policy_name(const json_document& document, json_value value, std::string_view name,
                       status* s) noexcept;

}  // namespace receivables
