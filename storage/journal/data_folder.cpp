#include "journal/data_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

namespace bossey::journal {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSlugBytesMax = 64;

fs::path lock_of(const fs::path& folder) {
  return folder / "lock";
}

bool is_slug(const std::string& text) {
  return !text.empty() && text.size() <= kSlugBytesMax && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::optional<long> read_pid(int descriptor) {
  std::array<char, 32> text{};
  const auto size = ::pread(descriptor, text.data(), text.size(), 0);
  long pid = 0;
  if (size <= 0 || std::from_chars(text.data(), text.data() + size, pid).ec != std::errc{}) return std::nullopt;
  return pid;
}

Errc kind_of(int reason) {
  if (reason == EACCES || reason == EPERM || reason == EROFS) return Errc::forbidden;
  return reason == ENOSPC || reason == EDQUOT ? Errc::unavailable : Errc::io;
}

Result<void> make_folder(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return {};
  if (fs::exists(path, error))
    return fail(Errc::bad_input, fmt::format("{} is not a folder; name another data folder", path.string()));
  if (const auto parent = path.parent_path(); !parent.empty()) fs::create_directories(parent, error);
  if (error || ::mkdir(path.c_str(), 0700) != 0) {
    const int reason = error ? error.value() : errno;
    return fail(kind_of(reason),
                fmt::format("cannot make the data folder {}: {}; name a folder that the user who runs bossey can write",
                            path.string(), std::strerror(reason)));
  }
  return {};
}

}  // namespace

Result<DataFolder> DataFolder::open(const fs::path& path) {
  BOSSEY_TRY_VOID(make_folder(path));
  const auto file = lock_of(path);
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) {
    const int reason = errno;
    return fail(kind_of(reason), fmt::format("cannot use the data folder {}: {}; give it to the user who runs bossey",
                                             path.string(), std::strerror(reason)));
  }
  DataFolder folder(path, lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return fail(Errc::io, fmt::format("cannot lock {}: {}; use a local disk", file.string(), std::strerror(errno)));
    const auto pid = read_pid(lock);
    return fail(Errc::unavailable,
                fmt::format("another bossey uses the data folder {}{}; stop it first, or use another folder",
                            path.string(), pid ? fmt::format(" (pid {})", *pid) : ""));
  }
  const auto pid = fmt::format("{}\n", ::getpid());
  // The pid is only for the message above: a full disk must not stop the server from showing what there is.
  static_cast<void>(::ftruncate(lock, 0) == 0 && ::pwrite(lock, pid.data(), pid.size(), 0) > 0);
  if (::mkdir(folder.groups().c_str(), 0700) != 0 && errno != EEXIST) {
    const int reason = errno;
    return fail(kind_of(reason), fmt::format("cannot make {}: {}", folder.groups().string(), std::strerror(reason)));
  }
  return folder;
}

std::optional<long> DataFolder::holder(const fs::path& path) {
  const int lock = ::open(lock_of(path).c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0) return std::nullopt;
  std::optional<long> pid;
  if (::flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) pid = read_pid(lock);
  ::close(lock);
  return pid;
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataFolder& DataFolder::operator=(DataFolder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

DataFolder::~DataFolder() {
  // The file stays: removing it would let two processes lock two files of one name.
  if (lock_ >= 0) ::close(lock_);
}

Result<fs::path> DataFolder::repository(const GroupId& group) const {
  if (!is_slug(group.value))
    return fail(Errc::bad_input, "a group's short name has 1 to 64 characters: a to z, 0 to 9 and '-'");
  return groups() / (group.value + ".git");
}

std::vector<GroupId> DataFolder::repositories() const {
  std::vector<GroupId> found;
  std::error_code error;
  for (auto entry = fs::directory_iterator(groups(), error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    if (entry->path().extension() == ".git" && is_slug(entry->path().stem().string()))
      found.push_back(GroupId{entry->path().stem().string()});
  }
  std::sort(found.begin(), found.end());
  return found;
}

bool DataFolder::is_new() const {
  std::error_code error;
  return !fs::exists(journal(), error) && repositories().empty();
}

}  // namespace bossey::journal
