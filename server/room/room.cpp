#include "room/room.hpp"

#include <utility>

#include "document/canonical.hpp"
#include "document/content_hash.hpp"
#include "document/section_document.hpp"
#include "room/room_parts.hpp"

namespace bossey::room {

RoomParts::RoomParts(Surroundings& surroundings, DocumentId name, DocumentKind what,
                     std::optional<std::uint64_t> decision)
    : around(surroundings),
      document(std::move(name)),
      kind(what),
      doc(crdt::ClientId{surroundings.server_client}),
      closed_by(decision),
      idle_since_ms(surroundings.scheduler.now_ms()),
      presence(surroundings.options.awareness_states_max, surroundings.options.awareness_states_per_session_max),
      own_client_{surroundings.server_client} {}

bool RoomParts::is_idle() const {
  return sessions.empty() && !editing_ && edits_.empty() && !held && durable >= last_appended &&
         durable_waiters_.empty() && !flush_posted_;
}

Room::Room(std::unique_ptr<RoomParts> parts) : parts_(std::move(parts)) {}

Room::~Room() = default;

const DocumentId& Room::document() const {
  return parts_->document;
}

DocumentKind Room::kind() const {
  return parts_->kind;
}

document::Section Room::section() const {
  return document::read_section(parts_->doc);
}

Result<std::string> Room::canonical() const {
  return document::write_canonical(section());
}

Result<Sha256> Room::text_id() const {
  BOSSEY_TRY(const std::string text, canonical());
  return document::text_id(text);
}

Result<Sha256> Room::content_hash() const {
  return document::content_hash(parts_->doc);
}

const crdt::Doc& Room::doc() const {
  return parts_->doc;
}

Bytes Room::full_update() const {
  return parts_->doc.encode_state_as_update();
}

JournalSeq Room::last_seq() const {
  return parts_->last_applied;
}

std::int64_t Room::last_change_ms() const {
  return parts_->last_change_ms;
}

void Room::when_durable(OnDurable done) {
  if (parts_->durable >= parts_->last_appended) return done(parts_->last_applied);
  parts_->durable_waiters_.emplace_back(parts_->last_appended, std::move(done));
}

void Room::hold() {
  parts_->held = true;
}

void Room::release() {
  if (parts_->held) parts_->release_held();
}

void Room::close(std::uint64_t decision) {
  parts_->closed_by = decision;
  parts_->broadcast(sync::Stateless{R"({"type":"closed","decision":)" + std::to_string(decision) + "}"});
  parts_->release_held();
}

void Room::open(std::uint64_t decision) {
  parts_->closed_by.reset();
  parts_->broadcast(sync::Stateless{R"({"type":"opened","decision":)" + std::to_string(decision) + "}"});
  parts_->release_held();
}

bool Room::is_held() const {
  return parts_->held;
}

bool Room::is_closed() const {
  return parts_->closed_by.has_value();
}

std::optional<std::uint64_t> Room::closed_by() const {
  return parts_->closed_by;
}

void Room::edit(Edit edit, std::optional<PersonId> person, OnDurable done) {
  parts_->edit({std::move(edit), person, std::move(done)});
}

void Room::edit_with(Edit edit, std::optional<PersonId> person, std::vector<journal::Row> rows, OnDurable done) {
  parts_->edit({std::move(edit), person, std::move(done), std::move(rows)});
}

void Room::correct(Edit edit, With with, OnDurable done) {
  parts_->edit({std::move(edit), std::nullopt, std::move(done), {}, std::move(with)});
}

std::vector<Present> Room::present() const {
  std::vector<Present> present;
  for (const std::shared_ptr<Session>& session : parts_->sessions)
    present.push_back({session->identity, session->access});
  return present;
}

void Room::broadcast(const std::string& json) {
  parts_->broadcast(sync::Stateless{json});
}

void Room::tell(PersonId person, const std::string& json) {
  for (const std::shared_ptr<Session>& session : parts_->sessions)
    if (session->identity.person == person) session->send(sync::Stateless{json});
}

}  // namespace bossey::room
