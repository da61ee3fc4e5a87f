#include "consensus/release.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "consensus/json_lines.hpp"
#include "consensus/moment.hpp"

namespace bossey::consensus {
namespace {

using nlohmann::json;

constexpr std::size_t kFileMax_bytes = 16U << 20U;
constexpr std::size_t kParty_bytes = 200;

std::string text(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::string sections_json(const std::vector<ReleasedSection>& sections) {
  std::string out = "[";
  for (const ReleasedSection& s : sections) {
    out += out.size() > 1 ? ",\n    " : "\n    ";
    out += "{\"section\": " + json_text(s.section.value) + ", \"number\": " + json_text(s.number) +
           ", \"text_id\": " + json_text(s.text_id.hex());
    if (!s.disclaimer.empty()) out += ", \"disclaimer\": " + json_text(s.disclaimer);
    out += '}';
  }
  return out + (sections.empty() ? "]" : "\n  ]");
}

}  // namespace

std::string release_path(const Release& release) {
  return "releases/" + release.report.value + '/' + release.id + ".json";
}

std::string canonical_bytes(const Release& release) {
  Lines lines;
  lines.add("format", "1");
  lines.add("id", json_text(release.id));
  lines.add("report", json_text(release.report.value));
  lines.add("at", json_text(iso_utc(release.at_s)));
  if (!release.before.empty()) lines.add("before", json_text(release.before));
  lines.add("decision", std::to_string(release.decision));
  lines.add("audience", json_text(release.audience));
  if (release.embargo_s) lines.add("embargo", json_text(iso_utc(*release.embargo_s)));
  lines.add("sections", sections_json(release.sections));
  return lines.end();
}

Result<Release> parse_release(std::string_view bytes) {
  if (bytes.size() > kFileMax_bytes) return fail(Errc::corrupt, "larger than any release");
  const json object = json::parse(bytes, nullptr, false);
  if (!object.is_object()) return fail(Errc::corrupt, "not a JSON object");
  Release release;
  release.id = text(object, "id");
  release.report.value = text(object, "report");
  release.at_s = parse_iso_utc(text(object, "at")).value_or(0);
  release.before = text(object, "before");
  if (const auto at = object.find("decision"); at != object.end() && at->is_number_unsigned())
    release.decision = at->get<std::uint64_t>();
  release.audience = text(object, "audience");
  release.embargo_s = parse_iso_utc(text(object, "embargo"));
  if (const auto list = object.find("sections"); list != object.end() && list->is_array())
    for (const json& s : *list)
      if (s.is_object())
        release.sections.push_back({SectionId{text(s, "section")}, text(s, "number"),
                                    digest(text(s, "text_id")).value_or(Sha256{}), text(s, "disclaimer")});
  if (canonical_bytes(release) != bytes) return fail(Errc::corrupt, "not in the form of a release file");
  return release;
}

Sha256 checksum(const Release& release) {
  return sha256(canonical_bytes(release));
}

std::string next_release(std::span<const Release> releases) {
  if (releases.empty()) return "F-1";
  return "F-1." + std::to_string(releases.size());
}

Result<void> check_transmittal(std::span<const Release> releases, std::span<const Transmittal> before,
                               const Transmittal& next) {
  if (releases.empty() || releases.back().id != next.release)
    return fail(Errc::not_found, "Name the last version of the report.");
  if (checksum(releases.back()) != next.checksum)
    return fail(Errc::conflict, "The checksum is not that of this version.");
  if (next.from.empty() || next.to.empty() || next.from.size() > kParty_bytes || next.to.size() > kParty_bytes)
    return fail(Errc::bad_input, "Say from whom to whom, in 200 characters each.");
  const std::int64_t earliest = before.empty() ? releases.back().at_s : before.back().at_s;
  if (next.at_s < earliest) return fail(Errc::bad_input, "This step lies before the one before it.");
  return {};
}

std::string sentence(const Transmittal& transmittal) {
  return transmittal.release + ", sent on " + day_in_words(transmittal.at_s) + " by " + transmittal.from + " to " +
         transmittal.to + ". SHA-256 " + transmittal.checksum.hex() + '.';
}

}  // namespace bossey::consensus
