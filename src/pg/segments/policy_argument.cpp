// segment_policy arguments: opened where they lie, and what a call site keeps of them.
#include "pg/base/postgres.hpp"

#include "pg/base/error.hpp"
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

void fail_damaged_policy() {
    ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                    errmsg("segment_policy is damaged: an instruction of it makes no sense")));
    pg_unreachable();
}

}  // namespace receivables
