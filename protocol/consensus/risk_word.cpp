#include "consensus/risk_word.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>
#include <span>

#include "consensus/risk_words.hpp"

namespace bossey::consensus {
namespace {

// Up to here the shortest way between two stretches is looked for; 4 million cells take a few milliseconds.
constexpr std::size_t kCellsMax = 4'000'000;

struct Token {
  std::string word;
  std::optional<RiskKind> risk;
};

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = octet(at);
  std::size_t length = 1;
  char32_t out = lead;
  if (lead >= 0xF0) {
    length = 4;
    out = lead & 0x07U;
  } else if (lead >= 0xE0) {
    length = 3;
    out = lead & 0x0FU;
  } else if (lead >= 0xC0) {
    length = 2;
    out = lead & 0x1FU;
  }
  if (at + length > text.size()) length = 1;
  for (std::size_t i = 1; i < length; ++i) out = (out << 6U) | (octet(at + i) & 0x3FU);
  at += length;
  return out;
}

void append(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0U | (c >> 6U));
    out += static_cast<char>(0x80U | (c & 0x3FU));
  } else {
    out += static_cast<char>(0xE0U | (c >> 12U));
    out += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (c & 0x3FU));
  }
}

bool is_capital(char32_t c) {
  return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9) ||
         (c >= 0x410 && c <= 0x42F);
}
char32_t small(char32_t c) {
  return is_capital(c) ? c + 0x20 : c;
}
bool is_digit(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 0x660 && c <= 0x669) || (c >= 0x6F0 && c <= 0x6F9) ||
         (c >= 0x966 && c <= 0x96F) || (c >= 0xFF10 && c <= 0xFF19);
}
bool is_chinese(char32_t c) {
  return (c >= 0x3400 && c <= 0x9FFF) || c == 0x3007 || (c >= 0xF900 && c <= 0xFAFF);
}
bool is_letter(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  // Spaces, dashes, quotes and the punctuation of Arabic and Chinese.
  if ((c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x303F && c != 0x3007) || (c >= 0xFF00 && c <= 0xFF0F) ||
      (c >= 0xFF1A && c <= 0xFF20))
    return false;
  return c != 0xA0 && c != 0xAB && c != 0xBB && c != 0x60C && c != 0x61B && c != 0x61F && c != 0x6D4;
}

template <class Table>
bool holds(const Table& table, std::string_view word) {
  return std::find(table.begin(), table.end(), word) != table.end();
}

std::optional<RiskKind> risk_of_plain(std::string_view word) {
  if (holds(risk::kObligation, word)) return RiskKind::obligation;
  if (holds(risk::kNegation, word)) return RiskKind::negation;
  if (holds(risk::kScope, word)) return RiskKind::scope;
  if (holds(risk::kNumber, word)) return RiskKind::number;
  if (holds(risk::kDate, word)) return RiskKind::date;
  return std::nullopt;
}

std::optional<RiskKind> risk_of(std::string_view word) {
  if (const auto found = risk_of_plain(word)) return found;
  // Arabic joins "and", "so", "for", "by" and "the" to the word that follows.
  for (const std::string_view joined : {"وال", "بال", "لل", "و", "ف", "ب", "ل", "ال"})
    if (word.size() > joined.size() + 1 && word.starts_with(joined))
      if (const auto found = risk_of_plain(word.substr(joined.size()))) return found;
  return std::nullopt;
}

std::optional<RiskKind> risk_of_chinese(char32_t c) {
  if (risk::kChineseNegation.find(c) != std::u32string_view::npos) return RiskKind::negation;
  if (risk::kChineseNumber.find(c) != std::u32string_view::npos) return RiskKind::number;
  if (risk::kChineseDate.find(c) != std::u32string_view::npos) return RiskKind::date;
  if (risk::kChineseObligation.find(c) != std::u32string_view::npos) return RiskKind::obligation;
  if (risk::kChineseScope.find(c) != std::u32string_view::npos) return RiskKind::scope;
  return std::nullopt;
}

/// Cuts a canonical text into words, Chinese signs, list markers and brackets. What else there is (commas, emphasis,
/// quotes) is no word and may change.
class Cutter {
 public:
  explicit Cutter(std::string_view text) : text_(text) {}

  std::vector<Token> cut() {
    while (at_ < text_.size()) {
      if (line_start_) mark_list();
      if (at_ >= text_.size()) break;
      step();
    }
    return std::move(out_);
  }

 private:
  void mark_list() {
    line_start_ = false;
    std::size_t end = at_;
    while (end < text_.size() && (text_[end] == ' ' || text_[end] == '>')) ++end;
    std::size_t marker = end;
    while (marker < text_.size() && text_[marker] >= '0' && text_[marker] <= '9') ++marker;
    const bool numbered = marker > end && marker < text_.size() && (text_[marker] == '.' || text_[marker] == ')');
    const bool bullet = end < text_.size() && (text_[end] == '-' || text_[end] == '*');
    if (!numbered && !bullet) return;
    const std::size_t after = numbered ? marker + 1 : end + 1;
    if (after >= text_.size() || (text_[after] != ' ' && text_[after] != '\n')) return;
    out_.push_back({numbered ? "1." : "-", RiskKind::list});
    at_ = after;
    sentence_start_ = true;
  }

  void step() {
    const std::size_t begin = at_;
    const char32_t c = next_code_point(text_, at_);
    if (c == '\\' && at_ < text_.size() && text_[at_] != '\n') {
      // An escaped sign is itself and no mark.
      if (text_[at_] == '[' || text_[at_] == ']') ++at_;
      return;
    }
    if (c == '[' || c == ']') {
      out_.push_back({std::string(1, static_cast<char>(c)), RiskKind::bracket});
    } else if (c == '\n') {
      line_start_ = true;
      sentence_start_ = true;
    } else if (is_chinese(c)) {
      out_.push_back({std::string(text_.substr(begin, at_ - begin)), risk_of_chinese(c)});
      sentence_start_ = false;
    } else if (is_digit(c) || is_letter(c)) {
      at_ = begin;
      word();
    } else if (c == '.' || c == '!' || c == '?' || c == ':' || c == '#') {
      sentence_start_ = true;
    }
  }

  void word() {
    std::string as_is, plain;
    bool digits = false;
    bool capital = false;
    bool first = true;
    while (at_ < text_.size()) {
      std::size_t next = at_;
      const char32_t c = next_code_point(text_, next);
      // "3.5", "30%", "10,000" are one number each.
      const bool inside = digits && (c == '.' || c == ',' || c == '%' || c == 0x66B || c == 0x66A) &&
                          (c == '%' || c == 0x66A || is_next_digit(next));
      if (!inside && !is_digit(c) && (!is_letter(c) || is_chinese(c))) break;
      if (is_digit(c)) digits = true;
      if (first && is_capital(c)) capital = true;
      first = false;
      as_is += text_.substr(at_, next - at_);
      append(plain, small(c));
      at_ = next;
    }
    // Don't, isn't, can't: the ending belongs to the word and makes a no of it.
    if (const std::size_t ending = negating_ending(); plain.size() > 1 && plain.back() == 'n' && ending > 0) {
      as_is += text_.substr(at_, ending);
      at_ += ending;
      plain = "not";
    }
    std::optional<RiskKind> risk = digits ? std::optional(RiskKind::number) : risk_of(plain);
    if (!risk && capital && !sentence_start_) risk = RiskKind::name;
    // A sentence's first word is capital whatever it is.
    if (capital && sentence_start_ && risk != RiskKind::name) as_is = plain;
    out_.push_back({std::move(as_is), risk});
    sentence_start_ = false;
  }

  [[nodiscard]] bool is_next_digit(std::size_t at) const {
    return at < text_.size() && is_digit(next_code_point(text_, at));
  }
  /// Octets of "'t" here; 0 if something else stands here.
  [[nodiscard]] std::size_t negating_ending() const {
    constexpr std::string_view kTypographic = "’t";
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("'t")) return 2;
    return rest.starts_with(kTypographic) ? kTypographic.size() : 0;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool line_start_ = true;
  bool sentence_start_ = true;
  std::vector<Token> out_;
};

/// Which tokens of `a` and `b` are in no longest common sequence.
struct Changed {
  std::vector<const Token*> gone, come;
};

// A place where tokens differ; within one, what went and what came belong together.
std::vector<Changed> differences(std::span<const Token> a, std::span<const Token> b) {
  const auto same = [](const Token& x, const Token& y) { return x.word == y.word; };
  while (!a.empty() && !b.empty() && same(a.front(), b.front())) {
    a = a.subspan(1);
    b = b.subspan(1);
  }
  while (!a.empty() && !b.empty() && same(a.back(), b.back())) {
    a = a.first(a.size() - 1);
    b = b.first(b.size() - 1);
  }
  std::vector<Changed> out;
  if (a.empty() && b.empty()) return out;
  const std::size_t width = b.size() + 1;
  if (a.size() + 1 > kCellsMax / width) {
    out.emplace_back();
    for (const Token& token : a) out.back().gone.push_back(&token);
    for (const Token& token : b) out.back().come.push_back(&token);
    return out;
  }
  std::vector<std::uint32_t> common((a.size() + 1) * width);
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      common[i * width + j] = same(a[i], b[j]) ? common[(i + 1) * width + j + 1] + 1
                                               : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
  bool in_change = false;
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && j < b.size() && same(a[i], b[j])) {
      in_change = false;
      ++i;
      ++j;
      continue;
    }
    if (!in_change) out.emplace_back();
    in_change = true;
    if (j == b.size() || (i < a.size() && common[(i + 1) * width + j] >= common[i * width + j + 1]))
      out.back().gone.push_back(&a[i++]);
    else
      out.back().come.push_back(&b[j++]);
  }
  return out;
}

void add_risks(const Changed& place, std::vector<Risk>& risks) {
  const auto risky = [](const std::vector<const Token*>& tokens) {
    std::vector<const Token*> out;
    std::copy_if(tokens.begin(), tokens.end(), std::back_inserter(out),
                 [](const Token* t) { return t->risk.has_value(); });
    return out;
  };
  const auto gone = risky(place.gone), come = risky(place.come);
  for (std::size_t i = 0; i < std::max(gone.size(), come.size()) && risks.size() < kRisksMax; ++i) {
    const Token* const went = i < gone.size() ? gone[i] : nullptr;
    const Token* const came = i < come.size() ? come[i] : nullptr;
    // Of "can → can't" the no is what counts.
    const bool came_counts = went == nullptr || (came != nullptr && came->risk == RiskKind::negation);
    risks.push_back({came_counts ? *came->risk : *went->risk, went != nullptr ? went->word : std::string(),
                     came != nullptr ? came->word : std::string()});
  }
}

std::vector<std::string_view> paragraphs(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = text.find("\n\n");
    std::string_view one = text.substr(0, end);
    while (one.ends_with('\n')) one.remove_suffix(1);
    if (!one.empty()) out.push_back(one);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 2);
  }
  return out;
}

/// Paragraphs that both texts hold, in another order.
bool moved_paragraphs(std::string_view before, std::string_view after) {
  const auto a = paragraphs(before), b = paragraphs(after);
  const std::multiset<std::string_view> in_a(a.begin(), a.end()), in_b(b.begin(), b.end());
  std::vector<std::string_view> both_a, both_b;
  std::copy_if(a.begin(), a.end(), std::back_inserter(both_a), [&](auto p) { return in_b.contains(p); });
  std::copy_if(b.begin(), b.end(), std::back_inserter(both_b), [&](auto p) { return in_a.contains(p); });
  return both_a != both_b;
}

}  // namespace

std::string_view name_of(RiskKind kind) {
  constexpr std::array<std::string_view, 9> kNames{"obligation", "negation", "scope", "number", "date",
                                                   "name",       "bracket",  "list",  "moved"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<Risk> risks_of(std::string_view before, std::string_view after) {
  std::vector<Risk> risks;
  if (moved_paragraphs(before, after)) risks.push_back({RiskKind::moved, "", ""});
  const std::vector<Token> a = Cutter(before).cut(), b = Cutter(after).cut();
  for (const Changed& place : differences(a, b)) add_risks(place, risks);
  return risks;
}

std::string in_words(const std::vector<Risk>& risks) {
  std::string out;
  for (const Risk& risk : risks) {
    if (!out.empty()) out += "; ";
    if (risk.kind == RiskKind::moved)
      out += "a paragraph moved";
    else if (risk.before.empty())
      out += "new: " + risk.after;
    else if (risk.after.empty())
      out += "gone: " + risk.before;
    else
      out += risk.before + " → " + risk.after;
  }
  return out;
}

}  // namespace bossey::consensus
