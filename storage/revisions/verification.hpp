// Proves the record of a group from any clone of its repository, bare or not: chain, texts and order. Called by
// `bossey verify`; docs/formats/verify.md does the same with stock git and sha256sum. It only reads, and it repairs
// nothing, so that what it looks at may be somebody else's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace bossey::revisions {

struct Verified {
  std::uint64_t revisions = 0;
  std::uint64_t decisions = 0;
  std::uint64_t texts = 0;            ///< Texts of decisions and versions that were compared.
  std::uint64_t releases = 0;         ///< Versions of closed reports.
  std::vector<std::string> findings;  ///< What does not hold, one sentence each, at most 100; empty if all of it does.
};

/// Walks from the first revision to HEAD. Holds if: one line of revisions; decisions added in order of their numbers,
/// each with the hash of the one before, and never changed or removed; each text as decided in the revision of its
/// decision, and of each version of a closed report in the revision of that version; and no other words in a section
/// while it was closed, nor in a report after its closing except with a version. A last decision that was cut off
/// together with its revision leaves no trace: compare the last number with somebody else's clone. Errc::not_found,
/// Errc::io and Errc::corrupt if the repository cannot be read.
[[nodiscard]] Result<Verified> verify_repository(const std::filesystem::path& folder);

}  // namespace bossey::revisions
