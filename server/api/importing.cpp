#include "api/importing.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace bossey::api {

Result<PreparedImport> prepare_markdown(const std::string& markdown, std::uint64_t random) {
  BOSSEY_TRY(auto imported, document::import_markdown(as_bytes(markdown)));
  PreparedImport prepared;
  // A Yjs client id that other programs can hold: 32 bits, not 0.
  BOSSEY_TRY(prepared.command, group::prepare_import(imported, (random & 0xffff'fffe) + 1));
  prepared.footnotes = imported.footnotes;
  prepared.notes = std::move(imported.notes);
  return prepared;
}

nlohmann::json import_json(const group::ReportMade& made, const PreparedImport& prepared) {
  auto notes = nlohmann::json::array();
  for (const auto& note : prepared.notes) notes.push_back({{"line", note.line}, {"message", note.message}});
  return {{"slug", made.slug.value},
          {"title", made.title},
          {"sections", made.sections},
          {"footnotes", prepared.footnotes},
          {"notes", std::move(notes)}};
}

}  // namespace bossey::api
