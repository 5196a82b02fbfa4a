#include "core/base/text_writer.hpp"

#include <charconv>

namespace receivables {

void text_writer::put_integer(int128 value) noexcept {
    put_decimal({value, 0});
}

void text_writer::put_decimal(decimal value) noexcept {
    // A display scale can be far longer than any number of digits; its zeros are not buffered.
    constexpr int buffered = 60;
    char text[decimal_text_size(buffered)];
    if (value.scale <= buffered) {
        put({text, write_decimal(value, text)});
        return;
    }
    int padding = 0;
    decimal shown = value;
    if (value.units == 0) {
        padding = value.scale - buffered;
        shown.scale = buffered;
        put({text, write_decimal(shown, text)});
        while (padding-- > 0) put('0');
        return;
    }
    // Fewer than 40 digits: everything before them is "0." and zeros.
    if (value.units < 0) put('-');
    char digits[decimal_text_size(0)];
    const int128 magnitude = value.units < 0 ? -value.units : value.units;
    const std::size_t length = write_decimal({magnitude, 0}, digits);
    put("0.");
    for (int place = value.scale; place > static_cast<int>(length); --place) put('0');
    put({digits, length});
}

void text_writer::put_date(day_number day) noexcept {
    char text[iso_date_size];
    put({text, write_iso_date(day, text)});
}

void text_writer::put_double(double value) noexcept {
    char text[32];
    const std::to_chars_result end = std::to_chars(text, text + sizeof text, value);
    put({text, static_cast<std::size_t>(end.ptr - text)});
}

void text_writer::put_json_string(std::string_view text) noexcept {
    constexpr char hex[] = "0123456789abcdef";
    put('"');
    for (char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            put('\\');
            put(c);
        } else if (byte < 0x20) {
            put("\\u00");
            put(hex[byte >> 4]);
            put(hex[byte & 15]);
        } else {
            put(c);
        }
    }
    put('"');
}

}  // namespace receivables
