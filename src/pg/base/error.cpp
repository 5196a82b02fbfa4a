#include "pg/base/postgres.hpp"

#include "pg/base/error.hpp"

namespace receivables {

namespace {

int sqlstate_of(error_code code) {
    switch (code) {
        case error_code::none:
            break;
        case error_code::invalid_text:
            return ERRCODE_INVALID_TEXT_REPRESENTATION;
        case error_code::invalid_binary:
            return ERRCODE_INVALID_BINARY_REPRESENTATION;
        case error_code::numeric_out_of_range:
            return ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE;
        case error_code::datetime_out_of_range:
            return ERRCODE_DATETIME_VALUE_OUT_OF_RANGE;
        case error_code::invalid_parameter:
            return ERRCODE_INVALID_PARAMETER_VALUE;
        case error_code::limit_exceeded:
            return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
        case error_code::out_of_memory:
            return ERRCODE_OUT_OF_MEMORY;
        case error_code::internal:
            break;
    }
    return ERRCODE_INTERNAL_ERROR;
}

}  // namespace

void raise(const status& s) {
    ereport(ERROR, (errcode(sqlstate_of(s.code)), errmsg("%s", s.message),
                    s.detail[0] != '\0' ? errdetail("%s", s.detail) : 0,
                    s.hint[0] != '\0' ? errhint("%s", s.hint) : 0));
    pg_unreachable();
}

}  // namespace receivables
