// The one place that calls PostgreSQL's JSON parser, whose interface differs between versions.
#pragma once

#include "core/base/json_reader.hpp"
#include "pg/base/postgres.hpp"

namespace receivables {

// Takes a JSON text apart into palloc'd events. A malformed text is error 22P02
// "invalid input syntax for type TYPE_NAME" with the parser's own words as detail.
json_document parse_json(const char* text, std::size_t size, const char* type_name);

}  // namespace receivables
