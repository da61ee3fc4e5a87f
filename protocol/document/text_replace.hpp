// Making one Yjs text say other words, by edits as small as its words allow. Internal to protocol/document: the leaves
// of replace_section.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "crdt/types.hpp"
#include "document/body.hpp"

namespace bossey::document {

/// Bracket ids of a canonical text are mere numbers. Where its words stand in the document already, the ids there are
/// kept; all others get names that nothing else has.
class BracketNames {
 public:
  /// `salt` is the text that is put in.
  explicit BracketNames(std::string salt);

  /// That `wanted` (outermost first) stands where `present` is; both on the same words.
  void align(const std::vector<std::string>& wanted, const std::vector<std::string>& present);
  [[nodiscard]] Marks renamed(const Marks& marks);
  [[nodiscard]] Inline renamed(Inline one);
  [[nodiscard]] Block renamed(Block block);

 private:
  [[nodiscard]] std::string name_of(const std::string& id);

  std::string salt_;
  std::map<std::string, std::string> names_;
  std::set<std::string> taken_;
};

/// The text becomes these runs.
Result<void> replace_runs(crdt::XmlText& text, const std::vector<Inline>& runs, BracketNames& brackets);
/// The text becomes these words; marks are left alone.
Result<void> replace_plain(crdt::Text& text, std::string_view words);

}  // namespace bossey::document
