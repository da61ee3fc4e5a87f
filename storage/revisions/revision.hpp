// Values of the repository of a group: revisions (commits), the changes that make one, and what is read back.
// Used by rooms, the history of the page, and export. Nothing here touches libgit2.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace bossey::revisions {

/// A git object's name (SHA-1). `Tag` keeps commits and blobs apart.
template <class Tag>
struct ObjectId {
  std::array<std::uint8_t, 20> octets{};

  [[nodiscard]] std::string hex() const { return to_hex(octets); }
  /// From exactly 40 hexadecimal digits; none for anything else.
  [[nodiscard]] static std::optional<ObjectId> from_hex(std::string_view hex);
  friend auto operator<=>(const ObjectId&, const ObjectId&) = default;
};

using RevisionId = ObjectId<struct RevisionTag>;  ///< Of a commit.
using BlobId = ObjectId<struct BlobTag>;          ///< Of a file's bytes.

extern template struct ObjectId<struct RevisionTag>;
extern template struct ObjectId<struct BlobTag>;

/// Who a commit is by: a room, not a person (`drafting team 3`, `team3@bossey.invalid`).
struct Identity {
  std::string name;
  std::string email;

  friend bool operator==(const Identity&, const Identity&) = default;
};

/// A line `Key: value` at the end of a commit's message.
struct Trailer {
  std::string key;    ///< [A-Za-z0-9-]+
  std::string value;  ///< One line, not empty.

  friend bool operator==(const Trailer&, const Trailer&) = default;
};

struct FileChange {
  std::string path;                  ///< `reports/final/sections/a.md`: slashes, no `.`, `..`, `.git`, empty part.
  std::optional<std::string> bytes;  ///< The new content; none removes the file (removing none is no error).
};

/// A revision to be made. The same values on the same parent always give the same id.
struct Commit {
  std::vector<FileChange> changes;  ///< Each path once.
  Identity author;                  ///< Also the committer.
  std::string title;                ///< One line.
  std::string body;                 ///< May be empty; paragraphs.
  std::vector<Trailer> trailers;
  std::int64_t time_s = 0;  ///< Since 1970; stored with zone +0000.
};

/// What commit() did. `is_new` is false if nothing would have changed: then `id` is the head that was there.
struct Committed {
  RevisionId id;
  bool is_new = false;

  friend bool operator==(const Committed&, const Committed&) = default;
};

struct Revision {
  RevisionId id;
  std::optional<RevisionId> parent;
  Identity author;
  std::int64_t time_s = 0;
  std::string title;
  std::string body;  ///< Without title and trailers.
  std::vector<Trailer> trailers;

  /// The first trailer with this key; empty if there is none.
  [[nodiscard]] std::string_view trailer(std::string_view key) const;
  friend bool operator==(const Revision&, const Revision&) = default;
};

/// A revision that changed one path, and what the path held after it (none: removed).
struct PathRevision {
  Revision revision;
  std::optional<BlobId> blob;
};

struct TreeEntry {
  std::string path;  ///< Full path from the root.
  bool is_folder = false;
  BlobId blob;  ///< Of a file; zero for a folder.
};

struct ChangedPath {
  std::string path;
  std::optional<BlobId> before;  ///< None: added.
  std::optional<BlobId> after;   ///< None: removed.

  friend bool operator==(const ChangedPath&, const ChangedPath&) = default;
};

/// The name git gives to these bytes; no repository needed.
[[nodiscard]] BlobId blob_id(BytesView bytes);

inline constexpr std::size_t kPathBytesMax = 512;
inline constexpr std::size_t kFileBytesMax = std::size_t{64} << 20;
inline constexpr std::size_t kLogMax = 1000;  ///< Revisions in one answer.

}  // namespace bossey::revisions

template <class Tag>
struct std::hash<bossey::revisions::ObjectId<Tag>> {
  std::size_t operator()(const bossey::revisions::ObjectId<Tag>& id) const noexcept {
    std::size_t first = 0;  // An object id is a hash already.
    std::memcpy(&first, id.octets.data(), sizeof first);
    return first;
  }
};
