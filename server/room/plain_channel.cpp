#include "room/plain_channel.hpp"

#include <utility>

#include "sync/awareness.hpp"
#include "sync/y_websocket.hpp"

namespace bossey::room {
namespace {

struct ToClientMessage {
  Result<sync::ClientMessage> operator()(sync::SyncStep1& m) const { return sync::ClientMessage{std::move(m)}; }
  Result<sync::ClientMessage> operator()(sync::SyncStep2& m) const { return sync::ClientMessage{std::move(m)}; }
  Result<sync::ClientMessage> operator()(sync::SyncUpdate& m) const { return sync::ClientMessage{std::move(m)}; }
  Result<sync::ClientMessage> operator()(sync::AwarenessUpdate& m) const { return sync::ClientMessage{std::move(m)}; }
  Result<sync::ClientMessage> operator()(sync::QueryAwareness& m) const { return sync::ClientMessage{m}; }
  Result<sync::ClientMessage> operator()(sync::PermissionDenied&) const {
    return fail(Errc::bad_input, "PermissionDenied is sent by servers only");
  }
};

Result<sync::ClientMessage> decode(BytesView frame) {
  BOSSEY_TRY(sync::PlainMessage message, sync::decode_plain(frame));
  return std::visit(ToClientMessage{}, message);
}

net::CloseCode code_of(const Error& error) {
  switch (error.code) {
    case Errc::signed_out:
      return net::CloseCode::unauthorized;
    case Errc::unavailable:
    case Errc::io:
      return net::CloseCode::overloaded;
    default:
      return net::CloseCode::forbidden;
  }
}

}  // namespace

PlainChannel::PlainChannel(std::shared_ptr<Rooms::State> rooms, std::shared_ptr<net::Outbox> outbox,
                           DocumentId document)
    : rooms_(std::move(rooms)),
      outbox_(std::move(outbox)),
      document_(std::move(document)),
      opened_ms_(rooms_->scheduler.now_ms()),
      pinged_ms_(opened_ms_) {
  rooms_->channels.insert(this);
}

PlainChannel::~PlainChannel() {
  rooms_->channels.erase(this);
}

void PlainChannel::authenticate(Credentials credentials) {
  address_ = credentials.remote_address;
  rooms_->admit(document_, credentials, [weak = weak_from_this()](Result<Admitted> admitted) {
    if (const auto self = weak.lock()) self->on_admitted(std::move(admitted));
  });
}

void PlainChannel::on_admitted(Result<Admitted> admitted) {
  if (!outbox_->is_open()) return;
  if (!admitted) return refuse(code_of(admitted.error()), admitted.error().detail);
  room_ = std::move(admitted->room);
  session_ = std::make_shared<Session>(rooms_->next_session++, std::move(admitted->identity), admitted->access,
                                       Framing::plain, document_.value, outbox_, *this);
  const std::shared_ptr<Room> room = room_;
  const std::shared_ptr<Session> session = session_;
  room->parts_->attach(session);
  queued_bytes_ = 0;
  for (sync::ClientMessage& message : std::exchange(queue_, {})) room->parts_->receive(session, std::move(message));
}

void PlainChannel::refuse(net::CloseCode code, const std::string& reason) {
  outbox_->send(std::make_shared<const Bytes>(sync::encode_plain(sync::PermissionDenied{reason})));
  outbox_->close(code, reason);
}

void PlainChannel::on_frame(BytesView frame) {
  rooms_->count_frame(session_ ? session_->identity.person : std::nullopt, address_, frame.size(), *outbox_);
  auto message = decode(frame);
  if (!message) {
    ++rooms_->counters.frames_malformed;
    const bool large = message.error().code == Errc::too_large;
    return outbox_->close(large ? net::CloseCode::too_big : net::CloseCode::bad_frame, message.error().detail);
  }
  if (session_) {
    const std::shared_ptr<Room> room = room_;
    return room->parts_->receive(session_, std::move(*message));
  }
  queued_bytes_ += frame.size();
  queue_.push_back(std::move(*message));
  if (queue_.size() > rooms_->options.queued_before_auth_frames_max ||
      queued_bytes_ > rooms_->options.queued_before_auth_bytes_max)
    outbox_->close(net::CloseCode::reset, "too much was sent before authentication");
}

void PlainChannel::on_writable() {
  if (session_) room_->parts_->send_owed_text(*session_);
}

void PlainChannel::on_closed() {
  rooms_->channels.erase(this);
  if (session_) room_->parts_->detach(*session_);
  session_.reset();
  room_.reset();
}

void PlainChannel::tick(std::int64_t now_ms) {
  if (!session_ && now_ms - opened_ms_ > rooms_->options.auth_time.count())
    return outbox_->close(net::CloseCode::timed_out, "authentication took too long");
  if (now_ms - pinged_ms_ < rooms_->options.ping_interval.count()) return;
  pinged_ms_ = now_ms;
  // This framing has no ping, and its client takes 30 s of silence for the end: tell it of no states at all.
  if (session_) session_->send(sync::AwarenessUpdate{sync::encode_awareness({})});
}

void PlainChannel::sign_out(PersonId person) {
  if (session_ && session_->identity.person == person)
    outbox_->close(net::CloseCode::unauthorized, "this session has ended; sign in again");
}

void PlainChannel::on_denied(Session& /*session*/, const std::string& reason) {
  session_.reset();
  room_.reset();
  refuse(net::CloseCode::forbidden, reason);
}

}  // namespace bossey::room
