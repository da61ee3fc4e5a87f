#include "app/operator_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace bossey::app {

namespace {

using nlohmann::json;

std::string text(const json& object, const char* field) {
  return object.value(field, std::string());
}

std::uint64_t number(const json& object, const char* field) {
  return object.value(field, std::uint64_t{0});
}

const json& list(const json& object, const char* field) {
  static const json kNone = json::array();
  const auto found = object.find(field);
  return found == object.end() || !found->is_array() ? kNone : *found;
}

std::string import_report(const json& answer) {
  auto out = fmt::format("Imported '{}' as report '{}': {} sections, {} footnotes.\n", text(answer, "title"),
                         text(answer, "slug"), number(answer, "sections"), number(answer, "footnotes"));
  for (const auto& note : list(answer, "notes")) {
    out += fmt::format("  line {}: {}\n", number(note, "line"), text(note, "message"));
  }
  return out;
}

std::string people_report(const json& answer) {
  std::string out;
  for (const auto& person : list(answer, "people")) {
    out += fmt::format("{:>6}  {:<13} {}", number(person, "person"), text(person, "role"), text(person, "name"));
    if (const auto category = text(person, "category"); !category.empty()) out += " (" + category + ")";
    for (const auto& link : list(person, "links")) out += fmt::format(", link {}", number(link, "link"));
    for (const auto& token : list(person, "tokens")) out += fmt::format(", token {}", token.get<std::uint64_t>());
    out += "\n";
  }
  return out.empty() ? "Nobody is in this group yet.\n" : out;
}

std::string groups_report(const json& answer) {
  std::string out;
  for (const auto& group : list(answer, "groups")) {
    out += fmt::format("{:<24} {} ({} people)\n", text(group, "group"), text(group, "name"), number(group, "people"));
  }
  return out.empty() ? "There is no group yet.\n" : out;
}

std::string demo_report(const json& answer) {
  auto out = fmt::format("Group '{}'. Sign in with one of these links, each in a browser window of its own:\n\n",
                         text(answer, "name"));
  for (const auto& link : list(answer, "links")) {
    out += fmt::format("  {:<14} {}\n", text(link, "role"), text(link, "url"));
  }
  return out + "\n";
}

}  // namespace

std::string operator_report(const std::string& command, const json& answer) {
  if (command == "import") return import_report(answer);
  if (command == "demo") return demo_report(answer);
  if (command == "person list") return people_report(answer);
  if (command == "group list") return groups_report(answer);
  if (command == "person add") return fmt::format("Added person {}.\n", number(answer, "person"));
  if (command == "person link") return text(answer, "url") + "\n";
  if (command == "person token") return text(answer, "token") + "\n";
  if (command == "person unlink") return fmt::format("{} links ended.\n", number(answer, "revoked"));
  return "Done.\n";
}

}  // namespace bossey::app
