#include "revisions/decision_chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/sha256.hpp"
#include "consensus/decision.hpp"

namespace bossey::revisions {

namespace {

constexpr std::size_t kFindingsMax = 100;

Result<std::vector<TreeEntry>> decision_files(const Repository& repository, const RevisionId& head) {
  auto files = repository.list(head, "decisions");
  if (!files && files.error().code == Errc::not_found) return std::vector<TreeEntry>{};
  return files;
}

// A decision file that has more than one revision was changed, or removed and written again.
Result<void> check_unchanged(Repository& repository, const std::string& path, std::vector<std::string>& findings) {
  BOSSEY_TRY(const auto history, repository.history(path, 2));
  if (history.size() > 1)
    findings.push_back(
        fmt::format("{} was changed after it was recorded, in revision {}", path, history.front().revision.id.hex()));
  return {};
}

void check_subject(const Repository& repository, const consensus::Decision& decision, const consensus::Subject& subject,
                   std::vector<std::string>& findings) {
  const auto blob = BlobId::from_hex(subject.blob);
  const auto text =
      blob ? repository.read_blob(*blob) : Result<std::string>(fail(Errc::corrupt, "the decision names no blob"));
  if (!text) {
    findings.push_back(fmt::format("the text of decision {} on section {} cannot be read: {}", decision.no,
                                   subject.section.value, text.error().detail));
  } else if (sha256(*text) != subject.text_id) {
    findings.push_back(fmt::format("the text of decision {} on section {} is not the text with the id {}", decision.no,
                                   subject.section.value, subject.text_id.hex()));
  }
}

}  // namespace

Result<std::vector<std::string>> check_decisions(Repository& repository) {
  std::vector<std::string> findings;
  BOSSEY_TRY(const auto head, repository.head());
  if (!head) return findings;
  BOSSEY_TRY(const auto entries, decision_files(repository, *head));
  std::vector<std::string> files;
  for (std::size_t i = 0; i < entries.size() && findings.size() < kFindingsMax; ++i) {
    const auto& path = entries[i].path;
    // Six digits sort as numbers do; from the millionth on the order of names is not that of numbers.
    if (entries.size() < 1'000'000 && path != consensus::decision_path(i + 1)) {
      findings.push_back(fmt::format("{} is there where {} should be", path, consensus::decision_path(i + 1)));
      return findings;
    }
    BOSSEY_TRY_VOID(check_unchanged(repository, path, findings));
    BOSSEY_TRY(auto bytes, repository.read_blob(entries[i].blob));
    files.push_back(std::move(bytes));
  }
  const auto decisions = consensus::verify_chain(files);
  if (!decisions) {
    findings.push_back(decisions.error().detail);
    return findings;
  }
  for (const auto& decision : *decisions)
    for (const auto& subject : decision.subject)
      if (findings.size() < kFindingsMax) check_subject(repository, decision, subject, findings);
  return findings;
}

}  // namespace bossey::revisions
