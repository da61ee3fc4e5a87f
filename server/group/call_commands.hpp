// Commands on calls for consensus, and what one reader is shown of a call, as plain values. Parsed from JSON and shown
// by server/api; Group does the rest.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/call.hpp"
#include "group/call_record.hpp"

namespace bossey::group {

inline constexpr std::size_t kCallsMax = 10'000;          ///< Of a group.
inline constexpr std::size_t kCallsOpenMax = 100;         ///< Of these, at one time.
inline constexpr std::size_t kCallRollMax = 1'000;        ///< Members on the roll of one call.
inline constexpr std::size_t kCallSectionsMax = 50;       ///< Sections of one call.
inline constexpr std::size_t kCallTexts_bytes = 4 << 20;  ///< Of their texts together.
inline constexpr std::size_t kZone_bytes = 64;

struct AskedSection {
  SectionId section;
  Sha256 text_id{};  ///< As the chair's page shows it.
};

struct OpenCall {
  std::string key;
  ReportId report;
  std::string question;
  std::vector<AskedSection> sections;
  std::int64_t deadline_s = 0;  ///< 0: the default notice.
  std::string zone;
  consensus::Rule rule = consensus::Rule::consensus;
  std::vector<consensus::CallMember> roll;  ///< Frozen now, by whoever knows the accounts.
};

struct RespondCall {
  std::string key;
  std::uint64_t number = 0;
  consensus::PositionKind kind = consensus::PositionKind::no_objection;
  std::string words;
  std::string could_live_with;
  std::optional<SectionId> section;  ///< To which the words are; nothing: to all of them.
};

/// The page showed it, or displayed its text; or the secretariat says so for somebody. Idempotent: no key.
struct MarkCall {
  std::uint64_t number = 0;
  bool opened = false;
  std::optional<PersonId> person;
};

enum class CallMove : std::uint8_t { restart, extend, end, confirm };
struct MoveCall {
  std::string key;
  std::uint64_t number = 0;
  CallMove move = CallMove::end;
  std::int64_t deadline_s = 0;         ///< Restart, extend.
  std::string zone;                    ///< Of that deadline; empty: as before.
  std::vector<AskedSection> sections;  ///< Restart: the texts as the chair's page shows them.
  bool names_open_ad_ref = false;      ///< Confirm although answers ad referendum are open.
};

struct CallAnswer {
  PersonId person;
  consensus::PositionKind kind = consensus::PositionKind::no_objection;
  CallWords words;
};

struct CallView {
  struct Text {
    SectionId section;
    std::string name;  ///< "4.2 Forum function", as it is now.
    Sha256 text_id;
    std::string canonical;
    bool moved = false;  ///< Other words stand there now.
  };
  std::uint64_t number = 0;
  ReportId report;
  std::string question;
  std::vector<Text> texts;
  std::int64_t opened_s = 0;
  std::int64_t deadline_s = 0;
  std::string zone;
  std::int64_t extended_s = 0;
  consensus::Rule rule = consensus::Rule::consensus;
  consensus::Unanimous unanimous = consensus::Unanimous::none_objects;
  bool by_itself = false;
  consensus::CallState state = consensus::CallState::open;
  std::uint32_t roll = 0;
  std::vector<std::pair<std::string, std::uint32_t>> columns;  ///< Never added up.
  std::string in_words;
  std::optional<std::uint64_t> correction;
  std::optional<std::uint64_t> decision;
  std::optional<consensus::Column> mine;  ///< Nothing for who is not on the roll.
  CallWords my_words;
  std::vector<std::string> can;  ///< respond, restart, extend, end, confirm, deliver: what this reader may do now.
  std::vector<PersonId> never_reached;  ///< For the chair only.
  std::vector<CallAnswer> answers;      ///< With words; for the chair only.
};

}  // namespace bossey::group
