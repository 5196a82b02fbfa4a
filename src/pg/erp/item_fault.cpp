// Why a row of a source cannot be used. Asked of every row, in the WHERE of refresh, plans and lists:
// what would make one row stop all others is found here first.
#include "pg/base/postgres.hpp"

#include "core/base/civil_date.hpp"
#include "core/base/decimal.hpp"
#include "pg/base/numeric_reader.hpp"

extern "C" {
#include "access/detoast.h"
#include "utils/jsonb.h"
}

namespace receivables {

namespace {

constexpr int longest_id = 500;  // bytes: it is part of keys of indexes
constexpr int shown_bytes = 40;  // of a value in a message
constexpr int lowest_level = -99, highest_level = 999, highest_count = 100000;

// Nobody means a day outside the years 1 to 9999, and days later must still fit into type date.
constexpr day_number first_day = -730119, last_day = 2921939;

// As SQL lists them.
// clang-format off
enum argument {
    customer_id, invoice_id, invoice_date, due_date, paid_date, amount, open_amount, attributes,
    last_level, last_reminder_date, reminder_count, not_before, promised_date,
    disputed_from, disputed_until, credited_on, written_off_on
};
// clang-format on

struct date_argument {
    argument place;
    const char* name;
};
constexpr date_argument dates[] = {
    {invoice_date, "invoice_date"},   {due_date, "due_date"},
    {paid_date, "paid_date"},         {last_reminder_date, "last_reminder_date"},
    {not_before, "not_before"},       {promised_date, "promised_date"},
    {disputed_from, "disputed_from"}, {disputed_until, "disputed_until"},
    {credited_on, "credited_on"},     {written_off_on, "written_off_on"}};

const char* id_fault(FunctionCallInfo fcinfo, int place, const char* name) {
    if (PG_ARGISNULL(place)) return psprintf("%s is missing", name);
    const auto bytes = static_cast<int>(toast_raw_datum_size(PG_GETARG_DATUM(place)) - VARHDRSZ);
    if (bytes == 0) return psprintf("%s is missing", name);
    if (bytes <= longest_id) return nullptr;
    return psprintf("%s has %d bytes, more than %d", name, bytes, longest_id);
}

const char* date_fault(FunctionCallInfo fcinfo, int place, const char* name) {
    if (PG_ARGISNULL(place)) return nullptr;
    const DateADT day = PG_GETARG_DATEADT(place);
    if ((day >= first_day && day <= last_day) || (place == not_before && DATE_IS_NOEND(day)))
        return nullptr;
    if (DATE_NOT_FINITE(day))
        return psprintf("%s is %s", name, DATE_IS_NOBEGIN(day) ? "-infinity" : "infinity");
    return psprintf("%s is not in the years 1 to 9999", name);
}

const char* amount_fault(FunctionCallInfo fcinfo, int place, const char* name) {
    if (PG_ARGISNULL(place)) return nullptr;
    numeric_parts parts;
    const Datum value = PG_GETARG_DATUM(place);
    if (try_read_numeric(value, &parts) && parts.scale <= max_power_of_ten) return nullptr;
    const Numeric number = DatumGetNumeric(value);
    const char* text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(number)));
    if (numeric_is_nan(number) || numeric_is_inf(number)) return psprintf("%s is %s", name, text);
    const char* dots = strlen(text) > shown_bytes ? "..." : "";
    return psprintf("%s %.*s%s has more than %d digits", name, shown_bytes, text, dots,
                    max_power_of_ten);
}

// A profile keeps both with the digits after the point of the one that has more of them.
bool fits(const numeric_parts& value, int scale) {
    int128 units;
    return rescale(static_cast<int128>(value.units), value.scale, scale, &units) &&
           units < power_of_ten(max_power_of_ten);
}

// What is open of an invoice is no credit, and the other way round.
const char* open_amount_fault(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(amount) || PG_ARGISNULL(open_amount)) return nullptr;
    numeric_parts whole, open;
    if (!try_read_numeric(PG_GETARG_DATUM(amount), &whole) ||
        !try_read_numeric(PG_GETARG_DATUM(open_amount), &open))
        return nullptr;
    const int scale = whole.scale > open.scale ? whole.scale : open.scale;
    if (!fits(whole, scale) || !fits(open, scale))
        return psprintf("amount and open_amount have more than %d digits together",
                        max_power_of_ten);
    if (!PG_ARGISNULL(paid_date) || whole.units == 0 || open.units == 0 ||
        whole.negative == open.negative)
        return nullptr;
    return "open_amount has another sign than amount";
}

// Money received has no due date; what is owed without one would never be asked for.
const char* due_date_fault(FunctionCallInfo fcinfo) {
    if (!PG_ARGISNULL(due_date) || PG_ARGISNULL(amount)) return nullptr;
    numeric_parts owed;
    if (!try_read_numeric(PG_GETARG_DATUM(amount), &owed) || owed.units == 0 || owed.negative)
        return nullptr;
    return "due_date is missing";
}

const char* number_fault(FunctionCallInfo fcinfo, int place, const char* name, int least,
                         int most) {
    if (PG_ARGISNULL(place)) return nullptr;
    const int32 number = PG_GETARG_INT32(place);
    if (number >= least && number <= most) return nullptr;
    return psprintf("%s %d is not between %d and %d", name, number, least, most);
}

const char* attributes_fault(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(attributes)) return nullptr;
    Jsonb* value = PG_GETARG_JSONB_P(attributes);
    if (JB_ROOT_IS_OBJECT(value) && !JB_ROOT_IS_SCALAR(value)) return nullptr;
    if (JB_ROOT_IS_SCALAR(value)) {
        JsonbValue scalar;
        if (JsonbExtractScalar(&value->root, &scalar) && scalar.type == jbvNull) return nullptr;
    }
    return "attributes are no JSON object";
}

const char* first_fault(FunctionCallInfo fcinfo) {
    const char* fault = id_fault(fcinfo, customer_id, "customer_id");
    if (!fault) fault = id_fault(fcinfo, invoice_id, "invoice_id");
    for (const auto& date : dates)
        if (!fault) fault = date_fault(fcinfo, date.place, date.name);
    if (!fault) fault = amount_fault(fcinfo, amount, "amount");
    if (!fault) fault = amount_fault(fcinfo, open_amount, "open_amount");
    if (!fault) fault = open_amount_fault(fcinfo);
    if (!fault) fault = due_date_fault(fcinfo);
    if (!fault) fault = number_fault(fcinfo, last_level, "last_level", lowest_level, highest_level);
    if (!fault) fault = number_fault(fcinfo, reminder_count, "reminder_count", 0, highest_count);
    if (!fault) fault = attributes_fault(fcinfo);
    return fault;
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// The columns that can be unfit, in the order of the enumeration above.
RECEIVABLES_FUNCTION(item_fault) {
    const char* fault = first_fault(fcinfo);
    if (!fault) PG_RETURN_NULL();
    PG_RETURN_TEXT_P(cstring_to_text(fault));
}
