// QuantLib throws and allocates: everything it throws is caught here, and no object of its outlives
// a call.
#include "quantlib/holiday_calendars.hpp"

#include <ql/time/calendars/all.hpp>
#include <ql/version.hpp>

#include <array>
#include <cstring>
#include <exception>
#include <iterator>
#include <new>
#include <optional>
#include <string>

#if QL_HEX_VERSION < 0x012900f0
#error "QuantLib 1.29 or newer is needed"
#endif

namespace receivables {

namespace {

namespace ql = QuantLib;

using make_calendar = ql::Calendar (*)();

template <class Country>
ql::Calendar plain() {
    return Country();
}

template <class Country, typename Country::Market market>
ql::Calendar of_market() {
    return Country(market);
}

struct entry {
    const char* name;
    make_calendar make;
    bool weekend_varies = false;  // some days of QuantLib's weekend are business days
};

constexpr bool weekend_varies = true;

// Markets that QuantLib calls deprecated are listed as long as it has them.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
// clang-format off
#define PLAIN(country) {#country, plain<ql::country>}
#define MARKET(country, market, ...) \
    {#country "/" #market, of_market<ql::country, ql::country::market> __VA_OPT__(,) __VA_ARGS__}
// The country's name alone stands for the market named here.
#define GENERAL(country, market, ...) \
    {#country, of_market<ql::country, ql::country::market> __VA_OPT__(,) __VA_ARGS__}, \
    MARKET(country, market __VA_OPT__(,) __VA_ARGS__)

constexpr entry entries[] = {
    GENERAL(Argentina, Merval),
#if QL_HEX_VERSION >= 0x01310000
    GENERAL(Australia, Settlement), MARKET(Australia, ASX),
#else
    PLAIN(Australia),
#endif
    GENERAL(Austria, Settlement), MARKET(Austria, Exchange),
    PLAIN(Botswana),
    GENERAL(Brazil, Settlement), MARKET(Brazil, Exchange),
    GENERAL(Canada, Settlement), MARKET(Canada, TSX),
    GENERAL(Chile, SSE),
    GENERAL(China, SSE), MARKET(China, IB, weekend_varies),
#if QL_HEX_VERSION >= 0x01430000
    GENERAL(Croatia, ZSE),
#endif
    GENERAL(CzechRepublic, PSE),
    PLAIN(Denmark),
    PLAIN(Finland),
    GENERAL(France, Settlement), MARKET(France, Exchange),
    GENERAL(Germany, Settlement), MARKET(Germany, FrankfurtStockExchange), MARKET(Germany, Xetra),
    MARKET(Germany, Eurex), MARKET(Germany, Euwax),
    GENERAL(HongKong, HKEx),
    PLAIN(Hungary),
    GENERAL(Iceland, ICEX),
    GENERAL(India, NSE),
    GENERAL(Indonesia, IDX), MARKET(Indonesia, BEJ), MARKET(Indonesia, JSX),
    GENERAL(Israel, TASE, weekend_varies),
    // One calendar with that of the exchange, and from 1.43 on deprecated under this name.
    {"Israel/Settlement", of_market<ql::Israel, ql::Israel::TASE>, weekend_varies},
#if QL_HEX_VERSION >= 0x01390000
    MARKET(Israel, SHIR),
#endif
#if QL_HEX_VERSION >= 0x01430000
    MARKET(Israel, Telbor),
#endif
    GENERAL(Italy, Settlement), MARKET(Italy, Exchange),
    PLAIN(Japan),
#if QL_HEX_VERSION >= 0x01440000
    GENERAL(Malaysia, KLSE),
#endif
#if QL_HEX_VERSION >= 0x01430000
    GENERAL(Malta, MSE),
#endif
    GENERAL(Mexico, BMV),
#if QL_HEX_VERSION >= 0x01430000
    GENERAL(Montenegro, MNSE),
#endif
#if QL_HEX_VERSION >= 0x01370000
    GENERAL(NewZealand, Wellington), MARKET(NewZealand, Auckland),
#else
    PLAIN(NewZealand),
#endif
#if QL_HEX_VERSION >= 0x01430000
    GENERAL(NorthMacedonia, MSE),
#endif
    PLAIN(Norway),
    PLAIN(NullCalendar),
#if QL_HEX_VERSION >= 0x01360000
    GENERAL(Poland, Settlement), MARKET(Poland, WSE),
#else
    PLAIN(Poland),
#endif
    GENERAL(Romania, Public), MARKET(Romania, BVB),
    GENERAL(Russia, Settlement), MARKET(Russia, MOEX, weekend_varies),
    GENERAL(SaudiArabia, Tadawul, weekend_varies),
#if QL_HEX_VERSION >= 0x01430000
    GENERAL(Serbia, BSE),
#endif
    GENERAL(Singapore, SGX),
    GENERAL(Slovakia, BSSE),
#if QL_HEX_VERSION >= 0x01430000
    GENERAL(Slovenia, LSE),
#endif
    PLAIN(SouthAfrica),
    GENERAL(SouthKorea, Settlement), MARKET(SouthKorea, KRX),
    PLAIN(Sweden),
    PLAIN(Switzerland),
    PLAIN(TARGET),
    GENERAL(Taiwan, TSEC),
    PLAIN(Thailand),
    PLAIN(Turkey),
    GENERAL(Ukraine, USE),
    GENERAL(UnitedKingdom, Settlement), MARKET(UnitedKingdom, Exchange), MARKET(UnitedKingdom, Metals),
    GENERAL(UnitedStates, Settlement), MARKET(UnitedStates, NYSE), MARKET(UnitedStates, GovernmentBond),
    MARKET(UnitedStates, NERC), MARKET(UnitedStates, LiborImpact), MARKET(UnitedStates, FederalReserve),
#if QL_HEX_VERSION >= 0x01310000
    MARKET(UnitedStates, SOFR),
#endif
#if QL_HEX_VERSION >= 0x01430000
    GENERAL(Uzbekistan, UZSE),
#endif
    PLAIN(WeekendsOnly),
};
// clang-format on
#pragma GCC diagnostic pop

constexpr auto names = [] {
    std::array<const char*, std::size(entries)> list{};
    for (std::size_t i = 0; i < list.size(); ++i) list[i] = entries[i].name;
    return list;
}();

// QuantLib counts days as spreadsheets do: 36526 is 2000-01-01.
constexpr std::int32_t serial_of_day_0 = 36526;
constexpr day_number first_day = 367 - serial_of_day_0;    // 1901-01-01
constexpr day_number last_day = 109574 - serial_of_day_0;  // 2199-12-31

ql::Date to_date(day_number day) {
    return ql::Date(day + serial_of_day_0);
}

constexpr weekday_set bit(int iso_weekday) {
    return static_cast<weekday_set>(1 << (iso_weekday - 1));
}

// Call within a catch: what was thrown, as a status. QuantLib's own error is about the day asked
// for.
bool report_exception(std::size_t index, day_number day, status* s) noexcept {
    try {
        throw;
    } catch (const std::bad_alloc&) {
        return s->fail(error_code::out_of_memory, "out of memory");
    } catch (const ql::Error& e) {
        char text[iso_date_size];
        write_iso_date(day, text);
        s->fail(error_code::datetime_out_of_range, "calendar \"%s\" does not know the year of %s",
                entries[index].name, text);
        return s->with_detail("QuantLib " QL_VERSION ": %s", e.what());
    } catch (const std::exception& e) {
        s->fail(error_code::internal, "calendar \"%s\" failed", entries[index].name);
        return s->with_detail("QuantLib " QL_VERSION ": %s", e.what());
    } catch (...) {
        return s->fail(error_code::internal, "calendar \"%s\" failed", entries[index].name);
    }
}

weekday_set weekend_of_quantlib(const ql::Calendar& calendar) {
    weekday_set weekend = 0;
    for (int weekday = 1; weekday <= 7; ++weekday)
        // QuantLib's week begins on Sunday, its day 1.
        if (calendar.isWeekend(static_cast<ql::Weekday>(weekday % 7 + 1))) weekend |= bit(weekday);
    return weekend;
}

// Takes off the weekdays on which there ever was business. Looks back from the last day, so that
// they are found soon; a year of which the calendar knows nothing says nothing.
weekday_set without_business(const ql::Calendar& calendar, weekday_set weekend) {
    for (day_number day = last_day; day >= first_day && weekend != 0; --day) {
        const weekday_set today = bit(iso_weekday(day));
        if (!(weekend & today)) continue;
        try {
            if (calendar.isBusinessDay(to_date(day))) weekend &= static_cast<weekday_set>(~today);
        } catch (const ql::Error&) {
            day = from_civil({to_civil(day).year, 1, 1});
        }
    }
    return weekend;
}

// The search takes milliseconds, so a session makes it once.
weekday_set weekend_of(std::size_t index, const ql::Calendar& calendar) {
    const weekday_set weekend = weekend_of_quantlib(calendar);
    if (!entries[index].weekend_varies) return weekend;
    static std::array<std::optional<weekday_set>, std::size(entries)> found{};
    if (!found[index]) found[index] = without_business(calendar, weekend);
    return *found[index];
}

bool describe(std::size_t index, char (&description)[holiday_description_size],
              weekday_set* weekend, status* s) noexcept {
    try {
        const ql::Calendar calendar = entries[index].make();
        const std::string name = calendar.name();
        std::strncpy(description, name.c_str(), holiday_description_size - 1);
        description[holiday_description_size - 1] = '\0';
        *weekend = weekend_of(index, calendar);
        return true;
    } catch (...) {
        return report_exception(index, first_day, s);
    }
}

bool list(std::size_t index, day_number from, day_number to, day_number* out, std::size_t* count,
          status* s) noexcept {
    day_number day = from;
    try {
        const ql::Calendar calendar = entries[index].make();
        const weekday_set weekend = weekend_of(index, calendar);
        *count = 0;
        for (; day <= to; ++day)
            if (!(weekend & bit(iso_weekday(day))) && !calendar.isBusinessDay(to_date(day)))
                out[(*count)++] = day;
        return true;
    } catch (...) {
        return report_exception(index, day, s);
    }
}

constexpr holiday_source source = {
    holiday_source_version, "QuantLib " QL_VERSION, first_day, last_day,
    names.data(),           names.size(),           describe,  list};

}  // namespace

const holiday_source* quantlib_holiday_source() noexcept {
    return &source;
}

}  // namespace receivables
