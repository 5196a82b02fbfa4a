// A sample of customers, from which a policy is proposed: for each the outcome, the figures of its
// profile and its attributes. As stored, all numbers little-endian:
//
//   offset 0   version, 32 bits as all that follow
//          4   number of customers
//          8   number of figures
//         12   bytes in use, from offset 0 on
//         16   size of the names
//         20   the names of the figures, each followed by a zero byte
//          -   the customers, one after the other:
//                 0   size of the record, 32 bits
//                 4   the outcome, a double
//                12   the figures, doubles; null_figure is NULL
//                 -   the attributes: kind (8 bits), size of the path (16 bits), size of the value
//                     (32 bits), the path, its keys separated by zero bytes, the value
//
// The names are stored, so that a sample means the same after the list of metrics has grown. As a
// value the customers stand in the order of their bytes, so that equal samples have equal bytes and
// what is drawn from one does not depend on how it was collected.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/byte_order.hpp"
#include "core/base/json_reader.hpp"
#include "core/base/status.hpp"
#include "core/base/text_writer.hpp"
#include "core/profile/metric_registry.hpp"

namespace receivables {

inline constexpr std::uint32_t policy_sample_version = 1;
inline constexpr std::uint32_t most_sample_customers = 1000000;
inline constexpr std::uint32_t most_sample_figures = 1000;
inline constexpr std::size_t most_attribute_values = 200;  // of a customer
inline constexpr std::size_t most_attribute_text = 255;
inline constexpr double most_sample_number = 1e15;  // of an outcome, in magnitude
inline constexpr std::size_t policy_sample_head_size = 20, record_head_size = 12,
                             attribute_head_size = 7;
inline constexpr std::uint64_t null_figure = 0x7FF8000000000000;

enum class attribute_kind : std::uint8_t { number, boolean, text };

struct sampled_attribute {
    attribute_kind kind;
    std::string_view path;  // keys separated by zero bytes
    double number = 0;      // of a boolean 0 or 1
    std::string_view text;
};
std::size_t stored_size(const sampled_attribute& a) noexcept;

// The figures of a sample that is collected now: the metrics that are columns of profile_summary.
std::uint32_t sample_figure_count() noexcept;
std::size_t sample_names_size() noexcept;

// A metric as a figure: as it is, of a date how many days it lies before as_of.
double figure_of(const metric& m, profile_metrics& profile, bool has_as_of,
                 day_number as_of) noexcept;

inline std::uint64_t figure_bits(double figure) noexcept {
    return figure != figure ? null_figure : std::bit_cast<std::uint64_t>(figure + 0.0);
}

struct sampled_customer {
    const unsigned char* bytes = nullptr;
    std::uint32_t size = 0;

    double outcome() const noexcept {
        return std::bit_cast<double>(load_le<std::uint64_t>(bytes + 4));
    }
    // NaN where it is NULL.
    double figure(std::uint32_t i) const noexcept {
        return std::bit_cast<double>(
            load_le<std::uint64_t>(bytes + record_head_size + std::size_t{8} * i));
    }
};

class policy_sample_view {
  public:
    // Checks the head; is_sound() checks the customers too, for bytes from outside.
    bool open(const unsigned char* bytes, std::size_t size) noexcept;
    bool is_sound() const noexcept;

    std::uint32_t customers() const noexcept { return customers_; }
    std::uint32_t figures() const noexcept { return figures_; }
    std::string_view names() const noexcept { return names_; }
    std::size_t used() const noexcept { return used_; }
    std::size_t head_size() const noexcept { return policy_sample_head_size + names_.size(); }

    // for (sampled_customer r = first(); r.bytes != end(); r = next(r))
    sampled_customer first() const noexcept { return record_at(bytes_ + head_size()); }
    sampled_customer next(const sampled_customer& r) const noexcept {
        return record_at(r.bytes + r.size);
    }
    const unsigned char* end() const noexcept { return bytes_ + used_; }

    // for (const unsigned char* at = attributes(r); next_attribute(r, &at, &a);)
    const unsigned char* attributes(const sampled_customer& r) const noexcept {
        return r.bytes + record_head_size + std::size_t{8} * figures_;
    }
    bool next_attribute(const sampled_customer& r, const unsigned char** at,
                        sampled_attribute* out) const noexcept;

  private:
    sampled_customer record_at(const unsigned char* at) const noexcept {
        return {at, at == end() ? 0 : load_le<std::uint32_t>(at)};
    }
    bool is_sound(const sampled_customer& r) const noexcept;

    const unsigned char* bytes_ = nullptr;
    std::size_t used_ = 0;
    std::uint32_t customers_ = 0, figures_ = 0;
    std::string_view names_;
};

// The name at the front of names, which is taken off.
std::string_view take_name(std::string_view* names) noexcept;

// Writes a sample into bytes that have the room; without bytes it only measures.
class policy_sample_writer {
  public:
    explicit policy_sample_writer(unsigned char* bytes) noexcept : bytes_(bytes) {}
    std::size_t used() const noexcept { return used_; }

    // A sample without customers, collected now or with the names of another.
    void start() noexcept;
    void start(std::string_view names, std::uint32_t figures) noexcept;
    // Goes on with a sample.
    void resume(const policy_sample_view& sample) noexcept;

    void begin_customer(double outcome) noexcept;
    void put_figure(double figure) noexcept;  // NaN is NULL
    void put_attribute(const sampled_attribute& a) noexcept;
    void end_customer() noexcept;
    // Customers as they are stored.
    void put_records(const unsigned char* records, std::size_t size, std::uint32_t count) noexcept;

  private:
    void finish_head() noexcept;
    template <class Number>
    void store(std::size_t at, Number number) noexcept {
        if (bytes_ != nullptr) store_le(bytes_ + at, number);
    }
    void copy(const void* from, std::size_t size) noexcept;

    unsigned char* bytes_;
    std::size_t used_ = 0, record_ = 0;
    std::uint32_t customers_ = 0;
};

// {"figures": ["item_count", ...], "customers": [{"outcome": 3, "figures": [12, null, ...],
//  "attributes": [{"path": ["sector"], "value": "public"}, ...]}, ...]}
// Customer by customer, so that the caller may look for interrupts between them.
void put_sample_json_head(const policy_sample_view& sample, text_writer* out) noexcept;
void put_sample_json_customer(const policy_sample_view& sample, const sampled_customer& r,
                              text_writer* out) noexcept;
void put_sample_json_end(text_writer* out) noexcept;

// Reads such a text into a writer, a customer a step, in the order of the text.
class policy_sample_json_reader {
  public:
    explicit policy_sample_json_reader(const json_document& json) noexcept : json_(json) {}

    bool begin(policy_sample_writer* out, status* s) noexcept;
    bool is_at_end() const noexcept { return at_ == past_; }
    bool read_customer(policy_sample_writer* out, status* s) noexcept;

  private:
    const json_document& json_;
    json_value customers_ = 0, at_ = 0, past_ = 0;
    std::uint32_t figures_ = 0, count_ = 0;
};

}  // namespace receivables
