// The register of decisions: listing, searching, and one of them with its words.
#include <algorithm>
#include <string>

#include "document/characters.hpp"
#include "group/parts.hpp"

namespace bossey::group {
namespace {

/// In words of one case, without the difference between composed and decomposed letters.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : document::case_fold(text)) {
    if (c != ' ') {
      word += c;
      continue;
    }
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

struct Search {
  const DecisionFilter& filter;
  std::vector<std::string> words = words_of(filter.words);
  std::vector<std::string> meeting = words_of(filter.meeting);

  [[nodiscard]] bool is_about(const consensus::Decision& decision) const {
    if (filter.report && decision.report != *filter.report) return false;
    if (filter.kind && decision.kind != *filter.kind) return false;
    if (filter.from_s && decision.at_s < *filter.from_s) return false;
    if (filter.until_s && decision.at_s >= *filter.until_s) return false;
    return !filter.section || std::any_of(decision.subject.begin(), decision.subject.end(),
                                          [&](const auto& subject) { return subject.section == *filter.section; });
  }
  [[nodiscard]] bool finds(const consensus::Decision& decision) const {
    if (!is_about(decision)) return false;
    if (!holds(decision.session, meeting)) return false;
    if (words.empty()) return true;
    std::string text = consensus::sentence(decision) + " " + decision.reason + " " + decision.agreed_by;
    for (const consensus::Subject& subject : decision.subject) text += " " + subject.title;
    for (const std::string& feature : decision.features) text += " " + feature;
    return holds(text, words);
  }
  static bool holds(const std::string& text, const std::vector<std::string>& words) {
    if (words.empty()) return true;
    const std::string folded = document::case_fold(text);
    return std::all_of(words.begin(), words.end(),
                       [&](const std::string& word) { return folded.find(word) != std::string::npos; });
  }
};

}  // namespace

Result<std::vector<DecisionView>> Group::decisions(const Caller& caller, const DecisionFilter& filter) const {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  const Overview overview = parts_->overview(caller.person);
  const Search search{filter};
  std::vector<DecisionView> out;
  for (std::size_t i = parts_->state.chain.size(); i-- > 0;)
    if (search.finds(parts_->state.chain[i])) out.push_back(overview.decision(i));
  return out;
}

Result<DecidedView> Group::decision(const Caller& caller, std::uint64_t number) const {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  const GroupState& state = parts_->state;
  if (number == 0 || number > state.chain.size()) return fail(Errc::not_found, "No such decision.");
  DecidedView view;
  view.decision = parts_->overview(caller.person).decision(number - 1);
  for (const consensus::Subject& subject : state.chain[number - 1].subject)
    for (const DecidedText& text : state.records[number - 1].texts)
      if (text.section == subject.section)
        view.texts.push_back({subject.section, subject.title, subject.text_id, text.canonical});
  return view;
}

}  // namespace bossey::group
