#include "document/text_replace.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <variant>

#include "base/sha256.hpp"
#include "document/characters.hpp"
#include "document/diff.hpp"
#include "document/section_nodes.hpp"
#include "lib0/utf8.hpp"

namespace bossey::document {

namespace {

/// A word, or a single other character, with the marks it begins with.
struct Token {
  std::string text;
  std::uint64_t length_utf16 = 0;
  crdt::Attributes attributes;  ///< Of old tokens: as in the document.
  Marks marks;
};

bool in_word(char32_t c) {
  return !is_wide_space(c) && !is_punctuation_or_symbol(c) && !is_ideographic(c);
}

/// Cuts runs into tokens; a token never spans two runs.
void add_tokens(std::string_view text, const Marks& marks, const crdt::Attributes& attributes,
                std::vector<Token>& out) {
  bool last_in_word = false;
  for (const char32_t c : decode_utf8(text)) {
    const bool word = in_word(c);
    if (!(word && last_in_word)) out.push_back({{}, 0, attributes, marks});
    append_utf8(out.back().text, c);
    out.back().length_utf16 += c > 0xFFFF ? 2 : 1;
    last_in_word = word;
  }
}

std::vector<std::uint32_t> ids_of(const std::vector<Token>& tokens,
                                  std::unordered_map<std::string, std::uint32_t>& numbers) {
  std::vector<std::uint32_t> out;
  out.reserve(tokens.size());
  for (const Token& token : tokens)
    out.push_back(numbers.try_emplace(token.text, static_cast<std::uint32_t>(numbers.size())).first->second);
  return out;
}

/// What turns the attributes `now` into `wanted`: null takes one away.
crdt::Attributes change_between(const crdt::Attributes& now, const crdt::Attributes& wanted) {
  crdt::Attributes out;
  for (const auto& [key, value] : now)
    if (wanted.find(key) == nullptr) out.set(key, lib0::Null{});
  for (const auto& [key, value] : wanted) {
    const lib0::Any* present = now.find(key);
    if (present == nullptr || *present != value) out.set(key, value);
  }
  return out;
}

std::vector<Token> old_tokens(const crdt::XmlText& text) {
  std::vector<Token> out;
  for (const crdt::DeltaInsert& op : text.to_delta()) {
    if (const auto* words = std::get_if<std::string>(&op.insert)) {
      add_tokens(*words, marks_from(op.attributes).marks, op.attributes, out);
    } else {
      out.push_back({"\x01", 1, op.attributes, {}});  // An embed: equal to no word.
    }
  }
  return out;
}

/// Brackets of a text by where they begin and end, outermost first.
void sort_brackets(std::vector<Token>& tokens) {
  std::map<std::string, std::pair<std::size_t, std::size_t>> extent;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    for (const std::string& id : tokens[i].marks.brackets) {
      auto& [first, last] = extent.try_emplace(id, i, i).first->second;
      (void)first;
      last = i;
    }
  }
  for (Token& token : tokens) {
    std::sort(token.marks.brackets.begin(), token.marks.brackets.end(), [&](const auto& a, const auto& b) {
      const auto& x = extent[a];
      const auto& y = extent[b];
      return x.first != y.first ? x.first < y.first : x.second > y.second;
    });
  }
}

void retain(std::vector<crdt::DeltaOp>& ops, std::uint64_t length_utf16, const crdt::Attributes& attributes) {
  if (!ops.empty() && ops.back().attributes == attributes)
    if (auto* last = std::get_if<crdt::DeltaOp::Retain>(&ops.back().step)) {
      last->length_utf16 += length_utf16;
      return;
    }
  ops.push_back({crdt::DeltaOp::Retain{length_utf16}, attributes});
}

}  // namespace

BracketNames::BracketNames(std::string salt) : salt_(std::move(salt)) {}

void BracketNames::align(const std::vector<std::string>& wanted, const std::vector<std::string>& present) {
  for (std::size_t i = 0; i < std::min(wanted.size(), present.size()); ++i) {
    if (names_.contains(wanted[i]) || taken_.contains(present[i])) continue;
    names_[wanted[i]] = present[i];
    taken_.insert(present[i]);
  }
}

std::string BracketNames::name_of(const std::string& id) {
  const auto [it, fresh] = names_.try_emplace(id);
  if (fresh) it->second = "r" + sha256(salt_ + "\n" + id).hex().substr(0, 15);
  return it->second;
}

Marks BracketNames::renamed(const Marks& marks) {
  Marks out = marks;
  for (std::string& id : out.brackets) id = name_of(id);
  return out;
}

Inline BracketNames::renamed(Inline one) {
  one.marks = renamed(one.marks);
  for (Inline& inner : one.content) inner = renamed(std::move(inner));
  return one;
}

Block BracketNames::renamed(Block block) {
  for (Inline& one : block.inlines) one = renamed(std::move(one));
  for (Block& child : block.children) child = renamed(std::move(child));
  return block;
}

Result<void> replace_runs(crdt::XmlText& text, const std::vector<Inline>& runs, BracketNames& brackets) {
  std::vector<Token> before = old_tokens(text);
  sort_brackets(before);
  std::vector<Token> after;
  for (const Inline& run : runs) add_tokens(run.text, run.marks, {}, after);
  std::unordered_map<std::string, std::uint32_t> numbers;
  const std::vector<std::uint32_t> old_ids = ids_of(before, numbers);
  const std::vector<std::uint32_t> new_ids = ids_of(after, numbers);
  const std::vector<DiffPart> parts = diff(old_ids, new_ids);
  for (const DiffPart& part : parts)
    for (std::size_t i = 0; part.equal && i < part.a_end - part.a_begin; ++i)
      brackets.align(after[part.b_begin + i].marks.brackets, before[part.a_begin + i].marks.brackets);
  std::vector<crdt::DeltaOp> ops;
  for (const DiffPart& part : parts) {
    if (part.equal) {
      for (std::size_t i = 0; i < part.a_end - part.a_begin; ++i) {
        const Token& old = before[part.a_begin + i];
        const crdt::Attributes wanted = attributes_of(brackets.renamed(after[part.b_begin + i].marks));
        retain(ops, old.length_utf16, change_between(old.attributes, wanted));
      }
      continue;
    }
    for (std::size_t j = part.b_begin; j < part.b_end; ++j)
      ops.push_back({crdt::DeltaOp::Insert{after[j].text}, attributes_of(brackets.renamed(after[j].marks))});
    std::uint64_t removed_utf16 = 0;
    for (std::size_t i = part.a_begin; i < part.a_end; ++i) removed_utf16 += before[i].length_utf16;
    if (removed_utf16 > 0) ops.push_back({crdt::DeltaOp::Delete{removed_utf16}, {}});
  }
  return ops.empty() ? Result<void>{} : text.apply_delta(ops);
}

Result<void> replace_plain(crdt::Text& text, std::string_view words) {
  const std::string present = text.plain();
  if (text.length_utf16() != lib0::utf16_length(present)) {
    // Something that is no character stands in it: positions cannot be told from the words.
    BOSSEY_TRY_VOID(text.remove(0, text.length_utf16()));
    return text.insert(0, words);
  }
  const std::u32string before = decode_utf8(present);
  const std::u32string after = decode_utf8(words);
  std::size_t prefix = 0;
  while (prefix < before.size() && prefix < after.size() && before[prefix] == after[prefix]) ++prefix;
  std::size_t suffix = 0;
  while (suffix < before.size() - prefix && suffix < after.size() - prefix &&
         before[before.size() - 1 - suffix] == after[after.size() - 1 - suffix])
    ++suffix;
  const auto length = [](std::u32string_view part) { return lib0::utf16_length(encode_utf8(part)); };
  const std::uint64_t at = length(std::u32string_view(before).substr(0, prefix));
  const std::uint64_t removed = length(std::u32string_view(before).substr(prefix, before.size() - prefix - suffix));
  const std::string inserted = encode_utf8(std::u32string_view(after).substr(prefix, after.size() - prefix - suffix));
  if (removed > 0) BOSSEY_TRY_VOID(text.remove(at, removed));
  if (!inserted.empty()) BOSSEY_TRY_VOID(text.insert(at, inserted));
  return {};
}

}  // namespace bossey::document
