// The files of a group's repository beside the texts and the decisions: group.json, report.json, one small file a
// section, the fate of proposals, and the README that lists every section with status and disclaimer. Pure.
// docs/formats/repository.md. No persons, and no words of late edits: whoever clones may read them all.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/ids.hpp"
#include "group/overview.hpp"
#include "group/state.hpp"

namespace bossey::group {

/// "reports/<slug>/sections/<id>.md".
[[nodiscard]] std::string text_path(const ReportId& report, const SectionId& section);

/// Path -> bytes.
using FileMap = std::map<std::string, std::string>;

/// All generated files: those below, and group.json.
[[nodiscard]] FileMap generated_files(const Overview& overview);
/// report.json and one file for each of its sections that `has` does not say to be there: these never change.
void add_report_files(const Report& report, const std::function<bool(const std::string&)>& has, FileMap& files);
/// proposals/<number>.json and .md of an amendment; nothing while no word of it is changed.
void add_amendment_files(const Overview& overview, std::uint64_t number, FileMap& files);
/// proposals/<number>.json of a late edit.
void add_proposal_file(const Proposal& proposal, FileMap& files);
/// README.md; as long as all reports together, so not made at each command.
[[nodiscard]] std::string readme_of(const Overview& overview);

/// A title for a commit or a sentence: one line, at most 80 characters' worth of octets, never cut inside a character.
[[nodiscard]] std::string one_line(const std::string& text);

}  // namespace bossey::group
