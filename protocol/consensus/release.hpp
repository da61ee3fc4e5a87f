// Versions of a report that leave the room: F-1 at closing, F-1.1 after a correction, F at the end; and to whom each
// was handed on. The bytes of a release's file are hashed; the hash is the checksum printed on it. Called by group.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/decision.hpp"

namespace bossey::consensus {

struct ReleasedSection {
  SectionId section;
  std::string number;  ///< As printed, "4.2"; empty for an opening.
  Sha256 text_id;
  std::string disclaimer;  ///< As printed with it; empty where none is.
  friend bool operator==(const ReleasedSection&, const ReleasedSection&) = default;
};

struct Release {
  std::string id;  ///< "F-1".
  ReportId report;
  std::int64_t at_s = 0;
  std::string before;                     ///< The release that its redline starts from; empty for the first.
  std::vector<ReleasedSection> sections;  ///< In reading order.
  std::string audience;                   ///< "members", "public".
  std::optional<std::int64_t> embargo_s;
  std::uint64_t decision = 0;  ///< Of the closing, or the last one before.
  friend bool operator==(const Release&, const Release&) = default;
};

/// `releases/<report>/F-1.json`.
[[nodiscard]] std::string release_path(const Release& release);
/// The bytes of its file; docs/formats/release.md. One value has one form.
[[nodiscard]] std::string canonical_bytes(const Release& release);
/// Errc::corrupt unless the bytes are exactly those of the result.
[[nodiscard]] Result<Release> parse_release(std::string_view bytes);
/// SHA-256 of its bytes, the checksum on every print and transmittal.
[[nodiscard]] Sha256 checksum(const Release& release);

/// "F-1" for the first, then "F-1.1", "F-1.2": corrections of the closed version.
[[nodiscard]] std::string next_release(std::span<const Release> releases);

/// One step of handing on: "on 5 July 2005 to the Secretary-General".
struct Transmittal {
  std::string release;
  Sha256 checksum;
  std::string from, to;
  std::int64_t at_s = 0;
  friend bool operator==(const Transmittal&, const Transmittal&) = default;
};
/// The version is the last one, its checksum is given right, the words are there, and no step lies before the one
/// before or before the release. Errc::bad_input, not_found, conflict.
[[nodiscard]] Result<void> check_transmittal(std::span<const Release> releases, std::span<const Transmittal> before,
                                             const Transmittal& next);
/// "F-1.2, sent on 5 July 2005 by … to …. SHA-256 7f3a…".
[[nodiscard]] std::string sentence(const Transmittal& transmittal);

}  // namespace bossey::consensus
