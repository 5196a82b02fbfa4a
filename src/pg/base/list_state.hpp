// The state of an aggregate that collects one value a row: a bytea, so that any parallel or
// distributed plan can pass it on. All numbers in the machine's order of bytes:
//
//   offset 0   version, 32 bits
//          4   setting, 32 bits: what must be the same in all rows
//          8   number of values, 32 bits
//         12   the values, unsorted, and room for more; not always aligned
//
// KIND describes one:
//
//   value                              type of the values
//   aggregate_name                     for messages
//   version, first_capacity
//   is_setting(setting)                whether there can be such a setting
//   fail_other_setting(one, other)     the error for rows that differ
//   compact(values, count)             what the values of an outgrown state come down to: how many
#pragma once

#include "pg/base/aggregate_state.hpp"
#include "pg/base/memory.hpp"
#include "pg/base/value_type.hpp"

namespace receivables {

template <class Kind>
class list_state {
  public:
    using value_type = typename Kind::value;

    static list_state start(std::uint32_t setting, std::size_t capacity = Kind::first_capacity) {
        list_state out;
        out.block_ = make_varlena(sizeof(header) + capacity * sizeof(value_type));
        memset(VARDATA(out.block_), 0, VARSIZE(out.block_) - VARHDRSZ);
        *out.head() = {Kind::version, setting, 0};
        return out;
    }
    // A state that is only read.
    static list_state open(Datum value) {
        return view(reinterpret_cast<struct varlena*>(PG_DETOAST_DATUM(value)));
    }
    // The state in argument 0 with room for `more` values, ours to change.
    static list_state open_for_change(FunctionCallInfo fcinfo, std::size_t more) {
        struct varlena* own = own_state(fcinfo);
        const list_state state = own != nullptr ? view(own) : open(PG_GETARG_DATUM(0));
        return own != nullptr && state.room() >= more ? state : state.grown(more);
    }

    std::uint32_t setting() const { return head()->setting; }
    std::size_t count() const { return head()->count; }
    std::size_t room() const { return capacity() - count(); }
    Datum datum() const { return PointerGetDatum(block_); }

    void require_setting(std::uint32_t setting) const {
        if (this->setting() != setting) Kind::fail_other_setting(this->setting(), setting);
    }
    // There must be room.
    void add(value_type value) { append(&value, 1); }
    void add_all(const list_state& other) { append(other.bytes(), other.count()); }
    // A copy of the values, aligned.
    value_type* values() const {
        value_type* out = allocate<value_type>(count());
        memcpy(out, bytes(), count() * sizeof(value_type));
        return out;
    }

    // A copy with room for `more` values.
    list_state grown(std::size_t more) const {
        value_type* kept = values();
        const std::size_t kept_count = Kind::compact(kept, count());
        constexpr std::size_t most =
            (MaxAllocSize - VARHDRSZ - sizeof(header)) / sizeof(value_type);
        if (kept_count + more > most)
            ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                            errmsg("%s takes at most %zu values", Kind::aggregate_name, most)));
        list_state out = start(setting(), roomy(kept_count + more, Kind::first_capacity, most));
        out.append(kept, kept_count);
        return out;
    }

    [[noreturn]] static void fail_malformed() {
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("invalid state of the aggregate %s", Kind::aggregate_name)));
        pg_unreachable();
    }

  private:
    struct header {
        std::uint32_t version, setting, count;
    };

    static list_state view(struct varlena* block) {
        list_state out;
        out.block_ = block;
        if (VARSIZE(block) < VARHDRSZ + sizeof(header) || out.head()->version != Kind::version ||
            !Kind::is_setting(out.setting()) || out.count() > out.capacity())
            fail_malformed();
        return out;
    }
    header* head() const { return reinterpret_cast<header*>(VARDATA(block_)); }
    char* bytes() const { return VARDATA(block_) + sizeof(header); }
    std::size_t capacity() const {
        return (VARSIZE(block_) - VARHDRSZ - sizeof(header)) / sizeof(value_type);
    }
    void append(const void* values, std::size_t count) {
        memcpy(bytes() + this->count() * sizeof(value_type), values, count * sizeof(value_type));
        head()->count += static_cast<std::uint32_t>(count);
    }

    struct varlena* block_;
};

// Combine function: the values of both arguments, of which either may be NULL.
template <class Kind>
Datum combine_list_states(FunctionCallInfo fcinfo) {
    using state_type = list_state<Kind>;
    if (PG_ARGISNULL(1)) return unchanged_state(fcinfo);
    if (PG_ARGISNULL(0)) {
        struct varlena* copy = PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(1));
        return state_type::open(PointerGetDatum(copy)).datum();
    }
    const state_type more = state_type::open(PG_GETARG_DATUM(1));
    state_type state = state_type::open_for_change(fcinfo, more.count());
    state.require_setting(more.setting());
    state.add_all(more);
    return state.datum();
}

}  // namespace receivables
