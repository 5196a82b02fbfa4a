#include "pg/base/postgres.hpp"

#include <cmath>

#include "pg/base/memory.hpp"

namespace receivables {

void require_work_memory(double bytes, const char* what) {
    constexpr double megabyte = 1024 * 1024;
    const double granted = Max(work_mem / 1024.0, static_cast<double>(always_granted_megabytes));
    if (bytes <= granted * megabyte) return;
    ereport(ERROR,
            (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
             errmsg("%s would take %.0f MB of memory", what, std::ceil(bytes / megabyte)),
             errdetail("The limit is work_mem, or %zu MB where that is less.",
                       always_granted_megabytes),
             errhint("Set work_mem to %.0fMB for this query.", std::ceil(bytes / megabyte))));
}

}  // namespace receivables
