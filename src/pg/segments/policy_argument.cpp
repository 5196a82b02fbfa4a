// segment_policy arguments: opened where they lie, and what a call site keeps of them.
#include "pg/base/postgres.hpp"

extern "C" {
#include "nodes/primnodes.h"
#include "utils/builtins.h"
}

#include "pg/base/error.hpp"
#include "pg/base/memory.hpp"
#include "pg/segments/policy.hpp"

namespace receivables {

// The registry does not change while the library is loaded.
std::uint32_t program_mark() {
    static std::uint32_t mark = 0;
    static bool known = false;
    if (!known) mark = current_program_mark();
    known = true;
    return mark;
}

segment_program open_program(byte_span bytes) {
    status s;
    segment_program program;
    if (!program.open(bytes.data, bytes.size, program_mark(), &s)) raise(s);
    return program;
}

namespace {

// What a call site keeps.
struct policy_cache {
    // The argument's bytes as they were passed, and the value they led to.
    std::size_t key_size;
    char* key;
    struct varlena* value;
    // Where the argument is a constant of the query: the place where it lies, and later the policy.
    const void* constant;
    constant_policy* prepared;
};

byte_span bytes_of(struct varlena* v) {
    return {reinterpret_cast<const unsigned char*>(VARDATA_ANY(v)),
            static_cast<std::size_t>(VARSIZE_ANY_EXHDR(v))};
}

struct varlena* find_cached(FunctionCallInfo fcinfo, struct varlena* passed) {
    const policy_cache* cache =
        fcinfo->flinfo == nullptr ? nullptr : static_cast<policy_cache*>(fcinfo->flinfo->fn_extra);
    if (cache == nullptr || cache->value == nullptr || cache->key_size != VARSIZE_ANY(passed) ||
        memcmp(cache->key, passed, cache->key_size) != 0)
        return nullptr;
    return cache->value;
}

policy_cache* cache_of(FmgrInfo* function) {
    if (function->fn_extra == nullptr)
        function->fn_extra = MemoryContextAllocZero(function->fn_mcxt, sizeof(policy_cache));
    return static_cast<policy_cache*>(function->fn_extra);
}

void keep(FunctionCallInfo fcinfo, struct varlena* passed, struct varlena* value) {
    // A pointer into memory says nothing about the value that it will have next time.
    if (fcinfo->flinfo == nullptr ||
        (VARATT_IS_EXTERNAL(passed) && !VARATT_IS_EXTERNAL_ONDISK(passed)))
        return;
    const MemoryContext context = fcinfo->flinfo->fn_mcxt;
    policy_cache* cache = cache_of(fcinfo->flinfo);
    if (cache->value != nullptr) {
        pfree(cache->key);
        pfree(cache->value);
        cache->value = nullptr;
    }
    cache->key_size = VARSIZE_ANY(passed);
    cache->key = static_cast<char*>(MemoryContextAlloc(context, cache->key_size));
    memcpy(cache->key, passed, cache->key_size);
    struct varlena* copy =
        static_cast<struct varlena*>(MemoryContextAlloc(context, VARSIZE_ANY(value)));
    memcpy(copy, value, VARSIZE_ANY(value));
    cache->value = copy;
}

}  // namespace

segment_program open_policy_argument(FunctionCallInfo fcinfo, int index) {
    struct varlena* passed = reinterpret_cast<struct varlena*>(PG_GETARG_POINTER(index));
    const bool stored_elsewhere = VARATT_IS_EXTERNAL(passed) || VARATT_IS_COMPRESSED(passed);
    if (!stored_elsewhere) {
        const segment_program program = open_program(bytes_of(passed));
        if (program.is_current()) return program;
    }
    if (struct varlena* cached = find_cached(fcinfo, passed)) return open_program(bytes_of(cached));
    struct varlena* value = PG_DETOAST_DATUM_PACKED(PointerGetDatum(passed));
    const segment_program program = open_program(bytes_of(value));
    if (!program.is_current())
        value = compile_policy_text(program.text().data(), program.text().size());
    keep(fcinfo, passed, value);
    return open_program(bytes_of(value));
}

namespace {

// A constant stays at its place as long as the call site does. A parameter does not: PL/pgSQL uses
// a call site again with other values.
bool is_constant(FmgrInfo* function, int index, const void* passed) {
    const Node* call = function->fn_expr;
    if (call == nullptr || !IsA(call, FuncExpr)) return false;
    const List* arguments = reinterpret_cast<const FuncExpr*>(call)->args;
    if (list_length(arguments) <= index) return false;
    const Node* argument = static_cast<const Node*>(list_nth(arguments, index));
    return IsA(argument, Const) &&
           DatumGetPointer(reinterpret_cast<const Const*>(argument)->constvalue) == passed;
}

constant_policy* prepare_constant(const segment_program& program) {
    constant_policy* out = static_cast<constant_policy*>(palloc(sizeof(constant_policy)));
    void* memory =
        allocate<prepared_test>(prepared_policy::size(program) / sizeof(prepared_test) + 1);
    if (!out->policy.prepare(program, memory)) return nullptr;
    out->segments = static_cast<text**>(palloc(program.rule_count() * sizeof(text*)));
    for (std::uint32_t i = 0; i < program.rule_count(); ++i) {
        const std::string_view segment = out->policy.segment(i);
        out->segments[i] =
            cstring_to_text_with_len(segment.data(), static_cast<int>(segment.size()));
    }
    return out;
}

}  // namespace

const constant_policy* find_constant_policy(FunctionCallInfo fcinfo, int index) {
    FmgrInfo* function = fcinfo->flinfo;
    if (function == nullptr) return nullptr;
    struct varlena* passed = reinterpret_cast<struct varlena*>(PG_GETARG_POINTER(index));
    policy_cache* cache = static_cast<policy_cache*>(function->fn_extra);
    if (cache == nullptr || cache->constant == nullptr) {
        if (is_constant(function, index, passed)) cache_of(function)->constant = passed;
        return nullptr;
    }
    if (cache->constant != passed) return nullptr;
    if (cache->prepared != nullptr) return cache->prepared;
    if (VARATT_IS_EXTERNAL(passed) || VARATT_IS_COMPRESSED(passed)) return nullptr;
    const segment_program program = open_program(bytes_of(passed));
    if (!program.is_current()) return nullptr;
    const MemoryContext before = MemoryContextSwitchTo(function->fn_mcxt);
    cache->prepared = prepare_constant(program);
    MemoryContextSwitchTo(before);
    return cache->prepared;
}

}  // namespace receivables
