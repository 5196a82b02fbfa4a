// Conditions as trees, compiled, stored, run and damaged, without PostgreSQL.
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <new>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/segments/condition.hpp"
#include "core/segments/evaluate.hpp"
#include "core/segments/policy.hpp"

namespace receivables {
namespace {

using node = std::uint32_t;

class tree {
  public:
    node number(const std::string& text) { return leaf(condition_kind::number, text); }
    node text(const std::string& text) { return leaf(condition_kind::text, text); }
    node date(const std::string& text) { return leaf(condition_kind::date, text); }
    node name(const std::string& text) { return leaf(condition_kind::name, text); }
    node attribute(const std::string& path) { return leaf(condition_kind::attribute, path); }
    node boolean(bool value) {
        const node n = leaf(condition_kind::boolean, "");
        nodes[n].flag = value;
        return n;
    }
    node make(condition_kind kind, std::initializer_list<node> children, int how = 0,
              bool flag = false) {
        return make(kind, std::vector<node>(children), how, flag);
    }
    node make(condition_kind kind, const std::vector<node>& children, int how = 0,
              bool flag = false) {
        const node n = leaf(kind, "");
        nodes[n].how = static_cast<std::uint8_t>(how);
        nodes[n].flag = flag;
        for (std::size_t i = 0; i < children.size(); ++i)
            (i == 0 ? nodes[n].first_child : nodes[children[i - 1]].next) = children[i];
        return n;
    }
    node call(const std::string& name, const std::vector<node>& arguments) {
        const node n = make(condition_kind::call, arguments);
        nodes[n].text = keep(name);
        return n;
    }
    node compare(node a, comparison how, node b) {
        return make(condition_kind::compare, {a, b}, static_cast<int>(how));
    }
    node calculate(node a, calculation how, node b) {
        return make(condition_kind::calculate, {a, b}, static_cast<int>(how));
    }

    std::vector<condition_node> nodes;

  private:
    std::string_view keep(const std::string& text) {
        strings_.push_back(text);
        return strings_.back();
    }
    node leaf(condition_kind kind, const std::string& text) {
        condition_node n{};
        n.kind = kind;
        n.position = static_cast<std::int32_t>(nodes.size());
        n.first_child = n.next = no_node;
        n.text = keep(text);
        nodes.push_back(n);
        return static_cast<node>(nodes.size() - 1);
    }
    std::deque<std::string> strings_;
};

struct test_rule {
    std::string segment;
    std::optional<node> when, stay;
};

struct compiled {
    std::vector<unsigned char> bytes;
    condition_error error;
};

compiled compile(tree* t, const std::vector<test_rule>& rules) {
    const std::size_t count = t->nodes.size() + 1;
    std::vector<program_rule> out_rules(rules.size());
    std::vector<program_slot> slots(count);
    std::vector<std::string_view> attributes(count);
    std::vector<program_constant> constants(count);
    std::vector<instruction> instructions(max_instructions(count));
    program_parts parts;
    parts.rules = out_rules.data();
    parts.slots = slots.data();
    parts.attributes = attributes.data();
    parts.constants = constants.data();
    parts.instructions = instructions.data();
    compiled result;
    condition_compiler compiler(t->nodes.data(), &parts, &result.error);
    for (const test_rule& rule : rules) {
        program_rule* out = &out_rules[parts.rule_count++];
        out->segment = rule.segment;
        if (rule.when && !compiler.compile(*rule.when, &out->when)) return result;
        if (rule.stay && !compiler.compile(*rule.stay, &out->stay)) return result;
    }
    const std::string text = "[]";
    result.bytes.resize(segment_value_size(parts, text.size()));
    write_segment_value(parts, text, current_program_mark(), result.bytes.data());
    return result;
}

struct outcome {
    bool sound = false, found = false;
    std::string segment;
};

// Runs everything that a reader of a stored value can run.
outcome run(const std::vector<unsigned char>& bytes, const std::vector<rule_value>& attributes,
            const std::string& current = "", bool damaged = false) {
    outcome result;
    status s;
    segment_program program;
    // A copy of exactly that size, so that a read past the end is noticed.
    const std::vector<unsigned char> exact(bytes);
    if (!program.open(exact.data(), exact.size(), current_program_mark(), &s) ||
        !program.is_current())
        return result;
    std::vector<rule_value> padded(attributes);
    padded.resize(std::max<std::size_t>(padded.size(), program.attribute_count()),
                  rule_value::of(value_kind::unknown));
    profile_view view;
    profile_metrics profile(view);
    segment_facts facts;
    facts.profile = &profile;
    facts.has_as_of = true;
    facts.as_of = 9000;
    facts.attributes = padded.data();
    facts.has_current_segment = !current.empty();
    facts.current_segment = current;
    std::vector<rule_value> slots(program.slot_count() + 1);
    segment_evaluator evaluator(program, facts, slots.data());
    evaluation come;
    do come = evaluator.assign();
    while (come == evaluation::goes_on);
    result.sound = come == evaluation::done;
    result.found = result.sound && evaluator.is_assigned();
    if (result.found) result.segment = evaluator.segment();
    std::vector<unsigned char> seen(program.slot_count() + program.attribute_count() + 1);
    for (std::uint32_t i = 0; damaged && i < program.rule_count(); ++i) {
        program_rule rule;
        text_writer measure;
        if (!program.rule(i, &rule)) continue;
        while (evaluator.compute_next(rule) == evaluation::goes_on) continue;
        write_rule_facts(program, facts, rule, &evaluator, seen.data(), &measure);
    }
    return result;
}

// "yes", "no" or "unknown" of one condition.
std::string decide(tree* t, node condition, const std::vector<rule_value>& attributes = {}) {
    const node is_yes = condition;
    const compiled program = compile(t, {{"yes", is_yes, {}}});
    if (program.bytes.empty()) return program.error.message;
    if (run(program.bytes, attributes).found) return "yes";
    const compiled negated =
        compile(t, {{"no", t->make(condition_kind::logical_not, {condition}), {}}});
    return run(negated.bytes, attributes).found ? "no" : "unknown";
}

// Between two metrics the caller can look for interrupts: each of them is a step.
TEST(SegmentPolicy, EveryMetricIsAStep) {
    tree t;
    std::vector<node> tests;
    constexpr int metrics = 50;
    for (int i = 0; i < 2 * metrics; ++i)
        tests.push_back(t.make(
            condition_kind::is_null,
            {t.call("percentile_days_late", {t.number("0." + std::to_string(10 + i % metrics))})}));
    const compiled program = compile(&t, {{"a", t.make(condition_kind::logical_and, tests), {}}});
    ASSERT_FALSE(program.bytes.empty()) << program.error.message;
    status s;
    segment_program opened;
    ASSERT_TRUE(
        opened.open(program.bytes.data(), program.bytes.size(), current_program_mark(), &s));
    profile_view view;
    profile_metrics profile(view);
    segment_facts facts;
    facts.profile = &profile;
    std::vector<rule_value> slots(opened.slot_count());
    segment_evaluator evaluator(opened, facts, slots.data());
    int steps = 0;
    evaluation come;
    while ((come = evaluator.assign()) == evaluation::goes_on) ++steps;
    EXPECT_EQ(come, evaluation::done);
    EXPECT_TRUE(evaluator.is_assigned());
    EXPECT_EQ(steps, metrics);
    // For an explanation, too.
    segment_evaluator other(opened, facts, slots.data());
    program_rule rule;
    ASSERT_TRUE(opened.rule(0, &rule));
    for (steps = 0; (come = other.compute_next(rule)) == evaluation::goes_on;) ++steps;
    EXPECT_EQ(come, evaluation::done);
    EXPECT_EQ(steps, metrics);
}

TEST(SegmentPolicy, LogicAgreesWithTruthTables) {
    std::mt19937 random(7);
    const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    int seen[3] = {};
    for (int round = 0; round < 5000; ++round) {
        tree t;
        // -1 is unknown.
        const std::function<std::pair<node, int>(int)> build =
            [&](int depth) -> std::pair<node, int> {
            if (depth == 0 || pick(4) == 0) {
                const int value = pick(3) - 1;
                return {value < 0 ? t.attribute("missing") : t.boolean(value == 1), value};
            }
            const int kind = pick(5);
            auto [a, x] = build(depth - 1);
            if (kind == 0) return {t.make(condition_kind::logical_not, {a}), x < 0 ? -1 : 1 - x};
            if (kind == 1)
                return {t.make(condition_kind::is_null, {a}, 0, x % 2 == 0),
                        (x < 0) != (x % 2 == 0)};
            auto [b, y] = build(depth - 1);
            auto [c, z] = build(depth - 1);
            if (kind == 2)
                return {t.make(condition_kind::logical_and, {a, b, c}),
                        x == 0 || y == 0 || z == 0 ? 0
                        : x < 0 || y < 0 || z < 0  ? -1
                                                   : 1};
            if (kind == 3)
                return {t.make(condition_kind::logical_or, {a, b, c}),
                        x == 1 || y == 1 || z == 1 ? 1
                        : x < 0 || y < 0 || z < 0  ? -1
                                                   : 0};
            const int equal_b = x < 0 || y < 0 ? -1 : x == y,
                      equal_c = x < 0 || z < 0 ? -1 : x == z;
            return {t.make(condition_kind::in, {a, b, c}), equal_b == 1 || equal_c == 1 ? 1
                                                           : equal_b < 0 || equal_c < 0 ? -1
                                                                                        : 0};
        };
        auto [condition, expected] = build(4);
        ++seen[expected + 1];
        ASSERT_EQ(decide(&t, condition), expected < 0    ? "unknown"
                                         : expected == 1 ? "yes"
                                                         : "no")
            << round;
    }
    for (int count : seen) EXPECT_GT(count, 500);
}

TEST(SegmentPolicy, TypesOfAttributes) {
    tree t;
    const std::vector<rule_value> values = {rule_value::of_exact({15, 1})};
    EXPECT_EQ(decide(&t, t.compare(t.attribute("x"), comparison::eq, t.number("1.50")), values),
              "yes");
    tree u;
    EXPECT_EQ(decide(&u, u.compare(u.attribute("x"), comparison::eq, u.text("1.5")), values),
              "unknown");
    tree v;
    const std::string_view day = "2024-08-21";
    EXPECT_EQ(decide(&v, v.compare(v.attribute("d"), comparison::lt, v.name("as_of")),
                     {rule_value::of_text(day)}),
              "yes");
    tree w;
    EXPECT_EQ(
        decide(&w,
               w.compare(w.calculate(w.name("as_of"), calculation::subtract, w.attribute("d")),
                         comparison::eq, w.number("1")),
               {rule_value::of_text(day)}),
        "yes");
    tree x;
    EXPECT_EQ(decide(&x, x.compare(x.attribute("a"), comparison::ne, x.attribute("b")),
                     {rule_value::of_exact({1, 0}), rule_value::of_exact({10, 1})}),
              "no");
    tree y;
    EXPECT_EQ(decide(&y, y.compare(y.attribute("a"), comparison::ne, y.attribute("b")),
                     {rule_value::of_exact({1, 0}), rule_value::of_text("1")}),
              "unknown");
}

TEST(SegmentPolicy, ErrorsNameTheCulprit) {
    const auto problem = [](auto build) {
        tree t;
        const node root = build(t);
        return compile(&t, {{"a", root, {}}}).error;
    };
    condition_error e = problem([](tree& t) {
        const node wrong = t.name("timed_cuont");
        return t.compare(wrong, comparison::gt, t.number("1"));
    });
    EXPECT_EQ(e.problem, condition_problem::unknown_name);
    EXPECT_EQ(e.position, 0);
    EXPECT_STREQ(e.hint, "Perhaps you meant \"timed_count\".");
    e = problem([](tree& t) {
        const node right = t.name("timed_count");
        return t.compare(right, comparison::gt, t.text("1"));
    });
    EXPECT_EQ(e.problem, condition_problem::type_mismatch);
    EXPECT_EQ(e.position, 1);
    e = problem([](tree& t) {
        return t.compare(t.call("late_share", {t.number("3"), t.number("4")}), comparison::gt,
                         t.number("1"));
    });
    EXPECT_EQ(e.problem, condition_problem::wrong_argument);
    e = problem([](tree& t) {
        return t.compare(t.call("late_share", {t.number("3.5")}), comparison::gt, t.number("1"));
    });
    EXPECT_EQ(e.problem, condition_problem::wrong_argument);
    e = problem([](tree& t) { return t.call("pg_sleep", {}); });
    EXPECT_EQ(e.problem, condition_problem::unknown_function);
    e = problem(
        [](tree& t) { return t.compare(t.name("as_of"), comparison::gt, t.date("2026-02-30")); });
    EXPECT_EQ(e.problem, condition_problem::wrong_date);
    e = problem([](tree& t) {
        return t.compare(t.number(std::string(39, '9')), comparison::gt, t.number("1"));
    });
    EXPECT_EQ(e.problem, condition_problem::wrong_number);
    e = problem([](tree& t) { return t.number("1"); });
    EXPECT_EQ(e.problem, condition_problem::type_mismatch);
}

TEST(SegmentPolicy, SlotsAreShared) {
    tree t;
    const auto late = [&](const char* days) {
        return t.compare(t.call("late_share", {t.number(days)}), comparison::gt, t.number("0.2"));
    };
    const compiled c = compile(
        &t, {{"a", late("3"), {}},
             {"b", late("3"), late("5")},
             {"c", t.compare(t.name("timed_count"), comparison::gt, t.name("timed_count")), {}}});
    status s;
    segment_program program;
    ASSERT_TRUE(program.open(c.bytes.data(), c.bytes.size(), current_program_mark(), &s));
    EXPECT_EQ(program.slot_count(), 3u);
}

TEST(SegmentPolicy, StayKeepsWhoIsThere) {
    tree t;
    const compiled c =
        compile(&t, {{"late", t.compare(t.attribute("x"), comparison::gt, t.number("3")),
                      t.compare(t.attribute("x"), comparison::gt, t.number("2"))},
                     {"other", {}, {}}});
    const auto segment = [&](int x, const char* current) {
        return run(c.bytes, {rule_value::of_exact({x, 0})}, current).segment;
    };
    EXPECT_EQ(segment(4, ""), "late");
    EXPECT_EQ(segment(3, ""), "other");
    EXPECT_EQ(segment(3, "other"), "other");
    EXPECT_EQ(segment(3, "late"), "late");
    EXPECT_EQ(segment(2, "late"), "other");
}

// A policy that has every operation in it.
compiled rich_policy(tree* t) {
    const node date =
        t->compare(t->calculate(t->name("last_due_date"), calculation::add, t->attribute("n")),
                   comparison::ge, t->date("2025-01-01"));
    const node distance =
        t->compare(t->calculate(t->name("as_of"), calculation::subtract, t->attribute("d")),
                   comparison::lt, t->number("365"));
    const node real = t->make(condition_kind::between,
                              {t->calculate(t->call("late_share", {t->number("3")}),
                                            calculation::multiply, t->number("2.5")),
                               t->number("0.1"), t->name("median_days_late")},
                              0, true);
    const node exact =
        t->compare(t->calculate(t->make(condition_kind::negate, {t->name("total_amount")}),
                                calculation::divide, t->attribute("n")),
                   comparison::ne, t->number("-7.25"));
    const node text = t->make(condition_kind::in, {t->attribute(std::string("a\0b", 3)),
                                                   t->text("public"), t->text("x")});
    const node any = t->compare(t->attribute("n"), comparison::lt, t->attribute("d"));
    const node null = t->make(condition_kind::is_null, {t->name("payment_day")}, 0, true);
    const node flag = t->make(
        condition_kind::logical_or,
        {t->attribute("flag"), t->boolean(false), t->make(condition_kind::logical_not, {text})});
    return compile(
        t, {{"at risk", t->make(condition_kind::logical_and, {date, distance, exact}), real},
            {"key", flag, {}},
            {"any", t->make(condition_kind::logical_or, {any, null}), {}},
            {"", {}, {}}});
}

TEST(SegmentPolicy, DamagedBytesAreNoTrouble) {
    tree t;
    const compiled sound = rich_policy(&t);
    ASSERT_FALSE(sound.bytes.empty());
    const std::string_view day = "2025-05-05", word = "public";
    const std::vector<rule_value> attributes = {rule_value::of_exact({12345, 2}),
                                                rule_value::of_text(day), rule_value::of_text(word),
                                                rule_value::of_truth(false)};
    ASSERT_TRUE(run(sound.bytes, attributes, "at risk", true).sound);
    std::mt19937 random(11);
    int opened = 0;
    for (int round = 0; round < 60000; ++round) {
        std::vector<unsigned char> bytes(sound.bytes);
        const int flips = 1 + static_cast<int>(random() % 4);
        for (int i = 0; i < flips; ++i) {
            // The header now and then only: most damage there is found at once.
            const std::size_t start = random() % 8 == 0 ? 0 : 38;
            bytes[start + random() % (bytes.size() - start)] =
                static_cast<unsigned char>(random() % 3 == 0 ? random() % 24 : random());
        }
        if (random() % 16 == 0) bytes.resize(random() % bytes.size());
        opened += run(bytes, attributes, "at risk", true).sound;
    }
    EXPECT_GT(opened, 1000);
    for (std::size_t size = 0; size < sound.bytes.size(); ++size) {
        const std::vector<unsigned char> cut(
            sound.bytes.begin(), sound.bytes.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(run(cut, attributes).sound);
    }
}

TEST(SegmentPolicy, AnotherMarkLeavesTheText) {
    tree t;
    const compiled c = rich_policy(&t);
    status s;
    segment_program program;
    ASSERT_TRUE(program.open(c.bytes.data(), c.bytes.size(), current_program_mark() + 1, &s));
    EXPECT_FALSE(program.is_current());
    EXPECT_EQ(program.text(), "[]");
}

TEST(SegmentPolicy, DeepConditionsFitTheStack) {
    // Both of what leaves most values waiting: IN in IN, and BETWEEN in BETWEEN.
    for (const condition_kind kind : {condition_kind::in, condition_kind::between}) {
        tree t;
        node at = t.boolean(true);
        for (int depth = 1; depth < 99; ++depth)
            at = kind == condition_kind::in ? t.make(kind, {t.boolean(true), at})
                                            : t.make(kind, {t.boolean(true), t.boolean(false), at});
        EXPECT_EQ(decide(&t, at), "yes");
    }
}

TEST(SegmentPolicy, RulesAsAList) {
    status s;
    policy_rule rules[3] = {{"a", "true", "", true, false},
                            {"b", "true", "", true, false},
                            {"c", "", "", false, false}};
    EXPECT_TRUE(check_policy_rules(rules, 3, &s));
    EXPECT_FALSE(check_policy_rules(rules, 0, &s));
    rules[1].has_when = false;
    EXPECT_FALSE(check_policy_rules(rules, 3, &s));
    EXPECT_STREQ(s.message, "rule 2 has no \"when\" and is not the last");
    char text[200];
    text_writer w(text, sizeof text);
    write_policy_rules(rules, 3, &w);
    EXPECT_EQ(
        std::string_view(text, w.size()),
        "[{\"segment\": \"a\", \"when\": \"true\"}, {\"segment\": \"b\"}, {\"segment\": \"c\"}]");
}

}  // namespace
}  // namespace receivables
