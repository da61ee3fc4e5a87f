// Commands about meetings, drafting teams, the typist and review rounds, as plain values: parsed by server/api, carried
// out by Group. Who is on the roll and who said "I am here" comes along, because groups hold no people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/attribution.hpp"
#include "consensus/meeting.hpp"

namespace bossey::group {

struct OpenMeeting {
  std::string key;
  std::string name;  ///< Empty: that of its kind.
  consensus::MeetingKind kind = consensus::MeetingKind::plenary;
};
struct ChangeMeeting {
  std::string key;
  std::uint64_t number = 0;
  std::optional<consensus::ByCategory> by_hand;  ///< The secretariat's count; empty: that of the pages counts again.
  bool end = false;
  consensus::ByCategory here;  ///< As the pages count now: kept when it ends.
};

/// Nothing: as before.
struct SetTeam {
  std::string key;
  std::uint64_t number = 0;  ///< 0: a new one.
  std::optional<std::string> room;
  std::optional<std::vector<PersonId>> co_leads;
  std::optional<std::vector<PersonId>> members;
  bool dissolved = false;
};
struct GiveSection {
  std::string key;
  ReportId report;
  SectionId section;
  bool below = false;      ///< With the sections that it holds.
  std::uint64_t team = 0;  ///< 0: to everybody again.
};
struct NameTypist {
  std::string key;
  std::optional<PersonId> person;  ///< Nothing: the secretariat.
};

struct SendReview {
  std::string key;
  ReportId report;
  std::vector<std::pair<SectionId, Sha256>> texts;  ///< As the page shows them.
  std::int64_t deadline_s = 0;
  std::vector<PersonId> roll;
};

}  // namespace bossey::group
