#include "net/request_target.hpp"

#include <cstdint>

namespace bossey::net {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Length of the well-formed UTF-8 sequence at the front of `text`, 0 if there is none (RFC 3629, table of
/// well-formed sequences: no overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t utf8_sequence(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto continues = [&](std::size_t count) {
    if (text.size() <= count) return false;
    for (std::size_t i = 1; i <= count; ++i)
      if ((at(i) & 0xC0U) != 0x80U) return false;
    return true;
  };
  const std::uint8_t lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (!continues(2)) return 0;
    const bool overlong = lead == 0xE0 && at(1) < 0xA0;
    const bool surrogate = lead == 0xED && at(1) > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (!continues(3)) return 0;
    const bool overlong = lead == 0xF0 && at(1) < 0x90;
    const bool beyond = lead == 0xF4 && at(1) > 0x8F;
    return overlong || beyond ? 0 : 4;
  }
  return 0;
}

bool is_clean_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto first = static_cast<std::uint8_t>(text.front());
    if (first < 0x20 || first == 0x7F) return false;
    const std::size_t size = utf8_sequence(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

Result<std::vector<std::string>> parse_path(std::string_view path) {
  std::vector<std::string> segments;
  if (path == "/") return segments;
  path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  while (true) {
    const std::size_t slash = path.find('/');
    BOSSEY_TRY(std::string segment, percent_decode(path.substr(0, slash), false));
    if (segment.empty() || segment == "." || segment == "..")
      return fail(Errc::bad_input, "the path has an empty part");
    if (segment.find_first_of("/\\") != std::string::npos)
      return fail(Errc::bad_input, "a part of the path holds a slash");
    if (segments.size() == kPathSegmentsMax) return fail(Errc::bad_input, "the path has too many parts");
    segments.push_back(std::move(segment));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

Result<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const std::size_t ampersand = query.find('&');
    const std::string_view pair = query.substr(0, ampersand);
    if (!pair.empty()) {
      if (pairs.size() == kQueryPairsMax) return fail(Errc::bad_input, "the query has too many parameters");
      const std::size_t equals = pair.find('=');
      BOSSEY_TRY(std::string name, percent_decode(pair.substr(0, equals), true));
      std::string value;
      if (equals != std::string_view::npos) {
        BOSSEY_TRY(value, percent_decode(pair.substr(equals + 1), true));
      }
      pairs.emplace_back(std::move(name), std::move(value));
    }
    if (ampersand == std::string_view::npos) break;
    query.remove_prefix(ampersand + 1);
  }
  return pairs;
}

}  // namespace

Result<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      decoded.push_back(' ');
    } else if (text[i] == '%') {
      const bool complete = text.size() - i > 2;
      const int high = complete ? hex_digit(text[i + 1]) : -1;
      const int low = complete ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return fail(Errc::bad_input, "a % in the address is not followed by two digits");
      decoded.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      decoded.push_back(text[i]);
    }
  }
  if (!is_clean_utf8(decoded)) return fail(Errc::bad_input, "the address is not clean UTF-8");
  return decoded;
}

Result<RequestTarget> parse_target(std::string_view target) {
  if (target.empty() || target.front() != '/')
    return fail(Errc::bad_input, "the address of the request must begin with a slash");
  const std::size_t fragment = target.find('#');
  target = target.substr(0, fragment);
  const std::size_t question = target.find('?');
  RequestTarget result;
  BOSSEY_TRY(result.path, parse_path(target.substr(0, question)));
  if (question != std::string_view::npos) {
    BOSSEY_TRY(result.query, parse_query(target.substr(question + 1)));
  }
  return result;
}

}  // namespace bossey::net
