// What groups tell the pages, as the JSON texts of docs/formats/http.md, "Events". Implemented by app over
// room::Rooms::broadcast; called on the network thread, only after the cause is on disk.
#pragma once

#include <string>

#include "base/ids.hpp"

namespace bossey::group {

class GroupEvents {
 public:
  virtual ~GroupEvents() = default;
  /// To every page attached to `group/<G>`.
  virtual void tell(const GroupId& group, const std::string& json) = 0;
};

}  // namespace bossey::group
