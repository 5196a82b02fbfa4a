// Reading JSON documents: what is wrong is said, with its path.
#include "core/base/json_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "json_text.hpp"

namespace receivables {
namespace {

constexpr std::string_view keys[] = {"a", "b", "long"};

std::string refusal(const std::string& text,
                    bool (*check)(const json_document&, json_value, status*)) {
    const json_text json(text);
    status s;
    return check(json.document(), json.document().root(), &s) ? "taken" : s.message;
}

std::string path_of(const std::string& text, json_value event) {
    const json_text json(text);
    char path[96];
    json.document().write_path(event, path, sizeof path);
    return path;
}

TEST(JsonReader, PathsLeadToValues) {
    //                        0 1   2 3  4  5   6  7 8   9
    const std::string text = R"({"a": [1, [2, {"x": true}]], "b": null})";
    EXPECT_EQ(path_of(text, 0), "$");
    EXPECT_EQ(path_of(text, 1), "$");
    EXPECT_EQ(path_of(text, 2), "$.a");
    EXPECT_EQ(path_of(text, 3), "$.a[0]");
    EXPECT_EQ(path_of(text, 4), "$.a[1]");
    EXPECT_EQ(path_of(text, 5), "$.a[1][0]");
    EXPECT_EQ(path_of(text, 6), "$.a[1][1]");
    EXPECT_EQ(path_of(text, 7), "$.a[1][1]");
    EXPECT_EQ(path_of(text, 8), "$.a[1][1].x");
    EXPECT_EQ(path_of(text, 9), "$");
    EXPECT_EQ(path_of(text, 10), "$.b");
}

TEST(JsonReader, PathsQuoteWhatIsNoPlainName) {
    EXPECT_EQ(path_of(R"({"at risk": [1]})", 3), "$.\"at risk\"[0]");
    EXPECT_EQ(path_of(R"({"a.b": [1]})", 3), "$.\"a.b\"[0]");
    EXPECT_EQ(path_of(R"({"": [1]})", 3), "$.\"\"[0]");
    EXPECT_EQ(path_of(R"({"1a": [1]})", 3), "$.\"1a\"[0]");
    EXPECT_EQ(path_of(R"({"_a1": [1]})", 3), "$._a1[0]");
    EXPECT_EQ(path_of(R"({"a\"b\\c": [1]})", 3), R"($."a\"b\\c"[0])");
    EXPECT_EQ(path_of("{\"a\nb\x1b[31m\": [1]}", 3), R"($."a\u000ab\u001b[31m"[0])");
}

// A long key is shortened between characters; what stands behind it stays.
TEST(JsonReader, LongKeysOfPathsAreShortened) {
    const std::pair<std::string, std::string> letters[] = {{"x", "x"},
                                                           {"\xC3\xA9", "\xC3\xA9"},
                                                           {"\xE2\x82\xAC", "\xE2\x82\xAC"},
                                                           {"\x01", "\\u0001"}};
    for (const auto& [letter, shown] : letters) {
        for (int size = 1; size < 120; ++size) {
            std::string name, written;
            for (int i = 0; i < size; ++i) name += letter, written += shown;
            const std::string path =
                path_of("{\"" + name + "\": {\"steps\": [{\"level\": 1}]}}", 7);
            const std::string end = ".steps[0].level";
            ASSERT_LT(path.size(), 96u);
            ASSERT_EQ(path.substr(path.size() - end.size()), end);
            const std::string key = path.substr(2, path.size() - end.size() - 2);
            EXPECT_LE(key.size(), 44u);
            if (key == written || key == "\"" + written + "\"") continue;
            ASSERT_GT(key.size(), 36u);
            EXPECT_EQ(key.substr(key.size() - 4), "...\"");
            EXPECT_EQ((key.size() - 5) % shown.size(), 0u) << path;
        }
    }
}

TEST(JsonReader, DeepPathsAreCut) {
    std::string text = "1";
    for (int i = 0; i < 30; ++i) text = "{\"step\": " + text + "}";
    const std::string path = path_of(text, 60);
    EXPECT_EQ(path.size(), 95u);
    EXPECT_EQ(path.substr(92), "...");
}

TEST(JsonReader, ObjectsHaveTheirKeysOnce) {
    const auto check = [](const json_document& d, json_value v, status* s) {
        return d.expect_object(v, keys, 3, s);
    };
    EXPECT_EQ(refusal("{}", check), "taken");
    EXPECT_EQ(refusal(R"({"long": 1, "a": [], "b": {}})", check), "taken");
    EXPECT_EQ(refusal(R"({"a": 1, "a": 1})", check), "key \"a\" is there twice at $");
    EXPECT_EQ(refusal(R"({"a": 1, "A": 1})", check), "unknown key \"A\" at $");
    EXPECT_EQ(refusal(R"({"": 1})", check), "unknown key \"\" at $");
    EXPECT_EQ(refusal("[]", check), "expected an object, not an array at $");
    const json_text json(R"({"c": 1})");
    status s;
    EXPECT_FALSE(json.document().expect_object(0, keys, 3, &s));
    EXPECT_STREQ(s.hint, "Known keys here are a, b, long.");
}

TEST(JsonReader, MapsHaveFreeKeysOnce) {
    const auto check = [](const json_document& d, json_value v, status* s) {
        return d.expect_map(v, 2, s);
    };
    EXPECT_EQ(refusal(R"({"x": {"x": 1}, "y": [2]})", check), "taken");
    EXPECT_EQ(refusal(R"({"x": 1, "y": 2, "z": 3})", check), "more than 2 keys at $");
    EXPECT_EQ(refusal(R"({"x": {"y": 1}, "x": 2})", check), "key \"x\" is there twice at $");
}

TEST(JsonReader, Integers) {
    const auto check = [](const json_document& d, json_value v, status* s) {
        std::int64_t value;
        return d.read_integer(v, -5, 100, &value, s);
    };
    for (const char* text : {"0", "-5", "100", "-0"}) EXPECT_EQ(refusal(text, check), "taken");
    EXPECT_EQ(refusal("101", check), "101 is out of the range -5 to 100 at $");
    EXPECT_EQ(refusal("-6", check), "-6 is out of the range -5 to 100 at $");
    for (const char* text : {"1.0", "1e1", "0.5", "99999999999999999999999999999999999999999"})
        EXPECT_EQ(refusal(text, check),
                  std::string("expected a whole number, not ") + text + " at $");
    EXPECT_EQ(refusal("\"1\"", check), "expected a number, not a string at $");
    EXPECT_EQ(refusal("true", check), "expected a number, not true or false at $");
}

TEST(JsonReader, DatesStringsAndTruths) {
    const auto date = [](const json_document& d, json_value v, status* s) {
        day_number day;
        return d.read_date(v, &day, s);
    };
    EXPECT_EQ(refusal("\"2024-02-29\"", date), "taken");
    EXPECT_EQ(refusal("\"2026-02-29\"", date),
              "expected a date as YYYY-MM-DD, not \"2026-02-29\" at $");
    EXPECT_EQ(refusal("20260101", date), "expected a string, not a number at $");
    const auto truth = [](const json_document& d, json_value v, status* s) {
        bool value;
        return d.read_boolean(v, &value, s);
    };
    EXPECT_EQ(refusal("false", truth), "taken");
    EXPECT_EQ(refusal("null", truth), "expected true or false, not null at $");
    const auto required = [](const json_document& d, json_value v, status* s) {
        json_value value;
        return d.require(v, "a", &value, s);
    };
    EXPECT_EQ(refusal(R"({"b": {"a": 1}})", required), "key \"a\" is missing at $");
    EXPECT_EQ(refusal(R"({"b": [1, 2], "a": 1})", required), "taken");
}

// Whatever stands in a document, a message fits into its place and ends.
TEST(JsonReader, LongTextsAreCut) {
    for (int size = 0; size < 700; size += 7) {
        std::string name;
        for (int i = 0; i < size; ++i) name += i % 3 == 0 ? "\xE2\x82\xAC" : "x";
        for (const std::string& text :
             {"\"" + name + "\"",
              "[" + std::string(static_cast<std::size_t>(size) + 1, '7') + "]"}) {
            const json_text json(text);
            status s;
            day_number day;
            std::int64_t number;
            EXPECT_FALSE(json.document().read_date(0, &day, &s));
            EXPECT_FALSE(json.document().read_integer(text[0] == '[' ? 1 : 0, 0, 6, &number, &s));
            EXPECT_LT(std::string(s.message).size(), sizeof s.message);
        }
        const json_text json("{\"" + name + "\": 1}");
        status s;
        EXPECT_FALSE(json.document().expect_object(0, keys, 3, &s));
        EXPECT_LT(std::string(s.message).size(), sizeof s.message);
    }
}

}  // namespace
}  // namespace receivables
