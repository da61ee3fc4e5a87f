// Edits that came after the decision that closed their section, and words that came into a deleted place: told by rooms
// to whoever keeps proposals (server/group). The words themselves are journalled by the room as LateRow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/ids.hpp"

namespace bossey::room {

/// What a late edit brings to its proposal.
enum class LateWords : std::uint8_t {
  words,
  signs,       ///< Spaces or points alone: they join an open proposal and make none.
  taken_back,  ///< Nothing; it deletes words that were kept.
};

/// An update that was not applied; with decision 0 words that were, but stand in no text.
struct LateEdit {
  DocumentId document;
  std::optional<PersonId> person;
  std::uint64_t session = 0;   ///< Number of the connection (journal SessionNo).
  std::uint64_t decision = 0;  ///< The decision that closed the section when it came (or had come to). 0: none did.
  std::int64_t time_ms = 0;    ///< Since 1970, UTC.
  LateWords brings = LateWords::words;
};

/// Where the edit is kept.
struct LateProposal {
  std::uint64_t number = 0;  ///< Shown to the author: "proposal 14".
  std::string id;            ///< Goes into LateRow::proposal.
  std::string message;       ///< "Agreed at 00:41 while you were typing. Your words are kept as proposal 14."
};

class LateEdits {
 public:
  virtual ~LateEdits() = default;

  /// Names the proposal of this person, section and decision, making it if there is none yet: a row that makes it is
  /// appended to the journal inside this call, before the room appends the words. Network thread, must not block.
  /// With decision 0 a withdrawn proposal is not joined. Errc::not_found: signs, and there is none to join.
  /// An error means that nothing was made; the edit is refused and the client keeps its words.
  [[nodiscard]] virtual Result<LateProposal> proposal_for(const LateEdit& edit) = 0;

  /// The words of this edit are on disk as LateRow `seq`, under this proposal.
  virtual void late_edit_kept(const LateEdit& edit, const LateProposal& proposal, JournalSeq seq) = 0;
};

}  // namespace bossey::room
