// Values that are a label_table: as states of aggregates, as text and as binary. KIND describes
// one:
//
//   table                             the label_table
//   type_name, entries_name           for messages
//   most_entries, first_capacity, first_label_bytes
//   measure, read, write              its JSON text
#pragma once

#include "pg/base/postgres.hpp"

#include "core/checkup/label_table.hpp"
#include "pg/base/aggregate_state.hpp"
#include "pg/base/error.hpp"
#include "pg/base/json_events.hpp"
#include "pg/base/value_type.hpp"

namespace receivables {

inline segment_label label_argument(FunctionCallInfo fcinfo, int index) {
    if (PG_ARGISNULL(index)) return {{}, true};
    const text* value = PG_GETARG_TEXT_PP(index);
    return {{VARDATA_ANY(value), static_cast<std::size_t>(VARSIZE_ANY_EXHDR(value))}, false};
}

// The text of a label as a datum.
inline Datum label_datum(segment_label label, bool* is_null) {
    *is_null = label.is_null;
    if (label.is_null) return static_cast<Datum>(0);
    return PointerGetDatum(
        cstring_to_text_with_len(label.text.data(), static_cast<int>(label.text.size())));
}

template <class Kind>
class label_state {
  public:
    using table_type = typename Kind::table;

    void create(std::uint32_t capacity, std::size_t label_bytes) {
        const std::size_t size = table_type::size_of(capacity, label_bytes);
        value_ = make_varlena(size);
        table_.create(bytes_of(value_), size, capacity);
    }
    void start() { create(Kind::first_capacity, Kind::first_label_bytes); }

    // A value to read.
    void open(Datum value) {
        value_ = PG_DETOAST_DATUM(value);
        if (!open_table() || !table_.is_sound()) fail_malformed();
    }
    // The state of argument 0, to be changed: the executor's own when this call is the aggregate's,
    // otherwise a copy.
    void open_for_change(FunctionCallInfo fcinfo) {
        value_ = own_state(fcinfo);
        const bool own = value_ != nullptr;
        if (!own) value_ = PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0));
        if (!open_table() || (!own && !table_.is_sound())) fail_malformed();
    }

    // The record of a label, made when it is not there.
    auto& record_of(std::string_view label) {
        std::uint32_t index;
        if (table_.find(label, &index)) return table_.record(index);
        if (table_.count() >= Kind::most_entries)
            ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                            errmsg("%s has more than the limit of %u %s", Kind::type_name,
                                   Kind::most_entries, Kind::entries_name)));
        if (!table_.has_room(label.size())) {
            const table_type old = table_;
            create(static_cast<std::uint32_t>(
                       roomy(old.count() + 1, Kind::first_capacity, Kind::most_entries)),
                   roomy(old.label_bytes() + label.size(), Kind::first_label_bytes, MaxAllocSize));
            table_.copy_from(old);
        }
        return table_.insert(index, label);
    }

    // A value of its own, in canonical form.
    Datum canonical() const {
        label_state copy;
        copy.create(table_.count(), table_.label_bytes());
        copy.table_.copy_from(table_);
        return copy.datum();
    }

    const table_type& table() const { return table_; }
    Datum datum() const { return PointerGetDatum(value_); }

    [[noreturn]] static void fail_malformed() {
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("malformed %s", Kind::type_name)));
        pg_unreachable();
    }

    static Datum from_text(const char* text, std::size_t size) {
        const json_document document = parse_json(text, size, Kind::type_name);
        status s;
        std::uint32_t entries;
        std::size_t label_bytes;
        if (!Kind::measure(document, &entries, &label_bytes, &s)) raise(s);
        label_state out;
        out.create(entries, label_bytes);
        char* label_room = static_cast<char*>(palloc(label_bytes + 1));
        if (!Kind::read(document, &out.table_, label_room, &s)) raise(s);
        return out.canonical();
    }

    sized_text text() const {
        return write_text(Kind::type_name, [&](text_writer* out) { Kind::write(table_, out); });
    }

  private:
    static unsigned char* bytes_of(struct varlena* v) {
        return reinterpret_cast<unsigned char*>(VARDATA(v));
    }
    bool open_table() { return table_.open(bytes_of(value_), VARSIZE(value_) - VARHDRSZ); }

    struct varlena* value_ = nullptr;
    table_type table_;
};

// The transition function's way to its state: argument 0, or a new one.
template <class Kind>
label_state<Kind> state_argument(FunctionCallInfo fcinfo) {
    label_state<Kind> state;
    if (PG_ARGISNULL(0))
        state.start();
    else
        state.open_for_change(fcinfo);
    return state;
}

// Combine function, and transition function of rollup: add(&record, other_record) for every record
// of argument 1. Either argument may be NULL.
template <class Kind, class Add>
Datum combine_states(FunctionCallInfo fcinfo, Add add) {
    if (PG_ARGISNULL(1)) return unchanged_state(fcinfo);
    label_state<Kind> other;
    other.open(PG_GETARG_DATUM(1));
    label_state<Kind> state = state_argument<Kind>(fcinfo);
    for (std::uint32_t i = 0; i < other.table().count(); ++i)
        add(&state.record_of(other.table().label(i)), other.table().record(i));
    return state.datum();
}

template <class Kind>
Datum canonical_state(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    label_state<Kind> state;
    state.open(PG_GETARG_DATUM(0));
    return state.canonical();
}

template <class Kind>
sized_text label_text(Datum value) {
    label_state<Kind> state;
    state.open(value);
    return state.text();
}

// Equal values have equal texts, also a state that has room to grow.
template <class Kind>
byte_span canonical_label_text(Datum value) {
    const sized_text text = label_text<Kind>(value);
    return {reinterpret_cast<const unsigned char*>(text.data), text.size};
}

}  // namespace receivables

// Defines TYPE_in, _out, _recv, _send, the operators and the aggregate's TYPE_final.
#define RECEIVABLES_LABEL_TYPE(TYPE, KIND)                                          \
    RECEIVABLES_FUNCTION(TYPE##_in) {                                               \
        const char* text = PG_GETARG_CSTRING(0);                                    \
        return receivables::label_state<KIND>::from_text(text, strlen(text));       \
    }                                                                               \
    RECEIVABLES_FUNCTION(TYPE##_out) {                                              \
        PG_RETURN_CSTRING(receivables::label_text<KIND>(PG_GETARG_DATUM(0)).data);  \
    }                                                                               \
    RECEIVABLES_VALUE_SENT_AS_TEXT(TYPE, receivables::label_state<KIND>::from_text, \
                                   receivables::label_text<KIND>)                   \
    RECEIVABLES_FUNCTION(TYPE##_final) {                                            \
        return receivables::canonical_state<KIND>(fcinfo);                          \
    }                                                                               \
    RECEIVABLES_VALUE_OPERATORS(TYPE, receivables::canonical_label_text<KIND>)
