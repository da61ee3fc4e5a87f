#include "room/channel.hpp"

#include <algorithm>
#include <utility>

namespace bossey::room {
namespace {

/// Octets that a queued message keeps alive.
std::size_t size_of(const sync::ClientMessage& message) {
  struct Size {
    std::size_t operator()(const sync::SyncStep1& m) const { return m.state_vector.size(); }
    std::size_t operator()(const sync::SyncStep2& m) const { return m.update.size(); }
    std::size_t operator()(const sync::SyncUpdate& m) const { return m.update.size(); }
    std::size_t operator()(const sync::AwarenessUpdate& m) const { return m.update.size(); }
    std::size_t operator()(const sync::QueryAwareness&) const { return 0; }
    std::size_t operator()(const sync::AuthToken& m) const { return m.token.size(); }
    std::size_t operator()(const sync::Stateless& m) const { return m.payload.size(); }
    std::size_t operator()(const sync::CloseAddress& m) const { return m.reason.size(); }
    std::size_t operator()(const sync::Ping&) const { return 0; }
    std::size_t operator()(const sync::Pong&) const { return 0; }
  };
  return std::visit(Size{}, message);
}

}  // namespace

Channel::Channel(std::shared_ptr<Rooms::State> rooms, std::shared_ptr<net::Outbox> outbox, Credentials credentials)
    : rooms_(std::move(rooms)),
      outbox_(std::move(outbox)),
      credentials_(std::move(credentials)),
      opened_ms_(rooms_->scheduler.now_ms()),
      pinged_ms_(opened_ms_) {
  rooms_->channels.insert(this);
}

Channel::~Channel() {
  rooms_->channels.erase(this);
}

void Channel::send(const std::string& address, const sync::ServerMessage& message) {
  outbox_->send(std::make_shared<const Bytes>(sync::encode(sync::ServerFrame{address, message})));
}

void Channel::on_frame(BytesView frame) {
  rooms_->count_frame(person_, credentials_.remote_address, frame.size(), *outbox_);
  auto decoded = sync::decode_client_frame(frame);
  if (!decoded) {
    ++rooms_->counters.frames_malformed;
    const bool large = decoded.error().code == Errc::too_large;
    return outbox_->close(large ? net::CloseCode::too_big : net::CloseCode::bad_frame, decoded.error().detail);
  }
  if (std::holds_alternative<sync::Ping>(decoded->message)) return send({}, sync::Pong{});
  if (std::holds_alternative<sync::Pong>(decoded->message)) return;
  on_message(decoded->address, std::move(decoded->message));
}

void Channel::on_message(const std::string& address, sync::ClientMessage&& message) {
  if (std::holds_alternative<sync::CloseAddress>(message)) return close_address(address);
  auto at = places_.find(address);
  if (at == places_.end()) {
    if (!has_place()) return;
    at = places_.emplace(address, Place{}).first;
  }
  Place& place = at->second;
  if (const auto* auth = std::get_if<sync::AuthToken>(&message)) return authenticate(address, place, *auth);
  switch (place.stage) {
    case Stage::waiting:
    case Stage::checking:
      return queue(place, std::move(message));
    case Stage::attached: {
      const std::shared_ptr<Room> room = place.room;
      const std::shared_ptr<Session> session = place.session;
      return room->parts_->receive(session, std::move(message));
    }
    case Stage::denied:
      return;
  }
}

bool Channel::has_place() {
  const RoomsOptions& options = rooms_->options;
  if (places_.size() >= options.documents_per_socket_max) {
    outbox_->close(net::CloseCode::reset, "too many documents on one socket");
    return false;
  }
  const auto waiting = static_cast<std::size_t>(std::count_if(
      places_.begin(), places_.end(), [](const auto& one) { return one.second.stage == Stage::waiting; }));
  if (waiting < options.unauthenticated_documents_max) return true;
  outbox_->close(net::CloseCode::reset, "too many documents without authentication");
  return false;
}

void Channel::queue(Place& place, sync::ClientMessage&& message) {
  const RoomsOptions& options = rooms_->options;
  ++queued_frames_;
  queued_bytes_ += size_of(message);
  place.queue.push_back(std::move(message));
  // Whoever has been let in already may have more to say: a page that comes back with many documents.
  const std::size_t factor = ever_attached_ ? 8 : 1;
  if (queued_frames_ > options.queued_before_auth_frames_max * factor ||
      queued_bytes_ > options.queued_before_auth_bytes_max * factor)
    outbox_->close(net::CloseCode::reset, "too much was sent before authentication");
}

void Channel::forget_queue(Place& place) {
  queued_frames_ -= place.queue.size();
  for (const sync::ClientMessage& message : place.queue) queued_bytes_ -= size_of(message);
  place.queue.clear();
}

void Channel::authenticate(const std::string& address, Place& place, const sync::AuthToken& auth) {
  place.attempt = ++attempts_;
  if (place.stage != Stage::attached) place.stage = Stage::checking;
  Credentials credentials = credentials_;
  credentials.token = auth.token;
  const DocumentId document{std::string(sync::document_of(address))};
  rooms_->admit(document, credentials,
                [weak = weak_from_this(), address, attempt = place.attempt](Result<Admitted> admitted) {
                  if (const auto self = weak.lock()) self->on_admitted(address, attempt, std::move(admitted));
                });
}

void Channel::on_admitted(const std::string& address, std::uint64_t attempt, Result<Admitted> admitted) {
  const auto at = places_.find(address);
  if (at == places_.end() || at->second.attempt != attempt || !outbox_->is_open()) return;
  Place& place = at->second;
  if (!admitted) return deny(address, place, admitted.error());
  if (place.stage != Stage::attached) return attach(address, place, std::move(*admitted));
  // A token sent again: the session goes on, perhaps with other rights.
  place.session->identity = std::move(admitted->identity);
  place.session->access = admitted->access;
  send(address, sync::Authenticated{admitted->access != Access::write});
}

void Channel::attach(const std::string& address, Place& place, Admitted admitted) {
  place.stage = Stage::attached;
  ever_attached_ = true;
  person_ = admitted.identity.person;
  place.room = std::move(admitted.room);
  place.session = std::make_shared<Session>(rooms_->next_session++, std::move(admitted.identity), admitted.access,
                                            Framing::hocuspocus, address, outbox_, *this);
  const std::shared_ptr<Room> room = place.room;
  const std::shared_ptr<Session> session = place.session;
  std::deque<sync::ClientMessage> queue = place.queue;
  forget_queue(place);
  room->parts_->attach(session);
  for (sync::ClientMessage& message : queue) room->parts_->receive(session, std::move(message));
}

void Channel::deny(const std::string& address, Place& place, const Error& error) {
  // Not the client's fault, and it should try again by itself.
  if (error.code == Errc::unavailable || error.code == Errc::io)
    return outbox_->close(net::CloseCode::overloaded, error.detail);
  forget_queue(place);
  if (place.stage == Stage::attached) {
    place.room->parts_->detach(*place.session);
    place.room.reset();
    place.session.reset();
  }
  place.stage = Stage::denied;
  send(address, sync::PermissionDenied{error.detail});
}

void Channel::close_address(const std::string& address) {
  const auto at = places_.find(address);
  if (at == places_.end()) return;
  forget_queue(at->second);
  if (at->second.stage == Stage::attached) at->second.room->parts_->detach(*at->second.session);
  places_.erase(at);
  send(address, sync::CloseAddress{"provider_initiated"});
}

void Channel::on_denied(Session& session, const std::string& reason) {
  const auto at = places_.find(session.address);
  if (at == places_.end()) return;
  send(session.address, sync::PermissionDenied{reason});
  at->second.stage = Stage::denied;
  at->second.room.reset();
  at->second.session.reset();
}

void Channel::on_writable() {
  // Copied: sending may end the socket, and with it the places.
  std::vector<std::pair<std::shared_ptr<Room>, std::shared_ptr<Session>>> owed;
  for (const auto& [address, place] : places_)
    if (place.stage == Stage::attached && place.session->owed_text) owed.emplace_back(place.room, place.session);
  for (const auto& [room, session] : owed) room->parts_->send_owed_text(*session);
}

void Channel::on_closed() {
  rooms_->channels.erase(this);
  for (const auto& [address, place] : std::exchange(places_, {}))
    if (place.stage == Stage::attached) place.room->parts_->detach(*place.session);
}

void Channel::tick(std::int64_t now_ms) {
  const RoomsOptions& options = rooms_->options;
  if (!ever_attached_ && now_ms - opened_ms_ > options.auth_time.count())
    return outbox_->close(net::CloseCode::timed_out, "no authentication came");
  if (now_ms - pinged_ms_ < options.ping_interval.count()) return;
  pinged_ms_ = now_ms;
  send({}, sync::Ping{});
}

void Channel::sign_out(PersonId person) {
  const bool theirs = std::any_of(places_.begin(), places_.end(), [&](const auto& one) {
    return one.second.session && one.second.session->identity.person == person;
  });
  if (theirs) outbox_->close(net::CloseCode::unauthorized, "this session has ended; sign in again");
}

}  // namespace bossey::room
