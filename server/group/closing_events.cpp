#include "group/closing_events.hpp"

#include <functional>

#include "consensus/json_lines.hpp"

namespace bossey::group {
namespace {

using consensus::Correction;
using consensus::Risk;
using nlohmann::json;

/// Each object of a list, in order.
void each(Fields& fields, const char* key, const std::function<void(Fields&)>& read) {
  for (const json& one : fields.list(key)) {
    if (!one.is_object()) {
      fields.broken();
      continue;
    }
    Fields object(one);
    read(object);
    if (!object.whole()) fields.broken();
  }
}

std::int64_t time(Fields& fields, const char* key) {
  return static_cast<std::int64_t>(fields.number(key));
}

Sha256 digest(Fields& fields, const char* key) {
  const auto found = consensus::digest(fields.text(key));
  if (!found) fields.broken();
  return found.value_or(Sha256{});
}

template <class Enum>
std::optional<Enum> named(const std::string& name, Enum last) {
  for (int i = 0; i <= static_cast<int>(last); ++i)
    if (name_of(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  return std::nullopt;
}

template <class Enum>
Enum named(Fields& fields, const char* key, Enum last) {
  const auto found = named(fields.text(key), last);
  if (!found) fields.broken();
  return found.value_or(Enum{});
}

json correction_json(const FiledCorrection& filed) {
  const Correction& c = filed.correction;
  json changes = json::array();
  for (const consensus::TextChange& change : c.changes)
    changes.push_back({{"begin", change.begin}, {"end", change.end}, {"words", change.words}});
  json risks = json::array();
  for (const Risk& risk : c.risks)
    risks.push_back({{"kind", consensus::name_of(risk.kind)}, {"before", risk.before}, {"after", risk.after}});
  json out = {{"number", c.number},
              {"section", c.section.value},
              {"place", c.place},
              {"base", c.base.hex()},
              {"changes", std::move(changes)},
              {"declared", consensus::name_of(c.declared)},
              {"risks", std::move(risks)},
              {"flagged", c.flagged},
              {"filed", c.filed_s},
              {"state", consensus::name_of(c.state)},
              {"find", filed.find},
              {"replace", filed.replace},
              {"before", filed.before.hex()},
              {"after", filed.after.hex()},
              {"release", filed.release},
              {"call_ends", filed.call_ends_s}};
  if (c.author) out["author"] = c.author->value;
  if (c.call) out["call"] = *c.call;
  return out;
}

FiledCorrection read_correction(Fields& f) {
  FiledCorrection filed;
  Correction& c = filed.correction;
  c.number = f.number("number");
  c.section = SectionId{f.text("section")};
  c.author = f.person_if_any("author");
  c.place = f.text("place");
  c.base = digest(f, "base");
  each(f, "changes", [&c](Fields& change) {
    c.changes.push_back({static_cast<std::size_t>(change.number("begin")),
                         static_cast<std::size_t>(change.number("end")), change.text("words")});
  });
  c.declared = named(f, "declared", consensus::CorrectionClass::substantive);
  each(f, "risks", [&c](Fields& risk) {
    c.risks.push_back({named(risk, "kind", consensus::RiskKind::moved), risk.text("before"), risk.text("after")});
  });
  c.flagged = f.flag("flagged");
  c.filed_s = time(f, "filed");
  c.state = named(f, "state", consensus::CorrectionState::withdrawn);
  if (const auto call = f.time_if_any("call")) c.call = static_cast<std::uint64_t>(*call);
  filed.find = f.text("find");
  filed.replace = f.text("replace");
  filed.before = digest(f, "before");
  filed.after = digest(f, "after");
  filed.release = f.text("release");
  filed.call_ends_s = time(f, "call_ends");
  return filed;
}

}  // namespace

std::string_view name_of(consensus::Unanimous unanimous) {
  return unanimous == consensus::Unanimous::none_objects ? "none_objects" : "every_member_yes";
}

std::optional<consensus::Unanimous> unanimous_from(std::string_view name) {
  for (const auto meaning : {consensus::Unanimous::none_objects, consensus::Unanimous::every_member_yes})
    if (name_of(meaning) == name) return meaning;
  return std::nullopt;
}

json closing_json(const ReleaseMade& e) {
  json printed = json::array();
  for (const PrintedSection& one : e.printed)
    printed.push_back({{"section", one.section.value},
                       {"depth", one.depth},
                       {"kind", one.kind},
                       {"status", consensus::name_of(one.status)},
                       {"settled", one.settled},
                       {"line", one.line},
                       {"short", one.short_form},
                       {"disclaimer", one.disclaimer}});
  json texts = json::array();
  for (const DecidedText& text : e.texts)
    texts.push_back({{"section", text.section.value}, {"seq", text.seq.value}, {"canonical", text.canonical}});
  return {{"bytes", e.bytes},          {"title", e.title}, {"short", e.short_form}, {"printed", std::move(printed)},
          {"texts", std::move(texts)}, {"alone", e.alone}};
}

ReleaseMade read_release(Fields& fields) {
  ReleaseMade out;
  out.bytes = fields.text("bytes");
  out.title = fields.text("title");
  out.short_form = fields.text("short");
  each(fields, "printed", [&out](Fields& f) {
    PrintedSection one;
    one.section = SectionId{f.text("section")};
    one.depth = static_cast<std::uint32_t>(f.number("depth"));
    one.kind = f.text("kind");
    const auto status = consensus::status_from(f.text("status"));
    if (!status) f.broken();
    one.status = status.value_or(consensus::Status::draft);
    one.settled = f.flag("settled");
    one.line = f.text("line");
    one.short_form = f.text("short");
    one.disclaimer = f.text("disclaimer");
    out.printed.push_back(std::move(one));
  });
  each(fields, "texts", [&out](Fields& f) {
    out.texts.push_back({SectionId{f.text("section")}, JournalSeq{f.number("seq")}, f.text("canonical")});
  });
  out.alone = fields.flag("alone");
  return out;
}

json closing_json(const WindowOpened& e) {
  return {{"report", e.report.value}, {"opened", e.opened_s}, {"ends", e.ends_s},
          {"quiet_s", e.quiet_s},     {"release", e.release}, {"unanimous", e.unanimous}};
}

WindowOpened read_window(Fields& f) {
  return {ReportId{f.text("report")}, time(f, "opened"), time(f, "ends"),
          time(f, "quiet_s"),         f.text("release"), f.text("unanimous")};
}

json closing_json(const CorrectionsSet& e) {
  json list = json::array();
  for (const FiledCorrection& one : e.corrections) list.push_back(correction_json(one));
  return {{"report", e.report.value}, {"corrections", std::move(list)}};
}

CorrectionsSet read_corrections(Fields& fields) {
  CorrectionsSet out;
  out.report = ReportId{fields.text("report")};
  each(fields, "corrections", [&out](Fields& f) { out.corrections.push_back(read_correction(f)); });
  return out;
}

json closing_json(const TransmittalRecorded& e) {
  const consensus::Transmittal& t = e.transmittal;
  return {{"report", e.report.value}, {"release", t.release}, {"checksum", t.checksum.hex()},
          {"from", t.from},           {"to", t.to},           {"at", t.at_s}};
}

TransmittalRecorded read_transmittal(Fields& f) {
  TransmittalRecorded out;
  out.report = ReportId{f.text("report")};
  out.transmittal.release = f.text("release");
  out.transmittal.checksum = digest(f, "checksum");
  out.transmittal.from = f.text("from");
  out.transmittal.to = f.text("to");
  out.transmittal.at_s = time(f, "at");
  return out;
}

}  // namespace bossey::group
