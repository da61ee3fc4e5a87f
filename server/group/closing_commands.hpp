// Commands and views of a closing: phases, sections left open, labels, corrections, versions and transmittals. Plain
// values: parsed and written by server/api/closing.cpp, used by Group.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/correction.hpp"
#include "consensus/release.hpp"
#include "consensus/status.hpp"
#include "group/closing_state.hpp"

namespace bossey::group {

struct ChangePhase {
  std::string key;
  ReportId report;
  consensus::Phase to = consensus::Phase::plenary;
  std::optional<std::int64_t> window_ends_s;  ///< Closing: nothing is kWindowDefault_s from now.
  std::int64_t quiet_s = consensus::kQuietDefault_s;
};
/// A decision: these sections may stay unsettled when the report closes.
struct LeaveOpen {
  std::string key;
  ReportId report;
  std::vector<SectionId> sections;
};
/// "Not discussed in full", on the report or on one section; `on` false takes it away.
struct SetLabel {
  std::string key;
  ReportId report;
  std::optional<SectionId> section;
  bool on = true;
};

/// Other words for some words of a section as of `text_id`: `find` and `replace`, or the whole section.
struct FileCorrection {
  std::string key;
  ReportId report;
  SectionId section;
  std::optional<Sha256> text_id;
  std::string find, replace;
  std::optional<std::string> canonical;
  std::optional<consensus::CorrectionClass> declared;
  bool insists = false;  ///< Editorial, although the check finds substance.
  std::string place;
};
/// `flag`: it is substantive. `call`: put it to the whole roll.
enum class CorrectionMove : std::uint8_t { flag, apply, take_out, withdraw, call };
struct MoveCorrection {
  std::string key;
  ReportId report;
  std::uint64_t number = 0;
  CorrectionMove move = CorrectionMove::flag;
  std::vector<consensus::CallMember> roll{};  ///< Call: as it is now.
};
struct RecordTransmittal {
  std::string key;
  ReportId report;
  consensus::Transmittal transmittal;
};

/// What the check says of a correction before it is filed.
struct CheckedCorrection {
  consensus::CorrectionClass preselected = consensus::CorrectionClass::editorial;
  std::vector<consensus::Risk> risks;
};

struct InTheWay {
  SectionId section;
  std::string name;  ///< "4.2 Forum function".
  std::string why;   ///< Its status in words.
};
struct CorrectionView {
  FiledCorrection filed;
  std::string name;  ///< Of its section.
  bool mine = false;
  std::int64_t quiet_ends_s = 0;
  std::vector<std::string> may;  ///< Moves that the reader may make now.
};
struct ReleaseView {
  consensus::Release release;
  Sha256 checksum;
};
struct ClosingView {
  ReportId report;
  consensus::Phase phase = consensus::Phase::drafting;
  std::vector<InTheWay> in_the_way;  ///< Of a closing.
  std::vector<InTheWay> left_open;
  std::size_t open_calls = 0;
  bool not_discussed = false;
  std::vector<SectionId> labelled;
  std::optional<consensus::EditorialWindow> window;
  std::vector<std::string> open_points;  ///< Of the window.
  std::vector<CorrectionView> corrections;
  std::vector<ReleaseView> releases;  ///< Oldest first.
  std::vector<consensus::Transmittal> transmittals;
};
struct ClosingChanged {
  std::uint64_t number = 0;  ///< Of the decision or the correction.
  ClosingView view;
};

/// One version as it is printed: what its file, the decisions and the journal say of it, with its words.
struct ReleasedReport {
  consensus::Release release;
  ReleaseMade made;
  std::vector<std::string> canonicals;  ///< In the order of the release's sections.
};

inline constexpr std::size_t kCorrectionsMax = 10'000;
inline constexpr std::size_t kPlace_bytes = 100;
inline constexpr std::size_t kCorrectedWords_bytes = 20'000;

}  // namespace bossey::group
