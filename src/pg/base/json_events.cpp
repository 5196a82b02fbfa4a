#include "pg/base/postgres.hpp"

extern "C" {
#include "common/jsonapi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
}

#include "pg/base/json_events.hpp"

namespace receivables {

namespace {

// Since PostgreSQL 16 the parser's callbacks return whether to go on.
#if PG_VERSION_NUM >= 160000
using callback_result = JsonParseErrorType;
#define CALLBACK_DONE return JSON_SUCCESS
#else
using callback_result = void;
#define CALLBACK_DONE return
#endif

struct collector {
    json_event* events;
    std::uint32_t count;
    std::uint32_t capacity;
    std::uint32_t* open;  // indexes of the objects and arrays not yet closed
    std::uint32_t open_count;
    std::uint32_t open_capacity;
    StringInfoData pool;
};

// The parser itself never looks for interrupts, and a text may be a gigabyte long.
json_event* append(collector* c, json_kind kind) {
    CHECK_FOR_INTERRUPTS();
    if (c->count == c->capacity) {
        c->capacity *= 2;
        c->events = static_cast<json_event*>(
            repalloc_huge(c->events, static_cast<Size>(c->capacity) * sizeof(json_event)));
    }
    json_event* event = &c->events[c->count++];
    *event = {kind, false, 0, 0, c->count};
    return event;
}

void append_text(collector* c, json_kind kind, const char* text) {
    json_event* event = append(c, kind);
    event->start = static_cast<std::uint32_t>(c->pool.len);
    event->size = static_cast<std::uint32_t>(strlen(text));
    appendBinaryStringInfo(&c->pool, text, static_cast<int>(event->size));
}

void open_value(collector* c, json_kind kind) {
    if (c->open_count == c->open_capacity) {
        c->open_capacity *= 2;
        c->open = static_cast<std::uint32_t*>(
            repalloc(c->open, c->open_capacity * sizeof(std::uint32_t)));
    }
    c->open[c->open_count++] = c->count;
    append(c, kind);
}

void close_value(collector* c) {
    c->events[c->open[--c->open_count]].end = c->count;
}

callback_result on_object_start(void* state) {
    open_value(static_cast<collector*>(state), json_kind::object);
    CALLBACK_DONE;
}

callback_result on_array_start(void* state) {
    open_value(static_cast<collector*>(state), json_kind::array);
    CALLBACK_DONE;
}

callback_result on_end(void* state) {
    close_value(static_cast<collector*>(state));
    CALLBACK_DONE;
}

// Names and tokens are left to us by the parser, and there may be millions.
callback_result on_key(void* state, char* name, bool) {
    append_text(static_cast<collector*>(state), json_kind::key, name);
    pfree(name);
    CALLBACK_DONE;
}

callback_result on_scalar(void* state, char* token, JsonTokenType type) {
    collector* c = static_cast<collector*>(state);
    switch (type) {
        case JSON_TOKEN_STRING:
            append_text(c, json_kind::string, token);
            break;
        case JSON_TOKEN_NUMBER:
            append_text(c, json_kind::number, token);
            break;
        case JSON_TOKEN_TRUE:
            append(c, json_kind::boolean)->truth = true;
            break;
        case JSON_TOKEN_FALSE:
            append(c, json_kind::boolean);
            break;
        default:
            append(c, json_kind::null);
            break;
    }
    pfree(token);
    CALLBACK_DONE;
}

}  // namespace

json_document parse_json(const char* text, std::size_t size, const char* type_name) {
    collector c;
    c.count = c.open_count = 0;
    c.capacity = 64;
    c.events = static_cast<json_event*>(palloc(c.capacity * sizeof(json_event)));
    c.open_capacity = 16;
    c.open = static_cast<std::uint32_t*>(palloc(c.open_capacity * sizeof(std::uint32_t)));
    initStringInfo(&c.pool);

    JsonSemAction actions = {};
    actions.semstate = &c;
    actions.object_start = on_object_start;
    actions.object_end = on_end;
    actions.array_start = on_array_start;
    actions.array_end = on_end;
    actions.object_field_start = on_key;
    actions.scalar = on_scalar;

    // The parser reads the text only, but takes it as writable before PostgreSQL 17.
    char* input = const_cast<char*>(text);
#if PG_VERSION_NUM >= 170000
    JsonLexContext* lex =
        makeJsonLexContextCstringLen(nullptr, input, size, GetDatabaseEncoding(), true);
#else
    JsonLexContext* lex =
        makeJsonLexContextCstringLen(input, static_cast<int>(size), GetDatabaseEncoding(), true);
#endif
    const JsonParseErrorType result = pg_parse_json(lex, &actions);
    if (result != JSON_SUCCESS)
        ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
                        errmsg("invalid input syntax for type %s", type_name),
                        errdetail_internal("%s", json_errdetail(result, lex))));
    return json_document(c.events, c.pool.data);
}

}  // namespace receivables
