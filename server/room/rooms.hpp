// All open documents: opens them from the journal, hands them to channels and to server/group, writes snapshots, closes
// what nobody uses. Made by main, one for the process. Network thread only.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "journal/journal.hpp"
#include "net/scheduler.hpp"
#include "room/access.hpp"
#include "room/late_edits.hpp"
#include "room/room.hpp"

namespace bossey::room {

/// Limits and times, with their defaults; docs/formats/limits.md has the same table.
struct RoomsOptions {
  bool scratch = false;       ///< Serve `scratch/<anything>`.
  std::string scratch_token;  ///< Whoever shows it reads and writes every scratch document.

  std::size_t documents_open_max = 5'000;
  std::size_t scratch_documents_max = 20'000;  ///< Created since the start.
  std::size_t documents_per_socket_max = 1'000;
  std::size_t unauthenticated_documents_max = 100;      ///< A socket; else close 4205.
  std::size_t queued_before_auth_bytes_max = 5u << 20;  ///< A socket; else close 4205.
  std::size_t queued_before_auth_frames_max = 1'000;
  std::size_t held_updates_max = 10'000;  ///< A document; else close 1013.
  std::size_t held_bytes_max = 8u << 20;
  std::size_t pending_updates_max = 2'000;  ///< A document: updates whose predecessors are missing; else 4205.
  std::size_t pending_bytes_max = 4u << 20;
  std::size_t unsaved_bytes_max = 32u << 20;  ///< A document: rows waiting for the disk.
  std::size_t awareness_states_max = 2'000;   ///< A document.
  std::size_t awareness_states_per_session_max = 8;
  std::chrono::milliseconds awareness_lifetime{30'000};
  std::chrono::milliseconds ping_interval{12'000};
  std::chrono::milliseconds auth_time{15'000};  ///< From connect to the first accepted Auth; else 4408.
  std::chrono::milliseconds idle_room{60'000};  ///< A room nobody uses is closed after this.
  std::size_t snapshot_rows = 1'000;            ///< Rows since the last snapshot that make a new one due.
  std::size_t snapshot_bytes = 1u << 20;
  bool write_limits = true;  ///< WriteLimit; off for load tests, whose clients all come from one address.
};

/// Hears of changes of text, for revisions. Once per turn of the loop and document, after the change is applied.
class RoomListener {
 public:
  virtual ~RoomListener() = default;
  /// `authors`: who changed it in this turn; empty for edits without a person.
  virtual void on_change(Room& room, const std::vector<PersonId>& authors) = 0;
  /// Somebody came or went.
  virtual void on_presence(Room& room) { static_cast<void>(room); }
};

/// For /metrics.
struct RoomsCounters {
  std::uint64_t documents_open = 0;
  std::uint64_t sessions = 0;
  std::uint64_t updates = 0;
  std::uint64_t updates_refused = 0;
  std::uint64_t late_edits = 0;
  std::uint64_t frames_malformed = 0;
  std::uint64_t fanned_out = 0;
  std::uint64_t slowed = 0;  ///< Pauses in reading from whoever writes too fast.
};

class Rooms {
 public:
  using OnRoom = std::function<void(Result<std::shared_ptr<Room>>)>;

  /// `random` gives 64 random bits, for the server's client id. All references outlive this.
  Rooms(net::Scheduler& scheduler, journal::Journal& journal, AccessGate& gate, LateEdits& late_edits,
        RoomsOptions options, std::uint64_t random);
  ~Rooms();
  Rooms(const Rooms&) = delete;
  Rooms& operator=(const Rooms&) = delete;

  /// At most one; null for none. Outlives this.
  void set_listener(RoomListener* listener);

  /// Opens a document, reading it from the journal if it is not open. `done` may be called at once. Whoever keeps the
  /// pointer keeps the room open. Errors: not_found, corrupt, unavailable (too many open, shutting down).
  void open(const DocumentId& document, OnRoom done);
  /// The room if it is open now, else null.
  [[nodiscard]] std::shared_ptr<Room> find(const DocumentId& document) const;

  /// Sends a stateless message to everybody attached to a document; nothing happens if it is not open.
  void broadcast(const DocumentId& document, const std::string& json);
  /// The same to one person's sessions.
  void tell(const DocumentId& document, PersonId person, const std::string& json);

  /// A stateless message for everybody who attaches to a group's document from now on, as that nothing can be saved;
  /// empty to end it. Whoever is there already is told by `broadcast`.
  void set_standing(std::string json);

  /// Asks the gate again about every session of this person, and acts on the answer: write <-> read at once, none ends
  /// the session with PermissionDenied.
  void recheck(PersonId person);
  /// The same for every session of a document (its rules changed).
  void recheck(const DocumentId& document);
  /// This person's sessions end now: sockets close with 4401.
  void sign_out(PersonId person);

  /// No new rooms; flushes fan-out. Rows already appended are the journal's to flush.
  void stop();

  [[nodiscard]] const RoomsCounters& counters() const;
  [[nodiscard]] const RoomsOptions& options() const;

 private:
  friend class Channel;
  friend class PlainChannel;
  friend class SocketDoor;
  struct State;
  std::shared_ptr<State> state_;  ///< Shared with channels: sockets may end later than this.
};

}  // namespace bossey::room
