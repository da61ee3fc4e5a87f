// What an export of a report is made from: plain values that the caller gathers. Called by the API's print and download
// routes. It holds no person's name; positions and comments never reach an export.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "document/body.hpp"

namespace bossey::exporting {

struct SectionView {
  std::string number;            ///< "5.1"; empty for an opening.
  int depth = 0;                 ///< 0 for a chapter.
  std::string kind = "section";  ///< "section", "opening", "box", "annex", "alternative".
  document::Section section;
  std::string status;       ///< As people read it: "In brackets".
  std::string mark;         ///< "[ ]".
  std::string status_line;  ///< "Agreed 17 June 2005, 22:14"; may be empty.
  bool agreed = false;      ///< Fresh Agreed: the only case in which a text may stand without a disclaimer.
  std::string disclaimer;   ///< Full text. If it is missing on a text that is not agreed, the exporter adds its own.
  std::string short_disclaimer;  ///< "Draft, not agreed".
};

struct ReportView {
  std::string group_name;
  std::string title;
  std::string kind;                   ///< "Background Report", for the title page; may be empty.
  std::string addressee;              ///< May be empty.
  std::string short_disclaimer;       ///< Of the report as a whole, on every page; empty only if all of it is agreed.
  std::string revision;               ///< 40 hexadecimal characters, or empty.
  std::string version{};              ///< Of a closed version, "F-1"; its paragraphs are then numbered.
  std::string checksum{};             ///< Of that version's file, 64 hexadecimal characters.
  std::string made_at;                ///< As people read it, with time zone.
  std::string language = "en";        ///< Of the page.
  std::vector<SectionView> sections;  ///< Reading order: all of the report, or the part that was asked for.
};

/// Options under one frame by their letters, each with what it holds: print prefers none by its place.
void order_options(std::vector<SectionView>& sections);

/// The text that stands before a section: its own disclaimer, or, if a text that is not agreed comes without one, that
/// of a draft. Empty only for agreed text.
[[nodiscard]] std::string disclaimer_before(const SectionView& view, const std::string& group_name);
/// The short form beside a section; never empty for a text that is not agreed.
[[nodiscard]] std::string short_disclaimer_of(const SectionView& view);
/// The short form for the foot of every page; never empty while one section is not agreed.
[[nodiscard]] std::string short_disclaimer_of(const ReportView& view);
/// "Version F-1 · SHA-256 7f3a…"; empty for a text that is still written.
[[nodiscard]] std::string version_line(const ReportView& view);
/// Whether the section's full disclaimer is printed: not if the section before it printed the same one.
[[nodiscard]] bool prints_disclaimer(const ReportView& view, std::size_t section);

}  // namespace bossey::exporting
