// REDLINE of docs/formats/http.md: two canonical texts of a section compared, as JSON. Pure and slow enough for the
// pool; used by the routes for revisions, decisions and proposals.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "group/views.hpp"

namespace bossey::api {

/// What is agreed of a section, so that nobody takes another text for it.
struct Agreement {
  std::optional<Sha256> text_id;                 ///< Of the agreed text; nothing while the section is not settled.
  std::string short_form = "Draft, not agreed";  ///< Stands with every other text.
};
[[nodiscard]] Agreement agreement_of(const group::SectionView& section);

struct Comparison {
  std::string section;
  std::string from;                   ///< Revision, shown as given.
  std::string to;                     ///< Revision or "live".
  std::optional<std::string> before;  ///< Canonical text; nothing: the section was not there.
  std::optional<std::string> after;
  Agreement agreement = {};
};

/// `<p class="disclaimer">…</p>`, the first element of every rendering of a text that is not agreed; else nothing.
[[nodiscard]] std::string disclaimer_html(const std::string& disclaimer);

/// With `disclaimer` unless every end is the agreed text. Error: corrupt, if one of the texts is not canonical.
[[nodiscard]] Result<nlohmann::json> redline_json(const Comparison& comparison);

}  // namespace bossey::api
