#include "consensus/disclaimer.hpp"

#include <array>
#include <set>

#include "consensus/moment.hpp"

namespace bossey::consensus {
namespace {

struct ClauseRow {
  Clause clause;
  std::string_view name;
  std::string_view wording;
};

constexpr std::array<ClauseRow, kClauses> kWordings{{
    {Clause::working_paper, "working_paper",
     "This paper is a 'draft working paper' reflecting the preliminary findings of the drafting team."},
    {Clause::reviewed, "reviewed",
     "It has been subject to review by all {group} members, but does not necessarily present a consensus position nor "
     "does it contain agreed language accepted by every member."},
    {Clause::not_reviewed, "not_reviewed",
     "It has not yet been reviewed by all {group} members, does not necessarily present a consensus position, and does "
     "not contain agreed language."},
    {Clause::reviewed_earlier, "reviewed_earlier",
     "An earlier version was subject to review by all {group} members; it has been changed since {date}, does not "
     "necessarily present a consensus position, and does not contain agreed language."},
    {Clause::purpose, "purpose", "The purpose of this draft is to provide a basis for the ongoing work of the group."},
    {Clause::raw_material, "raw_material",
     "It is therefore not to be seen as a chapter in the final {group} report, but rather as raw material that will be "
     "used when drafting the report."},
    {Clause::published, "published",
     "This draft working paper has been published on the {group} web site for public comment, so that it will evolve, "
     "taking into account input from governments and stakeholders."},
    {Clause::published_until, "published_until",
     "This draft working paper was published on the {group} web site for public comment until {date}."},
    {Clause::in_principle, "in_principle",
     "The group has agreed on the general features listed below. The wording has not been agreed."},
    {Clause::brackets, "brackets", "Text in square brackets has not been agreed."},
    {Clause::section_in_brackets, "section_in_brackets",
     "This section is in brackets: the group has discussed it and has not agreed it."},
    {Clause::ad_ref, "ad_ref", "Agreed ad referendum by {who}. It has not been agreed by the group as a whole."},
    {Clause::rough_consensus, "rough_consensus",
     "This section reflects the rough consensus of the group and does not necessarily reflect the position of every "
     "member."},
    {Clause::alternatives, "alternatives",
     "The following options were developed by separate groups and are presented without preference. Their inclusion "
     "does not mean that the group, or any member, agrees with any of them."},
    {Clause::withdrawn, "withdrawn", "This section has been withdrawn. It is not part of the report."},
    {Clause::changed_since, "changed_since",
     "This text has changed since it was agreed on {date} and is not agreed in its present form."},
    {Clause::reopened, "reopened", "This text was agreed on {date} and has been reopened for discussion."},
    {Clause::not_discussed, "not_discussed",
     "This report has not been discussed in full by the group. Parts approved by the group as a whole: {list}."},
    {Clause::section_not_discussed, "section_not_discussed",
     "This section has not been discussed in full by the group."},
}};

struct ShortRow {
  Short form;
  std::string_view name;
  std::string_view wording;
};
// The first nine stand in the order of Status.
constexpr std::array<ShortRow, kShorts> kShortForms{{
    {Short::draft, "draft", "Draft, not agreed"},
    {Short::working_paper, "working_paper", "Draft working paper, not agreed"},
    {Short::agreed_in_principle, "agreed_in_principle", "Agreed in principle, wording not agreed"},
    {Short::in_brackets, "in_brackets", "In brackets, not agreed"},
    {Short::agreed_ad_ref, "agreed_ad_ref", "Agreed ad referendum, not by the group as a whole"},
    {Short::rough_consensus, "rough_consensus", "Rough consensus"},
    {Short::agreed, "agreed", ""},
    {Short::alternatives, "alternatives", "Alternatives, presented without preference"},
    {Short::withdrawn, "withdrawn", "Withdrawn"},
    {Short::changed_since, "changed_since", "Changed since agreed, not agreed"},
    {Short::reopened, "reopened", "{status}, reopened"},
    {Short::partly_reopened, "partly_reopened", "Partly reopened"},
    {Short::not_discussed, "not_discussed", "Not discussed in full"},
}};

/// The variable of a clause, beside {group}, which every one has.
std::string_view variable_of(Clause clause) {
  switch (clause) {
    case Clause::reviewed_earlier:
    case Clause::published_until:
    case Clause::changed_since:
    case Clause::reopened:
      return "{date}";
    case Clause::ad_ref:
      return "{who}";
    case Clause::not_discussed:
      return "{list}";
    default:
      return {};
  }
}

Result<void> check_variables(std::string_view text, std::string_view own) {
  if (text.size() > kWording_bytes) return fail(Errc::too_large, "Shorten the text to 2000 characters.");
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    const std::string_view rest = text.substr(at);
    if (!rest.starts_with("{group}") && (own.empty() || !rest.starts_with(own)))
      return fail(Errc::bad_input,
                  "In braces only {group}" + (own.empty() ? std::string(".") : " and " + std::string(own) + '.'));
  }
  if (!own.empty() && !text.empty() && text.find(own) == std::string_view::npos)
    return fail(Errc::bad_input, "Keep " + std::string(own) + " in this text.");
  return {};
}

void fill_in(std::string& text, std::string_view variable, std::string_view value) {
  for (std::size_t at = text.find(variable); at != std::string::npos; at = text.find(variable, at + value.size()))
    text.replace(at, variable.size(), value);
}

/// Puts clauses together in the wording of the nearest level that has one.
class Composer {
 public:
  Composer(std::string_view group_name, std::span<const Wording> levels) : group_name_(group_name), levels_(levels) {}

  void add(Clause clause, std::string_view variable = {}, std::string_view value = {}) {
    std::string text(default_wording(clause));
    for (const Wording& level : levels_)
      if (const auto at = level.reworded.find(clause); at != level.reworded.end() && !at->second.empty())
        text = at->second;
    // The group's name last: it is a person's text and may hold anything, even a brace.
    if (!variable.empty()) fill_in(text, variable, value);
    fill_in(text, "{group}", group_name_);
    append(text);
  }

  [[nodiscard]] std::string end() {
    if (!full_.empty())
      for (const Wording& level : levels_)
        for (std::string sentence : level.added) {
          fill_in(sentence, "{group}", group_name_);
          append(sentence);
        }
    return std::move(full_);
  }

  void append(std::string_view sentence) {
    if (!full_.empty() && !sentence.empty()) full_ += ' ';
    full_ += sentence;
  }

 private:
  std::string_view group_name_;
  std::span<const Wording> levels_;
  std::string full_;
};

void add_working_paper(const DisclaimerFacts& facts, Composer& out) {
  out.add(Clause::working_paper);
  switch (facts.review) {
    case Review::none:
      out.add(Clause::not_reviewed);
      break;
    case Review::this_text:
      out.add(Clause::reviewed);
      break;
    case Review::earlier_text:
      out.add(Clause::reviewed_earlier, "{date}", day_in_words(facts.reviewed_at_s));
      break;
  }
  if (facts.phase == Phase::drafting || facts.phase == Phase::plenary) out.add(Clause::purpose);
  if (facts.is_working_paper) out.add(Clause::raw_material);
  if (facts.publication == Publication::window_open) out.add(Clause::published);
  if (facts.publication == Publication::window_over)
    out.add(Clause::published_until, "{date}", day_in_words(facts.window_end_s));
}

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out.empty() ? "none" : out;
}

void add_status(const DisclaimerFacts& facts, Composer& out) {
  const Standing& standing = facts.standing;
  switch (standing.status()) {
    case Status::draft:
    case Status::working_paper:
      add_working_paper(facts, out);
      return;
    case Status::agreed_in_principle:
      out.add(Clause::in_principle);
      for (std::size_t i = 0; i < facts.features.size(); ++i)
        out.append('(' + std::to_string(i + 1) + ") " + facts.features[i] +
                   (i + 1 < facts.features.size() ? ";" : "."));
      return;
    case Status::in_brackets:
      out.add(facts.has_brackets ? Clause::brackets : Clause::section_in_brackets);
      return;
    case Status::agreed_ad_ref:
      out.add(Clause::ad_ref, "{who}", facts.ad_ref_by.empty() ? "those present" : facts.ad_ref_by);
      return;
    case Status::rough_consensus:
      out.add(Clause::rough_consensus);
      return;
    case Status::agreed:
      return;
    case Status::alternatives:
      out.add(Clause::alternatives);
      return;
    case Status::withdrawn:
      out.add(Clause::withdrawn);
      return;
  }
}

std::string worded(Short form, std::span<const Wording> levels) {
  std::string text(default_wording(form));
  for (const Wording& level : levels)
    if (const auto at = level.shorts.find(form); at != level.shorts.end() && !at->second.empty()) text = at->second;
  return text;
}

std::string short_form(const Standing& standing, std::span<const Wording> levels) {
  if (standing.changed_since()) return worded(Short::changed_since, levels);
  if (standing.pin.reopened) {
    std::string text = worded(Short::reopened, levels);
    fill_in(text, "{status}", row(standing.status()).screen);
    return text;
  }
  if (standing.status() == Status::agreed) return "";
  return worded(static_cast<Short>(standing.status()), levels);
}

const Wording* find_language(const Wordings& level, std::string_view language) {
  while (!language.empty()) {
    const auto at = level.by_language.find(std::string(language));
    if (at != level.by_language.end()) return &at->second;
    const std::size_t dash = language.rfind('-');
    language = dash == std::string_view::npos ? std::string_view() : language.substr(0, dash);
  }
  return nullptr;
}

}  // namespace

std::string_view default_wording(Clause clause) {
  return kWordings[static_cast<std::size_t>(clause)].wording;
}
std::string_view name_of(Clause clause) {
  return kWordings[static_cast<std::size_t>(clause)].name;
}

std::optional<Clause> clause_from(std::string_view name) {
  for (const ClauseRow& row : kWordings)
    if (row.name == name) return row.clause;
  return std::nullopt;
}
std::string_view default_wording(Short form) {
  return kShortForms[static_cast<std::size_t>(form)].wording;
}
std::string_view name_of(Short form) {
  return kShortForms[static_cast<std::size_t>(form)].name;
}
std::optional<Short> short_from(std::string_view name) {
  for (const ShortRow& row : kShortForms)
    if (row.name == name) return row.form;
  return std::nullopt;
}

std::vector<Wording> in_language(std::span<const Wordings> levels, std::string_view language) {
  std::vector<Wording> out;
  out.reserve(levels.size());
  for (const Wordings& level : levels) {
    Wording wording = level.plain;
    if (const Wording* const own = find_language(level, language)) {
      for (const auto& [clause, text] : own->reworded)
        if (!text.empty()) wording.reworded[clause] = text;
      for (const auto& [form, text] : own->shorts)
        if (!text.empty()) wording.shorts[form] = text;
      if (!own->added.empty()) wording.added = own->added;
    }
    out.push_back(std::move(wording));
  }
  return out;
}

Result<void> check_wording(const Wording& wording) {
  for (const auto& [clause, text] : wording.reworded) BOSSEY_TRY_VOID(check_variables(text, variable_of(clause)));
  if (wording.added.size() > kAddedMax) return fail(Errc::too_large, "Add at most ten sentences.");
  for (const std::string& text : wording.added) BOSSEY_TRY_VOID(check_variables(text, {}));
  for (const auto& [form, text] : wording.shorts)
    BOSSEY_TRY_VOID(check_variables(text, form == Short::reopened ? "{status}" : std::string_view()));
  return {};
}

Reviewed review_of(std::span<const Decision> chain, const SectionId& section, const Sha256& text_id) {
  std::set<std::uint64_t> undone;
  for (const Decision& d : chain)
    if (d.kind == DecisionKind::undo && d.refers_to) undone.insert(*d.refers_to);
  Reviewed out;
  for (const Decision& d : chain) {
    if (d.kind != DecisionKind::working_paper || undone.contains(d.no)) continue;
    for (const Subject& s : d.subject)
      if (s.section == section) out = {s.text_id == text_id ? Review::this_text : Review::earlier_text, d.at_s};
  }
  return out;
}

std::vector<std::string> features_of(std::span<const Decision> chain, const Pin& pin) {
  if (pin.decision == 0 || pin.decision > chain.size()) return {};
  return chain[pin.decision - 1].features;
}

Disclaimer disclaimer_of(const DisclaimerFacts& facts, std::string_view group_name, std::span<const Wording> levels) {
  Composer out(group_name, levels);
  const std::string date = day_in_words(facts.standing.pin.at_s);
  if (facts.standing.changed_since()) {
    out.add(Clause::changed_since, "{date}", date);
  } else {
    if (facts.standing.pin.reopened) out.add(Clause::reopened, "{date}", date);
    add_status(facts, out);
  }
  if (facts.section_not_discussed) out.add(Clause::section_not_discussed);
  if (facts.not_discussed_in_full) out.add(Clause::not_discussed, "{list}", join(facts.approved_parts));
  Disclaimer disclaimer;
  disclaimer.full = out.end();
  disclaimer.short_form = short_form(facts.standing, levels);
  if (disclaimer.short_form.empty() && !disclaimer.full.empty())
    disclaimer.short_form = worded(Short::not_discussed, levels);
  return disclaimer;
}

std::vector<bool> prints(std::span<const Disclaimer> in_order) {
  std::vector<bool> out(in_order.size());
  for (std::size_t i = 0; i < in_order.size(); ++i)
    out[i] = !in_order[i].full.empty() && (i == 0 || in_order[i].full != in_order[i - 1].full);
  return out;
}

std::string short_form_of(const Tally& tally, std::span<const Wording> levels) {
  for (const auto& [status, count] : tally.unsettled)
    if (count > 0) return short_form(Standing{.pin = Pin{.status = status}, .fresh = true}, levels);
  if (tally.changed_since > 0) return worded(Short::changed_since, levels);
  if (tally.reopened > 0) return worded(Short::partly_reopened, levels);
  return "";
}

}  // namespace bossey::consensus
