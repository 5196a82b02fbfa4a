#include "pg/base/postgres.hpp"

extern "C" {
#if PG_VERSION_NUM >= 180000
// pg_get_loaded_modules() shows the name; the version stands in the control file alone.
PG_MODULE_MAGIC_EXT(.name = "receivables", .version = nullptr);
#else
PG_MODULE_MAGIC;
#endif
}
