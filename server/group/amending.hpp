// What the commands on amendments share: amending.cpp begins and ends them, adopting.cpp takes them into the text,
// handing_in.cpp makes them of words that stand elsewhere. Included by these and by nobody else.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "group/parts.hpp"

namespace bossey::group {

/// Every part of the view, for one reader. Null for what that reader may not see.
[[nodiscard]] std::optional<ProposalView> amendment_view(const Group::Parts& parts, std::uint64_t number,
                                                         std::optional<PersonId> reader);
/// The same, for whoever has just changed it.
[[nodiscard]] Result<ProposalView> own_view(const Group::Parts& parts, std::uint64_t number, const Caller& caller);

/// Changes that a rule made of amendments: only what differs from what is recorded.
[[nodiscard]] AmendmentsSet changes_of(const GroupState& state, const consensus::Amendments& after);

/// Open, and of this section; else it is not there. Errc::not_found.
[[nodiscard]] Result<const AmendmentRecord*> find_amendment(const Group::Parts& parts, std::uint64_t number,
                                                            std::optional<PersonId> reader);

/// After events on amendments: ends the rooms of those that have ended, writes files, tells pages. `texts`: sections
/// whose text changed with them.
void amendments_moved(const PartsPtr& parts, const std::string& title, const std::vector<std::uint64_t>& numbers,
                      JournalSeq seq, const std::vector<SectionId>& texts = {});

/// Proposals that Agree sets aside with the decision, as the rules make them; empty if there are none.
[[nodiscard]] AmendmentsSet set_aside_with(const Group::Parts& parts, const Caller& caller, const SectionId& section);

/// A late edit becomes an amendment (handing_in.cpp).
void hand_in(const PartsPtr& parts, const Caller& caller, const MoveAmendment& command, const Answer& answer,
             const Done<ProposalView>& done);

/// A document made from another one that says `words`; the update that this takes. Empty if nothing differs.
[[nodiscard]] Result<Bytes> said_with(const crdt::Doc& from, const document::Section& words, std::uint64_t client_id);

/// Plain words as paragraphs at the end of a section.
[[nodiscard]] document::Section with_paragraphs(document::Section section, const std::string& words);

}  // namespace bossey::group
