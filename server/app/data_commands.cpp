#include "app/data_commands.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

#include "app/archive.hpp"
#include "app/cut.hpp"
#include "app/data_check.hpp"
#include "consensus/moment.hpp"
#include "revisions/durable_files.hpp"
#include "revisions/repository.hpp"
#include "sqlite/upkeep.hpp"

namespace bossey::app {

namespace {

namespace fs = std::filesystem;

constexpr int kFormat = 1;
// First and last in the archive: what it is, and that all of it is there.
constexpr const char* kBegin = "bossey-backup.json";
constexpr const char* kEnd = "bossey-backup-end";

std::string describe(const DataReport& report) {
  std::string out;
  for (const auto& part : report.parts) out += part + "\n";
  for (const auto& note : report.notes) out += "note: " + note + "\n";
  const std::string* advice = nullptr;
  for (const auto& problem : report.problems) {
    if (advice != nullptr && *advice != problem.advice) out += "  what to do: " + *advice + "\n";
    out += "WRONG: " + problem.what + "\n";
    advice = &problem.advice;
  }
  if (advice != nullptr) out += "  what to do: " + *advice + "\n";
  return out;
}

std::string verdict(const DataReport& report) {
  if (report.problems.empty()) return "Whole.\n";
  return fmt::format("{} thing{} wrong.\n", report.problems.size(), report.problems.size() == 1 ? " is" : "s are");
}

/// Files that are removed when this goes.
class Leftovers {
 public:
  Leftovers() = default;
  Leftovers(const Leftovers&) = delete;
  Leftovers& operator=(const Leftovers&) = delete;
  ~Leftovers() {
    std::error_code ignored;
    for (const auto& path : paths_) fs::remove_all(path, ignored);
  }
  fs::path add(const fs::path& path) { return paths_.emplace_back(path); }

 private:
  std::vector<fs::path> paths_;
};

/// The files of the repositories that a backup takes. What a crash left, and what is synced, are of the old place.
std::vector<fs::path> repository_files(const fs::path& groups) {
  std::vector<fs::path> files;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(groups, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const auto name = entry->path().filename().string();
    if (entry->is_directory()) {
      if (name == "bossey-new-pack" || name.ends_with(".git.new")) entry.disable_recursion_pending();
      continue;
    }
    if (name.ends_with(".lock") || name.starts_with("tmp_") || name.starts_with("bossey-synced")) continue;
    files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<void> write_archive(const fs::path& file, const DataParts& parts) {
  BOSSEY_TRY(auto archive, ArchiveWriter::create(file));
  const nlohmann::json begin = {
      {"format", kFormat}, {"version", BOSSEY_VERSION}, {"made", consensus::iso_utc(std::time(nullptr))}};
  BOSSEY_TRY_VOID(archive.add_bytes(kBegin, begin.dump() + "\n"));
  BOSSEY_TRY_VOID(archive.add_file("journal.sqlite", parts.journal));
  BOSSEY_TRY_VOID(archive.add_file("accounts.sqlite", parts.accounts));
  for (const auto& each : repository_files(parts.groups))
    BOSSEY_TRY_VOID(archive.add_file("groups/" + fs::relative(each, parts.groups).string(), each));
  BOSSEY_TRY_VOID(archive.add_bytes(kEnd, "complete\n"));
  return archive.finish();
}

}  // namespace

Result<DataOutcome> check_folder(const fs::path& data) {
  BOSSEY_TRY(const auto cut, Cut::take(data));
  const auto report = check_data({data / "journal.sqlite", data / "accounts.sqlite", cut.groups()});
  return DataOutcome{describe(report) + verdict(report), report.problems.empty()};
}

Result<DataOutcome> backup_folder(const fs::path& data, const fs::path& file) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(file, error)))
    return fail(Errc::conflict, file.string() + " exists. Name another file, or remove it.");
  Leftovers leftovers;
  // Repositories first, the journal after them: it must not lack what they hold.
  BOSSEY_TRY(const auto cut, Cut::take(data));
  const auto beside = file.string() + fmt::format(".part-{}", ::getpid());
  const DataParts parts{leftovers.add(beside + ".journal"), leftovers.add(beside + ".accounts"), cut.groups()};
  BOSSEY_TRY_VOID(sqlite::copy_database(data / "journal.sqlite", parts.journal));
  BOSSEY_TRY_VOID(sqlite::copy_database(data / "accounts.sqlite", parts.accounts));
  const auto part = leftovers.add(beside + ".tar");
  BOSSEY_TRY_VOID(write_archive(part, parts));
  const auto size = fs::file_size(part, error);
  const auto report = check_data(parts);
  // Looking at the copies may have made these beside them.
  for (const auto* extension : {"-wal", "-shm"}) {
    leftovers.add(parts.journal.string() + extension);
    leftovers.add(parts.accounts.string() + extension);
  }
  fs::rename(part, file, error);
  if (error) return fail(Errc::io, "cannot make " + file.string() + ": " + error.message());
  BOSSEY_TRY_VOID(revisions::sync_path(file.parent_path(), revisions::Durability::on_disk));
  auto printed = describe(report) + fmt::format("Backup of {} bytes in {}.\n", size, file.string());
  if (!report.problems.empty()) printed += "It holds the damage named above. Keep older backups.\n";
  return DataOutcome{std::move(printed), report.problems.empty()};
}

namespace {

/// Everything of the new folder on disk, so that the server that opens it need not look at every object again.
Result<void> settle(const fs::path& folder) {
  BOSSEY_TRY_VOID(revisions::sync_file_system(folder, revisions::Durability::on_disk));
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder / "groups", error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    revisions::OpenOptions options;
    options.repair = false;
    BOSSEY_TRY(const auto repository, revisions::Repository::open(entry->path(), std::move(options)));
    BOSSEY_TRY(const auto head, repository->head());
    BOSSEY_TRY_VOID(revisions::write_mark(entry->path(), {head, true}, revisions::Durability::on_disk));
  }
  return {};
}

/// What git wants to be there, though it may hold nothing.
void make_empty_folders(const fs::path& groups) {
  std::error_code ignored;
  for (auto entry = fs::directory_iterator(groups, ignored); !ignored && entry != fs::directory_iterator();
       entry.increment(ignored)) {
    fs::create_directories(entry->path() / "objects" / "pack", ignored);
    fs::create_directories(entry->path() / "refs" / "heads", ignored);
    fs::create_directories(entry->path() / "refs" / "tags", ignored);
  }
}

Result<void> check_place(const fs::path& data, const fs::path& fresh, const fs::path& damaged) {
  std::error_code error;
  if (fs::exists(data, error) && (!fs::is_directory(data, error) || !fs::is_empty(data, error)))
    return fail(Errc::conflict, data.string() + " is not empty. Name a new folder; nothing was changed.");
  for (const auto& path : {fresh, damaged})
    if (fs::exists(path, error))
      return fail(Errc::conflict, path.string() + " is there from an earlier try. Look at it, then remove it.");
  return {};
}

}  // namespace

Result<DataOutcome> restore_folder(const fs::path& file, const fs::path& data) {
  auto place = fs::absolute(data).lexically_normal();
  if (!place.has_filename()) place = place.parent_path();
  const fs::path fresh = place.string() + ".restoring";
  const fs::path damaged = place.string() + ".damaged";
  BOSSEY_TRY_VOID(check_place(place, fresh, damaged));
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return fail(Errc::not_found, "There is no file " + file.string() + ".");
  if (!fs::create_directories(fresh / "groups", error))
    return fail(Errc::io, "cannot make " + fresh.string() + ": " + error.message());
  fs::permissions(fresh, fs::perms::owner_all, error);
  Leftovers leftovers;
  leftovers.add(fresh);
  BOSSEY_TRY_VOID(extract_archive(file, fresh));
  if (!fs::exists(fresh / kBegin, error) || !fs::exists(fresh / kEnd, error))
    return fail(Errc::corrupt, file.string() + " is no backup of bossey, or is cut short. Try an older one.");
  fs::remove(fresh / kBegin, error);
  fs::remove(fresh / kEnd, error);
  make_empty_folders(fresh / "groups");
  const auto report = check_data({fresh / "journal.sqlite", fresh / "accounts.sqlite", fresh / "groups"});
  const bool whole = report.problems.empty();
  if (whole) BOSSEY_TRY_VOID(settle(fresh));
  const auto& target = whole ? place : damaged;
  fs::rename(fresh, target, error);
  if (error) return fail(Errc::io, "cannot make " + target.string() + ": " + error.message());
  BOSSEY_TRY_VOID(revisions::sync_path(target.parent_path(), revisions::Durability::on_disk));
  auto printed = describe(report) + verdict(report);
  printed += whole ? "Restored to " + place.string() + ". Start the server on it.\n"
                   : "The folder is left as " + damaged.string() + "; rename it to use it as it is.\n";
  return DataOutcome{std::move(printed), whole};
}

}  // namespace bossey::app
