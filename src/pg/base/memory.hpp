// palloc for the core's types: it promises 8 bytes of alignment, a 128-bit number wants 16. The
// memory goes with its context; the pointer is not one for pfree.
#pragma once

#include "pg/base/postgres.hpp"

namespace receivables {

template <class T>
T* allocate(std::size_t count) {
    char* memory = static_cast<char*>(
        MemoryContextAllocHuge(CurrentMemoryContext, count * sizeof(T) + alignof(T)));
    return reinterpret_cast<T*>(TYPEALIGN(alignof(T), memory));
}

}  // namespace receivables
