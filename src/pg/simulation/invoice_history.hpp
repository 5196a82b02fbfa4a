// invoice_history arguments for the functions of ring 3.
#pragma once

#include "core/simulation/invoice_history.hpp"
#include "pg/base/postgres.hpp"
#include "pg/base/value_type.hpp"

namespace receivables {

// A view of a history argument in either form. Raises 22P03 when the stored bytes are damaged.
history_view open_history(Datum value);

// The canonical bytes of a history in either form.
byte_span canonical_history(Datum value);

// A new canonical value of a history in either form.
struct varlena* make_canonical(const history_view& history);

}  // namespace receivables
