// QuantLib is the oracle: a business calendar made from the holidays and the weekend that our
// library gives must answer as the calendar of QuantLib does, day by day. Built where QuantLib is
// found.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <ostream>
#include <ql/time/calendars/all.hpp>
#include <ql/version.hpp>
#include <random>
#include <string>
#include <vector>

#include "core/calendar/value.hpp"
#include "quantlib/holiday_calendars.hpp"

namespace receivables {
namespace {

namespace ql = QuantLib;

struct pair_to_compare {
    const char* name;
    std::function<ql::Calendar()> make;
    const char* same_as = nullptr;  // another name of that one
};

void PrintTo(const pair_to_compare& pair, std::ostream* out) {
    *out << pair.name;
}

// Written out once more, so that a name that stands for the wrong calendar does not go unseen.
const std::vector<pair_to_compare> pairs = {
    {"Argentina/Merval", [] { return ql::Argentina(ql::Argentina::Merval); }},
    {"Argentina", nullptr, "Argentina/Merval"},
    {"Australia", [] { return ql::Australia(); }},
    {"Austria/Settlement", [] { return ql::Austria(ql::Austria::Settlement); }},
    {"Austria/Exchange", [] { return ql::Austria(ql::Austria::Exchange); }},
    {"Austria", nullptr, "Austria/Settlement"},
    {"Botswana", [] { return ql::Botswana(); }},
    {"Brazil/Settlement", [] { return ql::Brazil(ql::Brazil::Settlement); }},
    {"Brazil/Exchange", [] { return ql::Brazil(ql::Brazil::Exchange); }},
    {"Brazil", nullptr, "Brazil/Settlement"},
    {"Canada/Settlement", [] { return ql::Canada(ql::Canada::Settlement); }},
    {"Canada/TSX", [] { return ql::Canada(ql::Canada::TSX); }},
    {"Canada", nullptr, "Canada/Settlement"},
    {"Chile/SSE", [] { return ql::Chile(ql::Chile::SSE); }},
    {"Chile", nullptr, "Chile/SSE"},
    {"China/SSE", [] { return ql::China(ql::China::SSE); }},
    {"China/IB", [] { return ql::China(ql::China::IB); }},
    {"China", nullptr, "China/SSE"},
    {"CzechRepublic/PSE", [] { return ql::CzechRepublic(ql::CzechRepublic::PSE); }},
    {"CzechRepublic", nullptr, "CzechRepublic/PSE"},
    {"Denmark", [] { return ql::Denmark(); }},
    {"Finland", [] { return ql::Finland(); }},
    {"France/Settlement", [] { return ql::France(ql::France::Settlement); }},
    {"France/Exchange", [] { return ql::France(ql::France::Exchange); }},
    {"France", nullptr, "France/Settlement"},
    {"Germany/Settlement", [] { return ql::Germany(ql::Germany::Settlement); }},
    {"Germany/FrankfurtStockExchange",
     [] { return ql::Germany(ql::Germany::FrankfurtStockExchange); }},
    {"Germany/Xetra", [] { return ql::Germany(ql::Germany::Xetra); }},
    {"Germany/Eurex", [] { return ql::Germany(ql::Germany::Eurex); }},
    {"Germany/Euwax", [] { return ql::Germany(ql::Germany::Euwax); }},
    {"Germany", nullptr, "Germany/Settlement"},
    {"HongKong/HKEx", [] { return ql::HongKong(ql::HongKong::HKEx); }},
    {"HongKong", nullptr, "HongKong/HKEx"},
    {"Hungary", [] { return ql::Hungary(); }},
    {"Iceland/ICEX", [] { return ql::Iceland(ql::Iceland::ICEX); }},
    {"Iceland", nullptr, "Iceland/ICEX"},
    {"India/NSE", [] { return ql::India(ql::India::NSE); }},
    {"India", nullptr, "India/NSE"},
    {"Indonesia/IDX", [] { return ql::Indonesia(ql::Indonesia::IDX); }},
    {"Indonesia/BEJ", [] { return ql::Indonesia(ql::Indonesia::BEJ); }},
    {"Indonesia/JSX", [] { return ql::Indonesia(ql::Indonesia::JSX); }},
    {"Indonesia", nullptr, "Indonesia/IDX"},
    {"Israel/TASE", [] { return ql::Israel(ql::Israel::TASE); }},
    {"Israel/Settlement", nullptr, "Israel/TASE"},
    {"Israel", nullptr, "Israel/TASE"},
    {"Italy/Settlement", [] { return ql::Italy(ql::Italy::Settlement); }},
    {"Italy/Exchange", [] { return ql::Italy(ql::Italy::Exchange); }},
    {"Italy", nullptr, "Italy/Settlement"},
    {"Japan", [] { return ql::Japan(); }},
    {"Mexico/BMV", [] { return ql::Mexico(ql::Mexico::BMV); }},
    {"Mexico", nullptr, "Mexico/BMV"},
    {"NewZealand", [] { return ql::NewZealand(); }},
    {"Norway", [] { return ql::Norway(); }},
    {"NullCalendar", [] { return ql::NullCalendar(); }},
    {"Poland", [] { return ql::Poland(); }},
    {"Romania/Public", [] { return ql::Romania(ql::Romania::Public); }},
    {"Romania/BVB", [] { return ql::Romania(ql::Romania::BVB); }},
    {"Romania", nullptr, "Romania/Public"},
    {"Russia/Settlement", [] { return ql::Russia(ql::Russia::Settlement); }},
    {"Russia/MOEX", [] { return ql::Russia(ql::Russia::MOEX); }},
    {"Russia", nullptr, "Russia/Settlement"},
    {"SaudiArabia/Tadawul", [] { return ql::SaudiArabia(ql::SaudiArabia::Tadawul); }},
    {"SaudiArabia", nullptr, "SaudiArabia/Tadawul"},
    {"Singapore/SGX", [] { return ql::Singapore(ql::Singapore::SGX); }},
    {"Singapore", nullptr, "Singapore/SGX"},
    {"Slovakia/BSSE", [] { return ql::Slovakia(ql::Slovakia::BSSE); }},
    {"Slovakia", nullptr, "Slovakia/BSSE"},
    {"SouthAfrica", [] { return ql::SouthAfrica(); }},
    {"SouthKorea/Settlement", [] { return ql::SouthKorea(ql::SouthKorea::Settlement); }},
    {"SouthKorea/KRX", [] { return ql::SouthKorea(ql::SouthKorea::KRX); }},
    {"SouthKorea", nullptr, "SouthKorea/Settlement"},
    {"Sweden", [] { return ql::Sweden(); }},
    {"Switzerland", [] { return ql::Switzerland(); }},
    {"TARGET", [] { return ql::TARGET(); }},
    {"Taiwan/TSEC", [] { return ql::Taiwan(ql::Taiwan::TSEC); }},
    {"Taiwan", nullptr, "Taiwan/TSEC"},
    {"Thailand", [] { return ql::Thailand(); }},
    {"Turkey", [] { return ql::Turkey(); }},
    {"Ukraine/USE", [] { return ql::Ukraine(ql::Ukraine::USE); }},
    {"Ukraine", nullptr, "Ukraine/USE"},
    {"UnitedKingdom/Settlement", [] { return ql::UnitedKingdom(ql::UnitedKingdom::Settlement); }},
    {"UnitedKingdom/Exchange", [] { return ql::UnitedKingdom(ql::UnitedKingdom::Exchange); }},
    {"UnitedKingdom/Metals", [] { return ql::UnitedKingdom(ql::UnitedKingdom::Metals); }},
    {"UnitedKingdom", nullptr, "UnitedKingdom/Settlement"},
    {"UnitedStates/Settlement", [] { return ql::UnitedStates(ql::UnitedStates::Settlement); }},
    {"UnitedStates/NYSE", [] { return ql::UnitedStates(ql::UnitedStates::NYSE); }},
    {"UnitedStates/GovernmentBond",
     [] { return ql::UnitedStates(ql::UnitedStates::GovernmentBond); }},
    {"UnitedStates/NERC", [] { return ql::UnitedStates(ql::UnitedStates::NERC); }},
    {"UnitedStates/LiborImpact", [] { return ql::UnitedStates(ql::UnitedStates::LiborImpact); }},
    {"UnitedStates/FederalReserve",
     [] { return ql::UnitedStates(ql::UnitedStates::FederalReserve); }},
    {"UnitedStates", nullptr, "UnitedStates/Settlement"},
    {"WeekendsOnly", [] { return ql::WeekendsOnly(); }},
};

const holiday_source& source = *quantlib_holiday_source();

day_number date(int year, int month, int day) {
    return from_civil({year, static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)});
}

// By way of the civil date, not of the numbers of days.
ql::Date to_quantlib(day_number day) {
    const civil_date civil = to_civil(day);
    return ql::Date(civil.day, static_cast<ql::Month>(civil.month), civil.year);
}
day_number from_quantlib(const ql::Date& day) {
    return date(day.year(), day.month(), day.dayOfMonth());
}

std::size_t index_of(const std::string& name) {
    for (std::size_t i = 0; i < source.calendar_count; ++i)
        if (name == source.names[i]) return i;
    ADD_FAILURE() << "no calendar " << name;
    return 0;
}

weekday_set weekend_of(std::size_t index) {
    char description[holiday_description_size];
    weekday_set weekend = 0;
    status s;
    EXPECT_TRUE(source.describe(index, description, &weekend, &s)) << s.message;
    EXPECT_NE(description[0], '\0');
    return weekend;
}

std::vector<day_number> holidays_of(std::size_t index, day_number from, day_number to) {
    std::vector<day_number> days(static_cast<std::size_t>(to - from + 1));
    std::size_t count = 0;
    status s;
    EXPECT_TRUE(source.list(index, from, to, days.data(), &count, &s)) << s.message << s.detail;
    days.resize(count);
    return days;
}

// QuantLib 1.29 has no calendar of the Moscow exchange before 2012.
day_number first_known(const std::string& name) {
    return name == "Russia/MOEX" ? date(2012, 1, 1) : source.first_day;
}

TEST(PublicHolidays, EveryCalendarIsCompared) {
    std::vector<std::string> ours(source.names, source.names + source.calendar_count), compared;
    for (const pair_to_compare& pair : pairs) compared.push_back(pair.name);
    std::sort(ours.begin(), ours.end());
    std::sort(compared.begin(), compared.end());
    EXPECT_EQ(std::adjacent_find(ours.begin(), ours.end()), ours.end());
    EXPECT_TRUE(std::includes(ours.begin(), ours.end(), compared.begin(), compared.end()));
#if QL_HEX_VERSION < 0x01300000
    EXPECT_EQ(ours, compared);
#endif
}

TEST(PublicHolidays, ReachesAsFarAsQuantLib) {
    EXPECT_EQ(to_quantlib(source.first_day), ql::Date::minDate());
    EXPECT_EQ(to_quantlib(source.last_day), ql::Date::maxDate());
}

TEST(PublicHolidays, CatchesWhatQuantLibThrows) {
    const std::size_t moscow = index_of("Russia/MOEX");
    std::vector<day_number> days(366);
    std::size_t count = 0;
    status s;
    EXPECT_FALSE(
        source.list(moscow, date(1999, 12, 30), date(2000, 1, 2), days.data(), &count, &s));
    EXPECT_EQ(s.code, error_code::datetime_out_of_range);
    EXPECT_STREQ(s.message, "calendar \"Russia/MOEX\" does not know the year of 1999-12-30");
    EXPECT_NE(std::string(s.detail).find("QuantLib"), std::string::npos);
    EXPECT_FALSE(holidays_of(moscow, date(2012, 1, 1), date(2012, 12, 31)).empty());
}

TEST(PublicHolidays, ListsOneDayOrNone) {
    const std::size_t target = index_of("TARGET");
    const day_number christmas = date(2026, 12, 25);
    EXPECT_EQ(holidays_of(target, christmas, christmas), std::vector<day_number>{christmas});
    EXPECT_TRUE(holidays_of(target, christmas - 1, christmas - 1).empty());
    EXPECT_TRUE(holidays_of(target, christmas, christmas - 1).empty());
}

class PublicHolidaysOf : public testing::TestWithParam<pair_to_compare> {};

std::string test_name(const testing::TestParamInfo<pair_to_compare>& info) {
    std::string name = info.param.name;
    std::replace(name.begin(), name.end(), '/', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(EveryCalendar, PublicHolidaysOf, testing::ValuesIn(pairs), test_name);

// A calendar of ours, and that of QuantLib.
struct comparison {
    calendar_view ours;
    ql::Calendar theirs;
    std::string name;

    void business_day(day_number day) const {
        ASSERT_EQ(is_business_day(ours, day), theirs.isBusinessDay(to_quantlib(day)))
            << name << " " << to_quantlib(day);
    }
    void conventions(day_number day) const {
        constexpr std::pair<roll_convention, ql::BusinessDayConvention> conventions[] = {
            {roll_convention::following, ql::Following},
            {roll_convention::modified_following, ql::ModifiedFollowing},
            {roll_convention::preceding, ql::Preceding},
            {roll_convention::modified_preceding, ql::ModifiedPreceding},
            {roll_convention::nearest, ql::Nearest},
            {roll_convention::unadjusted, ql::Unadjusted}};
        for (const auto& [convention, quantlib_convention] : conventions) {
            day_number rolled = 0;
            status s;
            ASSERT_TRUE(roll(ours, day, convention, &rolled, &s)) << s.message;
            ASSERT_EQ(rolled, from_quantlib(theirs.adjust(to_quantlib(day), quantlib_convention)))
                << name << " " << to_quantlib(day) << " " << convention_name(convention);
        }
    }
    void sum(day_number day, int n) const {
        day_number sum = 0;
        status s;
        ASSERT_TRUE(add_business_days(ours, day, n, &sum, &s)) << s.message;
        ASSERT_EQ(sum, from_quantlib(theirs.advance(to_quantlib(day), n, ql::Days)))
            << name << " " << to_quantlib(day) << " " << n;
    }
    void count(day_number from, day_number to) const {
        ASSERT_EQ(business_days_between(ours, from, to),
                  theirs.businessDaysBetween(to_quantlib(from), to_quantlib(to)))
            << name << " " << to_quantlib(from) << " " << to_quantlib(to);
    }
};

TEST_P(PublicHolidaysOf, EqualsQuantLib) {
    const pair_to_compare& pair = GetParam();
    const std::size_t index = index_of(pair.name);
    const weekday_set weekend = weekend_of(index);
    const day_number known = first_known(pair.same_as ? pair.same_as : pair.name);
    std::vector<day_number> days = holidays_of(index, known, source.last_day);
    if (pair.same_as != nullptr) {
        const std::size_t other = index_of(pair.same_as);
        EXPECT_EQ(weekend, weekend_of(other));
        EXPECT_EQ(days, holidays_of(other, known, source.last_day));
        return;
    }
    ASSERT_TRUE(std::is_sorted(days.begin(), days.end()));
    std::vector<unsigned char> stored(stored_calendar_size(days.data(), days.size()));
    write_stored_calendar(weekend, days.data(), days.size(), stored.data());
    comparison compare{{}, pair.make(), pair.name};
    status s;
    ASSERT_TRUE(compare.ours.open(stored.data(), stored.size(), &s)) << s.message;

    const day_number first = std::max(known + 100, date(1950, 1, 1)), last = date(2100, 12, 31);
    std::mt19937 random(static_cast<unsigned>(index));
    for (day_number day = first; day <= last; ++day) {
        compare.business_day(day);
        compare.conventions(day);
        if (day % 4 == 0) {
            compare.sum(day, 5);
            compare.sum(day, -5);
        } else if (day % 4 == 1) {
            for (const int n : {0, 1, -1}) compare.sum(day, n);
        }
        if (day % 61 == 0) {
            compare.sum(day, static_cast<int>(random() % 121) - 60);
            compare.count(day, day + static_cast<int>(random() % 400));
        }
        if (HasFatalFailure()) return;
    }
    // The years before and after.
    for (day_number day = known; day <= source.last_day; ++day) {
        if (day == first) day = last;
        compare.business_day(day);
        if (HasFatalFailure()) return;
    }
}

}  // namespace
}  // namespace receivables
