#include "core/name_distance.hpp"

#include <algorithm>

#include "core/metric_registry.hpp"

namespace receivables {

namespace {

constexpr std::size_t longest = 63;

}  // namespace

int edit_distance(std::string_view a, std::string_view b) noexcept {
    a = a.substr(0, longest);
    b = b.substr(0, longest);
    int row[longest + 1];
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        int diagonal = row[0];
        row[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const int replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row[b.size()];
}

std::string_view nearest_metric(std::string_view name) noexcept {
    name = name.substr(0, longest);
    std::string_view best;
    int least = std::max(2, static_cast<int>(name.size()) / 3) + 1;
    const auto consider = [&](std::string_view candidate) {
        const int distance = edit_distance(name, candidate);
        if (distance < least) {
            least = distance;
            best = candidate;
        }
    };
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    for (std::size_t i = 0; i < count; ++i) consider(metrics[i].name);
    consider("as_of");
    return best;
}

}  // namespace receivables
