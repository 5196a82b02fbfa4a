#include "core/base/name_distance.hpp"

#include <algorithm>

#include "core/profile/metric_registry.hpp"

namespace receivables {

namespace {

constexpr std::size_t longest = 63;

// As much as is compared, in lower case; returns its length.
std::size_t lower(std::string_view name, char (&out)[longest]) noexcept {
    const std::size_t size = std::min(name.size(), longest);
    for (std::size_t i = 0; i < size; ++i)
        out[i] =
            name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
    return size;
}

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

nearest_name::nearest_name(std::string_view name) noexcept {
    size_ = lower(name, name_);
    least_ = std::max(2, static_cast<int>(size_) / 3) + 1;
}

void nearest_name::consider(std::string_view candidate) noexcept {
    char folded[longest];
    const std::size_t size = lower(candidate, folded);
    const int distance = edit_distance({name_, size_}, {folded, size});
    if (distance < least_) {
        least_ = distance;
        best_ = candidate;
    }
}

std::string_view nearest_metric(std::string_view name) noexcept {
    nearest_name nearest(name);
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    for (std::size_t i = 0; i < count; ++i) nearest.consider(metrics[i].name);
    nearest.consider("as_of");
    return nearest.best();
}

}  // namespace receivables
