// What the commands about meetings, teams and reviews share. Included by their sources only.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "group/parts.hpp"

namespace bossey::group {

/// Runs `make` in its turn and records the fact that it gives, unless the key was used; answers with the fact's number.
struct FactCommand {
  PartsPtr parts;
  Caller caller;
  std::string key;
  Answer answer;          ///< `number` is filled in by the fact.
  std::string_view told;  ///< Type of the event that everybody hears.
  std::function<Result<std::pair<RoomFact, std::uint64_t>>()> make;
};
void run_fact(FactCommand command, Done<std::uint64_t> done);

/// The gate is asked again about everybody in every open document of the group.
void recheck_all(const PartsPtr& parts);

/// One line; Errc::bad_input or too_large.
[[nodiscard]] Result<void> check_name(const std::string& name, std::size_t max_bytes);

}  // namespace bossey::group
