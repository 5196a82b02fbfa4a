// What the leaves of a condition stand for: literals, metrics and their arguments, attributes.
#include <algorithm>
#include <cstring>

#include "core/base/decimal_arithmetic.hpp"
#include "core/base/name_distance.hpp"
#include "core/segments/condition.hpp"

namespace receivables {

namespace {

int shown(std::string_view text) noexcept {
    std::size_t size = std::min<std::size_t>(text.size(), 64);
    while (size < text.size() && size > 0 &&
           (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
        --size;
    return static_cast<int>(size);
}

program_slot default_slot(const metric& m) noexcept {
    std::size_t count;
    program_slot slot;
    slot.metric = static_cast<std::uint16_t>(&m - all_metrics(&count));
    for (std::size_t i = 0; i < m.parameter_count; ++i)
        slot.arguments[i] = m.parameters[i].fallback;
    return slot;
}

condition_type type_of(metric_kind kind) noexcept {
    switch (kind) {
        case metric_kind::count:
        case metric_kind::days:
            return condition_type::whole;
        case metric_kind::date:
            return condition_type::date;
        case metric_kind::amount:
            return condition_type::exact;
        case metric_kind::figure:
            break;
    }
    return condition_type::real;
}

// For "%.*s".
#define SHOWN(text) shown(text), (text).data()

}  // namespace

bool condition_compiler::resolve_number(condition_node& n) noexcept {
    std::string_view digits = n.text;
    n.type =
        digits.find('.') == std::string_view::npos ? condition_type::whole : condition_type::exact;
    // SQL reads .5 and 5. too.
    const bool negative = digits.starts_with('-');
    if (negative) digits.remove_prefix(1);
    char buffer[64];
    std::size_t size = 0;
    if (negative) buffer[size++] = '-';
    if (digits.starts_with('.')) buffer[size++] = '0';
    if (digits.ends_with('.')) digits.remove_suffix(1);
    if (digits.size() < sizeof buffer - size) {
        std::memcpy(buffer + size, digits.data(), digits.size());
        if (read_decimal(buffer, size + digits.size(), &n.number)) return true;
    }
    fail(condition_problem::wrong_number, n, "number %.*s has more than 38 digits", SHOWN(n.text));
    return hint("Round it: metrics and amounts are far smaller.");
}

bool condition_compiler::resolve_date(condition_node& n) noexcept {
    n.type = condition_type::date;
    if (read_iso_date(n.text.data(), n.text.size(), &n.day)) return true;
    fail(condition_problem::wrong_date, n, "'%.*s' is not a date", SHOWN(n.text));
    return hint("Dates are written date 'YYYY-MM-DD'; today is as_of.");
}

bool condition_compiler::resolve_name(condition_node& n) noexcept {
    if (n.text == "as_of") {
        n.type = condition_type::date;
        return true;
    }
    const metric* m = find_metric(n.text);
    if (m == nullptr) return unknown(n, false);
    if (m->argument_required) {
        fail(condition_problem::wrong_argument, n, "metric \"%.*s\" needs an argument",
             SHOWN(n.text));
        return hint("Write %.*s(%g), for example.", SHOWN(n.text),
                    m->parameters[0].most <= 1 ? 0.9 : 1.0);
    }
    return use_slot(n, default_slot(*m));
}

bool condition_compiler::resolve_call(condition_node& n) noexcept {
    const metric* m = find_metric(n.text);
    if (m == nullptr) return unknown(n, true);
    program_slot slot = default_slot(*m);
    return resolve_arguments(n, *m, &slot) && use_slot(n, slot);
}

bool condition_compiler::resolve_arguments(condition_node& n, const metric& m,
                                           program_slot* slot) noexcept {
    bool given[max_metric_parameters] = {};
    std::size_t place = 0;
    for (std::uint32_t at = n.first_child; at != no_node; at = nodes_[at].next, ++place) {
        condition_node& argument = nodes_[at];
        if (!resolve_number(argument)) return false;
        std::size_t target = place;
        if (!argument.label.empty())
            for (target = 0; target < m.parameter_count; ++target)
                if (m.parameters[target].name == argument.label) break;
        if (target >= m.parameter_count) return too_many_arguments(argument, m);
        if (given[target]) {
            fail(condition_problem::wrong_argument, argument, "argument \"%.*s\" is given twice",
                 SHOWN(m.parameters[target].name));
            return hint("Give it once, by its place or by its name.");
        }
        if (!check_argument(argument, m, m.parameters[target])) return false;
        given[target] = true;
        slot->arguments[target] = nearest_double(argument.number);
        slot->written_arguments =
            std::max(slot->written_arguments, static_cast<std::uint8_t>(target + 1));
    }
    if (!m.argument_required || given[0]) return true;
    fail(condition_problem::wrong_argument, n, "metric \"%.*s\" needs an argument", SHOWN(m.name));
    return hint_arguments(m);
}

bool condition_compiler::hint_arguments(const metric& m) noexcept {
    if (m.parameter_count == 0) return hint("Write %.*s without parentheses.", SHOWN(m.name));
    if (m.parameter_count == 1)
        return hint("Its argument is %.*s, a number.", SHOWN(m.parameters[0].name));
    return hint("Its arguments are %.*s and %.*s, numbers.", SHOWN(m.parameters[0].name),
                SHOWN(m.parameters[1].name));
}

bool condition_compiler::too_many_arguments(const condition_node& argument,
                                            const metric& m) noexcept {
    if (!argument.label.empty())
        fail(condition_problem::wrong_argument, argument,
             "metric \"%.*s\" has no argument \"%.*s\"", SHOWN(m.name), SHOWN(argument.label));
    else
        fail(condition_problem::wrong_argument, argument, "metric \"%.*s\" takes %s", SHOWN(m.name),
             m.parameter_count == 0   ? "no argument"
             : m.parameter_count == 1 ? "one argument"
                                      : "two arguments");
    return hint_arguments(m);
}

bool condition_compiler::check_argument(const condition_node& argument, const metric& m,
                                        const metric_parameter& p) noexcept {
    if (p.whole && argument.type != condition_type::whole) {
        fail(condition_problem::wrong_argument, argument,
             "argument \"%.*s\" of metric \"%.*s\" must be a whole number, not %.*s", SHOWN(p.name),
             SHOWN(m.name), SHOWN(argument.text));
        return hint("Write it without decimals.");
    }
    const double value = nearest_double(argument.number);
    if (value >= p.least && value <= p.most) return true;
    return fail(condition_problem::wrong_argument, argument,
                "argument \"%.*s\" of metric \"%.*s\" must be from %.15g to %.15g, not %.*s",
                SHOWN(p.name), SHOWN(m.name), p.least, p.most, SHOWN(argument.text));
}

bool condition_compiler::unknown(const condition_node& n, bool function) noexcept {
    if (function)
        fail(condition_problem::unknown_function, n, "function %.*s() is not a metric",
             SHOWN(n.text));
    else
        fail(condition_problem::unknown_name, n, "unknown metric \"%.*s\"", SHOWN(n.text));
    if (n.text == "attribute") return hint("Customer attributes are written attribute.name.");
    const std::string_view nearest = nearest_metric(n.text);
    if (!nearest.empty()) return hint("Perhaps you meant \"%.*s\".", SHOWN(nearest));
    if (function)
        return hint(
            "Only metrics, the columns of profile_summary, can be called, with literal arguments.");
    return hint(
        "Metrics are the columns of profile_summary. A customer attribute is written "
        "attribute.%.*s, a text '%.*s'.",
        SHOWN(n.text), SHOWN(n.text));
}

bool condition_compiler::use_slot(condition_node& n, const program_slot& slot) noexcept {
    std::size_t count;
    n.type = type_of(all_metrics(&count)[slot.metric].kind);
    for (n.index = 0; n.index < parts_->slot_count; ++n.index) {
        const program_slot& known = parts_->slots[n.index];
        if (known.metric == slot.metric && known.written_arguments == slot.written_arguments &&
            known.arguments[0] == slot.arguments[0] && known.arguments[1] == slot.arguments[1])
            return true;
    }
    if (parts_->slot_count == max_segment_slots)
        return fail(condition_problem::too_many, n, "policy uses more than %u different metrics",
                    static_cast<unsigned>(max_segment_slots));
    parts_->slots[parts_->slot_count++] = slot;
    return true;
}

bool condition_compiler::resolve_attribute(condition_node& n) noexcept {
    n.type = condition_type::attribute;
    if (n.text.size() > max_attribute_path_bytes)
        return fail(condition_problem::too_many, n, "attribute path has more than %zu bytes",
                    max_attribute_path_bytes);
    for (n.index = 0; n.index < parts_->attribute_count; ++n.index)
        if (parts_->attributes[n.index] == n.text) return true;
    if (parts_->attribute_count == max_segment_attributes)
        return fail(condition_problem::too_many, n, "policy uses more than %u different attributes",
                    static_cast<unsigned>(max_segment_attributes));
    parts_->attributes[parts_->attribute_count++] = n.text;
    return true;
}

}  // namespace receivables
