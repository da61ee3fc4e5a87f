#include "app/cut.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

#include "app/control_socket.hpp"
#include "revisions/linked_copy.hpp"

namespace bossey::app {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kPrefix = "cut-";
constexpr std::size_t kCutsMax = 4;
constexpr std::chrono::seconds kAnswer{600};

std::vector<fs::path> old_links(const fs::path& data) {
  std::vector<fs::path> found;
  std::error_code error;
  for (auto entry = fs::directory_iterator(data, error); !error && entry != fs::directory_iterator();
       entry.increment(error))
    if (entry->path().filename().string().starts_with(kPrefix)) found.push_back(entry->path());
  return found;
}

Result<void> link_group(const GroupId& group, const fs::path& repository, const fs::path& cut) {
  std::error_code error;
  if (!fs::exists(repository, error)) return {};
  return revisions::link_repository(repository, cut / (group.value + ".git"));
}

/// One cut while the store works on it, group after group.
struct Making {
  fs::path cut;
  std::size_t left = 0;
  Result<std::string> result;
  std::function<void(Result<std::string>)> done;

  void finish_one(Result<bool> linked) {
    if (!linked) result = tl::unexpected<Error>(std::move(linked).error());
    if (--left > 0) return;
    std::error_code ignored;
    if (!result) fs::remove_all(cut, ignored);
    done(std::move(result));
  }
};

}  // namespace

void make_links(const journal::DataFolder& folder, revisions::RevisionStore& store,
                std::function<void(Result<std::string>)> done) {
  if (old_links(folder.path()).size() >= kCutsMax)
    return done(fail(Errc::unavailable, fmt::format("{} checks or backups are running, or were killed; wait, or remove "
                                                    "the folders {}* in the data folder",
                                                    kCutsMax, kPrefix)));
  auto name = (folder.path() / fmt::format("{}XXXXXX", kPrefix)).string();
  if (::mkdtemp(name.data()) == nullptr)
    return done(fail(Errc::io, fmt::format("cannot make a folder in the data folder: {}", std::strerror(errno))));
  const fs::path cut = name;
  auto making = std::make_shared<Making>(Making{cut, 0, cut.filename().string(), std::move(done)});
  const auto groups = folder.repositories();
  making->left = groups.size() + 1;
  for (const auto& group : groups) {
    const auto repository = folder.repository(group);
    if (!repository) continue;
    const auto finish = [making](Result<bool> linked) { making->finish_one(std::move(linked)); };
    store.run<bool>(
        group,
        [group, repository = *repository, cut = making->cut](revisions::Repository&) -> Result<bool> {
          BOSSEY_TRY_VOID(link_group(group, repository, cut));
          return true;
        },
        [group, repository = *repository, cut = making->cut, finish](Result<bool> linked) {
          // A repository that cannot be opened is written by nobody, and it is the one that a check is about.
          if (linked || fs::exists(cut / (group.value + ".git"))) return finish(std::move(linked));
          finish(link_group(group, repository, cut).map([] { return true; }));
        });
  }
  making->finish_one(true);
}

void remove_old_links(const fs::path& data) {
  std::error_code ignored;
  for (const auto& links : old_links(data)) fs::remove_all(links, ignored);
}

Result<Cut> Cut::take(const fs::path& data) {
  std::error_code error;
  if (!fs::is_directory(data, error) || (!fs::exists(data / "journal.sqlite", error) && fs::is_empty(data, error)))
    return fail(Errc::not_found, "There is no data folder " + data.string() + ". Check its name.");
  Cut cut;
  cut.data_ = data;
  BOSSEY_TRY(const auto line, ask_server(data / "control.sock", R"({"command":"cut"})", kAnswer));
  if (!line) {
    BOSSEY_TRY(cut.lock_, journal::DataFolder::open(data));
    return cut;
  }
  const auto answer = json::parse(*line, nullptr, false);
  if (!answer.is_object() || !answer.contains("folder") || !answer["folder"].is_string()) {
    const bool told = answer.is_object() && answer.contains("error") && answer["error"].is_object();
    return fail(Errc::unavailable, told ? answer["error"].value("message", "The running server refused.")
                                        : "The running server does not know this command. Is it this version?");
  }
  const fs::path name = answer["folder"].get<std::string>();
  if (name.filename() != name || !name.string().starts_with(kPrefix))
    return fail(Errc::io, "The running server gave an answer that is none. Is it this version?");
  cut.links_ = data / name;
  return cut;
}

Cut::Cut(Cut&& other) noexcept
    : data_(std::move(other.data_)), lock_(std::move(other.lock_)), links_(std::exchange(other.links_, std::nullopt)) {}

Cut::~Cut() {
  std::error_code ignored;
  if (links_) fs::remove_all(*links_, ignored);
}

fs::path Cut::groups() const {
  return links_ ? *links_ : data_ / "groups";
}

}  // namespace bossey::app
