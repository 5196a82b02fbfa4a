// When an open invoice is paid: expected_payment_date, payment_probability, expected_days_late, and
// what each says in words.
#include "pg/base/postgres.hpp"

#include <type_traits>

#include "core/forecast/outlook_text.hpp"
#include "pg/base/finite_day.hpp"
#include "pg/calendar/business_calendar.hpp"
#include "pg/forecast/survival_rows.hpp"
#include "pg/profile/payment_profile.hpp"

namespace receivables {

namespace {

static_assert(std::is_trivially_destructible_v<payment_outlook>, "an error leaves by longjmp");

// Where a function has the arguments after (profile, due_date).
struct argument_places {
    int as_of, prior, calendar, disputed;
};
constexpr argument_places date_places = {2, 4, 5, 6};         // ... as_of, fraction, prior
constexpr argument_places probability_places = {3, 4, 5, 6};  // ... by_date, as_of, prior
constexpr argument_places mean_places = {2, 3, 4, 5};         // ... as_of, prior

// False when there is nothing to say.
bool build_outlook(FunctionCallInfo fcinfo, const argument_places& at, payment_outlook* out) {
    if (PG_ARGISNULL(1) || PG_ARGISNULL(at.as_of)) return false;
    outlook_question question;
    question.due = finite_day(PG_GETARG_DATEADT(1), "due_date");
    question.as_of = finite_day(PG_GETARG_DATEADT(at.as_of), "as_of");
    question.disputed = PG_ARGISNULL(at.disputed) || PG_GETARG_BOOL(at.disputed);
    if (!PG_ARGISNULL(at.calendar)) question.calendar = open_calendar(PG_GETARG_DATUM(at.calendar));
    return out->build(open_optional_profile(fcinfo, 0), open_optional_profile(fcinfo, at.prior),
                      question);
}

double fraction_argument(FunctionCallInfo fcinfo) {
    const double fraction = PG_ARGISNULL(3) ? 0.5 : PG_GETARG_FLOAT8(3);
    // Written so that NaN is refused.
    if (!(fraction > 0 && fraction < 1))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("fraction must be above 0 and below 1, not %g", fraction)));
    return fraction;
}

maybe<std::int64_t> own_median(FunctionCallInfo fcinfo, const payment_outlook& outlook) {
    if (PG_ARGISNULL(0)) return maybe<std::int64_t>::none();
    const outlook_question& question = outlook.question();
    const survival_rows seen = collect_survival(open_profile_argument(PG_GETARG_DATUM(0)),
                                                question.as_of, question.disputed);
    return median_delay(seen.rows, seen.count);
}

void require_date(std::int64_t day) {
    if (!is_finite_day(day))
        ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
                        errmsg("expected payment date out of range")));
}

// WRITE(text_writer*)
template <class Write>
Datum explanation(Write&& write) {
    char text[1024];
    text_writer out(text, sizeof text);
    write(&out);
    PG_RETURN_TEXT_P(
        cstring_to_text_with_len(text, static_cast<int>(Min(out.size(), sizeof text))));
}

}  // namespace

}  // namespace receivables

using namespace receivables;

// (profile, due_date, as_of, fraction, prior, calendar, disputed)
RECEIVABLES_FUNCTION(expected_payment_date) {
    payment_outlook outlook;
    const double fraction = fraction_argument(fcinfo);
    if (!build_outlook(fcinfo, date_places, &outlook)) PG_RETURN_NULL();
    const maybe<std::int64_t> day = outlook.payment_day(fraction);
    if (!day.known) PG_RETURN_NULL();
    require_date(day.value);
    PG_RETURN_DATEADT(static_cast<DateADT>(day.value));
}

RECEIVABLES_FUNCTION(explain_expected_payment_date) {
    payment_outlook outlook;
    const double fraction = fraction_argument(fcinfo);
    if (!build_outlook(fcinfo, date_places, &outlook)) PG_RETURN_NULL();
    const maybe<std::int64_t> day = outlook.payment_day(fraction);
    if (day.known) require_date(day.value);
    const maybe<std::int64_t> median = own_median(fcinfo, outlook);
    return explanation(
        [&](text_writer* out) { write_payment_day(outlook, fraction, median, out); });
}

// (profile, due_date, by_date, as_of, prior, calendar, disputed)
RECEIVABLES_FUNCTION(payment_probability) {
    payment_outlook outlook;
    if (PG_ARGISNULL(2)) PG_RETURN_NULL();
    const day_number by_date = finite_day(PG_GETARG_DATEADT(2), "by_date");
    if (!build_outlook(fcinfo, probability_places, &outlook)) PG_RETURN_NULL();
    PG_RETURN_FLOAT8(outlook.share_paid_by(by_date));
}

RECEIVABLES_FUNCTION(explain_payment_probability) {
    payment_outlook outlook;
    if (PG_ARGISNULL(2)) PG_RETURN_NULL();
    const day_number by_date = finite_day(PG_GETARG_DATEADT(2), "by_date");
    if (!build_outlook(fcinfo, probability_places, &outlook)) PG_RETURN_NULL();
    const maybe<std::int64_t> median = own_median(fcinfo, outlook);
    return explanation(
        [&](text_writer* out) { write_payment_probability(outlook, by_date, median, out); });
}

// (profile, due_date, as_of, prior, calendar, disputed)
RECEIVABLES_FUNCTION(expected_days_late) {
    payment_outlook outlook;
    if (!build_outlook(fcinfo, mean_places, &outlook)) PG_RETURN_NULL();
    PG_RETURN_FLOAT8(outlook.mean_days_late());
}

RECEIVABLES_FUNCTION(explain_expected_days_late) {
    payment_outlook outlook;
    if (!build_outlook(fcinfo, mean_places, &outlook)) PG_RETURN_NULL();
    const maybe<std::int64_t> median = own_median(fcinfo, outlook);
    return explanation([&](text_writer* out) { write_mean_days_late(outlook, median, out); });
}
