#include "core/simulation/invoice_history_text.hpp"

#include "core/profile/check.hpp"
#include "core/profile/text.hpp"

namespace receivables {

bool write_history_text(const history_view& history, text_writer* out, status* s) noexcept {
    for (std::uint32_t i = 0; i < history.count(); ++i) {
        item x;
        if (!history.read(i, &x, s)) return false;
        if (history.begins_customer(i))
            out->put(i == 0 ? "[[" : "], [");
        else
            out->put(", ");
        write_item_text(x, x.scale, out);
    }
    out->put("]]");
    return true;
}

bool count_history_items(const json_document& doc, std::uint32_t* count, status* s) noexcept {
    const json_value root = doc.root();
    *count = 0;
    if (!doc.expect(root, json_kind::array, s)) return false;
    for (json_value c = doc.first(root); c != doc.past(root); c = doc.next(c)) {
        if (!doc.expect(c, json_kind::array, s)) return false;
        if (doc.first(c) == doc.past(c))
            return doc.fail(c, error_code::invalid_text, s, "a customer has at least one item");
        for (json_value e = doc.first(c); e != doc.past(c); e = doc.next(e)) ++*count;
    }
    if (*count > 0) return true;
    return doc.fail(root, error_code::invalid_text, s, "an invoice_history has at least one item");
}

bool read_history_items(const json_document& doc, history_items* out, status* s) noexcept {
    out->count = 0;
    const json_value root = doc.root();
    for (json_value c = doc.first(root); c != doc.past(root); c = doc.next(c))
        for (json_value e = doc.first(c); e != doc.past(c); e = doc.next(e)) {
            item read[2];
            const int count = read_item_text(doc, e, read, s);
            if (count == 0 || !check_item(read[0], s)) return false;
            if (count > 1 || parts.holds(read[0].cls))
                return doc.fail(e, error_code::invalid_text, s,
                                "a history has no items that are partly open");
            out->items[out->count] = read[0];
            out->begins_customer[out->count++] = e == doc.first(c);
        }
    return true;
}

}  // namespace receivables
