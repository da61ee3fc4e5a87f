#include "revisions/durable_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace bossey::revisions {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHexDigits = 38;  // Of a loose object's file name; two are its folder.

fs::path mark_file(const fs::path& repository) {
  return repository / "bossey-synced";
}

Error os_error(std::string_view attempt, const fs::path& path, int reason) {
  const bool full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
  const bool refused = reason == EACCES || reason == EPERM || reason == EROFS;
  return {full      ? Errc::unavailable
          : refused ? Errc::forbidden
                    : Errc::io,
          fmt::format("{} {}: {}{}", attempt, path.string(), std::strerror(reason),
                      full ? "; make room on the server's disk" : "")};
}

// An open file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// The entries of a folder; none if it cannot be read. A copy, so that they may be removed on the way.
std::vector<fs::directory_entry> entries_of(const fs::path& folder) {
  std::vector<fs::directory_entry> found;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error))
    found.push_back(*entry);
  return found;
}

bool is_fan_out(const fs::directory_entry& entry) {
  const auto name = entry.path().filename().string();
  return name.size() == 2 && is_hex(name);
}

void remove_locks(const fs::path& folder, bool deep, std::vector<std::string>& removed) {
  std::error_code error;
  for (const auto& entry : entries_of(folder)) {
    if (entry.path().extension() == ".lock") {
      fs::remove(entry.path(), error);
      removed.push_back(fmt::format("removed the lock file {} that a crash left behind", entry.path().string()));
    } else if (deep && entry.is_directory(error)) {
      remove_locks(entry.path(), deep, removed);
    }
  }
}

}  // namespace

std::optional<SyncMark> read_mark(const fs::path& repository) {
  std::ifstream stream(mark_file(repository), std::ios::binary);
  std::string id;
  std::string state;
  if (!(stream >> id >> state) || (state != "clean" && state != "open")) return std::nullopt;
  SyncMark mark{RevisionId::from_hex(id), state == "clean"};
  if (!mark.through && id != "none") return std::nullopt;
  return mark;
}

Result<void> write_mark(const fs::path& repository, const SyncMark& mark, Durability durability) {
  return replace_file(
      mark_file(repository),
      fmt::format("{} {}\n", mark.through ? mark.through->hex() : "none", mark.clean ? "clean" : "open"), durability);
}

Result<void> replace_file(const fs::path& file, std::string_view bytes, Durability durability) {
  const auto fresh = file.string() + ".new";
  {
    const Descriptor out(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    errno = 0;
    if (out.get() < 0 || ::write(out.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
        (durability == Durability::on_disk && ::fsync(out.get()) != 0))
      return tl::unexpected<Error>(os_error("writing", fresh, errno == 0 ? ENOSPC : errno));
  }
  if (::rename(fresh.c_str(), file.c_str()) != 0) return tl::unexpected<Error>(os_error("writing", file, errno));
  return sync_path(file.parent_path(), durability);
}

Result<void> sync_path(const fs::path& file_or_folder, Durability durability) {
  if (durability == Durability::in_memory) return {};
  // The parent of a path without one is where the process runs.
  const fs::path path = file_or_folder.empty() ? fs::path(".") : file_or_folder;
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0 || ::fsync(descriptor.get()) != 0)
    return tl::unexpected<Error>(os_error("putting on disk", file_or_folder, errno));
  return {};
}

Result<void> sync_file_system(const fs::path& folder, Durability durability) {
  if (durability == Durability::in_memory) return {};
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() < 0 || ::syncfs(descriptor.get()) != 0)
    return tl::unexpected<Error>(os_error("putting on disk", folder, errno));
  return {};
}

std::vector<std::string> remove_leftovers(const fs::path& repository, bool thorough) {
  std::vector<std::string> removed;
  remove_locks(repository, false, removed);
  remove_locks(repository / "refs", true, removed);
  std::error_code error;
  fs::remove_all(new_pack_folder(repository), error);
  fs::remove(mark_file(repository).string() + ".new", error);
  if (!thorough) return removed;
  for (const auto& entry : entries_of(repository / "objects")) {
    if (!entry.is_directory(error)) fs::remove(entry.path(), error);
    if (!is_fan_out(entry)) continue;
    for (const auto& file : entries_of(entry.path())) {
      const auto name = file.path().filename().string();
      if (name.size() != kHexDigits || !is_hex(name)) fs::remove(file.path(), error);
    }
  }
  return removed;
}

}  // namespace bossey::revisions
