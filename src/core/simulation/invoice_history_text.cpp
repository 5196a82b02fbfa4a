#include "core/simulation/invoice_history_text.hpp"

#include "core/profile/check.hpp"
#include "core/profile/text.hpp"

namespace receivables {

namespace {

// Some milliseconds of reading or writing.
constexpr std::uint32_t items_in_a_step = 8192;

}  // namespace

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

history_text_reader::history_text_reader(const json_document& doc, history_items* out) noexcept
    : doc_(doc), out_(out), customer_(doc.first(doc.root())), item_(doc.first(customer_)) {
    out->count = 0;
}

bool history_text_reader::step() noexcept {
    for (std::uint32_t left = items_in_a_step; left > 0; --left) {
        if (item_ == doc_.past(customer_)) {
            customer_ = doc_.next(customer_);
            if (customer_ == doc_.past(doc_.root())) return false;
            item_ = doc_.first(customer_);
        }
        item read[2];
        const int count = read_item_text(doc_, item_, read, &result_);
        if (count == 0 || !check_item(read[0], &result_)) return false;
        if (count > 1 || parts.holds(read[0].cls))
            return doc_.fail(item_, error_code::invalid_text, &result_,
                             "a history has no items that are partly open");
        out_->items[out_->count] = read[0];
        out_->begins_customer[out_->count++] = item_ == doc_.first(customer_);
        item_ = doc_.next(item_);
    }
    return true;
}

bool history_text_writer::step() noexcept {
    for (std::uint32_t left = items_in_a_step; left > 0 && next_ < history_.count(); --left) {
        item x;
        if (!history_.read(next_, &x, &result_)) return false;
        if (history_.begins_customer(next_))
            out_->put(next_ == 0 ? "[[" : "], [");
        else
            out_->put(", ");
        write_item_text(x, x.scale, out_);
        ++next_;
    }
    if (next_ < history_.count()) return true;
    out_->put("]]");
    return false;
}

}  // namespace receivables
