// Texts whose size is known when they have been written.
#pragma once

#include "core/base/text_writer.hpp"
#include "pg/base/postgres.hpp"

namespace receivables {

struct sized_text {
    char* data;  // palloc'd, with a zero byte behind it
    std::size_t size;
};

// write(text_writer*) runs twice: without a buffer, which only measures, and to write. More than a
// value can hold is error 54000 that names TYPE_NAME.
template <class Write>
sized_text write_text(const char* type_name, Write&& write) {
    text_writer measure;
    write(&measure);
    const std::size_t size = measure.size();
    if (size >= MaxAllocSize)
        ereport(ERROR,
                (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                 errmsg("a value of type %s is longer than one gigabyte as text", type_name)));
    sized_text text = {static_cast<char*>(palloc(size + 1)), size};
    text_writer writer(text.data, size);
    write(&writer);
    text.data[size] = '\0';
    return text;
}

}  // namespace receivables
