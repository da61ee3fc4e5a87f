#include "group/event.hpp"

#include <nlohmann/json.hpp>

#include "consensus/json_lines.hpp"
#include "group/amendment_json.hpp"
#include "group/bracket_events.hpp"
#include "group/call_events.hpp"
#include "group/closing_events.hpp"
#include "group/event_fields.hpp"
#include "group/wording_events.hpp"

namespace bossey::group {
namespace {

using nlohmann::json;

json outline_json(const document::Outline& outline) {
  json list = json::array();
  for (const document::OutlineEntry& entry : outline.entries) {
    json one = {{"id", entry.id.value}, {"kind", document::name_of(entry.kind)}};
    if (entry.parent) one["parent"] = entry.parent->value;
    if (!entry.label.empty()) one["label"] = entry.label;
    list.push_back(std::move(one));
  }
  return list;
}

json position_json(const consensus::Position& p) {
  json out = {{"number", p.number},
              {"section", p.section.value},
              {"text_id", p.text_id.hex()},
              {"kind", consensus::row(p.kind).name},
              {"words", p.words},
              {"could_live_with", p.could_live_with},
              {"signed", p.is_signed},
              {"at", p.at_s},
              {"outcome", consensus::name_of(p.outcome)},
              {"answer", p.answer}};
  if (p.holder) out["holder"] = p.holder->value;
  if (p.confirm_by_s) out["confirm_by"] = *p.confirm_by_s;
  if (p.asked_about) out["asked_about"] = p.asked_about->hex();
  return out;
}

struct Writer {
  json operator()(const GroupMade& e) const {
    return {{"name", e.name}, {"addressee", e.addressee}, {"terms", e.terms}};
  }
  json operator()(const ReportAdded& e) const {
    return {{"slug", e.slug.value},
            {"title", e.title},
            {"kind", e.kind},
            {"imported", e.imported},
            {"outline", outline_json(e.outline)},
            {"origins", origins_json(e)}};
  }
  json operator()(const OutlineSet& e) const {
    json out = {{"report", e.report.value},
                {"version", e.version},
                {"command", e.command},
                {"outline", outline_json(e.outline)}};
    if (e.from) out["from"] = e.from->value;
    if (e.section) out["section"] = e.section->value;
    for (const auto& [section, room] : e.rooms) out["rooms"][section.value] = room;
    return out;
  }
  json operator()(const DecisionRecorded& e) const {
    json texts = json::array();
    for (const DecidedText& text : e.texts)
      texts.push_back({{"section", text.section.value}, {"seq", text.seq.value}, {"canonical", text.canonical}});
    json out = {{"bytes", e.bytes}, {"texts", std::move(texts)}};
    if (e.maker) out["maker"] = e.maker->value;
    if (!e.room.empty()) out["room"] = e.room;
    return out;
  }
  json operator()(const ProposalMade& e) const {
    json out = {{"number", e.number},
                {"section", e.section.value},
                {"session", e.session},
                {"decision", e.decision},
                {"base", e.base}};
    if (e.person) out["person"] = e.person->value;
    if (e.beside != 0) out["beside"] = e.beside;
    return out;
  }
  json operator()(const ProposalWithdrawn& e) const { return {{"number", e.number}, {"open_again", e.open_again}}; }
  json operator()(const TextRestored& e) const { return {{"section", e.section.value}, {"revision", e.revision}}; }
  json operator()(const RulesSet& e) const { return {{"objection_pause_s", e.objection_pause_s}}; }
  json operator()(const PositionsSet& e) const {
    json list = json::array();
    for (const consensus::Position& p : e.positions) list.push_back(position_json(p));
    return {{"positions", std::move(list)}};
  }
  json operator()(const BracketsSet& e) const { return brackets_json(e); }
  json operator()(const WordingSet& e) const { return wording_json(e); }
  json operator()(const FactsSet& e) const { return wording_json(e); }
  json operator()(const CallSet& e) const { return call_json(e); }
  json operator()(const CallMemberSet& e) const { return call_json(e); }
  json operator()(const GroupRulesSet& e) const { return {{"rules", to_json(e.rules)}}; }
  json operator()(const RoomFact& e) const { return to_json(e); }
  json operator()(const ReleaseMade& e) const { return closing_json(e); }
  json operator()(const WindowOpened& e) const { return closing_json(e); }
  json operator()(const CorrectionsSet& e) const { return closing_json(e); }
  json operator()(const TransmittalRecorded& e) const { return closing_json(e); }
  json operator()(const AmendmentMade& e) const { return {{"amendment", amendment_json(e.record)}}; }
  json operator()(const AmendmentsSet& e) const {
    json list = json::array();
    for (const AmendmentChange& change : e.changes) list.push_back(amendment_json(change));
    return {{"amendments", std::move(list)}};
  }
};

constexpr std::array<std::string_view, 22> kKinds{
    "group",     "report",   "outline",     "decision",    "proposal",  "proposal.withdrawn", "restored",    "rules",
    "positions", "brackets", "wording",     "facts",       "call",      "call.member",        "group.rules", "room",
    "release",   "window",   "corrections", "transmittal", "amendment", "amendments"};

document::Outline read_outline(Fields& fields) {
  document::Outline outline;
  for (const json& one : fields.list("outline")) {
    if (!one.is_object()) {
      fields.broken();
      continue;
    }
    Fields entry(one);
    document::OutlineEntry made;
    made.id = SectionId{entry.text("id")};
    made.parent = entry.section_if_any("parent");
    const auto kind = document::section_kind_from(entry.text("kind"));
    if (one.contains("label")) made.label = entry.text("label");
    if (!entry.whole() || !kind) fields.broken();
    made.kind = kind.value_or(document::SectionKind::section);
    outline.entries.push_back(std::move(made));
  }
  if (!document::check(outline)) fields.broken();
  return outline;
}

std::vector<DecidedText> read_texts(Fields& fields) {
  std::vector<DecidedText> texts;
  for (const json& one : fields.list("texts")) {
    if (!one.is_object()) {
      fields.broken();
      continue;
    }
    Fields text(one);
    texts.push_back({SectionId{text.text("section")}, JournalSeq{text.number("seq")}, text.text("canonical")});
    if (!text.whole()) fields.broken();
  }
  return texts;
}

std::optional<consensus::Outcome> outcome_from(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(consensus::Outcome::replaced); ++i)
    if (consensus::name_of(static_cast<consensus::Outcome>(i)) == name) return static_cast<consensus::Outcome>(i);
  return std::nullopt;
}

consensus::Position read_position(Fields& f) {
  consensus::Position p;
  p.number = f.number("number");
  p.section = SectionId{f.text("section")};
  p.holder = f.person_if_any("holder");
  const auto text_id = consensus::digest(f.text("text_id"));
  const auto kind = consensus::position_kind_from(f.text("kind"));
  const auto outcome = outcome_from(f.text("outcome"));
  if (!text_id || !kind || !outcome) f.broken();
  p.text_id = text_id.value_or(Sha256{});
  p.kind = kind.value_or(consensus::PositionKind::no_objection);
  p.outcome = outcome.value_or(consensus::Outcome::open);
  p.words = f.text("words");
  p.could_live_with = f.text("could_live_with");
  p.is_signed = f.flag("signed");
  p.at_s = static_cast<std::int64_t>(f.number("at"));
  p.confirm_by_s = f.time_if_any("confirm_by");
  p.answer = f.text("answer");
  if (f.has("asked_about")) {
    p.asked_about = consensus::digest(f.text("asked_about"));
    if (!p.asked_about) f.broken();
  }
  return p;
}

PositionsSet read_positions(Fields& fields) {
  PositionsSet out;
  for (const json& one : fields.list("positions")) {
    if (!one.is_object()) {
      fields.broken();
      continue;
    }
    Fields position(one);
    out.positions.push_back(read_position(position));
    if (!position.whole()) fields.broken();
  }
  return out;
}

GroupRulesSet read_group_rules(Fields& fields) {
  const auto rules = rules_from(fields.object("rules"), GroupRules{});
  if (!rules) fields.broken();
  return {rules.value_or(GroupRules{})};
}

RoomFact read_room(Fields& fields) {
  auto fact = read_room_fact(fields.whole_object());
  if (!fact) fields.broken();
  return fact ? *std::move(fact) : RoomFact{TypistNamed{}};
}

AmendmentMade read_made(Fields& fields, const json& object) {
  const auto at = object.find("amendment");
  auto record = at == object.end() ? std::nullopt : read_amendment(*at);
  if (!record) fields.broken();
  return {std::move(record).value_or(AmendmentRecord{})};
}

AmendmentsSet read_changes(Fields& fields) {
  AmendmentsSet out;
  for (const json& one : fields.list("amendments")) {
    auto change = read_amendment_change(one);
    if (!change) fields.broken();
    out.changes.push_back(std::move(change).value_or(AmendmentChange{}));
  }
  return out;
}

decltype(Event::what) read_what(std::size_t kind, Fields& f, const json& object) {
  switch (kind) {
    case 0:
      return GroupMade{f.text("name"), f.text("addressee"), f.text("terms")};
    case 1:
      return ReportAdded{ReportId{f.text("slug")}, f.text("title"), f.text("kind"),
                         f.flag("imported"),       read_outline(f), read_origins(f)};
    case 2:
      return OutlineSet{ReportId{f.text("report")},  f.number("version"), f.text("command"), f.section_if_any("from"),
                        f.section_if_any("section"), read_outline(f),     read_rooms(f)};
    case 3:
      return DecisionRecorded{f.text("bytes"), f.person_if_any("maker"), read_texts(f), f.text_if_any("room")};
    case 4:
      return ProposalMade{f.number("number"),
                          SectionId{f.text("section")},
                          f.person_if_any("person"),
                          f.number("session"),
                          f.number("decision"),
                          f.text("base"),
                          object.contains("beside") ? f.number("beside") : 0};
    case 5:
      return ProposalWithdrawn{f.number("number"), f.flag("open_again")};
    case 6:
      return TextRestored{SectionId{f.text("section")}, f.text("revision")};
    case 8:
      return read_positions(f);
    case 9:
      return read_brackets(f);
    case 10:
      return read_wording(f);
    case 11:
      return read_facts(f);
    case 12:
      return read_call(f);
    case 13:
      return read_call_member(f);
    case 14:
      return read_group_rules(f);
    case 15:
      return read_room(f);
    case 16:
      return read_release(f);
    case 17:
      return read_window(f);
    case 18:
      return read_corrections(f);
    case 19:
      return read_transmittal(f);
    case 20:
      return read_made(f, object);
    case 21:
      return read_changes(f);
    default: {
      const std::uint64_t pause_s = f.number("objection_pause_s");
      if (pause_s > kObjectionPauseMax_s) f.broken();
      return RulesSet{static_cast<std::uint32_t>(pause_s)};
    }
  }
}

json key_json(const KeyUse& use) {
  return {{"person", use.person.value},          {"key", use.key},
          {"command", use.answer.command},       {"report", use.answer.report.value},
          {"section", use.answer.section.value}, {"number", use.answer.number}};
}

KeyUse read_key(Fields& f) {
  return {PersonId{f.number("person")},
          f.text("key"),
          {f.text("command"), ReportId{f.text("report")}, SectionId{f.text("section")}, f.number("number")}};
}

}  // namespace

journal::EventRow to_row(const GroupId& group, const Event& event, std::int64_t time_ms) {
  json body = std::visit(Writer{}, event.what);
  if (event.key) body["key"] = key_json(*event.key);
  // Everything that reaches an event was checked to be UTF-8; should a text slip through, a replacement character is
  // better than an exception on the network thread.
  return {group, std::string(kKinds[event.what.index()]), body.dump(-1, ' ', false, json::error_handler_t::replace),
          time_ms};
}

Result<Event> parse_event(std::string_view kind, std::string_view text) {
  const auto at = std::find(kKinds.begin(), kKinds.end(), kind);
  if (at == kKinds.end())
    return fail(Errc::corrupt,
                "event '" + std::string(kind) + "' is unknown: the journal was written by a newer version of bossey");
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return fail(Errc::corrupt, "event '" + std::string(kind) + "' is not a JSON object");
  Fields fields(object);
  Event event{read_what(static_cast<std::size_t>(at - kKinds.begin()), fields, object), std::nullopt};
  if (object.contains("key") && object["key"].is_object()) {
    Fields key(object["key"]);
    event.key = read_key(key);
    if (!key.whole()) fields.broken();
  }
  if (!fields.whole()) return fail(Errc::corrupt, "event '" + std::string(kind) + "' lacks a part");
  return event;
}

}  // namespace bossey::group
