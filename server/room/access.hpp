// Who is at the other end of a connection and what they may do with a document: asked by server/room, answered by
// server/auth and server/group. Rooms hold no roles and no rules of their own.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/sha256.hpp"

namespace bossey::room {

/// What a connection shows to say who it is. Never logged.
struct Credentials {
  std::string token;           ///< Of the Auth message, `?token=` or `Authorization: Bearer`; "session" at /sync.
  std::string session_cookie;  ///< Value of `bossey_session` of the upgrade request, or "".
  std::string remote_address;
};

/// Somebody who was recognised.
struct Identity {
  std::optional<PersonId> person;  ///< None: a client with only a token (scratch documents).
  std::string name;                ///< Shown to others as presence; replaces what the client claims.
  std::string colour;              ///< "#rrggbb" for the cursor; "" leaves the client's own.
  std::optional<Sha256> grant;     ///< The gate's own: which session or token was shown. Only handed back to it.

  friend bool operator==(const Identity&, const Identity&) = default;
};

enum class Access : std::uint8_t { none, read, write };

/// What a document is.
enum class DocumentKind : std::uint8_t {
  section,  ///< A text of a report: journalled, may be closed.
  events,   ///< `group/<slug>`: no text; pages attach to hear events.
  scratch,  ///< `scratch/<anything>`: journalled, in no group.
};

struct DocumentFacts {
  DocumentKind kind = DocumentKind::section;
  /// The decision that closed it; none while it is open. Asked once, when the room opens; later Room::close, open.
  std::optional<std::uint64_t> closed_by;
};

/// Implemented over server/auth and server/group. All calls on the network thread; nothing may block.
class AccessGate {
 public:
  virtual ~AccessGate() = default;

  /// Recognises somebody. `done` is called once, later or at once, on the network thread.
  /// Error signed_out: nobody known, or ended; the detail is shown to the person.
  virtual void authenticate(Credentials credentials, std::function<void(Result<Identity>)> done) = 0;

  /// None also for what does not exist: the two must not differ for whoever may not see it.
  [[nodiscard]] virtual Access access(const Identity& identity, const DocumentId& document) = 0;

  /// Error not_found. Not asked for scratch documents.
  [[nodiscard]] virtual Result<DocumentFacts> facts(const DocumentId& document) = 0;
};

}  // namespace bossey::room
