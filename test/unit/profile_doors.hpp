// The doors of payment profiles, as ring 3 puts them together, for the tests that break values.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "profile_samples.hpp"

namespace receivables::profile_doors {

using namespace profile_samples;

// The canonical profile that these bytes stand for, as ring 3's receive function finds it.
inline bool rebuild(const profile_view& view, bytes* out, status* s) {
    if (view.kind() == profile_kind::items) {
        if (!check_items(view, s)) return false;
        fold_plan plan;
        plan.add(profile_source::of(view));
        return try_fold(plan, out, s);
    }
    std::vector<table_row> rows(row_total(view));
    const table_set tables = read_tables(view, rows.data());
    if (!check_tables(tables, s)) return false;
    out->resize(tabled_size(tables));
    write_tabled(tables, out->data());
    return true;
}

inline void expect_finite(const metric& m, const metric_value& value) {
    EXPECT_TRUE(value.is_null || m.kind != metric_kind::figure || std::isfinite(value.figure))
        << m.name;
}

// Everything that reads a profile.
inline void read_all(const profile_view& view) {
    std::size_t count;
    const metric* metrics = all_metrics(&count);
    profile_metrics profile(view);
    for (std::size_t i = 0; i < count; ++i) {
        const metric& m = metrics[i];
        double fallback[max_metric_parameters], least[max_metric_parameters],
            most[max_metric_parameters];
        for (int p = 0; p < m.parameter_count; ++p) {
            fallback[p] = m.parameters[p].fallback;
            least[p] = m.parameters[p].least;
            most[p] = m.parameters[p].most;
        }
        for (const double* arguments : {fallback, least, most})
            for (day_number as_of : {min_day, 8000, max_day}) {
                const metric_value value = m.evaluate(profile, as_of, arguments);
                expect_finite(m, value);
            }
    }
    std::size_t rows = 0;
    profile.for_each_histogram_row([&](const histogram_row&) { ++rows; });
    EXPECT_LE(rows, profile.most_histogram_rows());
    for (bool blocks : {false, true}) {
        std::unique_ptr<char[]> line(new char[sparkline_size]);
        if (!write_sparkline(profile, blocks, line.get())) continue;
        EXPECT_LT(std::char_traits<char>::length(line.get()), sparkline_size);
    }
    text_of(view);
}

}  // namespace receivables::profile_doors
