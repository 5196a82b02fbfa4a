// Labels of a label_table in its JSON text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/json_reader.hpp"
#include "core/base/status.hpp"
#include "core/base/text_writer.hpp"
#include "core/checkup/label_table.hpp"

namespace receivables {

// A JSON string, or null.
void put_label_json(segment_label label, text_writer* out) noexcept;

// The label that a string or null stands for.
bool read_label_json(const json_document& document, json_value v, segment_label* out,
                     status* s) noexcept;

// Looks at the list of objects under a key of the root: how many there are, and how many bytes the
// labels under these names take together.
bool measure_labels_json(const json_document& document, std::string_view list_key,
                         const std::string_view* names, std::size_t name_count, std::uint32_t most,
                         std::uint32_t* count, std::size_t* label_bytes, status* s) noexcept;

}  // namespace receivables
