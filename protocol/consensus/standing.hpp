// Where a section stands: a pure function of the decisions and of its present text. It needs no event, so it
// cannot drift; restoring the agreed words makes a section fresh again by itself.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/decision.hpp"
#include "consensus/status.hpp"

namespace bossey::consensus {

/// What the decisions say of one section, before looking at its text.
struct Pin {
  Status status = Status::draft;
  std::uint64_t decision = 0;  ///< Number of the decision that gave the status; 0 for none.
  std::int64_t at_s = 0;
  Sha256 text_id{};             ///< The words it was about; unset while `decision` is 0.
  bool closed = false;          ///< A fact of its own: Agree, Alternatives, Withdraw close; Reopen and Undo open.
  bool reopened = false;        ///< Reopened since that decision, and not decided again.
  std::uint64_t closed_by = 0;  ///< The decision that closed it; 0 when open.
  std::string reason{};         ///< Of a withdrawal.
  friend bool operator==(const Pin&, const Pin&) = default;
};

using Pins = std::map<SectionId, Pin>;

/// Folds the whole chain. Undone decisions count as never taken. A reopened Withdrawn goes back to what it was before.
[[nodiscard]] Pins pins_of(std::span<const Decision> chain);

/// A pin beside the present text.
struct Standing {
  Pin pin;
  bool fresh = true;  ///< The text is the one decided on; true for a Draft.

  [[nodiscard]] Status status() const { return pin.status; }
  /// "changed since": the status speaks of words, and they are other words now. In brackets stays true of any words.
  [[nodiscard]] bool changed_since() const;
  /// Counts as settled at every gate: settled status, exactly that text, and not reopened.
  [[nodiscard]] bool settled() const;
  /// "Agreed", "Agreed, reopened", "Agreed, changed since".
  [[nodiscard]] std::string in_words() const;
};

/// The standing of a section, a Draft when the pins do not name it.
[[nodiscard]] Standing standing_of(const Pins& pins, const SectionId& section, const Sha256& current_text_id);

/// Counts of a chapter or a report, computed and never set. Withdrawn sections are outside the total.
struct Tally {
  std::uint32_t total = 0;
  std::uint32_t settled = 0;
  std::uint32_t changed_since = 0;
  std::uint32_t reopened = 0;
  std::uint32_t withdrawn = 0;
  std::map<Status, std::uint32_t> unsettled;  ///< Of those neither settled, changed nor reopened.
  void add(const Standing& standing);
  /// "5 of 7 settled; 1 in brackets; 1 draft".
  [[nodiscard]] std::string in_words() const;
};

}  // namespace bossey::consensus
