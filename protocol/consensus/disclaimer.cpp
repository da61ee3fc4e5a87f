#include "consensus/disclaimer.hpp"

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
}};

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
        for (const std::string& sentence : level.added) append(sentence);
    return std::move(full_);
  }

 private:
  void append(std::string_view sentence) {
    if (!full_.empty() && !sentence.empty()) full_ += ' ';
    full_ += sentence;
  }

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

std::string short_form(const Standing& standing) {
  if (standing.changed_since()) return "Changed since agreed, not agreed";
  if (standing.pin.reopened) return std::string(row(standing.status()).screen) + ", reopened";
  switch (standing.status()) {
    case Status::draft:
      return "Draft, not agreed";
    case Status::working_paper:
      return "Draft working paper, not agreed";
    case Status::agreed_in_principle:
      return "Agreed in principle, wording not agreed";
    case Status::in_brackets:
      return "In brackets, not agreed";
    case Status::agreed_ad_ref:
      return "Agreed ad referendum, not by the group as a whole";
    case Status::rough_consensus:
      return "Rough consensus";
    case Status::agreed:
      return "";
    case Status::alternatives:
      return "Alternatives, presented without preference";
    case Status::withdrawn:
      return "Withdrawn";
  }
  return "";
}

}  // namespace

std::string_view default_wording(Clause clause) {
  return kWordings[static_cast<std::size_t>(clause)].wording;
}
std::string_view name_of(Clause clause) {
  return kWordings[static_cast<std::size_t>(clause)].name;
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
  if (facts.not_discussed_in_full) out.add(Clause::not_discussed, "{list}", join(facts.approved_parts));
  Disclaimer disclaimer;
  disclaimer.full = out.end();
  disclaimer.short_form = short_form(facts.standing);
  if (disclaimer.short_form.empty() && !disclaimer.full.empty()) disclaimer.short_form = "Not discussed in full";
  return disclaimer;
}

std::vector<bool> prints(std::span<const Disclaimer> in_order) {
  std::vector<bool> out(in_order.size());
  for (std::size_t i = 0; i < in_order.size(); ++i)
    out[i] = !in_order[i].full.empty() && (i == 0 || in_order[i].full != in_order[i - 1].full);
  return out;
}

std::string short_form_of(const Tally& tally) {
  for (const auto& [status, count] : tally.unsettled)
    if (count > 0) return short_form(Standing{.pin = Pin{.status = status}, .fresh = true});
  if (tally.changed_since > 0) return "Changed since agreed, not agreed";
  if (tally.reopened > 0) return "Partly reopened";
  return "";
}

}  // namespace bossey::consensus
