#include "core/segments/program.hpp"

#include <bit>
#include <type_traits>

#include "core/base/byte_order.hpp"
#include "core/profile/metric_registry.hpp"

namespace receivables {

namespace {

constexpr std::size_t header_size = 36;
constexpr std::size_t rule_size = 24, slot_size = 24, attribute_size = 8, constant_size = 24,
                      instruction_size = stored_instruction_size;
constexpr int max_scale = 16383;

template <class T>
T load(const unsigned char* from) noexcept {
    if constexpr (std::is_same_v<T, double>)
        return std::bit_cast<double>(load_le<std::uint64_t>(from));
    else
        return load_le<T>(from);
}

class byte_writer {
  public:
    explicit byte_writer(unsigned char* out) noexcept : at_(out) {}

    template <class T>
    void put(T value) noexcept {
        if constexpr (std::is_same_v<T, double>)
            store_le(at_, std::bit_cast<std::uint64_t>(value));
        else
            store_le(at_, value);
        at_ += sizeof value;
    }
    void put_text(std::string_view text) noexcept {
        if (!text.empty()) std::memcpy(at_, text.data(), text.size());
        at_ += text.size();
    }

  private:
    unsigned char* at_;
};

std::size_t pool_size(const program_parts& p) noexcept {
    std::size_t size = 0;
    for (std::uint32_t i = 0; i < p.rule_count; ++i) size += p.rules[i].segment.size();
    for (std::uint32_t i = 0; i < p.attribute_count; ++i) size += p.attributes[i].size();
    for (std::uint32_t i = 0; i < p.constant_count; ++i) size += p.constants[i].text.size();
    return size;
}

void write_constant(const program_constant& constant, std::uint32_t pool_start,
                    byte_writer* out) noexcept {
    switch (constant.kind) {
        case value_kind::real:
            out->put(constant.real);
            out->put(std::uint64_t{0});
            out->put(std::uint64_t{0});
            break;
        case value_kind::text:
            out->put(pool_start);
            out->put(static_cast<std::uint32_t>(constant.text.size()));
            out->put(std::uint64_t{0});
            out->put(std::uint64_t{0});
            break;
        default:
            out->put(static_cast<std::uint64_t>(static_cast<uint128>(constant.exact.units)));
            out->put(static_cast<std::uint64_t>(static_cast<uint128>(constant.exact.units) >> 64));
            out->put(static_cast<std::uint64_t>(constant.exact.scale));
    }
}

void mix(std::uint32_t* hash, std::string_view bytes) noexcept {
    for (char c : bytes) *hash = (*hash ^ static_cast<unsigned char>(c)) * 16777619u;
}

void mix(std::uint32_t* hash, std::uint32_t number) noexcept {
    for (int shift = 0; shift < 32; shift += 8)
        *hash = (*hash ^ ((number >> shift) & 255)) * 16777619u;
}

}  // namespace

std::uint32_t current_program_mark() noexcept {
    constexpr std::uint32_t language_version = 1;
    std::uint32_t hash = 2166136261u;  // FNV-1a
    mix(&hash, language_version);
    mix(&hash, operation_count);
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    for (std::size_t i = 0; i < count; ++i) {
        mix(&hash, metrics[i].name);
        mix(&hash, static_cast<std::uint32_t>(metrics[i].kind));
        mix(&hash, metrics[i].parameter_count);
        for (std::size_t p = 0; p < metrics[i].parameter_count; ++p) {
            const auto bits = std::bit_cast<std::uint64_t>(metrics[i].parameters[p].fallback);
            mix(&hash, static_cast<std::uint32_t>(bits));
            mix(&hash, static_cast<std::uint32_t>(bits >> 32));
        }
    }
    return hash;
}

std::size_t segment_value_size(const program_parts& p, std::size_t text_size) noexcept {
    return header_size + text_size + p.rule_count * rule_size + p.slot_count * slot_size +
           p.attribute_count * attribute_size + p.constant_count * constant_size +
           p.instruction_count * instruction_size + pool_size(p);
}

namespace {

// The sections but for the text and the pool, in which each text gets its place on the way.
class section_writer {
  public:
    section_writer(const program_parts& parts, byte_writer* out) noexcept
        : parts_(parts), out_(*out) {}

    void write_rules() noexcept {
        for (std::uint32_t i = 0; i < parts_.rule_count; ++i) {
            put_pooled(parts_.rules[i].segment);
            for (const instruction_range& range : {parts_.rules[i].when, parts_.rules[i].stay}) {
                out_.put(range.first);
                out_.put(range.count);
            }
        }
    }
    void write_slots() noexcept {
        for (std::uint32_t i = 0; i < parts_.slot_count; ++i) {
            const program_slot& slot = parts_.slots[i];
            out_.put(slot.metric);
            out_.put(slot.written_arguments);
            out_.put(std::uint8_t{0});
            out_.put(std::uint32_t{0});
            out_.put(slot.arguments[0]);
            out_.put(slot.arguments[1]);
        }
    }
    void write_attributes() noexcept {
        for (std::uint32_t i = 0; i < parts_.attribute_count; ++i) put_pooled(parts_.attributes[i]);
    }
    void write_constants() noexcept {
        for (std::uint32_t i = 0; i < parts_.constant_count; ++i) {
            write_constant(parts_.constants[i], pooled_, &out_);
            pooled_ += static_cast<std::uint32_t>(parts_.constants[i].text.size());
        }
    }
    void write_instructions() noexcept {
        for (std::uint32_t i = 0; i < parts_.instruction_count; ++i) {
            out_.put(static_cast<std::uint8_t>(parts_.instructions[i].op));
            out_.put(parts_.instructions[i].a);
            out_.put(parts_.instructions[i].b);
            out_.put(parts_.instructions[i].large);
        }
    }

  private:
    void put_pooled(std::string_view entry) noexcept {
        out_.put(pooled_);
        out_.put(static_cast<std::uint32_t>(entry.size()));
        pooled_ += static_cast<std::uint32_t>(entry.size());
    }

    const program_parts& parts_;
    byte_writer& out_;
    std::uint32_t pooled_ = 0;
};

}  // namespace

void write_segment_value(const program_parts& p, std::string_view text, std::uint32_t mark,
                         unsigned char* out) noexcept {
    byte_writer w(out);
    w.put(segment_format_version);
    w.put(std::uint8_t{0});
    w.put(std::uint16_t{0});
    w.put(static_cast<std::uint32_t>(text.size()));
    w.put(mark);
    for (std::uint32_t count : {p.rule_count, p.slot_count, p.attribute_count, p.constant_count,
                                p.instruction_count, static_cast<std::uint32_t>(pool_size(p))})
        w.put(count);
    w.put_text(text);
    section_writer sections(p, &w);
    sections.write_rules();
    sections.write_slots();
    sections.write_attributes();
    sections.write_constants();
    sections.write_instructions();
    for (std::uint32_t i = 0; i < p.rule_count; ++i) w.put_text(p.rules[i].segment);
    for (std::uint32_t i = 0; i < p.attribute_count; ++i) w.put_text(p.attributes[i]);
    for (std::uint32_t i = 0; i < p.constant_count; ++i) w.put_text(p.constants[i].text);
}

bool segment_program::open(const unsigned char* bytes, std::size_t size, std::uint32_t mark,
                           status* s) noexcept {
    if (size < header_size)
        return s->fail(error_code::invalid_binary, "segment_policy of %zu bytes is cut off", size);
    if (bytes[0] != segment_format_version)
        return s->fail(error_code::invalid_binary, "segment_policy has unknown format version %d",
                       bytes[0]);
    const std::uint32_t text_size = load<std::uint32_t>(bytes + 4);
    if (text_size > size - header_size || load<std::uint32_t>(bytes) != segment_format_version)
        return s->fail(error_code::invalid_binary,
                       "segment_policy is damaged: its header is wrong");
    text_ = {reinterpret_cast<const char*>(bytes) + header_size, text_size};
    current_ = load<std::uint32_t>(bytes + 8) == mark;
    if (!current_) return true;
    rule_count_ = load<std::uint32_t>(bytes + 12);
    slot_count_ = load<std::uint32_t>(bytes + 16);
    attribute_count_ = load<std::uint32_t>(bytes + 20);
    constant_count_ = load<std::uint32_t>(bytes + 24);
    instruction_count_ = load<std::uint32_t>(bytes + 28);
    pool_size_ = load<std::uint32_t>(bytes + 32);
    rules_ = bytes + header_size + text_size;
    // Six products of 32-bit counts with small sizes cannot overflow 64 bits.
    const std::uint64_t wanted =
        header_size + std::uint64_t{text_size} + std::uint64_t{rule_count_} * rule_size +
        std::uint64_t{slot_count_} * slot_size + std::uint64_t{attribute_count_} * attribute_size +
        std::uint64_t{constant_count_} * constant_size +
        std::uint64_t{instruction_count_} * instruction_size + pool_size_;
    if (wanted != size)
        return s->fail(error_code::invalid_binary,
                       "segment_policy is damaged: %zu bytes where its header says %llu", size,
                       static_cast<unsigned long long>(wanted));
    slots_ = rules_ + std::size_t{rule_count_} * rule_size;
    attributes_ = slots_ + std::size_t{slot_count_} * slot_size;
    constants_ = attributes_ + std::size_t{attribute_count_} * attribute_size;
    instructions_ = constants_ + std::size_t{constant_count_} * constant_size;
    pool_ = instructions_ + std::size_t{instruction_count_} * instruction_size;
    return true;
}

bool segment_program::pooled(const unsigned char* where, std::string_view* out) const noexcept {
    const std::uint32_t start = load<std::uint32_t>(where), size = load<std::uint32_t>(where + 4);
    if (start > pool_size_ || size > pool_size_ - start) return false;
    *out = {reinterpret_cast<const char*>(pool_) + start, size};
    return true;
}

bool segment_program::rule(std::uint32_t index, program_rule* out) const noexcept {
    const unsigned char* where = rules_ + std::size_t{index} * rule_size;
    out->when = {load<std::uint32_t>(where + 8), load<std::uint32_t>(where + 12)};
    out->stay = {load<std::uint32_t>(where + 16), load<std::uint32_t>(where + 20)};
    for (const instruction_range& range : {out->when, out->stay})
        if (range.first > instruction_count_ || range.count > instruction_count_ - range.first)
            return false;
    return pooled(where, &out->segment);
}

bool segment_program::slot(std::uint32_t index, program_slot* out) const noexcept {
    const unsigned char* where = slots_ + std::size_t{index} * slot_size;
    *out = {
        load<std::uint16_t>(where), where[2], {load<double>(where + 8), load<double>(where + 16)}};
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    if (out->metric >= count) return false;
    const metric& m = metrics[out->metric];
    for (std::size_t i = 0; i < m.parameter_count; ++i)
        if (!(out->arguments[i] >= m.parameters[i].least &&
              out->arguments[i] <= m.parameters[i].most))
            return false;
    return out->written_arguments <= m.parameter_count;
}

bool segment_program::attribute(std::uint32_t index, std::string_view* out) const noexcept {
    return pooled(attributes_ + std::size_t{index} * attribute_size, out);
}

bool segment_program::exact_constant(std::uint32_t index, decimal* out) const noexcept {
    if (index >= constant_count_) return false;
    const unsigned char* where = constants_ + std::size_t{index} * constant_size;
    out->units = static_cast<int128>(static_cast<uint128>(load<std::uint64_t>(where + 8)) << 64 |
                                     load<std::uint64_t>(where));
    const std::uint64_t scale = load<std::uint64_t>(where + 16);
    out->scale = static_cast<int>(scale);
    return scale <= max_scale;
}

bool segment_program::real_constant(std::uint32_t index, double* out) const noexcept {
    if (index >= constant_count_) return false;
    *out = load<double>(constants_ + std::size_t{index} * constant_size);
    return true;
}

bool segment_program::text_constant(std::uint32_t index, std::string_view* out) const noexcept {
    return index < constant_count_ && pooled(constants_ + std::size_t{index} * constant_size, out);
}

}  // namespace receivables
