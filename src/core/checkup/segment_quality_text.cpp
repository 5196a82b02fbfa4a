#include "core/checkup/segment_quality.hpp"

namespace receivables {

namespace {

constexpr std::string_view quality_keys[] = {"segments"};
constexpr std::string_view segment_keys[] = {"segment", "count", "sum", "squares"};

void put_sum(const exact_sum& sum, text_writer* out) noexcept {
    double pieces[max_sum_pieces];
    const std::size_t count = sum.split(pieces);
    out->put('[');
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) out->put(", ");
        out->put_double(pieces[i]);
    }
    out->put(']');
}

bool read_sum(const json_document& document, json_value list, double most, exact_sum* out,
              status* s) noexcept {
    if (!document.expect(list, json_kind::array, s)) return false;
    for (json_value e = document.first(list); e != document.past(list); e = document.next(e)) {
        double piece;
        if (!document.read_double(e, most, &piece, s)) return false;
        out->add(piece);
    }
    return true;
}

bool read_segment(const json_document& document, json_value v, quality_table* table,
                  char* label_room, status* s) noexcept {
    json_value name, count, sum, squares;
    value_sums sums = {};
    if (!document.expect_object(v, segment_keys, std::size(segment_keys), s) ||
        !document.require(v, "segment", &name, s) || !document.require(v, "count", &count, s) ||
        !document.require(v, "sum", &sum, s) || !document.require(v, "squares", &squares, s) ||
        !document.read_integer(count, 1, most_quality_values, &sums.count, s) ||
        !read_sum(document, sum, 1e160, &sums.values, s) ||
        !read_sum(document, squares, 1e300, &sums.squares, s))
        return false;
    if (!sums.are_possible())
        return document.fail(v, error_code::invalid_text, s,
                             "no values have this count, sum and squares");
    segment_label label;
    if (!read_label_json(document, name, &label, s)) return false;
    const std::string_view key(label_room,
                               static_cast<std::size_t>(put_label(label, label_room) - label_room));
    std::uint32_t index;
    if (table->find(key, &index))
        return document.fail(v, error_code::invalid_text, s, "segment is there twice");
    table->insert(index, key) = sums;
    return true;
}

}  // namespace

void write_quality_json(const quality_table& table, text_writer* out) noexcept {
    out->put("{\"segments\": [");
    for (std::uint32_t i = 0; i < table.count(); ++i) {
        out->put(i > 0 ? ", {\"segment\": " : "{\"segment\": ");
        put_label_json(table.label_part(i, 0), out);
        out->put(", \"count\": ");
        out->put_integer(table.record(i).count);
        out->put(", \"sum\": ");
        put_sum(table.record(i).values, out);
        out->put(", \"squares\": ");
        put_sum(table.record(i).squares, out);
        out->put('}');
    }
    out->put("]}");
}

bool measure_quality_json(const json_document& document, std::uint32_t* segments,
                          std::size_t* label_bytes, status* s) noexcept {
    constexpr std::string_view names[] = {"segment"};
    return document.expect_object(document.root(), quality_keys, std::size(quality_keys), s) &&
           measure_labels_json(document, "segments", names, std::size(names), max_quality_segments,
                               segments, label_bytes, s);
}

bool read_quality_json(const json_document& document, quality_table* table, char* label_room,
                       status* s) noexcept {
    json_value list;
    if (!document.require(document.root(), "segments", &list, s)) return false;
    for (json_value e = document.first(list); e != document.past(list); e = document.next(e))
        if (!read_segment(document, e, table, label_room, s)) return false;
    return true;
}

}  // namespace receivables
