// The words of a proposal that no decision made: they were typed into a place that was deleted meanwhile, and landed in
// nothing (room/swallowed.cpp). Their rows hold these words alone, so that they are read without any document.
#include "crdt/swallowed.hpp"
#include "crdt/updates.hpp"
#include "group/parts.hpp"

namespace bossey::group {
namespace {

/// One paragraph for each line.
std::string paragraphs(const std::string& lines) {
  std::string out;
  for (const char c : lines) {
    out += c;
    if (c == '\n') out += c;
  }
  return out + '\n';
}

}  // namespace

Result<std::string> kept_words(const std::vector<BytesView>& rows) {
  std::vector<BytesView> good;
  // A row that cannot be read is passed over: it must not hide the words of the others.
  for (const BytesView row : rows)
    if (crdt::inserted_text(row)) good.push_back(row);
  if (good.empty()) return std::string();
  BOSSEY_TRY(const Bytes merged, crdt::merge_updates(good));
  BOSSEY_TRY(const std::string words, crdt::inserted_text(merged));
  return paragraphs(words);
}

}  // namespace bossey::group
