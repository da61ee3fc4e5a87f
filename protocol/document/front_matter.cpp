#include "document/front_matter.hpp"

#include <cstddef>

#include "document/characters.hpp"

namespace bossey::document {

namespace {

std::string_view without_end(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  return line;
}

/// `key: value`, a list entry or the rest of a value, a comment, or nothing.
bool is_setting(std::string_view line) {
  if (line.empty() || line.front() == '#' || line.front() == ' ' || line.front() == '\t' || line.starts_with("- "))
    return true;
  std::size_t at = 0;
  while (at < line.size() &&
         (is_ascii_alnum(static_cast<unsigned char>(line[at])) || line[at] == '_' || line[at] == '-'))
    ++at;
  return at > 0 && line.substr(at, 1) == ":" && (at + 1 == line.size() || line[at + 1] == ' ');
}

std::string title_in(std::string_view line) {
  constexpr std::string_view kKey = "title:";
  if (!line.starts_with(kKey)) return {};
  line.remove_prefix(kKey.size());
  while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  const bool quoted = line.size() >= 2 && (line.front() == '"' || line.front() == '\'') && line.back() == line.front();
  return std::string(quoted ? line.substr(1, line.size() - 2) : line);
}

}  // namespace

FrontMatter take_front_matter(std::string_view text) {
  constexpr std::size_t kMaxLines = 200;
  FrontMatter found;
  std::string emptied;
  std::string_view rest = text;
  for (std::size_t number = 0; number < kMaxLines && !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = without_end(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    emptied += '\n';
    if (number == 0) {
      if (line != "---") break;
    } else if (line == "---" || line == "...") {
      if (found.words.empty()) break;
      found.rest = emptied + std::string(rest);
      return found;
    } else {
      // A blank line straight after the first rule: that is a rule.
      if (!is_setting(line) || (number == 1 && line.empty())) break;
      if (found.title.empty()) found.title = title_in(line);
      if (!line.empty()) found.words += std::string(line) + '\n';
    }
  }
  return {{}, {}, std::string(text)};
}

}  // namespace bossey::document
