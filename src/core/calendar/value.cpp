#include "core/calendar/value.hpp"

#include <algorithm>
#include <string_view>

#include "core/base/byte_order.hpp"

namespace receivables {

namespace {

constexpr std::string_view json_keys[] = {"weekend", "holidays"};

std::size_t offset_width(const day_number* days, std::size_t count) noexcept {
    return count > 0 && std::int64_t{days[count - 1]} - days[0] > max_narrow_span ? 4 : 2;
}

bool falls_on(weekday_set weekend, day_number day) noexcept {
    return weekend >> (iso_weekday(day) - 1) & 1;
}

bool damaged(status* s, const char* what) noexcept {
    return s->fail(error_code::invalid_binary, "invalid business_calendar: %s", what);
}

// One of the two ascending lists of a stored calendar, with nothing in it that belongs into the
// other.
bool check_holidays(const calendar_view& calendar, std::size_t start, std::size_t end,
                    bool on_weekend, status* s) noexcept {
    for (std::size_t i = start; i < end; ++i) {
        const std::int64_t day =
            std::int64_t{calendar.first_holiday()} + calendar.holiday_offset(i);
        if (!is_finite_day(day)) return damaged(s, "a holiday is out of range");
        if (calendar.is_weekend(day) != on_weekend)
            return damaged(s, "a holiday is in the wrong list");
        if (i > start && calendar.holiday_offset(i) <= calendar.holiday_offset(i - 1))
            return damaged(s, "its holidays are not ascending");
    }
    return true;
}

bool read_weekend(const json_document& document, json_value list, weekday_set* out,
                  status* s) noexcept {
    if (!document.expect(list, json_kind::array, s)) return false;
    weekday_set weekend = 0;
    for (json_value e = document.first(list); e != document.past(list); e = document.next(e)) {
        std::int64_t weekday;
        if (!document.read_integer(e, 1, 7, &weekday, s))
            return s->with_hint("Weekdays are 1 (Monday) to 7 (Sunday).");
        weekend |= static_cast<weekday_set>(1 << (weekday - 1));
    }
    *out = weekend;
    return check_weekend(weekend, s);
}

bool read_holidays(const json_document& document, json_value list, day_number* days,
                   std::size_t* count, status* s) noexcept {
    if (!document.expect(list, json_kind::array, s)) return false;
    for (json_value e = document.first(list); e != document.past(list); e = document.next(e))
        if (!document.read_date(e, &days[(*count)++], s)) return false;
    return true;
}

}  // namespace

bool check_weekend(weekday_set weekend, status* s) noexcept {
    if (weekend != all_weekdays) return true;
    s->fail(error_code::invalid_parameter, "weekend has all seven weekdays");
    s->with_detail("A calendar needs at least one weekday on which business is done.");
    return false;
}

bool check_holiday_count(std::size_t count, status* s) noexcept {
    if (count <= max_holidays) return true;
    return s->fail(error_code::limit_exceeded, "%zu holidays exceed the limit of %zu", count,
                   max_holidays);
}

std::size_t drop_repeated_holidays(day_number* days, std::size_t count) noexcept {
    return static_cast<std::size_t>(std::unique(days, days + count) - days);
}

std::size_t stored_calendar_size(const day_number* days, std::size_t count) noexcept {
    return calendar_header_size + count * offset_width(days, count);
}

void write_stored_calendar(weekday_set weekend, const day_number* days, std::size_t count,
                           unsigned char* out) noexcept {
    const std::size_t width = offset_width(days, count);
    const day_number first = count > 0 ? days[0] : 0;
    unsigned char* at = out + calendar_header_size;
    std::uint32_t working = 0;
    for (const bool on_weekend : {false, true})
        for (std::size_t i = 0; i < count; ++i) {
            if (falls_on(weekend, days[i]) != on_weekend) continue;
            if (!on_weekend) ++working;
            const auto offset = static_cast<std::uint32_t>(std::int64_t{days[i]} - first);
            if (width == 2)
                store_le(at, static_cast<std::uint16_t>(offset));
            else
                store_le(at, offset);
            at += width;
        }
    out[0] = calendar_format_version;
    out[1] = weekend;
    out[2] = static_cast<unsigned char>(width);
    out[3] = 0;
    store_le(out + 4, static_cast<std::uint32_t>(first));
    store_le(out + 8, working);
}

bool check_stored_calendar(const unsigned char* bytes, std::size_t size, status* s) noexcept {
    calendar_view calendar;
    if (!calendar.open(bytes, size, s)) return false;
    const std::size_t working = calendar.holiday_count();
    const std::size_t total = working + calendar.weekend_holiday_count();
    if (!check_holidays(calendar, 0, working, false, s) ||
        !check_holidays(calendar, working, total, true, s))
        return false;
    // Ascending lists: the extremes stand at their ends.
    const bool earliest_named = (working > 0 && calendar.holiday_offset(0) == 0) ||
                                (working < total && calendar.holiday_offset(working) == 0);
    if (total == 0 ? calendar.first_holiday() != 0 : !earliest_named)
        return damaged(s, "its earliest holiday is not in its lists");
    std::uint32_t span = 0;
    if (working > 0) span = calendar.holiday_offset(working - 1);
    if (working < total) span = std::max(span, calendar.holiday_offset(total - 1));
    if (bytes[2] != (span > max_narrow_span ? 4 : 2))
        return damaged(s, "its offsets do not have the width that they need");
    return true;
}

std::size_t json_holiday_count(const json_document& document) noexcept {
    json_value list;
    if (document.kind(document.root()) != json_kind::object ||
        !document.find(document.root(), "holidays", &list) ||
        document.kind(list) != json_kind::array)
        return 0;
    std::size_t count = 0;
    for (json_value e = document.first(list); e != document.past(list); e = document.next(e))
        ++count;
    return count;
}

bool read_calendar_json(const json_document& document, weekday_set* weekend, day_number* days,
                        std::size_t* count, status* s) noexcept {
    const json_value root = document.root();
    json_value list;
    *weekend = saturday_and_sunday;
    *count = 0;
    if (!document.expect_object(root, json_keys, std::size(json_keys), s)) return false;
    if (document.find(root, "weekend", &list) && !read_weekend(document, list, weekend, s))
        return false;
    return !document.find(root, "holidays", &list) || read_holidays(document, list, days, count, s);
}

void write_calendar_json(const calendar_view& calendar, text_writer* out) noexcept {
    out->put("{\"weekend\": [");
    bool first = true;
    for (int weekday = 1; weekday <= 7; ++weekday) {
        if (!(calendar.weekend() >> (weekday - 1) & 1)) continue;
        if (!first) out->put(", ");
        first = false;
        out->put_integer(weekday);
    }
    out->put("], \"holidays\": [");
    // The two lists merged: one ascending list.
    const std::size_t working = calendar.holiday_count();
    const std::size_t total = working + calendar.weekend_holiday_count();
    for (std::size_t i = 0, j = working; i < working || j < total;) {
        if (i > 0 || j > working) out->put(", ");
        const bool take_first =
            j == total || (i < working && calendar.holiday_offset(i) < calendar.holiday_offset(j));
        out->put('"');
        out->put_date(calendar.holiday(take_first ? i++ : j++));
        out->put('"');
    }
    out->put("]}");
}

}  // namespace receivables
