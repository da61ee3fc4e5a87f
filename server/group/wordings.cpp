// Wordings of disclaimers at their levels, and the facts of a report that disclaimers are made from. What a wording may
// be is consensus/disclaimer.hpp: a level adds and rewords, and removes nothing.
#include <algorithm>

#include "group/parts.hpp"

namespace bossey::group {
namespace {

constexpr std::size_t kLanguagesMax = 20;
constexpr std::array<std::string_view, 3> kReportKinds{"report", "working paper", "background report"};

/// "en", "zh-hans": what `by_language` and the print's `lang` hold.
bool is_language(const std::string& tag) {
  const bool letters = std::all_of(tag.begin(), tag.end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  return letters && tag.size() >= 2 && tag.size() <= 20 && tag.front() != '-' && tag.back() != '-';
}

Result<void> check_level(const Group::Parts& parts, const std::optional<ReportId>& report,
                         const std::optional<SectionId>& section) {
  if (!report) return section ? fail(Errc::bad_input, "Name the section's report, too.") : Result<void>();
  if (parts.state.report(*report) == nullptr) return fail(Errc::not_found, "No such report.");
  if (section) BOSSEY_TRY_VOID(report_holding(parts, *report, *section));
  return {};
}

/// Nothing is removed by an empty text: without one of its own a level says what the level above says.
Result<void> check_set(const SetWording& command) {
  if (!command.language.empty() && !is_language(command.language))
    return fail(Errc::bad_input, "Name the language like en, fr or zh-hans.");
  const auto empty = [](const auto& entry) { return entry.second.find_first_not_of(" \t\n") == std::string::npos; };
  const consensus::Wording& wording = command.wording;
  if (std::any_of(wording.reworded.begin(), wording.reworded.end(), empty) ||
      std::any_of(wording.shorts.begin(), wording.shorts.end(), empty))
    return fail(Errc::bad_input, "A text may be reworded, not removed. Write at least one word.");
  if (std::any_of(wording.added.begin(), wording.added.end(),
                  [](const std::string& text) { return text.find_first_not_of(" \t\n") == std::string::npos; }))
    return fail(Errc::bad_input, "Write a sentence to add, or leave it out.");
  return consensus::check_wording(wording);
}

const consensus::Wordings& level_of(const GroupState& state, const std::optional<ReportId>& report,
                                    const std::optional<SectionId>& section) {
  static const consensus::Wordings kNone;
  if (section) {
    const auto at = state.section_wordings.find(*section);
    return at == state.section_wordings.end() ? kNone : at->second;
  }
  return report ? state.report(*report)->wordings : state.wordings;
}

const consensus::Wording& in(const consensus::Wordings& level, const std::string& language) {
  static const consensus::Wording kNone;
  if (language.empty()) return level.plain;
  const auto at = level.by_language.find(language);
  return at == level.by_language.end() ? kNone : at->second;
}

/// What the facts that a group meets in the course of its work make of the wording.
std::vector<WordingView::Sample> samples_of(const Group::Parts& parts, const std::optional<ReportId>& report,
                                            std::span<const consensus::Wording> levels) {
  using consensus::Status;
  const Report* of = report ? parts.state.report(*report) : nullptr;
  std::vector<WordingView::Sample> out;
  for (const consensus::StatusRow& row : consensus::kStatuses) {
    consensus::DisclaimerFacts facts;
    facts.standing.pin.status = row.status;
    facts.standing.pin.at_s = parts.now_s();
    facts.has_brackets = true;
    facts.is_working_paper = of != nullptr && of->kind == "working paper";
    if (row.status == Status::working_paper) facts.review = consensus::Review::this_text;
    if (of != nullptr && of->published) {
      facts.publication = parts.now_s() > of->published->until_s ? consensus::Publication::window_over
                                                                 : consensus::Publication::window_open;
      facts.window_end_s = of->published->until_s;
    }
    consensus::Disclaimer disclaimer = consensus::disclaimer_of(facts, parts.state.name, levels);
    if (!disclaimer.full.empty()) out.push_back({std::string(row.screen), std::move(disclaimer)});
  }
  return out;
}

/// As `own` would read at that level.
WordingView view_of(const Group::Parts& parts, const SetWording& about, const consensus::Wording& own) {
  WordingView view;
  view.language = about.language;
  view.own = own;
  const GroupState& state = parts.state;
  for (const auto& [language, wording] : level_of(state, about.report, about.section).by_language)
    view.languages.push_back(language);
  std::vector<consensus::Wordings> levels;
  if (about.section)
    levels = state.wordings_of(*state.report(*about.report), &*about.section);
  else if (about.report)
    levels = state.wordings_of(*state.report(*about.report), nullptr);
  else
    levels = {state.wordings};
  // The last level is the one asked about, if it says anything yet.
  const bool has_own = !about.section || state.section_wordings.contains(*about.section);
  consensus::Wordings last = has_own ? levels.back() : consensus::Wordings{};
  if (has_own) levels.pop_back();
  view.above = consensus::in_language(levels, about.language);
  if (about.language.empty())
    last.plain = own;
  else
    last.by_language[about.language] = own;
  levels.push_back(std::move(last));
  view.samples = samples_of(parts, about.report, consensus::in_language(levels, about.language));
  return view;
}

void tell_worded(const PartsPtr& parts, const std::optional<ReportId>& report) {
  for (const auto& [slug, each] : parts->state.reports)
    if (!report || slug == *report) tell_outline(parts, slug);
  readme_soon(parts);
}

void set(const PartsPtr& parts, const Caller& caller, const SetWording& command, const Done<WordingView>& done) {
  const Answer answer{"wording", command.report.value_or(ReportId{}), command.section.value_or(SectionId{}), 0};
  const auto before = answered(*parts, caller, command.key, answer);
  if (!before) return done(fail(before.error().code, before.error().detail));
  if (const auto good = check_level(*parts, command.report, command.section); !good)
    return done(fail(good.error().code, good.error().detail));
  const consensus::Wordings& level = level_of(parts->state, command.report, command.section);
  if (*before) return done(view_of(*parts, command, in(level, command.language)));
  if (!command.language.empty() && !level.by_language.contains(command.language) &&
      level.by_language.size() >= kLanguagesMax)
    return done(fail(Errc::too_large, "Word disclaimers in at most twenty languages."));
  Event event{WordingSet{command.report, command.section, command.language, command.wording},
              key_use(caller, command.key, answer)};
  record(parts, {}, {std::move(event)}, [parts, command, done](const Result<JournalSeq>& seq) {
    if (!seq) return done(fail(seq.error().code, seq.error().detail));
    tell_worded(parts, command.report);
    done(view_of(*parts, command, command.wording));
  });
}

Result<FactsSet> changed_facts(const Report& report, const SetFacts& command) {
  FactsSet facts{command.report, command.kind.value_or(report.kind), command.language.value_or(report.language),
                 command.published.value_or(report.published)};
  if (command.kind && std::find(kReportKinds.begin(), kReportKinds.end(), facts.kind) == kReportKinds.end())
    return fail(Errc::bad_input, "Choose report, working paper or background report.");
  if (!is_language(facts.language)) return fail(Errc::bad_input, "Name the language like en, fr or zh-hans.");
  if (facts.published && facts.published->until_s < facts.published->at_s)
    return fail(Errc::bad_input, "Let comments end after the day of publication.");
  return facts;
}

void set_report_facts(const PartsPtr& parts, const Caller& caller, const SetFacts& command, const Done<void>& done) {
  const Answer answer{"facts", command.report, {}, 0};
  const auto before = answered(*parts, caller, command.key, answer);
  if (!before) return done(fail(before.error().code, before.error().detail));
  if (*before) return done({});
  const Report* report = parts->state.report(command.report);
  if (report == nullptr) return done(fail(Errc::not_found, "No such report."));
  auto facts = changed_facts(*report, command);
  if (!facts) return done(fail(facts.error().code, facts.error().detail));
  Event event{*std::move(facts), key_use(caller, command.key, answer)};
  record(parts, {}, {std::move(event)}, [parts, command, done](const Result<JournalSeq>& seq) {
    if (!seq) return done(fail(seq.error().code, seq.error().detail));
    // report.json names the kind.
    parts->versions_written.erase(command.report);
    commit_shape(parts, "Record facts of a report", secretariat(), *seq);
    tell_worded(parts, command.report);
    done({});
  });
}

}  // namespace

Result<WordingView> Group::wording(const Caller& caller, const SetWording& about, bool preview) const {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  BOSSEY_TRY_VOID(check_level(*parts_, about.report, about.section));
  if (!about.language.empty() && !is_language(about.language))
    return fail(Errc::bad_input, "Name the language like en, fr or zh-hans.");
  if (!preview)
    return view_of(*parts_, about, in(level_of(parts_->state, about.report, about.section), about.language));
  BOSSEY_TRY_VOID(check_set(about));
  return view_of(*parts_, about, about.wording);
}

void Group::set_wording(const Caller& caller, SetWording command, Done<WordingView> done) {
  if (const auto good = check_command(caller, consensus::Action::decide, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  if (const auto good = check_set(command); !good) return done(fail(good.error().code, good.error().detail));
  run_command<WordingView>(parts_, std::move(done),
                           [parts = parts_, caller, command = std::move(command)](const Done<WordingView>& finish) {
                             set(parts, caller, command, finish);
                           });
}

void Group::set_facts(const Caller& caller, SetFacts command, Done<void> done) {
  if (const auto good = check_command(caller, consensus::Action::shape_outline, command.key); !good)
    return done(fail(good.error().code, good.error().detail));
  run_command<void>(parts_, std::move(done),
                    [parts = parts_, caller, command = std::move(command)](const Done<void>& finish) {
                      set_report_facts(parts, caller, command, finish);
                    });
}

}  // namespace bossey::group
