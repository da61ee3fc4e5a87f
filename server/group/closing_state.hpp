// What follows the closing of a report, as events and as state: versions, the editorial window, corrections and
// transmittals. Folded by state.cpp, written to the journal by closing_events.cpp, made by phases.cpp and
// corrections.cpp. Plain values; the rules are in protocol/consensus.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/sha256.hpp"
#include "consensus/correction.hpp"
#include "consensus/release.hpp"
#include "group/decided_text.hpp"

namespace bossey::group {

/// What a print of a version says of a section, beside its words: fixed when the version is made.
struct PrintedSection {
  SectionId section;
  std::uint32_t depth = 0;
  std::string kind;
  consensus::Status status = consensus::Status::draft;
  bool settled = false;
  std::string line;  ///< "Agreed 17 June 2005 22:14 UTC".
  std::string short_form;
  std::string disclaimer;  ///< In full, also where the section before prints the same.
  friend bool operator==(const PrintedSection&, const PrintedSection&) = default;
};

/// A version was made. Its file and the words that it brought go into one revision with the decision before it, or,
/// `alone`, into one of their own: a correction of a section left open carries no agreement.
struct ReleaseMade {
  std::string bytes;  ///< Of the release's file.
  std::string title;  ///< Of the report.
  std::string short_form;
  std::vector<PrintedSection> printed;
  std::vector<DecidedText> texts;  ///< Alone only; else they are the decision's.
  bool alone = false;
  friend bool operator==(const ReleaseMade&, const ReleaseMade&) = default;
};
struct WindowOpened {
  ReportId report;
  std::int64_t opened_s = 0, ends_s = 0, quiet_s = 0;
  std::string release;
  std::string unanimous;  ///< "none_objects", "every_member_yes".
};

/// A correction, with the words as its author typed them and what became of them.
struct FiledCorrection {
  consensus::Correction correction;
  std::string find, replace;     ///< Empty where the whole section was sent.
  Sha256 before{}, after{};      ///< The text_ids around its application; unset before.
  std::string release;           ///< The version that holds it, or that holds it no longer.
  std::int64_t call_ends_s = 0;  ///< Deadline of its call, if one was opened.
  friend bool operator==(const FiledCorrection&, const FiledCorrection&) = default;
};
/// Corrections that a command made or changed, each whole.
struct CorrectionsSet {
  ReportId report;
  std::vector<FiledCorrection> corrections;
};
struct TransmittalRecorded {
  ReportId report;
  consensus::Transmittal transmittal;
};

/// A version with what it takes to print it and to make its revision.
struct ReleaseRecord {
  consensus::Release release;
  ReleaseMade made;
  friend bool operator==(const ReleaseRecord&, const ReleaseRecord&) = default;
};

/// Of a report that was closed.
struct Closing {
  consensus::EditorialWindow window;
  std::vector<ReleaseRecord> releases;
  std::vector<FiledCorrection> corrections;  ///< Number n stands at index n - 1.
  std::vector<consensus::Transmittal> transmittals;
  friend bool operator==(const Closing&, const Closing&) = default;
};

[[nodiscard]] std::string_view name_of(consensus::Unanimous unanimous);
[[nodiscard]] std::optional<consensus::Unanimous> unanimous_from(std::string_view name);

}  // namespace bossey::group
