#include "consensus/moment.hpp"

#include <array>
#include <cstdio>

namespace bossey::consensus {
namespace {

struct Parts {
  std::int64_t year;
  unsigned month, day;
  int hour, minute, second;
};

constexpr std::int64_t kDay_s = 86400;

// The Gregorian calendar repeats every 400 years, 146097 days. Years are counted from 1 March, so that the leap day
// comes last; 1 March of year 0 is day -719468.
constexpr std::int64_t kEra_days = 146097;
constexpr std::int64_t kEpochFromEra_days = 719468;

std::int64_t day_number(std::int64_t year, unsigned month, unsigned day) {
  if (month <= 2) --year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month_from_march = (month + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
  return era * kEra_days + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - kEpochFromEra_days;
}

Parts parts_of(std::int64_t at_s) {
  const std::int64_t days = (at_s >= 0 ? at_s : at_s - kDay_s + 1) / kDay_s;
  const auto rest = static_cast<int>(at_s - days * kDay_s);
  const std::int64_t from_era = days + kEpochFromEra_days;
  const std::int64_t era = (from_era >= 0 ? from_era : from_era - kEra_days + 1) / kEra_days;
  const std::int64_t day_of_era = from_era - era * kEra_days;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const auto day = static_cast<unsigned>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  const auto month = static_cast<unsigned>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day, rest / 3600, rest / 60 % 60, rest % 60};
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
  std::snprintf(out.data(), out.size(), "%04lld-%02u-%02uT%02d:%02d:%02dZ", static_cast<long long>(p.year), p.month,
                p.day, p.hour, p.minute, p.second);
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
  const std::int64_t days = day_number(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
  const std::int64_t at_s = days * kDay_s + *hour * 3600 + *minute * 60 + *second;
  // A day that does not exist, as 30 February, comes back as another one.
  if (*month < 1 || iso_utc(at_s) != text) return std::nullopt;
  return at_s;
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
