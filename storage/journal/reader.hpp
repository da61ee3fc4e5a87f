// Reads a journal, synchronously, over a connection of its own: on the journal's reading thread (Journal::read), at
// start-up, in tools and tests. It sees what is committed; it never writes, and never runs on the network thread.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "journal/row.hpp"

namespace bossey::journal {

/// Where a replay begins: at the newest snapshot, or with the first row ever (authorship).
enum class From : std::uint8_t { snapshot, start };

class Reader {
 public:
  /// Opens an existing journal for reading, also while a server writes it. Errc::not_found, or as Journal::open.
  [[nodiscard]] static Result<std::unique_ptr<Reader>> open(const std::filesystem::path& file);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Each of these returns Errc::corrupt or Errc::io if the file cannot be read; an unknown name is an empty answer.

  [[nodiscard]] Result<Loaded> load(const DocumentId& document, From from = From::snapshot);
  /// Late updates of one document, in order.
  [[nodiscard]] Result<std::vector<StoredLate>> late(const DocumentId& document);
  /// Events of one group, in order, those after `after` only.
  [[nodiscard]] Result<std::vector<StoredEvent>> events(const GroupId& group, JournalSeq after = {});
  /// Every group that has an event, by name.
  [[nodiscard]] Result<std::vector<GroupId>> groups();
  /// Every document with a row whose name begins with `prefix`, by name.
  [[nodiscard]] Result<std::vector<DocumentId>> documents(std::string_view prefix);
  /// The number of the last update of a document; 0 if it has none.
  [[nodiscard]] Result<JournalSeq> last_update(const DocumentId& document);
  /// The value of Journal::set_meta.
  [[nodiscard]] Result<std::optional<std::string>> meta(std::string_view key);
  [[nodiscard]] Result<JournalSeq> last_seq();
  /// Reads every page and row: SQLite's own check, foreign keys, and that no number is missing. Empty if whole;
  /// else what is wrong, one sentence each, at most 100. Takes time in proportion to the file.
  [[nodiscard]] Result<std::vector<std::string>> check();

 private:
  struct State;
  explicit Reader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace bossey::journal
