#include "document/markdown_footnotes.hpp"

#include <optional>
#include <unordered_set>

#include "document/characters.hpp"

namespace bossey::document {

namespace {

/// Where `[^label]:` stands in a line, if the line begins with one, perhaps within quotes or lists.
struct Found {
  std::size_t label_begin;
  std::size_t label_end;
};

std::size_t skip_containers(std::string_view line) {
  std::size_t at = 0;
  for (;;) {
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t' || line[at] == '>')) ++at;
    std::size_t marker = at;
    while (marker < line.size() && marker - at < 9 && is_ascii_digit(static_cast<unsigned char>(line[marker])))
      ++marker;
    const bool ordered = marker > at && marker < line.size() && (line[marker] == '.' || line[marker] == ')');
    const bool bullet = marker == at && at < line.size() && (line[at] == '-' || line[at] == '*' || line[at] == '+');
    if (!(ordered || bullet) || marker + 1 >= line.size() || line[marker + 1] != ' ') return at;
    at = marker + 1;
  }
}

std::optional<Found> definition_in(std::string_view line) {
  const std::size_t at = skip_containers(line);
  if (line.substr(at, 2) != "[^") return std::nullopt;
  const std::size_t end = line.find_first_of("] \t", at + 2);
  if (end == std::string_view::npos || end == at + 2 || line.substr(end, 2) != "]:") return std::nullopt;
  return Found{at + 2, end};
}

/// Follows fenced code, in which nothing is a footnote.
class Fence {
 public:
  bool within(std::string_view line) {
    const std::size_t at = line.find_first_not_of(" \t>");
    if (at == std::string_view::npos) return sign_ != '\0';
    const char c = line[at];
    std::size_t end = at;
    while (end < line.size() && line[end] == c) ++end;
    const std::size_t length = end - at;
    if (sign_ == '\0') {
      if ((c == '`' || c == '~') && length >= 3 && (c == '~' || line.find('`', end) == std::string_view::npos)) {
        sign_ = c;
        length_ = length;
        return true;
      }
      return false;
    }
    const bool closes = c == sign_ && length >= length_ && line.find_first_not_of(" \t", end) == std::string_view::npos;
    if (closes) sign_ = '\0';
    return true;
  }

 private:
  char sign_ = '\0';
  std::size_t length_ = 0;
};

template <class Visit>
void each_line(std::string_view text, Visit&& visit) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    visit(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

}  // namespace

PreparedMarkdown prepare_footnotes(std::string_view text) {
  PreparedMarkdown made;
  std::unordered_set<std::string> labels;
  std::string body;
  body.reserve(text.size() + 64);
  Fence fence;
  int line_number = 0;
  each_line(text, [&](std::string_view line) {
    ++line_number;
    const auto found = fence.within(line) ? std::nullopt : definition_in(line);
    if (!found) {
      body += line;
      body += '\n';
      return;
    }
    const std::string given(line.substr(found->label_begin, found->label_end - found->label_begin));
    std::string label = given;
    const bool repeated = labels.contains(case_fold(label));
    for (int count = 2; !labels.insert(case_fold(label)).second; ++count) label = given + "~" + std::to_string(count);
    body += std::string(line.substr(0, found->label_begin)) + label + std::string(line.substr(found->label_end)) + "\n";
    made.definitions.push_back({label, given, line_number, repeated});
  });
  if (!made.definitions.empty()) {
    for (const auto& definition : made.definitions) made.text += "[^" + definition.label + "] ";
    made.text += "\n\n";
    made.added_lines = 2;
  }
  made.text += body;
  return made;
}

std::string lines_from(std::string_view text, int line) {
  std::string out;
  int number = 0;
  bool ended = false;
  each_line(text, [&](std::string_view one) {
    ++number;
    if (ended || number < line) return;
    ended = one.find_first_not_of(" \t\r") == std::string_view::npos;
    if (!ended) out += (out.empty() ? "" : " ") + std::string(one);
  });
  return out;
}

}  // namespace bossey::document
