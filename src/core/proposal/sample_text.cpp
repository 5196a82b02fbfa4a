#include <cmath>
#include <cstring>

#include "core/proposal/sample.hpp"
#include "core/segments/condition.hpp"

namespace receivables {

namespace {

constexpr std::string_view sample_keys[] = {"figures", "customers"};
constexpr std::string_view customer_keys[] = {"outcome", "figures", "attributes"};
constexpr std::string_view attribute_keys[] = {"path", "value"};
constexpr double any_number = 1.7976931348623157e308;

void put_attribute_json(const sampled_attribute& a, text_writer* out) noexcept {
    out->put("{\"path\": [");
    std::string_view path = a.path;
    for (bool first = true;; first = false) {
        const std::size_t end = path.find('\0');
        if (!first) out->put(", ");
        out->put_json_string(path.substr(0, end));
        if (end == std::string_view::npos) break;
        path.remove_prefix(end + 1);
    }
    out->put("], \"value\": ");
    if (a.kind == attribute_kind::text)
        out->put_json_string(a.text);
    else if (a.kind == attribute_kind::number)
        out->put_double(a.number);
    else
        out->put(a.number != 0 ? "true" : "false");
    out->put('}');
}

bool read_path(const json_document& json, json_value v, char* room, std::string_view* out,
               status* s) noexcept {
    if (!json.expect(v, json_kind::array, s)) return false;
    std::size_t size = 0;
    for (json_value e = json.first(v); e != json.past(v); e = json.next(e)) {
        std::string_view key;
        if (!json.read_string(e, &key, s)) return false;
        if (size > 0) room[size++] = '\0';
        if (key.empty() || size + key.size() >= max_attribute_path_bytes)
            return json.fail(e, error_code::invalid_text, s,
                             "a path has keys that are not empty, of less than %zu bytes in all",
                             max_attribute_path_bytes);
        std::memcpy(room + size, key.data(), key.size());
        size += key.size();
    }
    *out = {room, size};
    if (size > 0) return true;
    return json.fail(v, error_code::invalid_text, s, "a path has at least one key");
}

bool read_value(const json_document& json, json_value v, sampled_attribute* a, status* s) noexcept {
    if (json.kind(v) == json_kind::number) {
        a->kind = attribute_kind::number;
        return json.read_double(v, any_number, &a->number, s);
    }
    if (json.kind(v) == json_kind::boolean) {
        a->kind = attribute_kind::boolean;
        a->number = json.truth(v);
        return true;
    }
    a->kind = attribute_kind::text;
    if (!json.read_string(v, &a->text, s)) return false;
    if (a->text.size() <= most_attribute_text) return true;
    return json.fail(v, error_code::limit_exceeded, s,
                     "a text has more than the limit of %zu bytes", most_attribute_text);
}

bool read_attributes(const json_document& json, json_value list, policy_sample_writer* out,
                     status* s) noexcept {
    if (!json.expect(list, json_kind::array, s)) return false;
    std::size_t count = 0;
    for (json_value e = json.first(list); e != json.past(list); e = json.next(e)) {
        if (++count > most_attribute_values)
            return json.fail(list, error_code::limit_exceeded, s,
                             "more than the limit of %zu attributes", most_attribute_values);
        json_value path, value;
        char room[max_attribute_path_bytes];
        sampled_attribute a = {};
        if (!json.expect_object(e, attribute_keys, std::size(attribute_keys), s) ||
            !json.require(e, "path", &path, s) || !json.require(e, "value", &value, s) ||
            !read_path(json, path, room, &a.path, s) || !read_value(json, value, &a, s))
            return false;
        out->put_attribute(a);
    }
    return true;
}

bool read_figures(const json_document& json, json_value list, std::uint32_t wanted,
                  policy_sample_writer* out, status* s) noexcept {
    if (!json.expect(list, json_kind::array, s)) return false;
    std::uint32_t count = 0;
    for (json_value e = json.first(list); e != json.past(list); e = json.next(e), ++count) {
        double figure = std::nan("");
        if (json.kind(e) != json_kind::null && !json.read_double(e, any_number, &figure, s))
            return false;
        out->put_figure(figure);
    }
    if (count == wanted) return true;
    return json.fail(list, error_code::invalid_text, s, "%u figures where there are %u names",
                     count, wanted);
}

// The names take at most as many bytes as those of all metrics and then some.
constexpr std::size_t most_names_bytes = 32000;

bool read_names(const json_document& json, json_value list, policy_sample_writer* out,
                std::uint32_t* figures, status* s) noexcept {
    if (!json.expect(list, json_kind::array, s)) return false;
    char names[most_names_bytes];
    std::size_t size = 0;
    *figures = 0;
    for (json_value e = json.first(list); e != json.past(list); e = json.next(e)) {
        std::string_view name;
        if (!json.read_string(e, &name, s)) return false;
        if (++*figures > most_sample_figures || name.size() >= most_names_bytes - size)
            return json.fail(list, error_code::limit_exceeded, s,
                             "more figures than the limit of %u", most_sample_figures);
        std::memcpy(names + size, name.data(), name.size());
        size += name.size();
        names[size++] = '\0';
    }
    out->start({names, size}, *figures);
    return true;
}

}  // namespace

void put_sample_json_head(const policy_sample_view& sample, text_writer* out) noexcept {
    out->put("{\"figures\": [");
    std::string_view names = sample.names();
    for (std::uint32_t i = 0; i < sample.figures(); ++i) {
        if (i > 0) out->put(", ");
        out->put_json_string(take_name(&names));
    }
    out->put("], \"customers\": [");
}

void put_sample_json_customer(const policy_sample_view& sample, const sampled_customer& r,
                              text_writer* out) noexcept {
    out->put(r.bytes == sample.first().bytes ? "{\"outcome\": " : ", {\"outcome\": ");
    out->put_double(r.outcome());
    out->put(", \"figures\": [");
    for (std::uint32_t i = 0; i < sample.figures(); ++i) {
        if (i > 0) out->put(", ");
        if (std::isnan(r.figure(i)))
            out->put("null");
        else
            out->put_double(r.figure(i));
    }
    out->put("], \"attributes\": [");
    sampled_attribute a;
    const unsigned char* const first = sample.attributes(r);
    for (const unsigned char* at = first;;) {
        const bool separate = at != first;
        if (!sample.next_attribute(r, &at, &a)) break;
        if (separate) out->put(", ");
        put_attribute_json(a, out);
    }
    out->put("]}");
}

void put_sample_json_end(text_writer* out) noexcept {
    out->put("]}");
}

bool policy_sample_json_reader::begin(policy_sample_writer* out, status* s) noexcept {
    json_value figures;
    if (!json_.expect_object(json_.root(), sample_keys, std::size(sample_keys), s) ||
        !json_.require(json_.root(), "figures", &figures, s) ||
        !json_.require(json_.root(), "customers", &customers_, s) ||
        !json_.expect(customers_, json_kind::array, s) ||
        !read_names(json_, figures, out, &figures_, s))
        return false;
    at_ = json_.first(customers_);
    past_ = json_.past(customers_);
    return true;
}

bool policy_sample_json_reader::read_customer(policy_sample_writer* out, status* s) noexcept {
    const json_value customer = at_;
    at_ = json_.next(at_);
    json_value outcome, list, attributes;
    double number;
    if (++count_ > most_sample_customers)
        return json_.fail(customers_, error_code::limit_exceeded, s,
                          "more than the limit of %u customers", most_sample_customers);
    if (!json_.expect_object(customer, customer_keys, std::size(customer_keys), s) ||
        !json_.require(customer, "outcome", &outcome, s) ||
        !json_.require(customer, "figures", &list, s) ||
        !json_.require(customer, "attributes", &attributes, s) ||
        !json_.read_double(outcome, most_sample_number, &number, s))
        return false;
    out->begin_customer(number);
    if (!read_figures(json_, list, figures_, out, s) || !read_attributes(json_, attributes, out, s))
        return false;
    out->end_customer();
    return true;
}

}  // namespace receivables
