// What amendments come to on the text as it stands: the words of each fork, compared with the text that it departed
// from, carried over to the present one. Nothing of it is recorded: it follows from the three texts, so it cannot
// drift, and a text that comes back brings a proposal back. Owned by Group's parts; the rules are
// consensus/proposal.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.hpp"
#include "consensus/proposal.hpp"
#include "group/section_texts.hpp"
#include "group/state.hpp"

namespace bossey::group {

/// Words of `before` replaced by others so that it says `after`: whole words, and stretches that only spaces or signs
/// part are one. well_formed on `before`.
[[nodiscard]] consensus::TextChanges changes_between(std::string_view before, std::string_view after);

/// One amendment on the present text.
struct AmendmentNow {
  consensus::TextChanges changes;  ///< Of the target, which is the section's text or that of the proposal it is on.
  std::vector<LeftOut> overtaken;  ///< Parts that the target has no place for any more.
  std::vector<consensus::TextChange> overtaken_changes;
  std::string target;  ///< Canonical.
  Sha256 target_id{};
  std::string words;       ///< Canonical text of the fork.
  std::string wanted;      ///< The target with the changes made.
  bool untouched = false;  ///< Nobody has changed a word of it yet: it is its author's alone.
  bool behind = false;     ///< The target is not the text that the fork departed from.
  /// It asks for something that the text does not say already.
  [[nodiscard]] bool asks() const { return !changes.empty() || !overtaken.empty(); }
};

class AmendmentTexts {
 public:
  void set(std::uint64_t number, SectionText text, std::uint64_t version);
  /// The fork's words differ from now on; `room` has them.
  void changed(std::uint64_t number, std::shared_ptr<room::Room> room);
  /// The revision of its present words is made: the room may close.
  void let_go(std::uint64_t number);
  [[nodiscard]] const SectionText* find(std::uint64_t number) const;
  [[nodiscard]] std::shared_ptr<room::Room> room(std::uint64_t number) const;
  /// Grows when its words change: the journal's last row in them.
  [[nodiscard]] std::uint64_t version(std::uint64_t number) const;

  /// Null if there is no such amendment, or no text of its target.
  [[nodiscard]] const AmendmentNow* now(const GroupState& state, const SectionTexts& texts, std::uint64_t number) const;
  /// All of a section as the rules take them, in order.
  [[nodiscard]] consensus::Amendments of_section(const GroupState& state, const SectionTexts& texts,
                                                 const SectionId& section) const;
  /// Open ones on the section itself that ask for something: what Agree must not pass over.
  [[nodiscard]] std::vector<std::uint64_t> open_on(const GroupState& state, const SectionTexts& texts,
                                                   const SectionId& section) const;

 private:
  struct Known {
    Sha256 base{}, words{}, target{};
    AmendmentNow now;
  };
  SectionTexts forks_;
  std::map<std::uint64_t, std::uint64_t> versions_;
  mutable std::map<std::uint64_t, Known> known_;  ///< mutable: comparing costs about a millisecond.
};

/// How forks are named where sections are: in the writer of revisions and in SectionTexts. No id of a section is like
/// it.
[[nodiscard]] SectionId fork_key(std::uint64_t number);
[[nodiscard]] std::optional<std::uint64_t> number_of_key(const SectionId& key);

}  // namespace bossey::group
