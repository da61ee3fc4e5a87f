// docs/formats/limits.md says what the constants say, and names every one of this list.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <string>

#include "api/call.hpp"
#include "api/routes.hpp"
#include "auth/gate.hpp"
#include "consensus/bracket.hpp"
#include "consensus/disclaimer.hpp"
#include "document/markdown_import.hpp"
#include "group/bracket_commands.hpp"
#include "group/call_commands.hpp"
#include "group/closing_commands.hpp"
#include "group/commands.hpp"
#include "journal/journal.hpp"
#include "journal/row.hpp"
#include "lib0/limits.hpp"
#include "net/listener.hpp"
#include "net/request_target.hpp"
#include "revisions/revision.hpp"
#include "room/rooms.hpp"
#include "room/write_limit.hpp"
#include "sync/limits.hpp"

namespace bossey::tests {

namespace {

/// 12,000
std::string count(std::uint64_t number) {
  auto digits = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string bytes(std::uint64_t number) {
  if (number % (1U << 20U) == 0) return count(number >> 20U) + " MiB";
  if (number % (1U << 10U) == 0) return count(number >> 10U) + " KiB";
  return count(number) + " octets";
}

std::string time(std::chrono::milliseconds time) {
  return std::to_string(time.count() / 1'000) + " s";
}

std::string attempts(std::uint32_t burst, std::int64_t refill_ms) {
  const auto rest = refill_ms < 1'000 ? std::to_string(1'000 / refill_ms) + " a second"
                                      : "one each " + std::to_string(refill_ms / 1'000) + " s";
  return count(burst) + ", then " + rest;
}

std::string rate(const auth::AttemptLimit& limit) {
  return attempts(limit.burst(), limit.refill_ms());
}

std::string amounts(std::uint64_t burst, std::uint64_t per_s) {
  return count(burst) + ", then " + count(per_s) + " a second";
}

std::string sizes(std::uint64_t burst, std::uint64_t per_s) {
  return bytes(burst) + ", then " + bytes(per_s) + " a second";
}

std::size_t body_of(std::string_view path) {
  const auto table = api::routes();
  const auto row = std::find_if(table.begin(), table.end(),
                                [path](const auto& route) { return route.path == path && route.method == "POST"; });
  return row->body_bytes_max;
}

std::map<std::string, std::string> constants() {
  const net::ListenerOptions door;
  const room::RoomsOptions rooms;
  const api::AttemptLimits api;
  return {
      {"connections_max", count(door.connections_max)},
      {"connections_per_address_max", count(door.connections_per_address_max)},
      {"plain_per_address_max", count(door.plain_per_address_max)},
      {"header_bytes_max", bytes(door.header_bytes_max)},
      {"header_time", time(door.header_time)},
      {"body_time", time(door.body_time)},
      {"respond_time", time(door.respond_time)},
      {"write_time", time(door.write_time)},
      {"socket_idle", time(door.socket_idle)},
      {"message_bytes_max", bytes(door.message_bytes_max)},
      {"outbound_frames_max", count(door.outbound_frames_max)},
      {"outbound_bytes_max", bytes(door.outbound_bytes_max)},
      {"kUnsentBytesMax", bytes(net::kUnsentBytesMax)},
      {"kOutboxFull", bytes(net::kOutboxFull)},
      {"kPathSegmentsMax", count(net::kPathSegmentsMax)},
      {"kQueryPairsMax", count(net::kQueryPairsMax)},
      {"AttemptLimits::sign_in", rate(api.sign_in)},
      {"AttemptLimits::bad_sign_in", rate(api.bad_sign_in)},
      {"AttemptLimits::person_sign_in", rate(api.person_sign_in)},
      {"AttemptLimits::changes", rate(api.changes)},
      {"kWrongToken", attempts(auth::kWrongTokenBurst, auth::kWrongTokenRefill_ms)},
      {"kPersonWriteRate, messages",
       amounts(room::kPersonWriteRate.messages_burst, room::kPersonWriteRate.messages_per_s)},
      {"kPersonWriteRate, octets", sizes(room::kPersonWriteRate.bytes_burst, room::kPersonWriteRate.bytes_per_s)},
      {"kAddressWriteRate, messages",
       amounts(room::kAddressWriteRate.messages_burst, room::kAddressWriteRate.messages_per_s)},
      {"kAddressWriteRate, octets", sizes(room::kAddressWriteRate.bytes_burst, room::kAddressWriteRate.bytes_per_s)},
      {"kWritePauseMax", time(room::kWritePauseMax)},
      {"documents_open_max", count(rooms.documents_open_max)},
      {"documents_per_socket_max", count(rooms.documents_per_socket_max)},
      {"unauthenticated_documents_max", count(rooms.unauthenticated_documents_max)},
      {"queued_before_auth_frames_max", count(rooms.queued_before_auth_frames_max)},
      {"queued_before_auth_bytes_max", bytes(rooms.queued_before_auth_bytes_max)},
      {"auth_time", time(rooms.auth_time)},
      {"held_updates_max", count(rooms.held_updates_max)},
      {"held_bytes_max", bytes(rooms.held_bytes_max)},
      {"pending_updates_max", count(rooms.pending_updates_max)},
      {"pending_bytes_max", bytes(rooms.pending_bytes_max)},
      {"unsaved_bytes_max", bytes(rooms.unsaved_bytes_max)},
      {"awareness_states_max", count(rooms.awareness_states_max)},
      {"awareness_states_per_session_max", count(rooms.awareness_states_per_session_max)},
      {"awareness_lifetime", time(rooms.awareness_lifetime)},
      {"ping_interval", time(rooms.ping_interval)},
      {"idle_room", time(rooms.idle_room)},
      {"scratch_documents_max", count(rooms.scratch_documents_max)},
      {"kAddressBytesMax", bytes(sync::kAddressBytesMax)},
      {"kTokenBytesMax", bytes(sync::kTokenBytesMax)},
      {"kVersionBytesMax", bytes(sync::kVersionBytesMax)},
      {"kReasonBytesMax", bytes(sync::kReasonBytesMax)},
      {"kStateVectorBytesMax", bytes(sync::kStateVectorBytesMax)},
      {"kUpdateBytesMax", bytes(sync::kUpdateBytesMax)},
      {"kStatelessBytesMax", bytes(sync::kStatelessBytesMax)},
      {"kAwarenessBytesMax", bytes(sync::kAwarenessBytesMax)},
      {"kAwarenessEntriesMax", count(sync::kAwarenessEntriesMax)},
      {"kAwarenessStateBytesMax", bytes(sync::kAwarenessStateBytesMax)},
      {"kAwarenessDepthMax", count(sync::kAwarenessDepthMax)},
      {"kClientsMax", count(limits::kClientsMax)},
      {"kNestingMax", count(limits::kNestingMax)},
      {"kPendingStructsMax", count(limits::kPendingStructsMax)},
      {"kPendingDeletesMax", count(limits::kPendingDeletesMax)},
      {"body of a call", bytes(body_of("api/groups/:group/reports"))},
      {"body of an import", bytes(body_of("api/groups/:group/imports"))},
      {"kMaxImportBytes", bytes(document::kMaxImportBytes)},
      {"kReportsMax", count(group::kReportsMax)},
      {"kProposalsMax", count(group::kProposalsMax)},
      {"kOpenAmendmentsMax", count(group::kOpenAmendmentsMax)},
      {"kAdoptedTogetherMax", count(group::kAdoptedTogetherMax)},
      {"kSectionsMax", count(group::kSectionsMax)},
      {"kOptionsMax", count(group::kOptionsMax)},
      {"kBracketReason_bytes", bytes(consensus::kBracketReason_bytes)},
      {"kBracketWords_bytes", bytes(group::kBracketWords_bytes)},
      {"kBracketRecordsMax", count(group::kBracketRecordsMax)},
      {"kWording_bytes", bytes(consensus::kWording_bytes)},
      {"kAddedMax", count(consensus::kAddedMax)},
      {"kCorrectionsMax", count(group::kCorrectionsMax)},
      {"kCorrectedWords_bytes", count(group::kCorrectedWords_bytes) + " octets"},
      {"kCommandsWaitingMax", count(group::kCommandsWaitingMax)},
      {"kCallsMax", count(group::kCallsMax)},
      {"kCallsOpenMax", count(group::kCallsOpenMax)},
      {"kCallRollMax", count(group::kCallRollMax)},
      {"kCallSectionsMax", count(group::kCallSectionsMax)},
      {"kCallTexts_bytes", bytes(group::kCallTexts_bytes)},
      {"queue_rows_max", count(journal::Options{}.queue_rows_max)},
      {"queue_bytes_max", bytes(journal::Options{}.queue_bytes_max)},
      {"kRowBytesMax", bytes(journal::kRowBytesMax)},
      {"kFileBytesMax", bytes(revisions::kFileBytesMax)},
  };
}

/// Name and limit of each row of the page's tables.
std::map<std::string, std::string> page() {
  std::map<std::string, std::string> rows;
  std::ifstream file(std::string(BOSSEY_SOURCE_DIR) + "/docs/formats/limits.md");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `")) continue;
    const auto name_end = line.find("` | ");
    const auto limit_end = line.find(" | ", name_end + 4);
    REQUIRE(limit_end != std::string::npos);
    const auto name = line.substr(3, name_end - 3);
    INFO(name);
    CHECK(rows.emplace(name, line.substr(name_end + 4, limit_end - name_end - 4)).second);
  }
  return rows;
}

}  // namespace

TEST_SUITE("app/limits") {
  TEST_CASE("the page of limits has every constant of the list with its value, and no other") {
    const auto written = page();
    const auto meant = constants();
    for (const auto& [name, limit] : meant) {
      INFO(name);
      REQUIRE(written.contains(name));
      CHECK(written.at(name) == limit);
    }
    for (const auto& [name, limit] : written) {
      INFO(name);
      CHECK(meant.contains(name));
    }
  }
}

}  // namespace bossey::tests
