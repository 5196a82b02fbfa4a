// Dunning policies as SQL passes them.
#pragma once

#include "core/dunning_policy.hpp"
#include "pg/postgres.hpp"

namespace receivables {

// Opens the policy of an argument, without copying it when it is stored as it is.
policy_view open_policy(Datum value);

}  // namespace receivables
