#include "core/checkup/label_json.hpp"

namespace receivables {

void put_label_json(segment_label label, text_writer* out) noexcept {
    if (label.is_null)
        out->put("null");
    else
        out->put_json_string(label.text);
}

bool read_label_json(const json_document& document, json_value v, segment_label* out,
                     status* s) noexcept {
    out->is_null = document.kind(v) == json_kind::null;
    out->text = {};
    return out->is_null || document.read_string(v, &out->text, s);
}

bool measure_labels_json(const json_document& document, std::string_view list_key,
                         const std::string_view* names, std::size_t name_count, std::uint32_t most,
                         std::uint32_t* count, std::size_t* label_bytes, status* s) noexcept {
    json_value list;
    *count = 0;
    *label_bytes = 0;
    if (!document.require(document.root(), list_key, &list, s) ||
        !document.expect(list, json_kind::array, s))
        return false;
    for (json_value e = document.first(list); e != document.past(list); e = document.next(e)) {
        if (++*count > most)
            return document.fail(list, error_code::limit_exceeded, s,
                                 "more than the limit of %u entries", most);
        if (!document.expect(e, json_kind::object, s)) return false;
        for (std::size_t i = 0; i < name_count; ++i) {
            json_value name;
            segment_label label;
            if (!document.require(e, names[i], &name, s) ||
                !read_label_json(document, name, &label, s))
                return false;
            *label_bytes += label_size(label);
        }
    }
    return true;
}

}  // namespace receivables
