#include "group/overview.hpp"

#include <algorithm>

#include "consensus/disclaimer.hpp"
#include "consensus/moment.hpp"
#include "consensus/position.hpp"
#include "consensus/transition.hpp"
#include "document/canonical.hpp"

namespace bossey::group {
namespace {

/// Index after the last section within `index`.
std::size_t end_of(const std::vector<int>& depths, std::size_t index) {
  std::size_t end = index + 1;
  while (end < depths.size() && depths[end] > depths[index]) ++end;
  return end;
}

}  // namespace

OriginView origin_view(const GroupState& state, const Origin& origin, const Sha256& now) {
  OriginView view{origin.report, origin.section, "edited from a draft"};
  const bool same = document::text_id(origin.canonical) == now;
  if (same) view.line = "taken from a draft";
  if (origin.decision == 0 || origin.decision > state.chain.size()) return view;
  const consensus::Decision& decision = state.chain[origin.decision - 1];
  view.line =
      (same ? "taken from text agreed on " : "edited from text agreed on ") + consensus::day_in_words(decision.at_s);
  return view;
}

std::vector<SectionId> living_alternatives(const GroupState& state, const Report& report, const SectionId& frame) {
  std::vector<SectionId> out;
  for (const std::size_t index : document::children_of(report.outline, frame)) {
    const document::OutlineEntry& entry = report.outline.entries[index];
    const auto pin = state.pins.find(entry.id);
    const bool withdrawn = pin != state.pins.end() && pin->second.status == consensus::Status::withdrawn;
    if (entry.kind == document::SectionKind::alternative && !withdrawn) out.push_back(entry.id);
  }
  return out;
}

consensus::Standing Overview::standing(const SectionId& section) const {
  const SectionText* text = texts.find(section);
  consensus::Standing standing =
      consensus::standing_of(state.pins, section, text == nullptr ? Sha256{} : text->text_id);
  // A set of alternatives is decided as a set: the frame speaks of all options, an option of its place in the set.
  if (standing.fresh && standing.status() == consensus::Status::alternatives)
    standing.fresh = holds_decided_set(section, set_decision(section, standing.pin.decision));
  return standing;
}

std::uint64_t Overview::set_decision(const SectionId& section, std::uint64_t decision) const {
  while (decision > 1 && decision <= state.chain.size() &&
         state.chain[decision - 1].kind == consensus::DecisionKind::carry) {
    --decision;
    const auto names = [&](const consensus::Subject& subject) { return subject.section == section; };
    const auto is_of = [&](const consensus::Decision& d) {
      return std::any_of(d.subject.begin(), d.subject.end(), names) &&
             (d.kind == consensus::DecisionKind::carry || d.kind == consensus::DecisionKind::alternatives);
    };
    while (decision > 0 && !is_of(state.chain[decision - 1])) --decision;
  }
  return decision;
}

const std::vector<std::string>& Overview::approved_parts(const Report& report) const {
  const auto [at, is_new] = approved.try_emplace(report.slug);
  if (!is_new) return at->second;
  for (const document::OutlineEntry& entry : report.outline.entries)
    if (const SectionText* text = texts.find(entry.id);
        text != nullptr && !text->title.empty() && standing(entry.id).settled())
      at->second.push_back(text->title);
  return at->second;
}

bool Overview::holds_decided_set(const SectionId& section, std::uint64_t decision) const {
  const Report* report = state.report_with(section);
  if (report == nullptr || decision == 0 || decision > state.chain.size()) return true;
  const std::vector<consensus::Subject>& subject = state.chain[decision - 1].subject;
  const SectionId& frame = subject.front().section;
  const std::vector<SectionId> options = living_alternatives(state, *report, frame);
  if (section != frame) return std::find(options.begin(), options.end(), section) != options.end();
  if (options.size() + 1 != subject.size()) return false;
  return std::all_of(subject.begin() + 1, subject.end(), [&](const consensus::Subject& option) {
    const SectionText* text = texts.find(option.section);
    // Other words than decided are an option's still, if a correction carried the decision over to them.
    const auto pin = state.pins.find(option.section);
    const bool carried = pin != state.pins.end() && pin->second.status == consensus::Status::alternatives &&
                         pin->second.closed && text != nullptr && pin->second.text_id == text->text_id;
    return text != nullptr && (carried || text->text_id == option.text_id) &&
           std::find(options.begin(), options.end(), option.section) != options.end();
  });
}

StatusView Overview::status(const SectionId& section, const consensus::Standing& standing) const {
  StatusView view;
  view.status = standing.status();
  view.settled = standing.settled();
  view.fresh = standing.fresh;
  view.changed_since = standing.changed_since();
  view.reopened = standing.pin.reopened;
  view.closed = standing.pin.closed;
  view.line = standing.in_words();
  view.moved = (view.settled || view.closed) && state.moved_since_decided(section);
  if (standing.pin.decision != 0) view.decision = standing.pin.decision;
  // A frame may be changed by its options alone: then none of its own words is.
  const SectionText* text = texts.find(section);
  if (view.changed_since && text != nullptr && text->text_id != standing.pin.text_id)
    if (const std::string* before = state.decided_text(section); before != nullptr)
      view.changed_words = texts.words_changed(section, *before);
  return view;
}

consensus::Tally Overview::tally(const Report& report, const std::vector<int>& depths, std::size_t begin,
                                 std::size_t end) const {
  consensus::Tally tally;
  for (std::size_t i = begin; i < end; ++i) {
    const SectionId& id = report.outline.entries[i].id;
    const SectionText* text = texts.find(id);
    const bool holds_sections = i + 1 < depths.size() && depths[i + 1] > depths[i];
    // A bare heading over sections is no text that could be agreed.
    if (holds_sections && (text == nullptr || text->body_words == 0)) continue;
    tally.add(standing(id));
  }
  return tally;
}

consensus::DisclaimerFacts Overview::disclaimer_facts(const Report& report, const SectionId& section,
                                                      const consensus::Standing& standing) const {
  consensus::DisclaimerFacts facts;
  facts.standing = standing;
  facts.phase = report.phase;
  facts.is_working_paper = report.kind == "working paper";
  const SectionText* text = texts.find(section);
  facts.has_brackets = text != nullptr && !text->brackets.empty();
  // No other status speaks of the review; the chain is long.
  if (standing.status() == consensus::Status::draft || standing.status() == consensus::Status::working_paper) {
    const consensus::Reviewed reviewed =
        consensus::review_of(state.chain, section, text == nullptr ? Sha256{} : text->text_id);
    const consensus::RoundsOn rounds =
        consensus::rounds_on(state.room.reviews, section, text == nullptr ? Sha256{} : text->text_id);
    facts.review = rounds.this_text ? consensus::Review::this_text : reviewed.review;
    facts.reviewed_at_s = reviewed.at_s;
    if (!rounds.this_text && rounds.earlier_s && facts.review != consensus::Review::this_text) {
      facts.review = consensus::Review::earlier_text;
      facts.reviewed_at_s = std::max(facts.reviewed_at_s, *rounds.earlier_s);
    }
  }
  if (report.published) {
    facts.publication =
        now_s > report.published->until_s ? consensus::Publication::window_over : consensus::Publication::window_open;
    facts.window_end_s = report.published->until_s;
  }
  facts.features = consensus::features_of(state.chain, standing.pin);
  if (const std::uint64_t no = standing.pin.decision; no != 0 && no <= state.chain.size())
    facts.ad_ref_by = state.chain[no - 1].agreed_by;
  facts.section_not_discussed = state.labels.sections.contains(section);
  facts.not_discussed_in_full = state.labels.reports.contains(report.slug);
  if (facts.not_discussed_in_full) facts.approved_parts = approved_parts(report);
  return facts;
}

SectionView Overview::section_view(const Report& report, std::size_t index) const {
  const document::OutlineEntry& entry = report.outline.entries[index];
  const consensus::Standing standing = this->standing(entry.id);
  SectionView view;
  view.id = entry.id;
  view.document = DocumentId{"section/" + entry.id.value};
  view.parent = entry.parent;
  view.kind = document::name_of(entry.kind);
  view.status = status(entry.id, standing);
  if (report.is_closed()) view.status.closed = true;
  if (const SectionText* text = texts.find(entry.id); text != nullptr) {
    view.title = text->title;
    view.text_id = text->text_id;
    view.content_hash = text->content_hash;
    view.brackets = static_cast<std::uint32_t>(text->brackets.size());
    view.unknown = text->unknown;
    view.words = text->words;
    for (const document::BracketText& mark : text->marks) {
      const consensus::BracketRecord* record = consensus::record_of(state.brackets, mark.id);
      if (record == nullptr || record->reason.empty()) ++view.reasons_missing;
    }
  }
  view.positions = consensus::tally_of(state.positions, entry.id, view.text_id);
  if (const consensus::Team* const team = state.room.team(entry.id); team != nullptr) {
    view.team = team->number;
    view.team_room = team->room;
  }
  view.left_open = report.left_open.contains(entry.id);
  view.not_discussed = state.labels.sections.contains(entry.id);
  const auto levels = consensus::in_language(state.wordings_of(report, &entry.id), report.language);
  view.disclaimer = consensus::disclaimer_of(disclaimer_facts(report, entry.id, standing), state.name, levels);
  if (const auto at = report.rooms.find(entry.id); at != report.rooms.end()) view.room = at->second;
  if (const auto at = report.origins.find(entry.id); at != report.origins.end())
    view.origin = origin_view(state, at->second, view.text_id);
  add_amendments(view);
  for (const auto& [number, proposal] : state.proposals) {
    if (proposal.section != entry.id || state.amendments.contains(number)) continue;
    const auto read = words.find(number);
    const std::uint64_t version = read == words.end() ? 0 : read->second.version;
    view.proposals.push_back(
        {number, reader.has_value() && proposal.person == reader, proposal.state, version, std::nullopt});
  }
  std::sort(view.proposals.begin(), view.proposals.end(),
            [](const ProposalMark& a, const ProposalMark& b) { return a.number < b.number; });
  return view;
}

void Overview::add_amendments(SectionView& view) const {
  const auto numbers = state.amendments_of.find(view.id);
  if (numbers == state.amendments_of.end()) return;
  for (const std::uint64_t number : numbers->second) {
    const AmendmentRecord& record = state.amendments.at(number);
    const bool mine = reader.has_value() && record.author == reader;
    const AmendmentNow* now = amendments.now(state, texts, number);
    // Whoever has not changed a word yet has proposed nothing.
    if (now == nullptr || (now->untouched && !(mine && record.is_live()))) continue;
    view.proposals.push_back({number, mine, ProposalState::open, amendments.version(number), record.fate});
  }
}

/// A withdrawn section keeps its place but not its number, so that the numbers of the text have no gaps.
std::vector<std::string> Overview::numbers(const Report& report, const std::vector<int>& depths) const {
  document::Outline numbered = report.outline;
  for (std::size_t i = 0; i < depths.size(); ++i) {
    const auto pin = state.pins.find(numbered.entries[i].id);
    const bool withdrawn = pin != state.pins.end() && pin->second.status == consensus::Status::withdrawn;
    const bool named = !numbered.entries[i].label.empty();
    if (withdrawn && !named && end_of(depths, i) == i + 1) numbered.entries[i].kind = document::SectionKind::opening;
  }
  return document::numbers(numbered);
}

std::vector<std::string> Overview::numbers(const Report& report) const {
  return numbers(report, document::depths(report.outline));
}

SectionView Overview::placed_view(const Report& report, const std::vector<int>& depths, std::size_t index) const {
  SectionView view = section_view(report, index);
  view.depth = static_cast<std::uint32_t>(depths[index]);
  const std::size_t end = end_of(depths, index);
  if (end > index + 1) view.chapter_line = tally(report, depths, index + 1, end).in_words();
  for (std::size_t i = index; i < end; ++i)
    if (const SectionText* text = texts.find(report.outline.entries[i].id); text != nullptr)
      view.brackets_within += static_cast<std::uint32_t>(text->brackets.size());
  return view;
}

ReportView Overview::report(const Report& report) const {
  ReportView view;
  view.slug = report.slug;
  view.title = report.title;
  view.kind = report.kind;
  view.phase = consensus::row(report.phase).screen;
  view.phase_name = consensus::name_of(report.phase);
  view.not_discussed = state.labels.reports.contains(report.slug);
  if (const auto closing = state.closings.find(report.slug); closing != state.closings.end()) {
    const consensus::EditorialWindow& window = closing->second.window;
    view.window = WindowView{window.release, window.ends_s, window.quiet_s, 0};
    for (const FiledCorrection& filed : closing->second.corrections)
      if (consensus::is_open(filed.correction)) ++view.window->open_corrections;
    if (!closing->second.releases.empty()) view.window->release = closing->second.releases.back().release.id;
  }
  view.version = report.version;
  const std::vector<int> depths = document::depths(report.outline);
  const consensus::Tally whole = tally(report, depths, 0, depths.size());
  view.chapter_line = whole.in_words();
  view.language = report.language;
  view.published = report.published;
  view.short_disclaimer =
      consensus::short_form_of(whole, consensus::in_language(state.wordings_of(report, nullptr), report.language));
  std::vector<consensus::Disclaimer> disclaimers;
  for (std::size_t i = 0; i < depths.size(); ++i) {
    view.sections.push_back(placed_view(report, depths, i));
    disclaimers.push_back(view.sections.back().disclaimer);
  }
  const std::vector<std::string> numbers = this->numbers(report, depths);
  const std::vector<bool> prints = consensus::prints(disclaimers);
  for (std::size_t i = 0; i < view.sections.size(); ++i) {
    view.sections[i].number = numbers[i];
    view.sections[i].prints_disclaimer = prints[i];
  }
  std::vector<consensus::BracketedSection> bracketed;
  for (const SectionView& section : view.sections) bracketed.push_back({section.id, section.parent, section.brackets});
  const consensus::BracketCounts counts = consensus::count_brackets(bracketed);
  view.brackets = counts.report;
  for (SectionView& section : view.sections) section.brackets_within = counts.within.at(section.id);
  return view;
}

Result<SectionView> Overview::section(const ReportId& slug, const SectionId& section) const {
  const Report* report = state.report_with(section);
  if (report == nullptr || report->slug != slug) return fail(Errc::not_found, "No such section.");
  const auto index = document::index_of(report->outline, section);
  if (!index) return fail(Errc::not_found, "No such section.");
  const std::vector<int> depths = document::depths(report->outline);
  SectionView view = placed_view(*report, depths, *index);
  view.number = numbers(*report, depths)[*index];
  // Whether it prints its disclaimer depends on the section before it alone.
  std::vector<consensus::Disclaimer> disclaimers;
  if (*index > 0) disclaimers.push_back(section_view(*report, *index - 1).disclaimer);
  disclaimers.push_back(view.disclaimer);
  view.prints_disclaimer = consensus::prints(disclaimers).back();
  return view;
}

GroupView Overview::group(consensus::RoleSet roles) const {
  using consensus::Action;
  GroupView view;
  view.slug = state.id;
  view.name = state.name;
  view.addressee = state.addressee;
  if (may(roles, Action::write_text)) view.can.emplace_back("write");
  if (may(roles, Action::decide)) view.can.emplace_back("decide");
  if (may(roles, Action::shape_outline)) {
    view.can.emplace_back("outline");
    view.can.emplace_back("create_report");
  }
  if (may(roles, Action::object)) view.can.emplace_back("object");
  if (may(roles, Action::administer)) view.can.emplace_back("people");
  if (may(roles, Action::administer) || may(roles, Action::shape_outline)) view.can.emplace_back("see_people");
  const bool is_let_in = consensus::lets_in(state.room.meetings, roles);
  for (const ReportId& slug : state.report_order) {
    if (!is_let_in) break;
    const Report& report = state.reports.at(slug);
    const std::vector<int> depths = document::depths(report.outline);
    const consensus::Tally counts = tally(report, depths, 0, depths.size());
    view.reports.push_back({slug, report.title, report.kind, std::string(consensus::row(report.phase).screen),
                            counts.settled, counts.total});
  }
  view.objection_pause_s = state.objection_pause_s;
  view.unanimous = state.rules.unanimous;
  view.privacy = consensus::seen_line(state.rules.attribution, "members");
  return view;
}

DecisionView Overview::decision(std::size_t index) const {
  const consensus::Decision& decision = state.chain[index];
  DecisionView view;
  view.number = decision.no;
  view.at_s = decision.at_s;
  view.kind = decision.kind;
  view.report = decision.report;
  for (const consensus::Subject& subject : decision.subject) view.subject.push_back(subject.section);
  if (!decision.subject.empty()) {
    view.section = decision.subject.front().section;
    view.title = decision.subject.front().title;
    view.text_id = decision.subject.front().text_id;
  }
  view.sentence = consensus::sentence(decision);
  view.reason = decision.reason;
  for (std::size_t later = index + 1; later < state.chain.size(); ++later)
    if (state.chain[later].kind == consensus::DecisionKind::undo && state.chain[later].refers_to == decision.no)
      view.undone_by = state.chain[later].no;
    else if (state.chain[later].kind == consensus::DecisionKind::reopen && state.chain[later].refers_to == decision.no)
      view.reopened_by = state.chain[later].no;
  view.refers_to = decision.refers_to;
  view.meeting = decision.session;
  return view;
}

}  // namespace bossey::group
