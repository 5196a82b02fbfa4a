#include "core/proposal/sample.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include "core/base/decimal_arithmetic.hpp"
#include "core/segments/condition.hpp"

namespace receivables {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

bool is_stored_number(std::uint64_t bits) noexcept {
    return std::isfinite(std::bit_cast<double>(bits)) && bits != std::uint64_t{1} << 63;
}

std::size_t value_size(const sampled_attribute& a) noexcept {
    return a.kind == attribute_kind::text     ? a.text.size()
           : a.kind == attribute_kind::number ? sizeof(double)
                                              : 1;
}

bool is_value(const sampled_attribute& a, const unsigned char* value, std::size_t size) noexcept {
    switch (a.kind) {
        case attribute_kind::number:
            return size == sizeof(double) && is_stored_number(load_le<std::uint64_t>(value));
        case attribute_kind::boolean:
            return size == 1 && *value <= 1;
        case attribute_kind::text:
            return size <= most_attribute_text;
    }
    return false;
}

}  // namespace

std::size_t stored_size(const sampled_attribute& a) noexcept {
    return attribute_head_size + a.path.size() + value_size(a);
}

std::uint32_t sample_figure_count() noexcept {
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    std::uint32_t figures = 0;
    for (std::size_t i = 0; i < count; ++i) figures += metrics[i].in_summary;
    return figures;
}

std::size_t sample_names_size() noexcept {
    std::size_t count, size = 0;
    const metric* metrics = all_metrics(&count);
    for (std::size_t i = 0; i < count; ++i)
        if (metrics[i].in_summary) size += metrics[i].name.size() + 1;
    return size;
}

double figure_of(const metric& m, profile_metrics& profile, bool has_as_of,
                 day_number as_of) noexcept {
    if ((m.needs_as_of || m.kind == metric_kind::date) && !has_as_of) return unknown;
    double arguments[max_metric_parameters];
    for (int i = 0; i < m.parameter_count; ++i) arguments[i] = m.parameters[i].fallback;
    const metric_value value = m.evaluate(profile, as_of, arguments);
    if (value.is_null) return unknown;
    switch (value.kind) {
        case metric_kind::count:
        case metric_kind::days:
            return static_cast<double>(value.whole);
        case metric_kind::date:
            return static_cast<double>(as_of - value.whole);
        case metric_kind::amount:
            return nearest_double(value.amount);
        case metric_kind::figure:
            break;
    }
    return std::isfinite(value.figure) ? value.figure : unknown;
}

bool policy_sample_view::open(const unsigned char* bytes, std::size_t size) noexcept {
    if (size < policy_sample_head_size || load_le<std::uint32_t>(bytes) != policy_sample_version)
        return false;
    bytes_ = bytes;
    customers_ = load_le<std::uint32_t>(bytes + 4);
    figures_ = load_le<std::uint32_t>(bytes + 8);
    used_ = load_le<std::uint32_t>(bytes + 12);
    const std::size_t names = load_le<std::uint32_t>(bytes + 16);
    if (used_ > size || used_ < policy_sample_head_size ||
        names > used_ - policy_sample_head_size || customers_ > most_sample_customers ||
        figures_ > most_sample_figures)
        return false;
    names_ = {reinterpret_cast<const char*>(bytes + policy_sample_head_size), names};
    std::uint32_t found = 0;
    for (const char c : names_) found += c == '\0';
    return found == figures_ && (names_.empty() || names_.back() == '\0');
}

bool policy_sample_view::next_attribute(const sampled_customer& r, const unsigned char** at,
                                        sampled_attribute* out) const noexcept {
    const unsigned char* from = *at;
    if (from >= r.bytes + r.size) return false;
    out->kind = static_cast<attribute_kind>(*from);
    const std::size_t path = load_le<std::uint16_t>(from + 1);
    const std::size_t value = load_le<std::uint32_t>(from + 3);
    from += attribute_head_size;
    out->path = {reinterpret_cast<const char*>(from), path};
    from += path;
    out->text = {};
    if (out->kind == attribute_kind::text)
        out->text = {reinterpret_cast<const char*>(from), value};
    else
        out->number = out->kind == attribute_kind::boolean
                          ? *from
                          : std::bit_cast<double>(load_le<std::uint64_t>(from));
    *at = from + value;
    return true;
}

bool policy_sample_view::is_sound(const sampled_customer& r) const noexcept {
    const std::size_t fixed = record_head_size + std::size_t{8} * figures_;
    if (r.size < fixed || !is_stored_number(load_le<std::uint64_t>(r.bytes + 4)) ||
        std::fabs(r.outcome()) > most_sample_number)
        return false;
    for (std::uint32_t i = 0; i < figures_; ++i) {
        const auto bits = load_le<std::uint64_t>(r.bytes + record_head_size + std::size_t{8} * i);
        if (bits != null_figure && !is_stored_number(bits)) return false;
    }
    const unsigned char* at = r.bytes + fixed;
    std::size_t left = r.size - fixed, count = 0;
    while (left > 0) {
        if (left < attribute_head_size || *at > 2 || ++count > most_attribute_values) return false;
        const sampled_attribute a = {static_cast<attribute_kind>(*at), {}, 0, {}};
        const std::size_t path = load_le<std::uint16_t>(at + 1);
        const std::size_t value = load_le<std::uint32_t>(at + 3);
        left -= attribute_head_size;
        if (path == 0 || path > max_attribute_path_bytes || path > left || value > left - path ||
            !is_value(a, at + attribute_head_size + path, value))
            return false;
        at += attribute_head_size + path + value;
        left -= path + value;
    }
    return true;
}

bool policy_sample_view::is_sound() const noexcept {
    std::size_t left = used_ - head_size();
    const unsigned char* at = bytes_ + head_size();
    std::uint32_t count = 0;
    while (left > 0) {
        if (left < record_head_size) return false;
        const sampled_customer r = {at, load_le<std::uint32_t>(at)};
        if (r.size > left || !is_sound(r)) return false;
        at += r.size;
        left -= r.size;
        ++count;
    }
    return count == customers_;
}

std::string_view take_name(std::string_view* names) noexcept {
    const std::size_t end = names->find('\0');
    const std::string_view name = names->substr(0, end);
    names->remove_prefix(end + 1);
    return name;
}

void policy_sample_writer::copy(const void* from, std::size_t size) noexcept {
    if (bytes_ != nullptr && size > 0) std::memmove(bytes_ + used_, from, size);
    used_ += size;
}

void policy_sample_writer::start() noexcept {
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    used_ = policy_sample_head_size;
    for (std::size_t i = 0; i < count; ++i) {
        if (!metrics[i].in_summary) continue;
        copy(metrics[i].name.data(), metrics[i].name.size());
        copy("", 1);
    }
    store(8, sample_figure_count());
    store(16, static_cast<std::uint32_t>(sample_names_size()));
    customers_ = 0;
    finish_head();
}

void policy_sample_writer::start(std::string_view names, std::uint32_t figures) noexcept {
    used_ = policy_sample_head_size;
    copy(names.data(), names.size());
    store(8, figures);
    store(16, static_cast<std::uint32_t>(names.size()));
    customers_ = 0;
    finish_head();
}

void policy_sample_writer::resume(const policy_sample_view& sample) noexcept {
    used_ = sample.used();
    customers_ = sample.customers();
}

void policy_sample_writer::finish_head() noexcept {
    store(0, policy_sample_version);
    store(4, customers_);
    store(12, static_cast<std::uint32_t>(used_));
}

void policy_sample_writer::begin_customer(double outcome) noexcept {
    record_ = used_;
    store(used_ + 4, std::bit_cast<std::uint64_t>(outcome + 0.0));
    used_ += record_head_size;
}

void policy_sample_writer::put_figure(double figure) noexcept {
    store(used_, figure_bits(figure));
    used_ += sizeof figure;
}

void policy_sample_writer::put_attribute(const sampled_attribute& a) noexcept {
    store(used_, static_cast<unsigned char>(a.kind));
    store(used_ + 1, static_cast<std::uint16_t>(a.path.size()));
    store(used_ + 3, static_cast<std::uint32_t>(value_size(a)));
    used_ += attribute_head_size;
    copy(a.path.data(), a.path.size());
    if (a.kind == attribute_kind::text) return copy(a.text.data(), a.text.size());
    if (a.kind == attribute_kind::number)
        store(used_, std::bit_cast<std::uint64_t>(a.number + 0.0));
    else
        store(used_, static_cast<unsigned char>(a.number != 0));
    used_ += value_size(a);
}

void policy_sample_writer::end_customer() noexcept {
    store(record_, static_cast<std::uint32_t>(used_ - record_));
    ++customers_;
    finish_head();
}

void policy_sample_writer::put_records(const unsigned char* records, std::size_t size,
                                       std::uint32_t count) noexcept {
    copy(records, size);
    customers_ += count;
    finish_head();
}

}  // namespace receivables
