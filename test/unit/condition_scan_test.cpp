// Words of a condition: long names, odd numbers, a leading ALL.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "core/base/name_distance.hpp"
#include "core/segments/condition_scan.hpp"

namespace receivables {
namespace {

std::string culprit(const std::string& text) {
    const scan_result found = scan_condition(text);
    return found.finding == scan_finding::nothing ? "" : text.substr(found.start, found.size);
}

TEST(ConditionScan, FindsLongNames) {
    const std::string fits(63, 'a'), longer(64, 'a');
    EXPECT_EQ(culprit(fits), "");
    EXPECT_EQ(culprit("x = 1 and " + longer + " > 2"), longer);
    EXPECT_EQ(culprit("\"" + fits + "\" = 1"), "");
    EXPECT_EQ(culprit("\"" + longer + "\" = 1"), longer);
    EXPECT_EQ(culprit("\"" + fits + "\"\"\" = 1"), fits + "\"\"");
    for (const std::string& hidden :
         {"'" + longer + "'", "'it''s " + longer + "'", "E'\\'" + longer + "'", "-- " + longer,
          "/* /* */ " + longer + " */", "$$" + longer + "$$", "$t$ $$ " + longer + " $t$"}) {
        EXPECT_EQ(culprit("x = " + hidden), "") << hidden;
        // What is hidden ends where it seems to.
        if (hidden[0] != '-') {
            EXPECT_EQ(culprit(hidden + " " + longer), longer) << hidden;
        }
    }
    EXPECT_EQ(culprit("-- x\n" + longer), longer);
    EXPECT_EQ(culprit("'\\' " + longer), longer);
}

TEST(ConditionScan, FindsOddNumbers) {
    for (const char* plain :
         {"1", "1.5", ".5", "5.", "a1e5", "a.b1", "x < 1.5 and y > 2", "'1e5'", "$1"})
        EXPECT_EQ(culprit(plain), "") << plain;
    for (const char* odd : {"1e5", "0x1F", "0o17", "0b1", "1_000", "1.5e", "12a"})
        EXPECT_EQ(culprit(std::string("x > ") + odd), odd);
    EXPECT_EQ(culprit("x > 1e-5"), "1e");
}

TEST(ConditionScan, FindsLeadingAll) {
    EXPECT_EQ(culprit("all x > 1"), "all");
    EXPECT_EQ(culprit(" /* c */ -- d\n ALL x > 1"), "ALL");
    EXPECT_EQ(culprit("x = all"), "");
    EXPECT_EQ(culprit("allow > 1"), "");
    EXPECT_EQ(culprit("\"all\" > 1"), "");
}

TEST(ConditionScan, ReadsNothingBeyondTheEnd) {
    std::mt19937 random(9);
    const std::string alphabet = "aE'\"$-/*.1\\ \n_(\xc3\xa4";
    for (int round = 0; round < 100000; ++round) {
        std::string text;
        for (unsigned i = random() % 24; i > 0; --i) text += alphabet[random() % alphabet.size()];
        const scan_result found = scan_condition(std::string_view(text.data(), text.size()));
        ASSERT_LE(found.start + found.size, text.size()) << text;
    }
}

TEST(NameDistance, NearestMetric) {
    EXPECT_EQ(edit_distance("", ""), 0);
    EXPECT_EQ(edit_distance("abc", ""), 3);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
    EXPECT_EQ(nearest_metric("late_shar"), "late_share");
    EXPECT_EQ(nearest_metric("asof"), "as_of");
    EXPECT_EQ(nearest_metric("zzzzzzzzzzzzzzzz"), "");
    EXPECT_EQ(nearest_metric(std::string(200, 'a')), "");
}

}  // namespace
}  // namespace receivables
