// From the core's status to PostgreSQL's error.
#pragma once

#include "core/base/status.hpp"
#include "pg/base/postgres.hpp"

namespace receivables {

// Raises the error that the status describes; never returns.
[[noreturn]] void raise(const status& s);

inline void raise_unless_ok(const status& s) {
    if (!s.ok()) raise(s);
}

}  // namespace receivables
