#include "core/base/json_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "core/base/text_writer.hpp"

namespace receivables {

namespace {

// Enough of a text from outside to recognise it in a message.
int shown(std::string_view text) noexcept {
    std::size_t size = std::min<std::size_t>(text.size(), 60);
    // Not in the middle of a UTF-8 character.
    while (size < text.size() && size > 0 &&
           (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
        --size;
    return static_cast<int>(size);
}

bool is_plain(std::string_view key) noexcept {
    const auto letter = [](char c) noexcept {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !key.empty() && letter(key[0]) && std::all_of(key.begin(), key.end(), [&](char c) {
        return letter(c) || (c >= '0' && c <= '9');
    });
}

std::size_t quoted_size(std::string_view key) noexcept {
    text_writer measure;
    measure.put_json_string(key);
    return measure.size();
}

// A key in a path: with quotes when it is no plain name, and never so long that nothing fits
// behind it.
void put_path_key(std::string_view key, text_writer* path) noexcept {
    constexpr std::size_t longest = 44;
    if (is_plain(key) && key.size() <= longest) return path->put(key);
    if (key.size() <= longest && quoted_size(key) <= longest) return path->put_json_string(key);
    std::size_t size = std::min(key.size(), longest);
    const auto within_character = [&] {
        return size < key.size() && (static_cast<unsigned char>(key[size]) & 0xC0) == 0x80;
    };
    while (size > 0 && (within_character() || quoted_size(key.substr(0, size)) + 3 > longest))
        --size;
    char text[longest];
    text_writer cut(text, sizeof text);
    cut.put_json_string(key.substr(0, size));
    path->put({text, cut.size() - 1});
    path->put("...\"");
}

const char* how_to_write(json_kind kind) noexcept {
    switch (kind) {
        case json_kind::object:
            return "An object is written in braces: {\"key\": value}.";
        case json_kind::array:
            return "An array is written in square brackets: [value, value].";
        case json_kind::string:
            return "A string is written in double quotes.";
        case json_kind::number:
            return "A number is written without quotes.";
        case json_kind::boolean:
            return "Write true or false, without quotes.";
        default:
            return "";
    }
}

}  // namespace

const char* json_kind_name(json_kind kind) noexcept {
    switch (kind) {
        case json_kind::object:
            return "an object";
        case json_kind::array:
            return "an array";
        case json_kind::key:
            return "a key";
        case json_kind::string:
            return "a string";
        case json_kind::number:
            return "a number";
        case json_kind::boolean:
            return "true or false";
        case json_kind::null:
            return "null";
    }
    return "a value";
}

bool json_document::find(json_value object, std::string_view key, json_value* out) const noexcept {
    for (json_value k = first(object); k != past(object); k = next_member(k))
        if (text(k) == key) {
            *out = member_value(k);
            return true;
        }
    return false;
}

bool json_document::expect(json_value v, json_kind wanted, status* s) const noexcept {
    if (kind(v) == wanted) return true;
    fail(v, error_code::invalid_text, s, "expected %s, not %s", json_kind_name(wanted),
         json_kind_name(kind(v)));
    return s->with_hint("%s", how_to_write(wanted));
}

bool json_document::fail_twice(json_value key, status* s) const noexcept {
    fail(key, error_code::invalid_text, s, "key \"%.*s\" is there twice", shown(text(key)),
         text(key).data());
    return s->with_hint("Leave one of them: readers of JSON differ in which one they take.");
}

bool json_document::expect_object(json_value v, const std::string_view* keys, std::size_t key_count,
                                  status* s) const noexcept {
    if (!expect(v, json_kind::object, s)) return false;
    std::uint64_t seen = 0;
    for (json_value k = first(v); k != past(v); k = next_member(k)) {
        const std::string_view* found = std::find(keys, keys + key_count, text(k));
        if (found == keys + key_count) {
            fail(k, error_code::invalid_text, s, "unknown key \"%.*s\"", shown(text(k)),
                 text(k).data());
            text_writer hint(s->hint, sizeof s->hint - 1);
            hint.put("Known keys here are ");
            for (std::size_t i = 0; i < key_count; ++i) {
                if (i > 0) hint.put(", ");
                hint.put(keys[i]);
            }
            hint.put('.');
            s->hint[std::min(hint.size(), sizeof s->hint - 1)] = '\0';
            return false;
        }
        const std::uint64_t bit = std::uint64_t{1} << (found - keys);
        if (seen & bit) return fail_twice(k, s);
        seen |= bit;
    }
    return true;
}

bool json_document::expect_map(json_value v, std::size_t most, status* s) const noexcept {
    if (!expect(v, json_kind::object, s)) return false;
    std::size_t count = 0;
    for (json_value k = first(v); k != past(v); k = next_member(k)) {
        if (++count > most)
            return fail(v, error_code::limit_exceeded, s, "more than %zu keys", most);
        for (json_value earlier = first(v); earlier != k; earlier = next_member(earlier))
            if (text(earlier) == text(k)) return fail_twice(k, s);
    }
    return true;
}

bool json_document::require(json_value object, std::string_view key, json_value* out,
                            status* s) const noexcept {
    if (find(object, key, out)) return true;
    return fail(object, error_code::invalid_text, s, "key \"%.*s\" is missing",
                static_cast<int>(key.size()), key.data());
}

bool json_document::read_integer(json_value v, std::int64_t least, std::int64_t most,
                                 std::int64_t* out, status* s) const noexcept {
    if (!expect(v, json_kind::number, s)) return false;
    decimal value;
    const std::string_view written = text(v);
    if (!receivables::read_decimal(written.data(), written.size(), &value) || value.scale != 0)
        return fail(v, error_code::invalid_text, s, "expected a whole number, not %.*s",
                    shown(written), written.data());
    if (value.units < least || value.units > most)
        return fail(v, error_code::numeric_out_of_range, s, "%.*s is out of the range %lld to %lld",
                    shown(written), written.data(), static_cast<long long>(least),
                    static_cast<long long>(most));
    *out = static_cast<std::int64_t>(value.units);
    return true;
}

bool json_document::read_decimal(json_value v, decimal* out, status* s) const noexcept {
    if (!expect(v, json_kind::number, s)) return false;
    const std::string_view written = text(v);
    if (receivables::read_decimal(written.data(), written.size(), out)) return true;
    const bool plain = written.find_first_of("eE") == std::string_view::npos;
    return fail(
        v, plain ? error_code::numeric_out_of_range : error_code::invalid_text, s,
        plain ? "number %.*s has more than 38 digits" : "expected a plain decimal number, not %.*s",
        shown(written), written.data());
}

bool json_document::read_double(json_value v, double most, double* out, status* s) const noexcept {
    if (!expect(v, json_kind::number, s)) return false;
    const std::string_view written = text(v);
    const char* const end = written.data() + written.size();
    const std::from_chars_result read = std::from_chars(written.data(), end, *out);
    if (read.ec == std::errc{} && read.ptr == end && std::fabs(*out) <= most) return true;
    return fail(v, error_code::numeric_out_of_range, s, "%.*s is out of the range -%g to %g",
                shown(written), written.data(), most, most);
}

bool json_document::read_date(json_value v, day_number* out, status* s) const noexcept {
    if (!expect(v, json_kind::string, s)) return false;
    const std::string_view written = text(v);
    if (read_iso_date(written.data(), written.size(), out)) return true;
    return fail(v, error_code::invalid_text, s, "expected a date as YYYY-MM-DD, not \"%.*s\"",
                shown(written), written.data());
}

bool json_document::read_string(json_value v, std::string_view* out, status* s) const noexcept {
    if (!expect(v, json_kind::string, s)) return false;
    *out = text(v);
    return true;
}

bool json_document::read_boolean(json_value v, bool* out, status* s) const noexcept {
    if (!expect(v, json_kind::boolean, s)) return false;
    *out = truth(v);
    return true;
}

bool json_document::fail(json_value v, error_code code, status* s, const char* format,
                         ...) const noexcept {
    char path[96];
    write_path(v, path, sizeof path);
    va_list args;
    va_start(args, format);
    const int written = std::vsnprintf(s->message, sizeof s->message, format, args);
    va_end(args);
    const auto length = std::min<std::size_t>(static_cast<std::size_t>(std::max(written, 0)),
                                              sizeof s->message - 1);
    std::snprintf(s->message + length, sizeof s->message - length, " at %s", path);
    s->code = code;
    return false;
}

void json_document::write_path(json_value target, char* out, std::size_t size) const noexcept {
    text_writer path(out, size - 1);
    path.put('$');
    json_value at = root();
    // A key stands for its object here: "unknown key at $.steps[0]".
    while (at != target && (kind(at) == json_kind::object || kind(at) == json_kind::array)) {
        const bool object = kind(at) == json_kind::object;
        std::uint32_t index = 0;
        json_value step = first(at);
        while ((object ? next_member(step) : next(step)) <= target) {
            step = object ? next_member(step) : next(step);
            ++index;
        }
        if (object && step == target) break;
        if (object) {
            path.put('.');
            put_path_key(text(step), &path);
            at = member_value(step);
        } else {
            path.put('[');
            path.put_integer(index);
            path.put(']');
            at = step;
        }
    }
    const std::size_t written = path.size();
    if (written < size) {
        out[written] = '\0';
        return;
    }
    std::size_t cut = size - 4;
    while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xC0) == 0x80) --cut;
    std::memcpy(out + cut, "...", 4);
}

}  // namespace receivables
