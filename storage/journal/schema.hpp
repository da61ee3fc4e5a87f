// Opens the journal's file, makes or checks its tables (docs/formats/journal.md). Used by the journal's writing and
// reading connections only.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "sqlite/database.hpp"

namespace bossey::journal {

inline constexpr int kSchemaVersion = 1;
inline constexpr int kApplicationId = 0x42534a52;  ///< "BSJR" in the file's header.

/// Opens for writing, makes the tables of a new file, and finishes what a crash left in the write-ahead log.
/// `create` false: a missing or empty file is Errc::not_found.
[[nodiscard]] Result<sqlite::Database> open_writing(const std::filesystem::path& file, bool create);

/// Opens an existing journal for reading.
[[nodiscard]] Result<sqlite::Database> open_reading(const std::filesystem::path& file);

/// What is stored beside bytes to notice damage: the first 8 octets of their SHA-256, big-endian.
[[nodiscard]] std::int64_t sum_of(BytesView bytes);

}  // namespace bossey::journal
