// Dunning policies: what is refused and how it is said, the round trip of thousands of generated
// policies through their text, and damaged bytes.
#include "core/reminders/dunning_policy.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/reminders/dunning_policy_text.hpp"
#include "json_text.hpp"
#include "policy_generator.hpp"

namespace receivables {
namespace {

using bytes = std::vector<unsigned char>;

bool compile(const std::string& text, bytes* out, status* s) {
    const json_text parsed(text);
    std::size_t size = 0;
    if (!compile_dunning_policy(parsed.document(), nullptr, &size, s)) return false;
    out->assign(size, 0xAA);
    std::size_t again = 0;
    EXPECT_TRUE(compile_dunning_policy(parsed.document(), out->data(), &again, s));
    EXPECT_EQ(size, again);
    return true;
}

bytes compiled(const std::string& text) {
    bytes out;
    status s;
    EXPECT_TRUE(compile(text, &out, &s)) << s.message << "\n" << text;
    return out;
}

std::string text_of(const bytes& stored) {
    policy_view policy;
    status s;
    EXPECT_TRUE(policy.open(stored.data(), stored.size(), &s)) << s.message;
    text_writer measure;
    EXPECT_TRUE(write_dunning_policy(policy, &measure, &s)) << s.message;
    std::string text(measure.size(), '?');
    text_writer writer(text.data(), text.size());
    write_dunning_policy(policy, &writer, &s);
    return text;
}

std::string round_trip(const std::string& text) {
    return text_of(compiled(text));
}

TEST(DunningPolicy, TextIsCanonical) {
    EXPECT_EQ(round_trip(R"({"steps":[]})"), R"({"steps": []})");
    EXPECT_EQ(round_trip(R"({"min_interval_days":0,"roll":"following","wait":null,"segments":{},
                             "skip_levels":false,"steps":[{"after_days":5,"from":"due_date",
                             "unit":"days","level":1,"channel":null,"channel_fixed":false}]})"),
              R"({"steps": [{"level": 1, "after_days": 5}]})");
    EXPECT_EQ(round_trip(R"({"wait": {}, "steps": []})"),
              R"({"steps": [], "wait": {"within_days": 10, "min_share": 0.4, "until_days": 21}})");
    EXPECT_EQ(round_trip(R"({"wait": {"min_share": 0.500, "until_days": 7}, "steps": []})"),
              R"({"steps": [], "wait": {"within_days": 10, "min_share": 0.5, "until_days": 7}})");
    EXPECT_EQ(round_trip(R"({"steps": [{"level": 1, "after_days": 0, "fee": 5.00}]})"),
              R"({"steps": [{"level": 1, "after_days": 0, "fee": 5.00}]})");
    EXPECT_EQ(round_trip(R"({"steps": [], "segments": {"b": {"wait": null, "roll": null,
                             "max_reminders": null, "hold": true}, "a": {"steps": null}, "aa": {}}})"),
              R"({"steps": [], "segments": {"a": {"steps": []}, "aa": {}, )"
              R"("b": {"wait": null, "max_reminders": null, "roll": "following", "hold": true}}})");
}

TEST(DunningPolicy, StandardIsItsOwnText) {
    const std::string text(standard_dunning_policy_text);
    EXPECT_EQ(round_trip(text), text);
}

TEST(DunningPolicy, SegmentsReplaceWhatTheyName) {
    const bytes stored = compiled(
        R"({"steps": [{"level": 1, "after_days": 5}], "wait": {"until_days": 9}, "min_amount": 7,
            "segments": {"x": {"wait": null, "min_amount": 8},
                         "y": {"steps": [{"level": 4, "after_days": 9}]}}})");
    policy_view policy;
    status s;
    ASSERT_TRUE(policy.open(stored.data(), stored.size(), &s));
    dunning_settings x, y, other, none;
    ASSERT_TRUE(policy.find_settings("x", &x, &s));
    ASSERT_TRUE(policy.find_settings("y", &y, &s));
    ASSERT_TRUE(policy.find_settings("unheard of", &other, &s));
    ASSERT_TRUE(policy.find_settings("", &none, &s));
    EXPECT_FALSE(x.wait.on);
    EXPECT_EQ(x.min_amount.value.units, 8);
    EXPECT_TRUE(y.wait.on);
    EXPECT_EQ(y.wait.until_days, 9);
    EXPECT_EQ(y.min_amount.value.units, 7);
    reminder_step step;
    ASSERT_TRUE(policy.read_step(y, 0, &step, &s));
    EXPECT_EQ(step.level, 4);
    ASSERT_TRUE(policy.read_step(x, 0, &step, &s));
    EXPECT_EQ(step.level, 1);
    EXPECT_TRUE(other.segment.empty());
    EXPECT_TRUE(none.segment.empty());
}

struct refused {
    const char* text;
    error_code code;
    const char* message;
};

const refused refusals[] = {
    {R"([])", error_code::invalid_text, "expected an object, not an array at $"},
    {R"({})", error_code::invalid_text, "key \"steps\" is missing at $"},
    {R"({"steps": null})", error_code::invalid_text, "expected an array, not null at $.steps"},
    {R"({"steps": {}})", error_code::invalid_text, "expected an array, not an object at $.steps"},
    {R"({"steps": [], "stesp": []})", error_code::invalid_text, "unknown key \"stesp\" at $"},
    {R"({"steps": [], "steps": []})", error_code::invalid_text,
     "key \"steps\" is there twice at $"},
    {R"({"steps": [3]})", error_code::invalid_text,
     "expected an object, not a number at $.steps[0]"},
    {R"({"steps": [{"after_days": 3}]})", error_code::invalid_text,
     "key \"level\" is missing at $.steps[0]"},
    {R"({"steps": [{"level": 1}]})", error_code::invalid_text,
     "key \"after_days\" is missing at $.steps[0]"},
    {R"({"steps": [{"level": "1", "after_days": 3}]})", error_code::invalid_text,
     "expected a number, not a string at $.steps[0].level"},
    {R"({"steps": [{"level": 1.5, "after_days": 3}]})", error_code::invalid_text,
     "expected a whole number, not 1.5 at $.steps[0].level"},
    {R"({"steps": [{"level": 1, "after_days": 3, "delay": 1}]})", error_code::invalid_text,
     "unknown key \"delay\" at $.steps[0]"},
    {R"({"steps": [{"level": 1, "level": 1, "after_days": 3}]})", error_code::invalid_text,
     "key \"level\" is there twice at $.steps[0]"},
    {R"({"steps": [{"level": 0, "after_days": 3}]})", error_code::numeric_out_of_range,
     "level 0 is not at least 1 at $.steps[0]"},
    {R"({"steps": [{"level": 1, "after_days": 3651}]})", error_code::numeric_out_of_range,
     "3651 is out of the range -366 to 3650 at $.steps[0].after_days"},
    {R"({"steps": [{"level": 1, "after_days": 3, "from": "previous_reminder"}]})",
     error_code::invalid_text,
     "the first step after the due date cannot count from previous_reminder at $.steps[0]"},
    {R"({"steps": [{"level": 0, "after_days": -3},
                   {"level": 1, "after_days": 3, "from": "previous_reminder"}]})",
     error_code::invalid_text,
     "the first step after the due date cannot count from previous_reminder at $.steps[1]"},
    {R"({"steps": [{"level": 2, "after_days": 3}, {"level": 2, "after_days": 5}]})",
     error_code::invalid_text, "level 2 after level 2 at $.steps[1]"},
    {R"({"steps": [{"level": 2, "after_days": 3}, {"level": 1, "after_days": 5}]})",
     error_code::invalid_text, "level 1 after level 2 at $.steps[1]"},
    {R"({"steps": [{"level": 1, "after_days": 5}, {"level": 2, "after_days": 5}]})",
     error_code::invalid_text,
     "level 2 after 5 days does not come after level 1 after 5 days at $.steps[1]"},
    {R"({"steps": [{"level": 1, "after_days": 5, "unit": "business_days"},
                   {"level": 2, "after_days": -5}]})",
     error_code::invalid_text,
     "level 2 after -5 days does not come after level 1 after 5 days at $.steps[1]"},
    {R"({"steps": [{"level": 1, "after_days": -3, "from": "previous_reminder"}]})",
     error_code::invalid_text,
     "a notice before the due date cannot have from previous_reminder at $.steps[0]"},
    {R"({"steps": [{"level": 1, "after_days": -3, "repeat_every_days": 7}]})",
     error_code::invalid_text,
     "a notice before the due date cannot have repeat_every_days at $.steps[0]"},
    {R"({"steps": [{"level": 1, "after_days": -3, "latest_after_due_days": 7}]})",
     error_code::invalid_text,
     "a notice before the due date cannot have latest_after_due_days at $.steps[0]"},
    {R"({"steps": [{"level": 1, "after_days": 3, "unit": "weeks"}]})", error_code::invalid_text,
     "unknown unit \"weeks\" at $.steps[0].unit"},
    {R"({"steps": [{"level": 1, "after_days": 3, "from": "invoice_date"}]})",
     error_code::invalid_text, "unknown from \"invoice_date\" at $.steps[0].from"},
    {R"({"steps": [{"level": 1, "after_days": 3, "channel": ""}]})", error_code::invalid_text,
     "empty name at $.steps[0].channel"},
    {R"({"steps": [{"level": 1, "after_days": 3, "channel": 5}]})", error_code::invalid_text,
     "expected a string, not a number at $.steps[0].channel"},
    {R"({"steps": [{"level": 1, "after_days": 3, "channel_fixed": true}]})",
     error_code::invalid_text, "channel_fixed without a channel at $.steps[0]"},
    {R"({"steps": [{"level": 1, "after_days": 3, "channel": "x", "channel_fixed": 1}]})",
     error_code::invalid_text, "expected true or false, not a number at $.steps[0].channel_fixed"},
    {R"({"steps": [{"level": 1, "after_days": 3, "fee": 5, "fee_percent": 1}]})",
     error_code::invalid_text, "both fee and fee_percent at $.steps[0]"},
    {R"({"steps": [{"level": 1, "after_days": 3, "fee": -5}]})", error_code::numeric_out_of_range,
     "-5 is negative at $.steps[0].fee"},
    {R"({"steps": [{"level": 1, "after_days": 3, "fee": 1e3}]})", error_code::invalid_text,
     "expected a plain decimal number, not 1e3 at $.steps[0].fee"},
    {R"({"steps": [{"level": 1, "after_days": 3, "fee": 1234567890123456789}]})",
     error_code::numeric_out_of_range,
     "number 1234567890123456789 has more than 18 digits at $.steps[0].fee"},
    {R"({"steps": [{"level": 1, "after_days": 3, "fee": 0.0000000000000000001}]})",
     error_code::numeric_out_of_range,
     "number 0.0000000000000000001 has more than 18 digits at $.steps[0].fee"},
    {R"({"steps": [{"level": 1, "after_days": 3, "min_amount": -1}]})",
     error_code::numeric_out_of_range, "-1 is negative at $.steps[0].min_amount"},
    {R"({"max_reminders": 3, "steps": [{"level": 1, "after_days": 3, "repeat_every_days": 7},
                                       {"level": 2, "after_days": 5}]})",
     error_code::invalid_text, "repeat_every_days on a step that is not the last at $.steps[0]"},
    {R"({"steps": [{"level": 1, "after_days": 3, "repeat_every_days": 7}]})",
     error_code::invalid_text, "a step with repeat_every_days needs max_reminders at $"},
    {R"({"max_reminders": 3, "steps": [{"level": 1, "after_days": 3, "repeat_every_days": 7}],
         "segments": {"x": {"max_reminders": null}}})",
     error_code::invalid_text, "a step with repeat_every_days needs max_reminders at $.segments.x"},
    {R"({"max_reminders": 3, "steps": [{"level": 1, "after_days": 3, "repeat_every_days": 0}]})",
     error_code::numeric_out_of_range,
     "0 is out of the range 1 to 3650 at $.steps[0].repeat_every_days"},
    {R"({"steps": [], "max_contacts": {"count": 0}})", error_code::numeric_out_of_range,
     "0 is out of the range 1 to 20 at $.max_contacts.count"},
    {R"({"steps": [], "max_contacts": 3})", error_code::invalid_text,
     "expected an object, not a number at $.max_contacts"},
    {R"({"steps": [], "min_interval_days": -1})", error_code::numeric_out_of_range,
     "-1 is out of the range 0 to 3650 at $.min_interval_days"},
    {R"({"steps": [], "min_amount": -0.01})", error_code::numeric_out_of_range,
     "-0.01 is negative at $.min_amount"},
    {R"({"steps": [], "max_reminders": 0})", error_code::numeric_out_of_range,
     "0 is out of the range 1 to 1000 at $.max_reminders"},
    {R"({"steps": [], "latest_after_due_days": -1})", error_code::numeric_out_of_range,
     "-1 is out of the range 0 to 3650 at $.latest_after_due_days"},
    {R"({"steps": [], "roll": "forward"})", error_code::invalid_text,
     "unknown roll convention \"forward\" at $.roll"},
    {R"({"steps": [], "roll": 1})", error_code::invalid_text,
     "expected a string, not a number at $.roll"},
    {R"({"steps": [], "promise_grace_days": -2})", error_code::numeric_out_of_range,
     "-2 is out of the range 0 to 366 at $.promise_grace_days"},
    {R"({"steps": [], "promise_max_days": 1.0})", error_code::invalid_text,
     "expected a whole number, not 1.0 at $.promise_max_days"},
    {R"({"steps": [], "skip_levels": "yes"})", error_code::invalid_text,
     "expected true or false, not a string at $.skip_levels"},
    {R"({"steps": [], "wait": true})", error_code::invalid_text,
     "expected an object, not true or false at $.wait"},
    {R"({"steps": [], "wait": {"min_share": 0}})", error_code::numeric_out_of_range,
     "share 0 is not more than 0 and at most 1 at $.wait.min_share"},
    {R"({"steps": [], "wait": {"min_share": 40}})", error_code::numeric_out_of_range,
     "share 40 is not more than 0 and at most 1 at $.wait.min_share"},
    {R"({"steps": [], "wait": {"min_share": 0.1234567}})", error_code::numeric_out_of_range,
     "share 0.1234567 has more than six decimals at $.wait.min_share"},
    {R"({"steps": [], "wait": {"within_days": 0}})", error_code::numeric_out_of_range,
     "0 is out of the range 1 to 366 at $.wait.within_days"},
    {R"({"steps": [], "wait": {"until_days": 367}})", error_code::numeric_out_of_range,
     "367 is out of the range 0 to 366 at $.wait.until_days"},
    {R"({"steps": [], "wait": {"max_days": 3}})", error_code::invalid_text,
     "unknown key \"max_days\" at $.wait"},
    {R"({"steps": [], "payment_day": {"grace_days": -1}})", error_code::numeric_out_of_range,
     "-1 is out of the range 0 to 366 at $.payment_day.grace_days"},
    {R"({"steps": [], "payment_day": {"min_payments": 0}})", error_code::numeric_out_of_range,
     "0 is out of the range 1 to 1000000 at $.payment_day.min_payments"},
    {R"({"steps": [], "structural_shift": {"max_days": 0}})", error_code::numeric_out_of_range,
     "0 is out of the range 1 to 366 at $.structural_shift.max_days"},
    {R"({"steps": [], "start": {"older_than_days": -1}})", error_code::numeric_out_of_range,
     "-1 is out of the range 0 to 30000 at $.start.older_than_days"},
    {R"({"steps": [], "start": {"status": "scheduled"}})", error_code::invalid_text,
     "unknown status \"scheduled\" at $.start.status"},
    {R"({"steps": [], "segments": []})", error_code::invalid_text,
     "expected an object, not an array at $.segments"},
    {R"({"steps": [], "segments": {"": {}}})", error_code::invalid_text,
     "empty name at $.segments"},
    {R"({"steps": [], "segments": {"x": null}})", error_code::invalid_text,
     "expected an object, not null at $.segments.x"},
    {R"({"steps": [], "segments": {"x": {}, "x": {}}})", error_code::invalid_text,
     "key \"x\" is there twice at $.segments"},
    {R"({"steps": [], "segments": {"x": {"segments": {}}}})", error_code::invalid_text,
     "unknown key \"segments\" at $.segments.x"},
    {R"({"steps": [], "segments": {"x": {"steps": [{"level": 1, "after_days": "3"}]}}})",
     error_code::invalid_text,
     "expected a number, not a string at $.segments.x.steps[0].after_days"},
    {R"({"steps": [], "segments": {"at risk": {"steps": [{"level": 1, "after_days": "3"}]}}})",
     error_code::invalid_text,
     "expected a number, not a string at $.segments.\"at risk\".steps[0].after_days"},
};

TEST(DunningPolicy, RefusesWhatIsWrong) {
    for (const refused& r : refusals) {
        bytes out;
        status s;
        EXPECT_FALSE(compile(r.text, &out, &s)) << r.text;
        EXPECT_EQ(s.code, r.code) << r.text;
        EXPECT_STREQ(s.message, r.message) << r.text;
    }
}

TEST(DunningPolicy, RefusesTooMany) {
    std::string steps, segments;
    for (int i = 1; i <= 51; ++i)
        steps += (i > 1 ? ", " : "") + std::string("{\"level\": ") + std::to_string(i) +
                 ", \"after_days\": " + std::to_string(i) + "}";
    for (int i = 0; i < 201; ++i)
        segments += (i > 0 ? ", \"" : "\"") + std::to_string(i) + "\": {}";
    bytes out;
    status s;
    EXPECT_FALSE(compile("{\"steps\": [" + steps + "]}", &out, &s));
    EXPECT_EQ(s.code, error_code::limit_exceeded);
    EXPECT_FALSE(compile("{\"steps\": [], \"segments\": {" + segments + "}}", &out, &s));
    EXPECT_EQ(s.code, error_code::limit_exceeded);
    EXPECT_FALSE(compile(R"({"steps": [{"level": 1, "after_days": 1, "channel": ")" +
                             std::string(501, 'x') + "\"}]}",
                         &out, &s));
    EXPECT_EQ(s.code, error_code::limit_exceeded);
}

TEST(DunningPolicy, SegmentNamesAreThoseThatSegmentsCanHave) {
    bytes out;
    status s;
    const auto policy = [](std::size_t size) {
        return "{\"steps\": [], \"segments\": {\"" + std::string(size, 'x') + "\": {}}}";
    };
    EXPECT_TRUE(compile(policy(255), &out, &s)) << s.message;
    EXPECT_FALSE(compile(policy(256), &out, &s));
    EXPECT_EQ(s.code, error_code::limit_exceeded);
    EXPECT_STREQ(s.message, "a segment name of 256 bytes at $.segments");
}

TEST(DunningPolicy, GeneratedPoliciesComeBack) {
    std::mt19937 random(1);
    for (int i = 0; i < 20000; ++i) {
        const std::string text = generated_policy(random).text();
        const bytes stored = compiled(text);
        const std::string canonical = text_of(stored);
        ASSERT_EQ(compiled(canonical), stored) << text;
        ASSERT_EQ(round_trip(canonical), canonical) << text;
    }
}

// Reads everything there is to read.
void read_all(const bytes& stored) {
    // In a block of its own, so that a read past its end is seen.
    const std::vector<unsigned char> copy(stored);
    policy_view policy;
    status s;
    if (!policy.open(copy.data(), copy.size(), &s)) {
        EXPECT_EQ(s.code, error_code::invalid_binary);
        return;
    }
    text_writer writer;
    const bool written = write_dunning_policy(policy, &writer, &s);
    EXPECT_TRUE(written || s.code == error_code::invalid_binary);
    dunning_settings settings;
    policy.find_settings("key", &settings, &s);
}

TEST(DunningPolicy, DamagedBytesAreSafe) {
    std::mt19937 random(2);
    for (int i = 0; i < 3000; ++i) {
        const bytes stored = compiled(generated_policy(random).text());
        for (int damage = 0; damage < 20; ++damage) {
            bytes damaged = stored;
            const std::size_t hits = 1 + random() % 3;
            for (std::size_t hit = 0; hit < hits; ++hit)
                damaged[random() % damaged.size()] = static_cast<unsigned char>(random());
            read_all(damaged);
            damaged.resize(random() % (damaged.size() + 1));
            read_all(damaged);
        }
        bytes longer = stored;
        longer.push_back(0);
        policy_view policy;
        status s;
        EXPECT_FALSE(policy.open(longer.data(), longer.size(), &s));
    }
}

}  // namespace
}  // namespace receivables
