// Inline content as words, and the comparison of two such contents. Internal to protocol/document: the inner half of
// the redline.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "document/inline_form.hpp"
#include "document/redline.hpp"

namespace bossey::document {

/// Counts of changed words.
struct WordCounts {
  std::size_t inserted = 0;
  std::size_t deleted = 0;
  std::size_t changed = 0;  ///< At each place the larger of the two.
};

/// Compares inline contents. Holds the word finder of ICU, which is costly to make: one for a whole redline.
class WordComparison {
 public:
  WordComparison();
  ~WordComparison();
  WordComparison(const WordComparison&) = delete;
  WordComparison& operator=(const WordComparison&) = delete;

  [[nodiscard]] std::vector<RedlineRun> compare(const std::vector<Inline>& before, const std::vector<Inline>& after);
  /// All of it inserted, deleted or the same; counted only if `counted`.
  [[nodiscard]] std::vector<RedlineRun> whole(const std::vector<Inline>& content, RunOp op, bool counted = true);
  [[nodiscard]] std::size_t words_in(const std::vector<Inline>& content);

  [[nodiscard]] const WordCounts& counts() const { return counts_; }
  [[nodiscard]] bool bounded() const { return bounded_; }

 private:
  /// A word, a space, a sign, an edge of a bracket, a break or a footnote.
  struct Token {
    RunKind kind = RunKind::text;
    std::size_t begin = 0, end = 0;  ///< Cells.
    bool is_word = false;
    char bracket = 0;
  };
  struct Side {
    Cells cells;
    std::vector<Token> tokens;
  };

  [[nodiscard]] Side side_of(const std::vector<Inline>& content);
  void add_words(const Side& side, std::size_t begin, std::size_t end, std::vector<Token>& out);
  [[nodiscard]] std::vector<std::uint32_t> ids_of(const Side& side,
                                                  std::unordered_map<std::string, std::uint32_t>& numbers) const;
  void put(const Side& side, const Token& token, RunOp op, bool format_only, std::vector<RedlineRun>& out);
  void put_same(const Side& before, const Token& old, const Side& after, const Token& fresh,
                std::vector<RedlineRun>& out);
  static bool same_format(const Side& before, const Token& old, const Side& after, const Token& fresh);

  class Finder;
  std::unique_ptr<Finder> finder_;
  WordCounts counts_;
  bool bounded_ = false;
  std::uint32_t unused_ = 1;
};

}  // namespace bossey::document
