// The facts column of explain_segment.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/segments/condition.hpp"
#include "core/segments/policy.hpp"

namespace receivables {

namespace {

void put_number(double value, text_writer* out) noexcept {
    char text[40];
    if (!std::isfinite(value)) return out->put("null");
    out->put({text,
              static_cast<std::size_t>(std::to_chars(text, text + sizeof text, value).ptr - text)});
}

void put_value(const rule_value& v, text_writer* out) noexcept {
    switch (v.kind) {
        case value_kind::boolean:
            return out->put(v.truth ? "true" : "false");
        case value_kind::exact:
            return out->put_decimal(v.exact());
        case value_kind::real:
            return put_number(v.real, out);
        case value_kind::text:
            return out->put_json_string(v.string());
        case value_kind::date:
            out->put('"');
            out->put_date(v.small);
            return out->put('"');
        case value_kind::other:
            return out->put(v.string());
        default:
            return out->put("null");
    }
}

void put_metric_name(const program_slot& slot, text_writer* out) noexcept {
    std::size_t count;
    out->put('"');
    out->put(all_metrics(&count)[slot.metric].name);
    for (std::uint8_t i = 0; i < slot.written_arguments; ++i) {
        out->put(i == 0 ? "(" : ", ");
        put_number(slot.arguments[i], out);
    }
    out->put(slot.written_arguments > 0 ? ")\"" : "\"");
}

// The keys of a path, which zero bytes separate, with dots between them. A path of a sound program
// fits; a damaged one is cut off.
class attribute_name {
  public:
    explicit attribute_name(std::string_view path) noexcept {
        text_writer w(bytes_, sizeof bytes_);
        w.put("attribute.");
        for (char c : path) w.put(c == '\0' ? '.' : c);
        size_ = std::min(w.size(), sizeof bytes_);
    }
    std::string_view text() const noexcept { return {bytes_, size_}; }

  private:
    char bytes_[max_attribute_path_bytes + 16];
    std::size_t size_;
};

const char* kind_name(value_kind kind) noexcept {
    switch (kind) {
        case value_kind::boolean:
            return "true or false";
        case value_kind::exact:
            return "a number";
        case value_kind::date:
            return "a date";
        case value_kind::text:
            return "a text";
        default:
            return "something else";
    }
}

bool is_long_number(const rule_value& v) noexcept {
    return v.kind == value_kind::other && !v.string().starts_with('{') &&
           !v.string().starts_with('[');
}

const char* describe(const rule_value& v) noexcept {
    if (v.kind != value_kind::other) return kind_name(v.kind);
    if (is_long_number(v)) return "a number of too many digits";
    return v.string().starts_with('{') ? "an object" : "an array";
}

class facts_writer {
  public:
    facts_writer(const segment_program& program, const segment_facts& facts,
                 segment_evaluator* evaluator, unsigned char* seen, text_writer* out) noexcept
        : program_(program), facts_(facts), evaluator_(evaluator), seen_(seen), out_(out) {}

    bool write(const program_rule& rule) noexcept {
        std::memset(seen_, 0, std::size_t{program_.slot_count()} + program_.attribute_count());
        const instruction_range ranges[] = {
            rule.when, evaluator_->may_stay(rule) ? rule.stay : instruction_range{}};
        out_->put('{');
        for (const instruction_range& range : ranges)
            for (std::uint32_t at = range.first; at < range.first + range.count; ++at)
                if (!write_fact(program_.at(at))) return false;
        for (const instruction_range& range : ranges)
            if (!write_notes(range)) return false;
        out_->put(first_note_ ? "}" : "]}");
        return true;
    }

  private:
    void separate() noexcept {
        if (!first_) out_->put(", ");
        first_ = false;
    }

    bool write_fact(const instruction& i) noexcept {
        if (i.op == operation::push_metric)
            return i.large < program_.slot_count() && write_metric(i.large);
        if (i.op == operation::push_attribute)
            return i.large < program_.attribute_count() && write_attribute(i.large);
        if (i.op == operation::push_as_of && !as_of_seen_) {
            as_of_seen_ = true;
            separate();
            out_->put("\"as_of\": ");
            put_value(facts_.has_as_of ? rule_value::of_date(facts_.as_of)
                                       : rule_value::of(value_kind::unknown),
                      out_);
        }
        return true;
    }

    bool write_metric(std::uint32_t index) noexcept {
        if (seen_[index]) return true;
        seen_[index] = 1;
        program_slot slot;
        const rule_value* value = evaluator_->metric_of(index);
        if (value == nullptr || !program_.slot(index, &slot)) return false;
        separate();
        put_metric_name(slot, out_);
        out_->put(": ");
        put_value(*value, out_);
        return true;
    }

    bool write_attribute(std::uint32_t index) noexcept {
        unsigned char& seen = seen_[program_.slot_count() + index];
        if (seen) return true;
        seen = 1;
        std::string_view path;
        if (!program_.attribute(index, &path)) return false;
        separate();
        out_->put_json_string(attribute_name(path).text());
        out_->put(": ");
        put_value(facts_.attributes[index], out_);
        return true;
    }

    bool write_notes(const instruction_range& range) noexcept {
        for (std::uint32_t at = range.first; at < range.first + range.count; ++at) {
            const instruction i = program_.at(at);
            if (i.op == operation::push_attribute && !note_unknown(i)) return false;
            if (i.op == operation::compare && at >= range.first + 2 &&
                static_cast<compare_class>(i.b) == compare_class::same_kind &&
                !note_difference(program_.at(at - 2), program_.at(at - 1)))
                return false;
        }
        return true;
    }

    // Each attribute once, with the first reason that there is.
    bool note_unknown(const instruction& i) noexcept {
        unsigned char& seen = seen_[program_.slot_count() + i.large];
        const auto wanted = static_cast<value_kind>(i.a);
        const rule_value& found = facts_.attributes[i.large];
        if (seen == 2 || !read_attribute_as(found, wanted).is_null()) return true;
        seen = 2;
        note_writer note;
        if (!put_name(i.large, &note)) return false;
        if (found.is_null()) {
            note.text.put(" is missing");
        } else {
            note.text.put(" is ");
            note.text.put(describe(found));
            if (!is_long_number(found) || wanted != value_kind::exact) {
                note.text.put(", not ");
                note.text.put(kind_name(wanted));
            }
        }
        put_note(note);
        return true;
    }

    // Two attributes beside each other are comparable when JSON gives them the same type.
    bool note_difference(const instruction& left, const instruction& right) noexcept {
        if (left.op != operation::push_attribute || right.op != operation::push_attribute)
            return false;
        const rule_value &a = facts_.attributes[left.large], &b = facts_.attributes[right.large];
        if (a.is_null() || b.is_null() || (a.kind == b.kind && a.kind != value_kind::other))
            return true;
        note_writer note;
        if (!put_name(left.large, &note)) return false;
        note.text.put(" is ");
        note.text.put(describe(a));
        note.text.put(" and ");
        if (!put_name(right.large, &note)) return false;
        note.text.put(" ");
        note.text.put(describe(b));
        put_note(note);
        return true;
    }

    struct note_writer {
        char bytes[2 * max_attribute_path_bytes + 200];
        text_writer text{bytes, sizeof bytes};
    };

    bool put_name(std::uint32_t index, note_writer* note) noexcept {
        std::string_view path;
        if (index >= program_.attribute_count() || !program_.attribute(index, &path)) return false;
        note->text.put(attribute_name(path).text());
        return true;
    }

    void put_note(const note_writer& note) noexcept {
        out_->put(first_note_ ? (first_ ? "\"notes\": [" : ", \"notes\": [") : ", ");
        first_note_ = false;
        out_->put_json_string({note.bytes, std::min(note.text.size(), sizeof note.bytes)});
    }

    const segment_program& program_;
    const segment_facts& facts_;
    segment_evaluator* evaluator_;
    unsigned char* seen_;
    text_writer* out_;
    bool first_ = true, first_note_ = true, as_of_seen_ = false;
};

}  // namespace

bool write_rule_facts(const segment_program& program, const segment_facts& facts,
                      const program_rule& rule, segment_evaluator* evaluator, unsigned char* seen,
                      text_writer* out) noexcept {
    return facts_writer(program, facts, evaluator, seen, out).write(rule);
}

}  // namespace receivables
