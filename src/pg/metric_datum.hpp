// Metric values as Datums.
#pragma once

#include "core/metric_registry.hpp"
#include "core/payment_day.hpp"
#include "pg/numeric_reader.hpp"
#include "pg/postgres.hpp"

namespace receivables {

// The Datum of a value that is not NULL, in the SQL type of its kind.
Datum metric_datum(const metric_value& value);

}  // namespace receivables
