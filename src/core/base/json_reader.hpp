// Reads a JSON text that PostgreSQL's own parser has taken apart into a flat list of events. What
// jsonb would lose silently, doubled keys, is an error here; every error names the JSON path of the
// culprit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/civil_date.hpp"
#include "core/base/decimal.hpp"
#include "core/base/status.hpp"

namespace receivables {

enum class json_kind : std::uint8_t {
    object,  // followed by pairs of a key and a value, up to `end`
    array,   // followed by values, up to `end`
    key,
    string,
    number,
    boolean,
    null
};

struct json_event {
    json_kind kind;
    bool truth;           // of a boolean
    std::uint32_t start;  // of the text (de-escaped string, key, or number as written) in the pool
    std::uint32_t size;
    std::uint32_t end;  // index of the first event after this value
};

// A value is the index of its event; a member of an object is the index of its key.
using json_value = std::uint32_t;

class json_document {
  public:
    json_document(const json_event* events, const char* pool) noexcept
        : events_(events), pool_(pool) {}

    json_value root() const noexcept { return 0; }
    json_kind kind(json_value v) const noexcept { return events_[v].kind; }
    bool truth(json_value v) const noexcept { return events_[v].truth; }
    std::string_view text(json_value v) const noexcept {
        return {pool_ + events_[v].start, events_[v].size};
    }

    // for (json_value e = first(a); e != past(a); e = next(e))   elements of an array
    json_value first(json_value v) const noexcept { return v + 1; }
    json_value past(json_value v) const noexcept { return events_[v].end; }
    json_value next(json_value v) const noexcept { return events_[v].end; }
    // for (json_value k = first(o); k != past(o); k = next_member(k))   keys of an object
    json_value member_value(json_value key) const noexcept { return key + 1; }
    json_value next_member(json_value key) const noexcept { return events_[key + 1].end; }

    // The value of a key of an object; false when it has no such key.
    bool find(json_value object, std::string_view key, json_value* out) const noexcept;

    // Each checks one thing and otherwise fills the status, which it returns as false.
    bool expect(json_value v, json_kind wanted, status* s) const noexcept;
    // An object that has only these keys, none of them twice.
    bool expect_object(json_value v, const std::string_view* keys, std::size_t key_count,
                       status* s) const noexcept;
    // An object with free keys, none of them twice, at most `most`.
    bool expect_map(json_value v, std::size_t most, status* s) const noexcept;
    // The value of a key that must be there.
    bool require(json_value object, std::string_view key, json_value* out,
                 status* s) const noexcept;
    bool read_integer(json_value v, std::int64_t least, std::int64_t most, std::int64_t* out,
                      status* s) const noexcept;
    bool read_decimal(json_value v, decimal* out, status* s) const noexcept;
    // The nearest double of a number in any notation, of magnitude up to `most`.
    bool read_double(json_value v, double most, double* out, status* s) const noexcept;
    bool read_date(json_value v, day_number* out, status* s) const noexcept;
    bool read_string(json_value v, std::string_view* out, status* s) const noexcept;
    bool read_boolean(json_value v, bool* out, status* s) const noexcept;

    // Fails with a formatted message followed by " at PATH".
    RECEIVABLES_PRINTF(5, 6)
    bool fail(json_value v, error_code code, status* s, const char* format, ...) const noexcept;
    // The path of a value or a key, as $.segments."at risk".steps[0].level; long keys are
    // shortened, and the whole is cut off with "..." when it is still too long.
    void write_path(json_value v, char* out, std::size_t size) const noexcept;

  private:
    bool fail_twice(json_value key, status* s) const noexcept;

    const json_event* events_;
    const char* pool_;
};

const char* json_kind_name(json_kind kind) noexcept;

}  // namespace receivables
