// What the journal holds, as plain values: the rows that are appended, and the same as they are read back.
// Used by whoever appends or replays (rooms, groups, tools). Nothing here touches SQLite.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/ids.hpp"

namespace bossey::journal {

/// Number of a connection, given by whoever makes connections. Only to tell one person's tabs apart.
using SessionNo = NamedNumber<struct SessionNoTag>;

/// An accepted Yjs update (format v1) of one author, to be replayed into its document.
struct UpdateRow {
  DocumentId document;
  std::optional<PersonId> person;  ///< None: the server itself, or a client with only a token.
  SessionNo session;
  Bytes bytes;
  std::int64_t time_ms = 0;  ///< Since 1970, UTC; 0: the journal's clock.
};

/// An update that came after the decision that closed its section. Kept as a proposal's text; never replayed into
/// the document.
struct LateRow {
  DocumentId document;
  std::optional<PersonId> person;
  SessionNo session;
  std::uint64_t decision_no = 0;
  std::string proposal;  ///< Id of the proposal that it belongs to.
  Bytes bytes;
  std::int64_t time_ms = 0;
};

/// A fact of a group: a report made, an outline command, a decision, a proposal.
struct EventRow {
  GroupId group;
  std::string kind;  ///< [a-z0-9_.-], at most 64: "decision", "outline.move". The journal gives it no meaning.
  std::string json;  ///< UTF-8, of whatever form the kind has. Not parsed here.
  std::int64_t time_ms = 0;
};

using Row = std::variant<UpdateRow, LateRow, EventRow>;

struct StoredUpdate {
  JournalSeq seq;
  std::optional<PersonId> person;
  SessionNo session;
  std::int64_t time_ms = 0;
  Bytes bytes;

  friend bool operator==(const StoredUpdate&, const StoredUpdate&) = default;
};

struct StoredLate {
  JournalSeq seq;
  DocumentId document;
  std::optional<PersonId> person;
  SessionNo session;
  std::uint64_t decision_no = 0;
  std::string proposal;
  std::int64_t time_ms = 0;
  Bytes bytes;

  friend bool operator==(const StoredLate&, const StoredLate&) = default;
};

struct StoredEvent {
  JournalSeq seq;
  GroupId group;
  std::string kind;
  std::string json;
  std::int64_t time_ms = 0;

  friend bool operator==(const StoredEvent&, const StoredEvent&) = default;
};

/// The state of a document after all its updates up to and including `seq`. The bytes are the caller's: by
/// convention one Yjs update, format v2.
struct Snapshot {
  JournalSeq seq;
  Bytes bytes;

  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

/// Everything needed to make a document again: the newest snapshot, if any, then the updates after it, in order.
struct Loaded {
  std::optional<Snapshot> snapshot;
  std::vector<StoredUpdate> updates;

  /// Of the last update in it; 0 for a document without any.
  [[nodiscard]] JournalSeq last_seq() const {
    if (!updates.empty()) return updates.back().seq;
    return snapshot ? snapshot->seq : JournalSeq{};
  }
};

// Limits. A row over one of them is refused with Errc::too_large or Errc::bad_input and gets no number.
inline constexpr std::size_t kRowBytesMax = std::size_t{64} << 20;
inline constexpr std::size_t kNameBytesMax = 512;  ///< Of a document, a proposal id, a group, a kind.
inline constexpr std::size_t kMetaBytesMax = std::size_t{1} << 20;

}  // namespace bossey::journal
