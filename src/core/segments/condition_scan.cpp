#include "core/segments/condition_scan.hpp"

namespace receivables {

namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool starts_name(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool continues_name(char c) noexcept {
    return starts_name(c) || is_digit(c) || c == '$';
}

class scanner {
  public:
    explicit scanner(std::string_view text) noexcept : text_(text) {}

    scan_result run() noexcept {
        while (at_ < text_.size() && result_.finding == scan_finding::nothing) step();
        return result_;
    }

  private:
    char peek(std::size_t ahead = 0) const noexcept {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    void step() noexcept {
        const char c = peek();
        if (c == '-' && peek(1) == '-') return line_comment();
        if (c == '/' && peek(1) == '*') return block_comment();
        word(c);
        if (c > ' ') first_ = false;
    }

    void word(char c) noexcept {
        if (starts_name(c)) return name();
        if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
        if (c == '\'') return quoted('\'', false);
        if (c == '"') return quoted_name();
        if (c == '$') return dollar();
        ++at_;
    }

    void report(scan_finding finding, std::size_t start) noexcept {
        result_ = {finding, start, at_ - start};
    }

    void name() noexcept {
        const std::size_t start = at_;
        while (continues_name(peek()) && at_ < text_.size()) ++at_;
        // E'...' is the only prefix that gives the backslash a meaning.
        const bool escapes = at_ - start == 1 && (text_[start] == 'e' || text_[start] == 'E');
        if (escapes && peek() == '\'') return quoted('\'', true);
        if (at_ - start > max_name_bytes) report(scan_finding::long_name, start);
        if (first_ && at_ - start == 3 && lower(start) == 'a' && lower(start + 1) == 'l' &&
            lower(start + 2) == 'l')
            report(scan_finding::leading_all, start);
    }

    char lower(std::size_t at) const noexcept { return static_cast<char>(text_[at] | 0x20); }

    void number() noexcept {
        const std::size_t start = at_;
        bool plain = true;
        for (; at_ < text_.size() && (continues_name(peek()) || peek() == '.'); ++at_)
            plain = plain && (is_digit(peek()) || peek() == '.');
        if (!plain) report(scan_finding::odd_number, start);
    }

    void quoted(char quote, bool escapes) noexcept {
        for (++at_; at_ < text_.size(); ++at_) {
            if (escapes && peek() == '\\') {
                ++at_;
            } else if (peek() == quote) {
                if (peek(1) != quote) break;
                ++at_;
            }
        }
        ++at_;
    }

    void quoted_name() noexcept {
        const std::size_t start = at_;
        std::size_t bytes = 0;
        for (++at_; at_ < text_.size(); ++at_, ++bytes)
            if (peek() == '"') {
                if (peek(1) != '"') break;
                ++at_;
            }
        if (bytes > max_name_bytes) report(scan_finding::long_name, start + 1);
        ++at_;
    }

    // $tag$ ... $tag$
    void dollar() noexcept {
        std::size_t end = at_ + 1;
        while (end < text_.size() && continues_name(text_[end]) && text_[end] != '$') ++end;
        if (end >= text_.size() || text_[end] != '$' || is_digit(peek(1))) {
            ++at_;
            return;
        }
        const std::string_view tag = text_.substr(at_, end - at_ + 1);
        const std::size_t close = text_.find(tag, end + 1);
        at_ = close == std::string_view::npos ? text_.size() : close + tag.size();
    }

    void line_comment() noexcept {
        while (at_ < text_.size() && peek() != '\n' && peek() != '\r') ++at_;
    }

    void block_comment() noexcept {
        std::size_t depth = 0;
        do {
            if (peek() == '/' && peek(1) == '*') {
                ++depth;
                ++at_;
            } else if (peek() == '*' && peek(1) == '/') {
                --depth;
                ++at_;
            }
            ++at_;
        } while (depth > 0 && at_ < text_.size());
    }

    std::string_view text_;
    std::size_t at_ = 0;
    scan_result result_;
    bool first_ = true;  // nothing but blanks and comments so far
};

}  // namespace

scan_result scan_condition(std::string_view text) noexcept {
    return scanner(text).run();
}

}  // namespace receivables
