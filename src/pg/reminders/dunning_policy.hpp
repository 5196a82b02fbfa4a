// Dunning policies as SQL passes them.
#pragma once

#include "core/reminders/dunning_policy.hpp"
#include "pg/base/postgres.hpp"

namespace receivables {

// Opens the policy of an argument, without copying it when it is stored as it is.
policy_view open_policy(Datum value);

}  // namespace receivables
