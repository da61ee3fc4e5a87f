#include "document/word_replace.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "document/canonical.hpp"

namespace bossey::document {
namespace {

/// A break or a footnote between words; no word holds it.
constexpr char kBarrier = '\x01';

/// As canonical text spells the words: NFC, single spaces, none at the ends.
std::string spelled(std::string_view words) {
  Section alone;
  alone.body.push_back(paragraph(std::string(words)));
  const Section normal = normalize(alone);
  return normal.body.empty() ? std::string() : plain_text(normal.body.front().inlines);
}

std::string words_of(const std::vector<Inline>& inlines) {
  std::string out;
  for (const Inline& one : inlines) {
    if (one.kind == InlineKind::text)
      out += one.text;
    else
      out += kBarrier;
  }
  return out;
}

/// The runs with `replace` for the octets [begin, end) of their words.
std::vector<Inline> replaced(const std::vector<Inline>& inlines, std::size_t begin, std::size_t end,
                             const std::string& replace) {
  std::vector<Inline> out;
  std::size_t at = 0;
  bool put = false;
  for (const Inline& one : inlines) {
    const std::size_t size = one.kind == InlineKind::text ? one.text.size() : 1;
    const std::size_t from = std::clamp(begin, at, at + size) - at;
    const std::size_t to = std::clamp(end, at, at + size) - at;
    at += size;
    if (from >= to) {
      out.push_back(one);
      continue;
    }
    if (from > 0) out.push_back(text_run(one.text.substr(0, from), one.marks));
    if (!put && !replace.empty()) out.push_back(text_run(replace, one.marks));
    put = true;
    if (to < size) out.push_back(text_run(one.text.substr(to), one.marks));
  }
  return out;
}

class Replacing {
 public:
  Replacing(std::string find, std::string replace) : find_(std::move(find)), replace_(std::move(replace)) {}

  void title(std::string& title) {
    if (const std::size_t at = found(title); at != std::string::npos) title.replace(at, find_.size(), replace_);
  }
  void blocks(std::vector<Block>& blocks) {
    for (Block& block : blocks) {
      inlines(block.inlines);
      this->blocks(block.children);
    }
  }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  void inlines(std::vector<Inline>& inlines) {
    for (Inline& one : inlines) this->inlines(one.content);
    if (const std::size_t at = found(words_of(inlines)); at != std::string::npos)
      inlines = replaced(inlines, at, at + find_.size(), replace_);
  }
  /// The first place in these words; all of them are counted.
  std::size_t found(const std::string& words) {
    const std::size_t first = words.find(find_);
    for (std::size_t at = first; at != std::string::npos; at = words.find(find_, at + 1)) ++count_;
    return first;
  }

  std::string find_, replace_;
  std::size_t count_ = 0;
};

}  // namespace

Result<Section> replace_words(const Section& section, std::string_view find, std::string_view replace) {
  std::string words = spelled(find);
  if (words.empty()) return fail(Errc::bad_input, "Select the words to be corrected.");
  Section out = normalize(section);
  Replacing replacing(std::move(words), spelled(replace));
  replacing.title(out.title);
  replacing.blocks(out.body);
  if (replacing.count() == 0) return fail(Errc::not_found, "These words do not stand in this section.");
  if (replacing.count() > 1) return fail(Errc::conflict, "They stand there more than once. Select more words.");
  return normalize(out);
}

}  // namespace bossey::document
