// A JSON text taken apart into events for tests of the core, as src/pg/base/json_events.cpp does it
// with PostgreSQL's parser. Takes well-formed JSON only; anything else fails the test.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/json_reader.hpp"

namespace receivables {

class json_text {
  public:
    explicit json_text(std::string text) : text_(std::move(text)) {
        read_value();
        skip_blanks();
        if (at_ != text_.size()) ADD_FAILURE() << "no JSON: " << text_;
    }
    json_document document() const { return json_document(events_.data(), pool_.data()); }

  private:
    void skip_blanks() {
        while (at_ < text_.size() && std::string(" \n\t\r").find(text_[at_]) != std::string::npos)
            ++at_;
    }
    bool eat(char c) {
        skip_blanks();
        if (at_ < text_.size() && text_[at_] == c) return ++at_, true;
        return false;
    }
    std::size_t append(json_kind kind, bool truth = false) {
        events_.push_back({kind, truth, 0, 0, 0});
        events_.back().end = static_cast<std::uint32_t>(events_.size());
        return events_.size() - 1;
    }
    void append_text(json_kind kind, const std::string& value) {
        json_event& event = events_[append(kind)];
        event.start = static_cast<std::uint32_t>(pool_.size());
        event.size = static_cast<std::uint32_t>(value.size());
        pool_ += value;
    }
    std::string read_string() {
        std::string value;
        eat('"');
        while (at_ < text_.size() && text_[at_] != '"') {
            if (text_[at_] == '\\') ++at_;
            value += text_[at_++];
        }
        ++at_;
        return value;
    }
    void read_list(json_kind kind, char close) {
        const std::size_t list = append(kind);
        if (!eat(close)) {
            do {
                skip_blanks();
                if (kind == json_kind::object) {
                    append_text(json_kind::key, read_string());
                    if (!eat(':')) ADD_FAILURE() << "no JSON: " << text_;
                }
                read_value();
            } while (eat(','));
            if (!eat(close)) ADD_FAILURE() << "no JSON: " << text_;
        }
        events_[list].end = static_cast<std::uint32_t>(events_.size());
    }
    bool word(const std::string& w, json_kind kind, bool truth) {
        if (text_.compare(at_, w.size(), w) != 0) return false;
        at_ += w.size();
        append(kind, truth);
        return true;
    }
    void read_value() {
        skip_blanks();
        if (eat('{')) return read_list(json_kind::object, '}');
        if (eat('[')) return read_list(json_kind::array, ']');
        if (at_ < text_.size() && text_[at_] == '"')
            return append_text(json_kind::string, read_string());
        if (word("true", json_kind::boolean, true) || word("false", json_kind::boolean, false) ||
            word("null", json_kind::null, false))
            return;
        const std::size_t end = text_.find_first_not_of("+-0123456789.eE", at_);
        const std::size_t size = (end == std::string::npos ? text_.size() : end) - at_;
        if (size == 0) {
            ADD_FAILURE() << "no JSON: " << text_;
            at_ = text_.size();
            return;
        }
        append_text(json_kind::number, text_.substr(at_, size));
        at_ += size;
    }

    std::string text_;
    std::size_t at_ = 0;
    std::vector<json_event> events_;
    std::string pool_;
};

}  // namespace receivables
