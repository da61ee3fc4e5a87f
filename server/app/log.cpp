#include "app/log.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "consensus/moment.hpp"

namespace bossey::app {

namespace {

constexpr std::array<std::string_view, 3> kLevels = {"info", "warning", "error"};

std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '"'; },
      '?');
  const bool plain = !text.empty() && text.find_first_of(" =") == std::string::npos;
  return plain ? text : '"' + text + '"';
}

}  // namespace

std::string log_line(std::int64_t at_s, LogLevel level, std::string_view event, std::initializer_list<LogFact> facts) {
  auto line = consensus::iso_utc(at_s);
  line.append(" ").append(kLevels.at(static_cast<std::size_t>(level))).append(" ").append(event);
  for (const auto& [key, value] : facts) line.append(" ").append(key).append("=").append(printable(value));
  return line;
}

void log(LogLevel level, std::string_view event, std::initializer_list<LogFact> facts) {
  const auto line = log_line(std::time(nullptr), level, event, facts) + "\n";
  // One call, so that lines of two threads do not mix.
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace bossey::app
