// Whom the journal is to forget: who wrote the rows of a group up to a time. Asked by server/group when the time for
// which names are kept is over; carried out by the writing thread in one transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"

namespace bossey::journal {

struct Forgetting {
  GroupId group;
  std::vector<DocumentId> documents;  ///< Whose rows lose person and session; their words stay.
  std::int64_t until_ms = 0;
  /// The same event without people; nothing: it stays as it is. Called on the writing thread.
  std::function<std::optional<std::string>(const std::string& kind, const std::string& json)> without_people;
};

}  // namespace bossey::journal
