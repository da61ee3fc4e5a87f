#include "group/commands.hpp"

namespace bossey::group {

Result<ImportReport> prepare_import(const document::ImportedReport& imported, std::uint64_t client_id) {
  if (imported.sections.empty()) return fail(Errc::bad_input, "The file holds no section. Add a heading and text.");
  ImportReport out;
  out.title = imported.title;
  out.sections.reserve(imported.sections.size());
  for (const document::ImportedSection& section : imported.sections) {
    // One client id for all: each is a document of its own, and nobody else writes with it.
    BOSSEY_TRY(NewDocument made, new_document(section.section, client_id));
    out.sections.push_back({static_cast<std::uint32_t>(section.depth), section.kind, std::move(made)});
  }
  return out;
}

}  // namespace bossey::group
