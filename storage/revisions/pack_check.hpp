// Proves that the packs of a repository hold what was written, before libgit2 reads from them: it inflates damaged
// octets for ever, and reads beyond its memory. Called by Repository when it opens. It only reads.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace bossey::revisions {

/// Compares each packed object's octets with the CRC-32 in the index, and the end of the pack with what the index says
/// of it (git's "pack-format", pack index version 2). Empty if whole; else one sentence for each pack that is not.
[[nodiscard]] std::vector<std::string> check_packs(const std::filesystem::path& repository);

}  // namespace bossey::revisions
