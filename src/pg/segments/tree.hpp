// From PostgreSQL's raw parse tree of a condition to ours, letting through only what a rule may
// say.
#pragma once

#include "pg/base/postgres.hpp"

extern "C" {
#include "nodes/parsenodes.h"
}

#include "pg/segments/condition.hpp"

namespace receivables {

// Positions in messages count characters from 1.
int character_position(const char* text, int byte_offset);

class tree_builder {
  public:
    tree_builder(const condition_origin& origin, condition_tree* tree)
        : text_(origin.text), tree_(tree) {}

    void scan();
    std::uint32_t build_statement(const List* statements);

  private:
    std::uint32_t build(const Node* node, int depth);
    std::uint32_t build_constant(const A_Const* constant);
    std::uint32_t build_cast(const TypeCast* cast);
    std::uint32_t build_column(const ColumnRef* column);
    std::uint32_t build_call(const FuncCall* call);
    std::uint32_t build_argument(const Node* node);
    std::uint32_t build_logic(const BoolExpr* logic, int depth);
    std::uint32_t build_operator(const A_Expr* expression, int depth);
    std::uint32_t build_plain_operator(const A_Expr* expression, int depth);
    std::uint32_t build_range(const A_Expr* expression, bool negated, int depth);
    std::uint32_t build_in(const A_Expr* expression, int depth);
    std::uint32_t build_null_test(const NullTest* test, int depth);

    std::uint32_t add(condition_kind kind, int location);
    void add_child(std::uint32_t parent, std::uint32_t* last, std::uint32_t child);
    [[noreturn]] void refuse(int location, int sqlstate, const char* message,
                             const char* hint = nullptr);
    [[noreturn]] void refuse_node(const Node* node);

    const char* text_;
    condition_tree* tree_;
};

}  // namespace receivables
