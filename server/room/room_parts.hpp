// The inside of a room: its state, and what happens to it in a turn of the loop. Used by the sources of server/room
// only. receive.cpp brings updates in, late.cpp keeps late edits, swallowed.cpp words that land in nothing, sending.cpp
// fans out and answers, edits.cpp makes the server's own edits, room.cpp is the outside.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crdt/doc.hpp"
#include "crdt/id.hpp"
#include "crdt/swallowed.hpp"
#include "journal/journal.hpp"
#include "net/scheduler.hpp"
#include "room/late_edits.hpp"
#include "room/late_ledger.hpp"
#include "room/presence.hpp"
#include "room/room.hpp"
#include "room/rooms.hpp"
#include "room/session.hpp"

namespace bossey::room {

/// What all rooms share. Outlives them.
struct Surroundings {
  net::Scheduler& scheduler;
  journal::Journal& journal;
  AccessGate& gate;
  LateEdits& late_edits;
  RoomsOptions options;
  std::uint64_t server_client = 0;  ///< Client id of the server's own edits: random, new with each start.
  RoomListener* listener = nullptr;
  RoomsCounters counters;
  bool stopping = false;
  std::string standing;  ///< JSON told to whoever attaches to a group's document; empty for nothing.
};

class RoomParts {
 public:
  RoomParts(Surroundings& around, DocumentId document, DocumentKind kind, std::optional<std::uint64_t> closed_by);
  RoomParts(const RoomParts&) = delete;
  RoomParts& operator=(const RoomParts&) = delete;
  ~RoomParts() = default;

  // --- Opening (opening.cpp) ---

  /// Takes what the journal has. A row that cannot be applied is passed over: it was never acknowledged.
  [[nodiscard]] Result<void> load(const journal::Loaded& loaded, const std::vector<journal::StoredLate>& late);
  /// Watches the document; after load.
  void start(Room& room);

  // --- Sessions (sending.cpp) ---

  void attach(std::shared_ptr<Session> session);
  void detach(Session& session);
  /// Asks the gate again; ends or changes the session.
  void recheck(const std::shared_ptr<Session>& session);
  /// Sends what was put off while the outbox was full.
  void send_owed_text(Session& session);
  void broadcast(const sync::ServerMessage& message);
  void flush_soon();
  void flush();
  void tick();

  // --- Frames (receive.cpp) ---

  void receive(const std::shared_ptr<Session>& session, sync::ClientMessage&& message);
  void release_held();

  // --- Late edits (late.cpp) ---

  /// Whether the update may not enter though the document is open, with the decision it came after.
  [[nodiscard]] std::optional<std::uint64_t> late_after(const Session& session, BytesView update) const;
  void keep_late(Session& session, BytesView update, std::uint64_t decision);
  /// Words that landed in nothing and where they are kept; see swallowed.cpp.
  struct KeptWords {
    LateEdit edit;
    LateProposal proposal;
    Bytes words;       ///< As an update.
    std::string told;  ///< To the author, once it is on disk.
  };
  /// To be asked before the update is applied: what of its words would stand in no text, if any.
  [[nodiscard]] Result<std::optional<KeptWords>> find_swallowed(const Session& session, BytesView update);
  /// The row of the update and that of its words, both or none. The number of the update's.
  [[nodiscard]] Result<JournalSeq> append_with_words(Bytes update, const KeptWords& kept);
  /// Words that were kept and that their author, who has not heard yet that they landed in nothing, deletes again.
  void take_back_words(const Session& session, BytesView update);
  void remember_kept(const std::string& proposal, std::optional<PersonId> person, BytesView words);
  /// At a SyncStep1: nothing of a client whose state has late edits is applied; of others' it is told at once.
  void notice_holder(Session& session, const crdt::StateVector& client);

  // --- Own edits (edits.cpp) ---

  struct EditJob {
    Room::Edit edit;
    std::optional<PersonId> person;
    Room::OnDurable done;
    std::vector<journal::Row> rows{};  ///< In the same transaction.
    Room::With with{};                 ///< Set: a correction.
  };
  void edit(EditJob job);

  [[nodiscard]] bool is_idle() const;
  void snapshot_if_due(std::size_t rows_min);

  Surroundings& around;
  const DocumentId document;
  const DocumentKind kind;
  crdt::Doc doc;
  std::optional<std::uint64_t> closed_by;
  bool held = false;

  JournalSeq last_applied;   ///< Last row in `doc`.
  JournalSeq last_appended;  ///< Last row of this document, late ones too.
  JournalSeq durable;        ///< Of those.
  std::int64_t last_change_ms = 0;
  std::int64_t idle_since_ms = 0;
  std::vector<std::shared_ptr<Session>> sessions;
  Presence presence;
  LateLedger ledger;

 private:
  friend class Room;

  struct Held {
    std::shared_ptr<Session> session;
    Bytes update;
    bool typed = false;  ///< It came as an Update, not as the answer to a SyncStep1.
  };
  /// The units of kept words that stand in an open or withdrawn proposal.
  struct KeptUnits {
    std::string proposal;
    std::optional<PersonId> person;
    crdt::WordUnits units;
  };
  struct PutOff {
    Held held;
    crdt::Id gap;  ///< Taken when all before this is known.
  };
  /// A whole state is encoded once for all who come while nothing changes.
  struct FullState {
    std::uint64_t version = 0;
    std::array<std::shared_ptr<const Bytes>, 2> frames;  ///< By framing, for the document's plain address.
  };

  void on_update(const crdt::UpdateEvent& event);
  [[nodiscard]] Result<JournalSeq> append(Bytes update, std::optional<PersonId> person, std::uint64_t session);
  [[nodiscard]] std::optional<crdt::Id> gap_before(const Bytes& update) const;
  void put_off(Held&& one, crdt::Id gap);
  void retry_put_off();
  void drop_put_off(const Session& session);
  void settle_durable_waiters(const Error* error);
  [[nodiscard]] journal::Journal::OnDurable on_row_durable(std::size_t bytes);

  void on_step1(Session& session, const sync::SyncStep1& step);
  void on_update_frame(Held&& one);
  /// Writes wait: for a decision, or until an edit of the server's own is in the document that it was made for.
  [[nodiscard]] bool writes_wait() const { return held || editing_; }
  void on_stateless(Session& session, const std::string& payload);
  void refuse_reader(Session& session, const Bytes& update);
  void refuse_late(Session& session, const Error& error);
  void hold_back(Held&& one);
  [[nodiscard]] bool accept(Session& session, const Bytes& update);
  void answer(Session& session, Answer answer);
  void answer_hash(Session& session, std::string_view theirs);
  void malformed(Session& session, const Error& error);

  void send_text(Session& session, const crdt::StateVector& known);
  void send_step2(Session& session, const crdt::StateVector& known);
  void fan_out_text();
  void fan_out_presence();
  void send_answers();
  void send_shared(const sync::ServerMessage& message, std::uint64_t except, bool synced_only);

  void run_next_edit();
  struct MadeEdit {
    std::optional<Bytes> update;  ///< None: it changes nothing.
    std::vector<journal::Row> rows;
  };
  [[nodiscard]] Result<MadeEdit> make_edit(const EditJob& job) const;
  void finish_edit(const EditJob& job, Result<JournalSeq> result);

  Room* room_ = nullptr;
  std::uint64_t version_ = 0;  ///< Grows with each change of the document.
  std::vector<Bytes> turn_updates_;
  std::vector<PersonId> turn_authors_;
  std::optional<std::uint64_t> turn_session_;  ///< The only session whose updates are in this turn; 0 for several.
  std::optional<PersonId> applying_for_;
  bool flush_posted_ = false;
  bool answers_due_ = false;
  std::deque<Held> held_updates_;
  std::size_t held_bytes_ = 0;
  std::size_t unsaved_bytes_ = 0;
  std::deque<PutOff> put_off_;  ///< Updates whose predecessors of the same client have not come yet.
  std::size_t put_off_bytes_ = 0;
  std::vector<KeptUnits> kept_units_;
  bool retrying_ = false;
  std::size_t rows_since_snapshot_ = 0;
  std::size_t bytes_since_snapshot_ = 0;
  FullState full_state_;
  crdt::ClientId own_client_;
  std::deque<EditJob> edits_;
  bool editing_ = false;
  std::vector<std::pair<JournalSeq, Room::OnDurable>> durable_waiters_;
  std::optional<std::pair<std::uint64_t, Sha256>> hash_;  ///< Content hash and the version it is of.
};

}  // namespace bossey::room
