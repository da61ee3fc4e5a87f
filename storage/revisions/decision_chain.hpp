// Proves the decisions of a repository: one unbroken chain, never changed after it was recorded, about texts that are
// there. Called by `bossey check`, with Repository::check and the journal's Reader::check beside it. It only reads.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "revisions/repository.hpp"

namespace bossey::revisions {

/// Looks at the files under `decisions/` at head (docs/formats/decision.md): numbers from 1 without a gap, each `prev`
/// the SHA-256 of the file before, each file as it was when it was added, each subject's blob in the repository with
/// the text_id that the decision names. Empty if all of it holds; else what does not, one sentence each, at most 100.
/// Errc::io or Errc::corrupt if the repository itself cannot be read.
[[nodiscard]] Result<std::vector<std::string>> check_decisions(Repository& repository);

}  // namespace bossey::revisions
