// The inside of Rooms: open rooms, rooms being opened, connected channels. For the sources of server/room only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "room/room_parts.hpp"
#include "room/rooms.hpp"
#include "room/write_limit.hpp"

namespace bossey::room {

/// A connected socket, as Rooms sees it.
class Connected {
 public:
  virtual ~Connected() = default;
  /// About once a second: pings and time limits.
  virtual void tick(std::int64_t now_ms) = 0;
  /// Closes the socket if it belongs to this person.
  virtual void sign_out(PersonId person) = 0;
};

/// Somebody who was let in to a document.
struct Admitted {
  Identity identity;
  Access access = Access::read;
  std::shared_ptr<Room> room;
};

struct Rooms::State : Surroundings, std::enable_shared_from_this<Rooms::State> {
  using OnAdmitted = std::function<void(Result<Admitted>)>;

  explicit State(Surroundings surroundings) : Surroundings(std::move(surroundings)) {}

  std::unordered_map<DocumentId, std::shared_ptr<Room>> rooms;
  std::unordered_map<DocumentId, std::vector<OnRoom>> opening;
  std::set<Connected*> channels;
  std::uint64_t next_session = 1;
  std::size_t scratch_opened = 0;
  WriteLimit write_limit{kPersonWriteRate, kAddressWriteRate};
  std::unique_ptr<net::Timer> timer;

  /// Recognises, asks the gate, opens the document. Errors: signed_out, not_found (unknown, or not for this person),
  /// unavailable, corrupt.
  void admit(const DocumentId& document, const Credentials& credentials, OnAdmitted done);
  void open(const DocumentId& document, OnRoom done);
  void tick();
  void tick_later();
  /// Counts a frame, and slows its sender down if there are too many.
  void count_frame(std::optional<PersonId> person, const std::string& address, std::size_t bytes, net::Outbox& outbox);

 private:
  [[nodiscard]] Result<DocumentFacts> facts_of(const DocumentId& document);
  void admit_again(const Credentials& credentials, std::shared_ptr<Room> room, OnAdmitted done);
  void let_in(Identity identity, std::shared_ptr<Room> room, const OnAdmitted& done);
  void load(const DocumentId& document, const DocumentFacts& facts);
  void load_late(const DocumentId& document, const DocumentFacts& facts, journal::Loaded loaded);
  void finish(const DocumentId& document, const DocumentFacts& facts, Result<journal::Loaded> loaded,
              const std::vector<journal::StoredLate>& late);
  void answer(const DocumentId& document, const Result<std::shared_ptr<Room>>& room);
};

/// Names on the wire: at most 200 octets, no control characters, no empty, "." or ".." parts, no backslash.
[[nodiscard]] bool is_document_name(std::string_view name);
[[nodiscard]] bool is_scratch(const DocumentId& document);

}  // namespace bossey::room
