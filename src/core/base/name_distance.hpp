// "Perhaps you meant": the known name that is nearest to a mistyped one.
#pragma once

#include <string_view>

namespace receivables {

// Levenshtein distance: insertions, deletions and substitutions. Names over 63 bytes are cut off.
int edit_distance(std::string_view a, std::string_view b) noexcept;

// Of the names considered, the first of those nearest to `name`, whatever the case of ASCII
// letters; none when that is further than a third of the name's length (at least 2).
class nearest_name {
  public:
    explicit nearest_name(std::string_view name) noexcept;
    void consider(std::string_view candidate) noexcept;
    std::string_view best() const noexcept { return best_; }  // empty: none

  private:
    static constexpr std::size_t longest = 63;
    char name_[longest];
    std::size_t size_;
    int least_;
    std::string_view best_;
};

// The nearest metric or "as_of"; empty when none is near.
std::string_view nearest_metric(std::string_view name) noexcept;

}  // namespace receivables
