// What open pages must hear when a person's place in a group changed. Called by the routes and by the commands of
// whoever runs the server, on the network thread, after the change is in the roll.
#pragma once

#include "base/ids.hpp"
#include "room/rooms.hpp"

namespace bossey::api {

/// The person's pages fetch their roles again, and their sockets lose at once what is not allowed any more.
inline void access_changed(room::Rooms& rooms, const GroupId& group, PersonId person) {
  rooms.tell(DocumentId{"group/" + group.value}, person, R"({"type":"access"})");
  rooms.recheck(person);
}

}  // namespace bossey::api
