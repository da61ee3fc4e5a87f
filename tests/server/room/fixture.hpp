// Rooms with a real journal and engine, a clock turned by hand, and clients without sockets: for tests of server/room.
#pragma once

#include <doctest/doctest.h>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "crdt/doc.hpp"
#include "journal/journal.hpp"
#include "lib0/encoder.hpp"
#include "lib0/limits.hpp"
#include "net/scheduler.hpp"
#include "net/socket.hpp"
#include "room/rooms.hpp"
#include "room/socket_door.hpp"
#include "sync/awareness.hpp"
#include "sync/hocuspocus.hpp"
#include "sync/y_websocket.hpp"

namespace bossey::test {

/// Work is run by run_posted(); time passes by advance().
class HandScheduler final : public net::Scheduler {
 public:
  void post(std::function<void()> work) override {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(work));
    wake_.notify_all();
  }
  std::unique_ptr<net::Timer> after(std::chrono::milliseconds delay, std::function<void()> work) override {
    struct HandTimer final : net::Timer {
      std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>>* timers = nullptr;
      std::pair<std::int64_t, std::uint64_t> key;
      ~HandTimer() override { timers->erase(key); }
    };
    auto timer = std::make_unique<HandTimer>();
    timer->timers = &timers_;
    timer->key = {now_ms_ + delay.count(), ++made_};
    timers_[timer->key] = std::move(work);
    return timer;
  }
  std::int64_t now_ms() const override { return now_ms_; }
  std::int64_t unix_ms() const override { return 1'119'000'000'000 + now_ms_; }
  bool on_network_thread() const override { return true; }

  /// Runs what is posted, also by what it runs. True if anything was.
  bool run_posted() {
    bool ran = false;
    while (true) {
      std::function<void()> work;
      {
        const std::lock_guard lock(mutex_);
        if (posted_.empty()) return ran;
        work = std::move(posted_.front());
        posted_.pop_front();
      }
      work();
      ran = true;
    }
  }
  /// Runs posted work until `done`; other threads post.
  void run_until(const std::function<bool()>& done) {
    while (!done()) {
      if (run_posted()) continue;
      std::unique_lock lock(mutex_);
      REQUIRE(wake_.wait_for(lock, std::chrono::seconds(20), [&] { return !posted_.empty(); }));
    }
  }
  void advance(std::int64_t by_ms) {
    const std::int64_t until = now_ms_ + by_ms;
    while (!timers_.empty() && timers_.begin()->first.first <= until) {
      const auto first = timers_.begin();
      now_ms_ = std::max(now_ms_, first->first.first);
      const std::function<void()> work = std::move(first->second);
      timers_.erase(first);
      work();
      run_posted();
    }
    now_ms_ = until;
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> posted_;
  std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> timers_;
  std::uint64_t made_ = 0;
  std::int64_t now_ms_ = 1'000;
};

class KeptOutbox final : public net::Outbox {
 public:
  void send(std::shared_ptr<const Bytes> message) override {
    if (open) frames.push_back(*message);
  }
  void close(net::CloseCode code, std::string why) override {
    if (!open) return;
    open = false;
    closed_with = code;
    reason = std::move(why);
  }
  std::size_t buffered_bytes() const override { return buffered; }
  bool is_open() const override { return open; }

  std::deque<Bytes> frames;
  bool open = true;
  std::size_t buffered = 0;
  std::optional<net::CloseCode> closed_with;
  std::string reason;
};

class TestGate final : public room::AccessGate {
 public:
  void authenticate(room::Credentials credentials, std::function<void(Result<room::Identity>)> done) override {
    if (slow) {
      waiting.push_back([this, credentials, done] { done(identify(credentials)); });
    } else {
      done(identify(credentials));
    }
  }
  room::Access access(const room::Identity& identity, const DocumentId& document) override {
    const auto at = rights.find({identity.person ? identity.person->value : 0, document.value});
    if (at != rights.end()) return at->second;
    return document.value.starts_with("section/s") || document.value.starts_with("group/") ? room::Access::write
                                                                                           : room::Access::none;
  }
  Result<room::DocumentFacts> facts(const DocumentId& document) override {
    if (document.value.starts_with("group/")) return room::DocumentFacts{room::DocumentKind::events, std::nullopt};
    if (!document.value.starts_with("section/s")) return fail(Errc::not_found, "no such section");
    return room::DocumentFacts{room::DocumentKind::section, closed};
  }

  /// Tokens are "person 1" to "person 9".
  Result<room::Identity> identify(const room::Credentials& credentials) const {
    if (!credentials.token.starts_with("person ") || ended.contains(credentials.token))
      return fail(Errc::signed_out, "sign in first");
    const std::uint64_t number = static_cast<std::uint64_t>(credentials.token.back() - '0');
    return room::Identity{PersonId{number}, "Person " + std::to_string(number), "#11223" + std::to_string(number), {}};
  }

  std::map<std::pair<std::uint64_t, std::string>, room::Access> rights;
  std::set<std::string> ended;  ///< Tokens that are known no more.
  std::optional<std::uint64_t> closed;
  bool slow = false;
  std::vector<std::function<void()>> waiting;
};

class TestLateEdits final : public room::LateEdits {
 public:
  Result<room::LateProposal> proposal_for(const room::LateEdit& edit) override {
    if (full) return fail(full_code, "no more proposals");
    const auto key = std::pair{edit.person ? edit.person->value : 0, edit.decision};
    if (edit.brings == room::LateWords::signs && !numbers.contains(key)) return fail(Errc::not_found, "none is open");
    const auto number = numbers.emplace(key, 14 + numbers.size()).first->second;
    return room::LateProposal{number, std::to_string(number),
                              "Your words are kept as proposal " + std::to_string(number)};
  }
  void late_edit_kept(const room::LateEdit& edit, const room::LateProposal& proposal, JournalSeq seq) override {
    kept.push_back({edit.person ? edit.person->value : 0, proposal.number, seq});
  }

  struct Kept {
    std::uint64_t person;
    std::uint64_t proposal;
    JournalSeq seq;
  };
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> numbers;
  std::vector<Kept> kept;
  bool full = false;
  Errc full_code = Errc::too_large;
};

class Listener final : public room::RoomListener {
 public:
  void on_change(room::Room&, const std::vector<PersonId>& who) override {
    ++changes;
    authors = who;
  }
  int changes = 0;
  std::vector<PersonId> authors;
};

/// The server's side, on a folder that outlives it if the test says so.
struct World {
  explicit World(room::RoomsOptions options = {}, std::filesystem::path folder = {})
      : folder(folder.empty() ? fresh_folder() : std::move(folder)), options_(std::move(options)) {
    start();
  }
  ~World() {
    stop();
    std::error_code ignored;
    if (!keep_folder) std::filesystem::remove_all(folder, ignored);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  static std::filesystem::path fresh_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "bossey-room-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    return name;
  }
  void start() {
    journal::Options journal_options;
    journal_options.post = [this](std::function<void()> work) { scheduler.post(std::move(work)); };
    auto opened = journal::Journal::open(folder / "journal.sqlite", std::move(journal_options));
    REQUIRE(opened);
    journal = std::move(*opened);
    rooms = std::make_unique<room::Rooms>(scheduler, *journal, gate, late, options_, 0x1234567 + ++starts);
    rooms->set_listener(&listener);
    door = std::make_unique<room::SocketDoor>(*rooms);
  }
  void stop() {
    if (!rooms) return;
    rooms->stop();
    static_cast<void>(journal->close(std::chrono::seconds(5)));
    scheduler.run_posted();
    door.reset();
    rooms.reset();
    journal.reset();
  }
  /// As after a crash: nothing is kept but the journal.
  void restart() {
    stop();
    start();
  }
  /// Waits until the journal's threads have answered everything asked so far, and runs what they post.
  void barrier() {
    bool written = false;
    bool read = false;
    journal->when_durable([&](Result<void>) { written = true; });
    journal->read<int>([](journal::Reader&) { return Result<int>(0); }, [&](Result<int>) { read = true; });
    scheduler.run_until([&] { return written && read; });
    scheduler.run_posted();
  }
  std::shared_ptr<room::Room> room(const std::string& document) {
    std::shared_ptr<room::Room> opened;
    rooms->open({document}, [&](Result<std::shared_ptr<room::Room>> result) {
      REQUIRE(result);
      opened = *result;
    });
    scheduler.run_until([&] { return opened != nullptr; });
    return opened;
  }

  std::filesystem::path folder;
  bool keep_folder = false;
  HandScheduler scheduler;
  TestGate gate;
  TestLateEdits late;
  Listener listener;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<room::Rooms> rooms;
  std::unique_ptr<room::SocketDoor> door;
  std::uint64_t starts = 0;

 private:
  room::RoomsOptions options_;
};

/// A Yjs client in the Hocuspocus framing: a document, and what it heard.
class Client {
 public:
  Client(World& world, std::uint64_t client_id, std::string token, std::string address = "section/s1")
      : doc(crdt::ClientId{client_id}), address_(std::move(address)), token_(std::move(token)), world_(world) {
    watch();
  }
  ~Client() { disconnect(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Opens a socket and sends what the provider sends at once: Auth, SyncStep1.
  void connect() {
    open();
    send(sync::AuthToken{token_, "4.8.0"});
    send(sync::SyncStep1{doc.encode_state_vector()});
  }
  /// Only the socket.
  void open() {
    outbox = std::make_shared<KeptOutbox>();
    net::HttpRequest request;
    request.method = "GET";
    request.path = {"sync"};
    auto accepted = world_.door->accept(request, outbox);
    REQUIRE(accepted);
    peer = *accepted;
  }
  void disconnect() {
    if (!peer) return;
    outbox->open = false;
    peer->on_closed();
    peer.reset();
  }
  /// Forgets the document, as a page that loads afresh.
  void reload(std::uint64_t client_id) {
    disconnect();
    doc = crdt::Doc(crdt::ClientId{client_id});
    watch();
    heard.clear();
    connect();
  }
  /// Another document on the same connection and address.
  void start_again(std::uint64_t client_id) {
    doc = crdt::Doc(crdt::ClientId{client_id});
    watch();
    send(sync::AuthToken{token_, "4.8.0"});
    send(sync::SyncStep1{doc.encode_state_vector()});
  }
  void send(sync::ClientMessage message) { send_raw(sync::encode(sync::ClientFrame{address_, std::move(message)})); }
  void send_raw(const Bytes& frame) {
    if (peer && outbox->open) peer->on_frame(frame);
  }
  /// Types at the end of the title.
  void type(const std::string& text) {
    auto title = doc.text("title");
    REQUIRE(title.insert(title.length_utf16(), text));
  }
  void erase(std::uint64_t index, std::uint64_t length) { REQUIRE(doc.text("title").remove(index, length)); }
  std::string text() { return doc.text("title").plain(); }

  /// Acts on what arrived. True if anything had.
  bool process() {
    if (!outbox || outbox->frames.empty()) return false;
    while (!outbox->frames.empty()) {
      const Bytes frame = std::move(outbox->frames.front());
      outbox->frames.pop_front();
      auto decoded = sync::decode_server_frame(frame);
      REQUIRE(decoded);
      if (!decoded->address.empty()) CHECK(decoded->address == address_);
      act(decoded->message);
      heard.push_back(std::move(decoded->message));
    }
    return true;
  }
  template <class Message>
  std::vector<Message> all() const {
    std::vector<Message> found;
    for (const auto& message : heard)
      if (const auto* one = std::get_if<Message>(&message)) found.push_back(*one);
    return found;
  }
  /// SyncStatus so far as text: "110".
  std::string statuses() const {
    std::string text;
    for (const auto& status : all<sync::SyncStatus>()) text.push_back(status.applied ? '1' : '0');
    return text;
  }
  bool heard_stateless(const std::string& part) const {
    for (const auto& message : all<sync::Stateless>())
      if (message.payload.find(part) != std::string::npos) return true;
    return false;
  }

  crdt::Doc doc;
  std::shared_ptr<KeptOutbox> outbox;
  std::shared_ptr<net::SocketPeer> peer;
  std::vector<sync::ServerMessage> heard;
  bool quiet = false;  ///< Edits are not sent, as while offline.

 private:
  void watch() {
    doc.on_update([this](const crdt::UpdateEvent& event) {
      if (event.local && !quiet) send(sync::SyncUpdate{event.encode()});
    });
  }
  void act(const sync::ServerMessage& message) {
    if (const auto* step1 = std::get_if<sync::SyncStep1>(&message)) {
      const auto known = crdt::StateVector::decode(step1->state_vector);
      REQUIRE(known);
      send(sync::SyncStep2{doc.encode_state_as_update(*known)});
    } else if (const auto* step2 = std::get_if<sync::SyncStep2>(&message)) {
      REQUIRE(doc.apply_update(step2->update));
    } else if (const auto* update = std::get_if<sync::SyncUpdate>(&message)) {
      REQUIRE(doc.apply_update(update->update));
    } else if (std::holds_alternative<sync::Ping>(message)) {
      send(sync::Pong{});
    }
  }

  std::string address_;
  std::string token_;
  World& world_;
};

/// More deletions of structs that nobody has than a document keeps waiting: well-formed, and refused by the engine.
inline Bytes too_many_deletes() {
  constexpr std::uint64_t ranges = limits::kPendingDeletesMax + 1;
  lib0::Encoder out;
  for (const unsigned number : {0U, 1U, 77U}) out.var_uint(number);  // no structs; deletions of one client
  out.var_uint(ranges);
  for (std::uint64_t i = 0; i < ranges; ++i) {
    out.var_uint(2 * i);
    out.var_uint(1);
  }
  return out.take();
}

/// Lets everything happen that is under way.
inline void settle(World& world, const std::vector<Client*>& clients) {
  int still = 0;
  while (still < 3) {
    world.barrier();
    bool moved = false;
    for (Client* client : clients) moved = client->process() || moved;
    still = moved ? 0 : still + 1;
  }
}

/// Two people at one section, not yet connected.
struct TwoClients {
  World world;
  Client anna{world, 1, "person 1"};
  Client bela{world, 2, "person 2"};
};

/// The same, connected and with the stored text.
struct TwoWriters : TwoClients {
  TwoWriters() {
    anna.connect();
    bela.connect();
    settle(world, {&anna, &bela});
  }
};

/// One person, connected and with the stored text.
struct OneWriter {
  OneWriter() {
    anna.connect();
    settle(world, {&anna});
  }
  World world;
  Client anna{world, 1, "person 1"};
};

}  // namespace bossey::test
