#include "app/data_check.hpp"

#include <fmt/format.h>

#include <set>
#include <system_error>
#include <utility>

#include "accounts/accounts_check.hpp"
#include "app/group_check.hpp"
#include "journal/reader.hpp"

namespace bossey::app {

namespace {

namespace fs = std::filesystem;

constexpr const char* kAdviceJournal =
    "The journal is the record that counts. Stop the server, keep a copy of the whole folder, and restore the last "
    "backup; compare it with the repositories in groups/, which hold the texts up to the damage.";
constexpr const char* kAdviceAccounts =
    "Texts and decisions are not touched. Stop the server and put back accounts.sqlite from a backup; without one, "
    "move it away, start, and add the people again.";

std::uintmax_t size_of(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error ? 0 : size;
}

void check_journal(journal::Reader& reader, const fs::path& file, DataReport& report) {
  const auto found = reader.check();
  if (!found) report.problems.push_back({"journal: " + found.error().detail, kAdviceJournal});
  if (found)
    for (const auto& each : *found) report.problems.push_back({"journal: " + each, kAdviceJournal});
  if (!found || !found->empty()) return;
  const auto last = reader.last_seq();
  report.parts.push_back(
      fmt::format("journal: {} rows, {} bytes", last ? last->value : std::uint64_t{0}, size_of(file)));
}

void check_people(const fs::path& file, DataReport& report) {
  const auto found = accounts::check_accounts(file);
  if (!found) report.problems.push_back({"accounts: " + found.error().detail, kAdviceAccounts});
  if (found)
    for (const auto& each : *found) report.problems.push_back({"accounts: " + each, kAdviceAccounts});
  if (found && found->empty()) report.parts.push_back(fmt::format("accounts: {} bytes", size_of(file)));
}

std::set<GroupId> groups_of(journal::Reader& reader, const fs::path& folder) {
  std::set<GroupId> groups;
  if (const auto known = reader.groups()) groups.insert(known->begin(), known->end());
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error))
    if (entry->path().extension() == ".git") groups.insert(GroupId{entry->path().stem().string()});
  return groups;
}

}  // namespace

DataReport check_data(const DataParts& parts) {
  DataReport report;
  auto opened = journal::Reader::open(parts.journal);
  if (!opened) {
    report.problems.push_back({"journal: " + opened.error().detail, kAdviceJournal});
    check_people(parts.accounts, report);
    return report;
  }
  auto reader = std::move(*opened);
  check_journal(*reader, parts.journal, report);
  check_people(parts.accounts, report);
  for (const auto& group : groups_of(*reader, parts.groups))
    check_group(*reader, group, parts.groups / (group.value + ".git"), report);
  return report;
}

}  // namespace bossey::app
