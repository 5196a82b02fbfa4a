// Payment days and runs in words.
#include <cstdio>

#include "core/profile/payment_run.hpp"

namespace receivables {

void write_payment_day(std::int32_t day, char* out) noexcept {
    if (day == -1) {
        std::snprintf(out, payment_day_text_size, "last day of the month");
        return;
    }
    const int n = day < 0 ? -day : day;
    const char* suffix = "th";
    if (n / 10 != 1) {
        if (n % 10 == 1) suffix = "st";
        if (n % 10 == 2) suffix = "nd";
        if (n % 10 == 3) suffix = "rd";
    }
    std::snprintf(out, payment_day_text_size, "%d%s%s", n, suffix,
                  day < 0 ? " to last day of the month" : "");
}

void write_payment_run(const payment_run& run, text_writer* out) noexcept {
    if (run.weekday > 0) {
        out->put(weekday_name(run.weekday));
        out->put('s');
        return;
    }
    out->put("the ");
    for (std::int32_t i = 0; i < run.day_count; ++i) {
        if (i > 0) out->put(i + 1 < run.day_count ? ", " : " and ");
        char text[payment_day_text_size];
        write_payment_day(run.day[i], text);
        out->put(std::string_view(text));
    }
}

std::string_view weekday_name(int iso_weekday) noexcept {
    constexpr std::string_view names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                          "Friday", "Saturday", "Sunday"};
    return names[iso_weekday - 1];
}

}  // namespace receivables
