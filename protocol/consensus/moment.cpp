#include "consensus/moment.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace bossey::consensus {
namespace {

struct Parts {
  int year;
  unsigned month, day;
  int hour, minute, second;
};

// The calendar of <chrono> is arithmetic only; nothing here asks what time it is.
Parts parts_of(std::int64_t at_s) {
  const std::chrono::sys_seconds moment{std::chrono::seconds{at_s}};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const auto rest = static_cast<int>((moment - day).count());
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          rest / 3600,
          rest / 60 % 60,
          rest % 60};
}

std::string_view month_name(unsigned month) {
  constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                     "May",       "June",     "July",     "August",
                                                     "September", "October",  "November", "December"};
  return kMonths[month - 1];
}

std::optional<int> number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::string iso_utc(std::int64_t at_s) {
  const Parts p = parts_of(at_s);
  std::array<char, 48> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", p.year, p.month, p.day, p.hour, p.minute,
                p.second);
  return out.data();
}

std::optional<std::int64_t> parse_iso_utc(std::string_view text) {
  if (text.size() != 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
      text[19] != 'Z')
    return std::nullopt;
  const auto year = number(text.substr(0, 4)), month = number(text.substr(5, 2)), day = number(text.substr(8, 2));
  const auto hour = number(text.substr(11, 2)), minute = number(text.substr(14, 2)),
             second = number(text.substr(17, 2));
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return days * 86400 + *hour * 3600 + *minute * 60 + *second;
}

std::string day_in_words(std::int64_t at_s) {
  const Parts p = parts_of(at_s);
  return std::to_string(p.day) + ' ' + std::string(month_name(p.month)) + ' ' + std::to_string(p.year);
}

std::string moment_in_words(std::int64_t at_s) {
  const Parts p = parts_of(at_s);
  std::array<char, 16> clock{};
  std::snprintf(clock.data(), clock.size(), " %02d:%02d UTC", p.hour, p.minute);
  return day_in_words(at_s) + clock.data();
}

}  // namespace bossey::consensus
