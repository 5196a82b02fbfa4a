// PostgreSQL's headers for C++. Include this first in every file of src/pg, before any standard
// header: postgres.h redefines printf. Rules of this ring: no local with a destructor, no try or
// catch, no STL container, no noexcept; an ereport leaves by longjmp and would skip a destructor.
#pragma once

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wregister"
#pragma GCC diagnostic ignored "-Wsign-compare"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wignored-attributes"
#pragma GCC diagnostic ignored "-Wc99-designator"
#else
#pragma GCC diagnostic ignored "-Wclobbered"
#endif
extern "C" {
#include "postgres.h"
// A line of its own: postgres.h goes first.
#include "access/htup_details.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/tuplestore.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif
}
#pragma GCC diagnostic pop

// Before PostgreSQL 16 PGDLLEXPORT is empty, and -fvisibility=hidden would hide what it marks.
#undef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))

// Defines the C function NAME that SQL can call.
#define RECEIVABLES_FUNCTION(name)            \
    extern "C" {                              \
    PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
    PG_FUNCTION_INFO_V1(name);                \
    }                                         \
    Datum name([[maybe_unused]] PG_FUNCTION_ARGS)
