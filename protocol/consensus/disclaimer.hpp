// Disclaimers, made from facts: a clause prints only if its fact is recorded. Called by group, and through it by every
// view, export and print. Never states what did not happen; a group may reword a clause but not remove one.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "consensus/decision.hpp"
#include "consensus/standing.hpp"
#include "consensus/status.hpp"

namespace bossey::consensus {

enum class Clause : std::uint8_t {
  working_paper,     ///< Status Draft or Draft working paper.
  reviewed,          ///< A review round of this text has closed.
  not_reviewed,      ///< None has.
  reviewed_earlier,  ///< One has, of an earlier version.
  purpose,           ///< Phase Drafting or Plenary.
  raw_material,      ///< The document is a working paper.
  published,         ///< Published, comment window open or to open.
  published_until,   ///< Published, comment window over.
  in_principle,
  brackets,             ///< In brackets, and the text holds bracket marks.
  section_in_brackets,  ///< In brackets as a whole, without marks.
  ad_ref,
  rough_consensus,
  alternatives,
  withdrawn,
  changed_since,
  reopened,
  not_discussed,
  section_not_discussed,
};
inline constexpr std::size_t kClauses = 19;

/// The wording of each clause. `{group}`, `{date}`, `{who}` and `{list}` are filled in.
[[nodiscard]] std::string_view default_wording(Clause clause);
/// Name of a clause in group.json, as "not_reviewed".
[[nodiscard]] std::string_view name_of(Clause clause);

/// The clause of that name; nothing for a word that is none.
[[nodiscard]] std::optional<Clause> clause_from(std::string_view name);

/// The short forms, for headers, footers, excerpts and file names.
enum class Short : std::uint8_t {
  draft,
  working_paper,
  agreed_in_principle,
  in_brackets,
  agreed_ad_ref,
  rough_consensus,
  agreed,  ///< Empty: an agreed text needs none.
  alternatives,
  withdrawn,
  changed_since,
  reopened,
  partly_reopened,
  not_discussed,
};
inline constexpr std::size_t kShorts = 13;
[[nodiscard]] std::string_view default_wording(Short form);
[[nodiscard]] std::string_view name_of(Short form);
[[nodiscard]] std::optional<Short> short_from(std::string_view name);

/// What a level (group, report, chapter, section) says otherwise. A reword replaces a clause's text, the nearest level
/// wins; `added` sentences of all levels print after the clauses. An empty reword is ignored: nothing is removed.
struct Wording {
  std::map<Clause, std::string> reworded;
  std::vector<std::string> added;
  std::map<Short, std::string> shorts{};
  friend bool operator==(const Wording&, const Wording&) = default;
};

/// A level's wordings in the languages of the group. `plain` holds wherever a language says nothing of its own.
struct Wordings {
  Wording plain;
  std::map<std::string, Wording> by_language;  ///< "ar", "zh-hans": small letters.
  friend bool operator==(const Wordings&, const Wordings&) = default;
};
/// Each level in that language: the very language, else without its last subtag, else plain, clause by clause.
[[nodiscard]] std::vector<Wording> in_language(std::span<const Wordings> levels, std::string_view language);

inline constexpr std::size_t kWording_bytes = 2000;
inline constexpr std::size_t kAddedMax = 10;
/// Whether a wording may be set: sizes, and no variable that its clause has not. Errc::bad_input or too_large.
[[nodiscard]] Result<void> check_wording(const Wording& wording);

enum class Review : std::uint8_t { none, this_text, earlier_text };
enum class Publication : std::uint8_t { none, window_open, window_over };

/// What is recorded. The defaults are a draft of which nothing is recorded yet.
struct DisclaimerFacts {
  Standing standing;
  bool has_brackets = false;
  Phase phase = Phase::drafting;
  bool is_working_paper = false;
  Review review = Review::none;
  std::int64_t reviewed_at_s = 0;  ///< For Review::earlier_text: when that round closed.
  Publication publication = Publication::none;
  std::int64_t window_end_s = 0;
  std::string ad_ref_by;  ///< Who agreed ad referendum, as "the drafting group".
  bool not_discussed_in_full = false;
  std::vector<std::string> approved_parts;  ///< Titles, for the same.
  std::vector<std::string> features{};      ///< Of Agreed in principle.
  bool section_not_discussed = false;       ///< The label stands on the section itself.
};

/// Whether a review round of these words has ended, by the decisions: the last working_paper not undone.
struct Reviewed {
  Review review = Review::none;
  std::int64_t at_s = 0;
};
[[nodiscard]] Reviewed review_of(std::span<const Decision> chain, const SectionId& section, const Sha256& text_id);
/// The brief of the decision that a section stands on; empty without one.
[[nodiscard]] std::vector<std::string> features_of(std::span<const Decision> chain, const Pin& pin);

struct Disclaimer {
  std::string full;        ///< Sentences in one paragraph; empty only for fresh Agreed.
  std::string short_form;  ///< "Draft, not agreed": for headers, footers, excerpts. Empty with `full`.
  friend bool operator==(const Disclaimer&, const Disclaimer&) = default;
};

/// `levels` from the group down to the section.
[[nodiscard]] Disclaimer disclaimer_of(const DisclaimerFacts& facts, std::string_view group_name,
                                       std::span<const Wording> levels = {});

/// For sections in reading order: whether each prints its text. Equal texts that follow each other print once; a
/// section without one ends the run, so that the next one's text is not taken for somebody else's.
[[nodiscard]] std::vector<bool> prints(std::span<const Disclaimer> in_order);

/// The short form of a report or chapter: that of its least settled section.
[[nodiscard]] std::string short_form_of(const Tally& tally, std::span<const Wording> levels = {});

}  // namespace bossey::consensus
