// Metric values as Datums.
#pragma once

#include "core/profile/metric_registry.hpp"
#include "core/profile/payment_day.hpp"
#include "pg/base/numeric_reader.hpp"
#include "pg/base/postgres.hpp"

namespace receivables {

// The Datum of a value that is not NULL, in the SQL type of its kind.
Datum metric_datum(const metric_value& value);

}  // namespace receivables
