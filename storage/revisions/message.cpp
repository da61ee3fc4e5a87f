#include "revisions/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

namespace bossey::revisions {

namespace {

bool one_line(std::string_view text) {
  return !text.empty() &&
         std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

bool is_key(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == '\n') text.remove_prefix(1);
  return trim_end(text);
}

std::optional<std::vector<Trailer>> parse_trailers(std::string_view paragraph) {
  std::vector<Trailer> found;
  while (!paragraph.empty()) {
    const auto end = std::min(paragraph.find('\n'), paragraph.size());
    const auto line = paragraph.substr(0, end);
    paragraph.remove_prefix(std::min(end + 1, paragraph.size()));
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos || !is_key(line.substr(0, colon))) return std::nullopt;
    found.push_back({std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))});
  }
  return found;
}

}  // namespace

Result<std::string> compose_message(std::string_view title, std::string_view body,
                                    const std::vector<Trailer>& trailers) {
  if (!one_line(title)) return fail(Errc::bad_input, "a revision's title is one line and not empty");
  if (body.find('\0') != std::string_view::npos) return fail(Errc::bad_input, "a revision's body has a zero octet");
  std::string text(title);
  text += '\n';
  if (const auto trimmed = trim(body); !trimmed.empty()) text.append("\n").append(trimmed).append("\n");
  if (!trailers.empty()) text += '\n';
  for (const auto& trailer : trailers) {
    if (!is_key(trailer.key) || !one_line(trailer.value))
      return fail(Errc::bad_input, fmt::format("the trailer '{}' is not 'Key: value'", trailer.key));
    text.append(trailer.key).append(": ").append(trailer.value).append("\n");
  }
  return text;
}

Message parse_message(std::string_view text) {
  Message message;
  const auto title_end = std::min(text.find('\n'), text.size());
  message.title = text.substr(0, title_end);
  auto rest = trim(text.substr(title_end));
  const auto gap = rest.rfind("\n\n");
  const auto last = gap == std::string_view::npos ? rest : rest.substr(gap + 2);
  if (auto trailers = parse_trailers(last); trailers && !trailers->empty()) {
    message.trailers = std::move(*trailers);
    rest = gap == std::string_view::npos ? std::string_view() : trim_end(rest.substr(0, gap));
  }
  message.body = rest;
  return message;
}

Result<void> check_path(std::string_view path) {
  const auto refuse = [&](std::string_view why) {
    return fail(Errc::bad_input, fmt::format("a path in the repository {}", why));
  };
  if (path.empty() || path.size() > kPathBytesMax) return refuse("is empty or too long");
  if (std::any_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\\'; }))
    return refuse("holds a control character or a backslash");
  while (true) {
    const auto slash = path.find('/');
    std::string part(path.substr(0, slash));
    std::transform(part.begin(), part.end(), part.begin(),
                   [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    if (part.empty() || part == "." || part == ".." || part == ".git" || part == "git~1")
      return refuse("has an empty or forbidden part");
    if (slash == std::string_view::npos) return {};
    path.remove_prefix(slash + 1);
  }
}

Result<void> check_identity(const Identity& identity) {
  const auto good = [](std::string_view text) {
    return one_line(text) && text.find_first_of("<>") == std::string_view::npos && text.front() != ' ' &&
           text.back() != ' ';
  };
  if (good(identity.name) && good(identity.email)) return {};
  return fail(Errc::bad_input, "the author of a revision needs a name and an e-mail address without '<' and '>'");
}

}  // namespace bossey::revisions
