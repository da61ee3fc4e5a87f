// One open document: the Yjs document, who is attached, what is not yet on disk. Made by Rooms (rooms.hpp); channels
// bring frames, server/group holds, closes and edits. Knows no roles, groups or sockets. Network thread only.
//
// | state  | an update of a writer                          | leaves by                                  |
// | ------ | ---------------------------------------------- | ------------------------------------------ |
// | open   | applied, fanned out, acknowledged when durable | hold -> held, close -> closed              |
// | held   | waits, in order, without an answer             | release -> open, close -> closed (as late) |
// | closed | becomes a late edit; SyncStatus 0              | open -> open                               |
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "document/body.hpp"
#include "journal/row.hpp"
#include "room/access.hpp"

namespace bossey::crdt {
class Doc;
}

namespace bossey::room {

class Session;
class RoomParts;

/// Who is attached, for lists of who is here.
struct Present {
  Identity identity;
  Access access = Access::read;
};

class Room : public std::enable_shared_from_this<Room> {
 public:
  using OnDurable = std::function<void(Result<JournalSeq>)>;
  /// Changes the document it is given: a scratch copy with a client id of the server's own. An error drops it all.
  using Edit = std::function<Result<void>(crdt::Doc&)>;

  ~Room();
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  [[nodiscard]] const DocumentId& document() const;
  [[nodiscard]] DocumentKind kind() const;

  // --- The text as of now: everything received so far is in it, durable or not (but not what is held). ---

  /// The section's value; total (document/section_document.hpp).
  [[nodiscard]] document::Section section() const;
  /// Canonical Markdown.
  [[nodiscard]] Result<std::string> canonical() const;
  [[nodiscard]] Result<Sha256> text_id() const;
  [[nodiscard]] Result<Sha256> content_hash() const;
  /// The document itself, to be read. Valid until the next call that changes it; never write through it.
  [[nodiscard]] const crdt::Doc& doc() const;
  /// Full state as a Yjs update, format v1.
  [[nodiscard]] Bytes full_update() const;

  /// Number of the last journal row of this document that is applied here; 0 without any.
  [[nodiscard]] JournalSeq last_seq() const;
  /// Milliseconds since 1970 of the last change of text; 0 if there was none since the room opened.
  [[nodiscard]] std::int64_t last_change_ms() const;
  /// Calls back when all rows appended so far are on disk (at once if they are), with last_seq() of that moment.
  void when_durable(OnDurable done);

  // --- Deciding (server/group) ---

  /// From now on writes wait, in order. What has arrived is applied already. Holding twice is once.
  void hold();
  /// Applies what was held, in order.
  void release();
  /// The decision is on disk: what was held and what comes now is late. Tells pages {"type":"closed","decision":N}.
  void close(std::uint64_t decision);
  /// Open again. What was late stays out. Tells pages {"type":"opened","decision":N}.
  void open(std::uint64_t decision);
  [[nodiscard]] bool is_held() const;
  [[nodiscard]] bool is_closed() const;
  /// The decision that closed it; none while it is open.
  [[nodiscard]] std::optional<std::uint64_t> closed_by() const;

  /// An edit of the server's own: made on a copy, journalled under `person` (none: the server), applied and fanned
  /// out when durable; edits of one document wait for each other. Works on a held room; `done` is called once.
  /// Errors: conflict (closed), what `edit` returned, unavailable (journal). No change at all answers last_seq().
  void edit(Edit edit, std::optional<PersonId> person, OnDurable done);
  /// The same with rows in the edit's own transaction: after a crash all are there, or none. An edit that changes
  /// nothing still appends them. `done` gets the number of the last.
  void edit_with(Edit edit, std::optional<PersonId> person, std::vector<journal::Row> rows, OnDurable done);

  /// Rows that go to the disk together with an edit: made of what the document then says and of the edit's row number.
  using With = std::function<Result<std::vector<journal::Row>>(crdt::Doc& after, JournalSeq seq)>;
  /// The one edit that a closed room takes: of a correction, with the facts that make it right. `done` gets the last
  /// row's number. Errors as `edit`, those of `with`, and conflict if the edit changes nothing.
  void correct(Edit edit, With with, OnDurable done);

  // --- Who is here, and telling them ---

  [[nodiscard]] std::vector<Present> present() const;
  /// Sends a stateless message (JSON text) to all attached sessions.
  void broadcast(const std::string& json);
  /// To the sessions of one person only.
  void tell(PersonId person, const std::string& json);

 private:
  friend class Rooms;
  friend class RoomParts;
  friend class Channel;
  friend class PlainChannel;
  explicit Room(std::unique_ptr<RoomParts> parts);
  std::unique_ptr<RoomParts> parts_;
};

}  // namespace bossey::room
