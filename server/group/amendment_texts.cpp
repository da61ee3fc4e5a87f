#include "group/amendment_texts.hpp"

#include <algorithm>
#include <unordered_map>

#include "document/canonical.hpp"
#include "document/characters.hpp"
#include "document/diff.hpp"
#include "room/room.hpp"

namespace bossey::group {
namespace {

using consensus::TextChange;
using consensus::TextChanges;

constexpr std::string_view kForkKey = "proposal/";

enum class Sort : std::uint8_t { word, sign, line_end };

struct Token {
  std::size_t begin = 0, end = 0;
  Sort sort = Sort::word;
};

Sort sort_of(char32_t c) {
  if (c == U'\n') return Sort::line_end;
  const bool is_sign =
      document::is_plain_space(c) || document::is_wide_space(c) || document::is_punctuation_or_symbol(c);
  return is_sign ? Sort::sign : Sort::word;
}

/// Octets of the UTF-8 character that starts here. Canonical text is well-formed.
std::size_t width_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t width = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return std::min(width, text.size() - at);
}

/// Words; each sign, each space, each line end and each ideograph by itself.
std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> out;
  bool joins = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t width = width_at(text, at);
    const char32_t c = document::decode_utf8(text.substr(at, width)).front();
    const Sort sort = sort_of(c);
    const bool alone = sort != Sort::word || document::is_ideographic(c);
    if (joins && !alone)
      out.back().end = at + width;
    else
      out.push_back({at, at + width, sort});
    joins = !alone;
    at += width;
  }
  return out;
}

std::vector<std::uint32_t> numbered(std::string_view text, const std::vector<Token>& tokens,
                                    std::unordered_map<std::string_view, std::uint32_t>& numbers) {
  std::vector<std::uint32_t> out;
  out.reserve(tokens.size());
  for (const Token& t : tokens)
    out.push_back(numbers.try_emplace(text.substr(t.begin, t.end - t.begin), static_cast<std::uint32_t>(numbers.size()))
                      .first->second);
  return out;
}

std::string_view between(std::string_view text, const std::vector<Token>& tokens, std::size_t begin, std::size_t end) {
  if (begin == end) return {};
  return text.substr(tokens[begin].begin, tokens[end - 1].end - tokens[begin].begin);
}

std::size_t offset_of(std::string_view text, const std::vector<Token>& tokens, std::size_t token) {
  return token < tokens.size() ? tokens[token].begin : text.size();
}

/// Spaces and signs on one line keep no two changes apart: nobody means the space between two words of a new phrase.
bool parts_nothing(const std::vector<Token>& tokens, std::size_t begin, std::size_t end) {
  return std::all_of(tokens.begin() + static_cast<std::ptrdiff_t>(begin),
                     tokens.begin() + static_cast<std::ptrdiff_t>(end),
                     [](const Token& t) { return t.sort == Sort::sign; });
}

}  // namespace

TextChanges changes_between(std::string_view before, std::string_view after) {
  const std::vector<Token> old_tokens = tokens_of(before), new_tokens = tokens_of(after);
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  const auto a = numbered(before, old_tokens, numbers);
  const auto b = numbered(after, new_tokens, numbers);
  TextChanges out;
  std::string between_changes;  // The equal stretch since the last change, while it may join the two.
  bool may_join = false;
  for (const document::DiffPart& part : document::diff(a, b)) {
    if (part.equal) {
      may_join = !out.empty() && parts_nothing(old_tokens, part.a_begin, part.a_end);
      between_changes = between(before, old_tokens, part.a_begin, part.a_end);
      continue;
    }
    const std::size_t begin = offset_of(before, old_tokens, part.a_begin);
    const std::size_t end = begin + between(before, old_tokens, part.a_begin, part.a_end).size();
    const std::string_view words = between(after, new_tokens, part.b_begin, part.b_end);
    if (std::exchange(may_join, false)) {
      out.back().end = end;
      out.back().words.append(between_changes).append(words);
    } else {
      out.push_back({begin, end, std::string(words)});
    }
  }
  return out;
}

SectionId fork_key(std::uint64_t number) {
  return SectionId{std::string(kForkKey) + std::to_string(number)};
}

std::optional<std::uint64_t> number_of_key(const SectionId& key) {
  if (!key.value.starts_with(kForkKey)) return std::nullopt;
  return std::strtoull(key.value.c_str() + kForkKey.size(), nullptr, 10);
}

void AmendmentTexts::set(std::uint64_t number, SectionText text, std::uint64_t version) {
  forks_.set(fork_key(number), std::move(text));
  versions_[number] = version;
}

void AmendmentTexts::changed(std::uint64_t number, std::shared_ptr<room::Room> room) {
  versions_[number] = room->last_seq().value;
  forks_.changed(fork_key(number), std::move(room));
}

void AmendmentTexts::let_go(std::uint64_t number) {
  forks_.let_go(fork_key(number));
}

const SectionText* AmendmentTexts::find(std::uint64_t number) const {
  return forks_.find(fork_key(number));
}

std::shared_ptr<room::Room> AmendmentTexts::room(std::uint64_t number) const {
  return forks_.room(fork_key(number));
}

std::uint64_t AmendmentTexts::version(std::uint64_t number) const {
  const auto at = versions_.find(number);
  return at == versions_.end() ? 0 : at->second;
}

const AmendmentNow* AmendmentTexts::now(const GroupState& state, const SectionTexts& texts,
                                        std::uint64_t number) const {
  const auto at = state.amendments.find(number);
  const SectionText* words = find(number);
  if (at == state.amendments.end() || words == nullptr) return nullptr;
  const AmendmentRecord& record = at->second;
  const SectionText* text = record.on ? find(*record.on) : texts.find(record.section);
  if (text == nullptr) return nullptr;
  const Sha256 base = document::text_id(record.base);
  // What has ended is shown on the text that it was about.
  const Sha256 target = record.is_live() ? text->text_id : base;
  Known& known = known_[number];
  if (known.base == base && known.words == words->text_id && known.target == target) return &known.now;
  known.base = base;
  known.words = words->text_id;
  known.target = target;
  AmendmentNow& now = known.now = {};
  now.target = record.is_live() ? text->canonical : record.base;
  now.target_id = target;
  now.words = words->canonical;
  now.behind = base != target;
  const TextChanges own = changes_between(record.base, words->canonical);
  now.untouched = own.empty();
  consensus::Rebased rebased = consensus::rebase(own, changes_between(record.base, now.target));
  for (const std::size_t i : rebased.overtaken) {
    now.overtaken.push_back({record.base.substr(own[i].begin, own[i].end - own[i].begin), own[i].words});
    now.overtaken_changes.push_back(own[i]);
  }
  now.changes = std::move(rebased.kept);
  now.wanted = consensus::with_changes(now.target, now.changes);
  return &now;
}

consensus::Amendments AmendmentTexts::of_section(const GroupState& state, const SectionTexts& texts,
                                                 const SectionId& section) const {
  consensus::Amendments out;
  const auto numbers = state.amendments_of.find(section);
  if (numbers == state.amendments_of.end()) return out;
  for (const std::uint64_t number : numbers->second) {
    const AmendmentRecord& record = state.amendments.at(number);
    consensus::Amendment a;
    a.number = number;
    a.kind = record.kind == consensus::ProposalKind::late ? consensus::ProposalKind::amendment : record.kind;
    a.section = section;
    a.on = record.on;
    a.author = record.author;
    a.strength = record.strength;
    a.signed_by = record.signed_by;
    a.fate = record.fate;
    a.adopted_with = record.adopted_with;
    // What has ended asks for nothing, and need not be compared.
    if (const AmendmentNow* now = record.is_live() ? this->now(state, texts, number) : nullptr; now != nullptr) {
      a.base = now->target_id;
      a.changes = now->changes;
      a.overtaken = now->overtaken_changes;
    }
    out.push_back(std::move(a));
  }
  return out;
}

std::vector<std::uint64_t> AmendmentTexts::open_on(const GroupState& state, const SectionTexts& texts,
                                                   const SectionId& section) const {
  std::vector<std::uint64_t> out;
  const auto numbers = state.amendments_of.find(section);
  if (numbers == state.amendments_of.end()) return out;
  for (const std::uint64_t number : numbers->second) {
    const AmendmentRecord& record = state.amendments.at(number);
    if (record.fate != consensus::Fate::open || record.on) continue;
    const AmendmentNow* now = this->now(state, texts, number);
    if (now != nullptr && now->asks()) out.push_back(number);
  }
  return out;
}

}  // namespace bossey::group
