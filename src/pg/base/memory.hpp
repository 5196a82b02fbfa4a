// Memory for the core's types.
#pragma once

#include "pg/base/postgres.hpp"

namespace receivables {

// palloc promises 8 bytes of alignment, a 128-bit number wants 16. The memory goes with its
// context; the pointer is not one for pfree.
template <class T>
T* allocate(std::size_t count) {
    char* memory = static_cast<char*>(
        MemoryContextAllocHuge(CurrentMemoryContext, count * sizeof(T) + alignof(T)));
    return reinterpret_cast<T*>(TYPEALIGN(alignof(T), memory));
}

// What a call may take even where work_mem is less.
inline constexpr std::size_t always_granted_megabytes = 256;

// For memory that grows with the input of a call: error 54000 when it is more than work_mem and
// more than what is always granted. `what` needs it: "natural_breaks of 10000000 different values".
void require_work_memory(double bytes, const char* what);

}  // namespace receivables
