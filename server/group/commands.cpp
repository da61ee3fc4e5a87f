#include <algorithm>

#include "group/parts.hpp"

namespace bossey::group {

std::uint64_t Group::Parts::client_id() const {
  for (;;)
    if (const std::uint64_t id = around.random() & 0xFFFF'FFFFU; id != 0) return id;
}

std::uint64_t Group::Parts::take_proposal_number() {
  proposal_numbers_taken = std::max(proposal_numbers_taken + 1, state.next_proposal());
  return proposal_numbers_taken;
}

SectionId Group::Parts::new_section_id() const {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::size_t kLength = 12;  // 62 bits: 36^12 just fits one random number
  for (;;) {
    std::uint64_t bits = around.random();
    std::string id;
    for (std::size_t i = 0; i < kLength; ++i, bits /= kAlphabet.size()) id += kAlphabet[bits % kAlphabet.size()];
    if (SectionId section{id}; !state.report_of.contains(section)) return section;
  }
}

Result<void> check_command(const Caller& caller, consensus::Action action, const std::string& key) {
  if (!may(caller.roles, consensus::Action::read)) return fail(Errc::not_found, "No such group.");
  if (!may(caller.roles, action))
    return fail(Errc::forbidden, action == consensus::Action::decide ? "Only the chair decides."
                                                                     : "Ask the chair or the secretariat to do this.");
  if (key.size() < kKeyMin_bytes || key.size() > kKeyMax_bytes)
    return fail(Errc::bad_input, "Send a 'key' of 8 to 64 characters.");
  return {};
}

Result<std::optional<Answer>> answered(const Group::Parts& parts, const Caller& caller, const std::string& key,
                                       const Answer& asked) {
  const auto at = parts.state.answers.find({caller.person, key});
  if (at == parts.state.answers.end()) return std::nullopt;
  const Answer& first = at->second;
  const bool other = first.command != asked.command || (!asked.report.value.empty() && asked.report != first.report) ||
                     (!asked.section.value.empty() && asked.section != first.section) ||
                     (asked.number != 0 && asked.number != first.number);
  if (other) return fail(Errc::bad_input, "This key was used for another command. Send a new one.");
  return first;
}

Result<void> check_title(const std::string& title) {
  if (title.size() > kTitleMax_bytes) return fail(Errc::too_large, "Shorten the title.");
  bool has_word = false;
  for (const char c : title) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet == 0x7F) return fail(Errc::bad_input, "Write the title on one line.");
    has_word = has_word || octet > 0x20;
  }
  if (!has_word) return fail(Errc::bad_input, "Give a title of at least one word.");
  return {};
}

Result<const Report*> report_holding(const Group::Parts& parts, const ReportId& report, const SectionId& section) {
  const Report* holding = parts.state.report_with(section);
  if (holding == nullptr || holding->slug != report) return fail(Errc::not_found, "No such section.");
  return holding;
}

std::optional<KeyUse> key_use(const Caller& caller, const std::string& key, Answer answer) {
  return KeyUse{caller.person, key, std::move(answer)};
}

namespace {

void start_next(const PartsPtr& parts) {
  if (parts->busy || parts->waiting.empty()) return;
  parts->busy = true;
  const std::function<void()> job = std::move(parts->waiting.front());
  parts->waiting.pop_front();
  job();
}

}  // namespace

bool enqueue(const PartsPtr& parts, std::function<void(std::function<void()>)> job) {
  if (parts->waiting.size() >= kCommandsWaitingMax) return false;
  parts->waiting.emplace_back([parts, job = std::move(job)] {
    job([parts] {
      parts->busy = false;
      start_next(parts);
    });
  });
  start_next(parts);
  return true;
}

namespace {

OnRecorded folding(const PartsPtr& parts, std::vector<Event> events, std::int64_t time_ms, const OnRecorded& then) {
  return [parts, events = std::move(events), time_ms, then](Result<JournalSeq> seq) {
    if (seq) {
      for (const Event& event : events) {
        // It was made from this very state, and commands do not overlap.
        const Result<void> folded = apply(parts->state, event, time_ms);
        BOSSEY_CHECK(folded.has_value());
      }
    }
    then(std::move(seq));
  };
}

}  // namespace

void record(const PartsPtr& parts, std::vector<journal::Row> rows, std::vector<Event> events, const OnRecorded& then) {
  const std::int64_t time_ms = parts->around.scheduler.unix_ms();
  for (const Event& event : events) rows.emplace_back(to_row(parts->state.id, event, time_ms));
  const auto queued =
      parts->around.journal.append_group(std::move(rows), folding(parts, std::move(events), time_ms, then));
  if (!queued) then(fail(queued.error().code, queued.error().detail));
}

void record_with(const PartsPtr& parts, room::Room& room, room::Room::Edit edit, std::vector<Event> events,
                 const OnRecorded& then) {
  const std::int64_t time_ms = parts->around.scheduler.unix_ms();
  std::vector<journal::Row> rows;
  for (const Event& event : events) rows.emplace_back(to_row(parts->state.id, event, time_ms));
  room.edit_with(std::move(edit), std::nullopt, std::move(rows), folding(parts, std::move(events), time_ms, then));
}

namespace {

struct Opening {
  PartsPtr parts;
  std::vector<DocumentId> documents;
  std::vector<std::shared_ptr<room::Room>> rooms;
  OnRooms then;
};

void open_next(const std::shared_ptr<Opening>& opening) {
  if (opening->rooms.size() == opening->documents.size()) {
    opening->then(std::move(opening->rooms));
    return;
  }
  opening->parts->around.rooms->open(opening->documents[opening->rooms.size()],
                                     [opening](Result<std::shared_ptr<room::Room>> room) {
                                       if (!room) {
                                         opening->then(fail(room.error().code, room.error().detail));
                                         return;
                                       }
                                       opening->rooms.push_back(std::move(*room));
                                       open_next(opening);
                                     });
}

}  // namespace

void open_documents(const PartsPtr& parts, std::vector<DocumentId> documents, OnRooms then) {
  if (parts->around.rooms == nullptr) {
    then(fail(Errc::unavailable, "The server is starting. Try again in a moment."));
    return;
  }
  open_next(std::make_shared<Opening>(Opening{parts, std::move(documents), {}, std::move(then)}));
}

void open_rooms(const PartsPtr& parts, const std::vector<SectionId>& sections, OnRooms then) {
  std::vector<DocumentId> documents;
  for (const SectionId& section : sections) documents.push_back(document_of(section));
  open_documents(parts, std::move(documents), std::move(then));
}

}  // namespace bossey::group
