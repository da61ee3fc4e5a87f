#include "sqlite/upkeep.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

#include "sqlite/database.hpp"

namespace bossey::sqlite {

namespace {

constexpr std::size_t kFindingsMax = 100;
constexpr std::string_view kChecking = "checking the file";

struct FinishBackup {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

}  // namespace

Result<std::vector<std::string>> check_database(sqlite3* database) {
  std::vector<std::string> findings;
  BOSSEY_TRY(auto pages, Statement::prepare(database, "PRAGMA integrity_check(100)"));
  while (findings.size() < kFindingsMax) {
    const auto found = pages.step(kChecking);
    // Some damage it does not report but ends at.
    if (!found && found.error().code == Errc::corrupt) findings.push_back(found.error().detail);
    if (!found && found.error().code != Errc::corrupt) return tl::unexpected<Error>(found.error());
    if (!found || !*found) break;
    if (auto text = pages.text(0); text != "ok") findings.push_back(fmt::format("the file's pages: {}", text));
  }
  // With damaged pages the next question would only repeat it.
  if (!findings.empty()) return findings;
  BOSSEY_TRY(auto keys, Statement::prepare(database, "PRAGMA foreign_key_check"));
  while (findings.size() < kFindingsMax) {
    BOSSEY_TRY(const bool found, keys.step(kChecking));
    if (!found) break;
    findings.push_back(fmt::format("row {} of table {} refers to a row of table {} that is missing", keys.number(1),
                                   keys.text(0), keys.text(2)));
  }
  return findings;
}

Result<void> copy_database(const std::filesystem::path& file, const std::filesystem::path& copy) {
  std::error_code error;
  if (std::filesystem::exists(copy, error)) return fail(Errc::conflict, fmt::format("{} exists", copy.string()));
  BOSSEY_TRY(const auto from, open_database(file, false));
  BOSSEY_TRY(auto to, open_database(copy, true));
  const auto attempt = "copying " + file.string();
  {
    const std::unique_ptr<sqlite3_backup, FinishBackup> backup(
        sqlite3_backup_init(to.get(), "main", from.get(), "main"));
    if (backup == nullptr) return tl::unexpected<Error>(sqlite_error(to.get(), sqlite3_errcode(to.get()), attempt));
    // All in one step, within one reading transaction: in several, each write of another would start it again.
    const int code = sqlite3_backup_step(backup.get(), -1);
    if (code != SQLITE_DONE) return tl::unexpected<Error>(sqlite_error(to.get(), code, attempt));
  }
  // The copy says that it has a write-ahead log, and gets an empty one when it is opened.
  to.reset();
  const int written = ::open(copy.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = written >= 0 && ::fsync(written) == 0;
  const int reason = errno;
  if (written >= 0) ::close(written);
  if (!synced) return fail(Errc::io, fmt::format("putting {} on disk: {}", copy.string(), std::strerror(reason)));
  return {};
}

}  // namespace bossey::sqlite
