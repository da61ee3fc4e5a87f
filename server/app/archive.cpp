#include "app/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "app/descriptor.hpp"

namespace bossey::app {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = std::size_t{256} << 10;
constexpr std::size_t kNameBytesMax = 1024;

struct FreeArchive {
  void operator()(archive* handle) const { archive_free(handle); }
};
struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

Error os_error(const std::string& attempt, int reason) {
  const bool full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
  const bool refused = reason == EACCES || reason == EPERM || reason == EROFS;
  return {full      ? Errc::unavailable
          : refused ? Errc::forbidden
                    : Errc::io,
          fmt::format("{}: {}{}", attempt, std::strerror(reason), full ? "; make room on the disk" : "")};
}

Result<void> check_written(archive* handle, int code, const std::string& attempt) {
  if (code >= ARCHIVE_WARN) return {};
  if (archive_errno(handle) > 0) return tl::unexpected(os_error(attempt, archive_errno(handle)));
  return fail(Errc::io, attempt + ": " + archive_error_string(handle));
}

/// "a/b/c": no root, no `..`, nothing that leaves the folder.
bool is_plain(const fs::path& name) {
  if (name.empty() || name.is_absolute() || name.native().size() > kNameBytesMax) return false;
  for (const auto& part : name)
    if (part.empty() || part == "." || part == "..") return false;
  return true;
}

}  // namespace

struct ArchiveWriter::State {
  fs::path file;
  int descriptor = -1;
  std::unique_ptr<archive, FreeArchive> handle;

  ~State() {
    handle.reset();
    if (descriptor >= 0) ::close(descriptor);
  }
  Result<void> add(const std::string& name, std::uint64_t size) {
    const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    return check_written(handle.get(), archive_write_header(handle.get(), entry.get()), "writing " + file.string());
  }
  Result<void> write(std::string_view bytes) {
    const auto written = archive_write_data(handle.get(), bytes.data(), bytes.size());
    BOSSEY_TRY_VOID(check_written(handle.get(), written < 0 ? ARCHIVE_FATAL : ARCHIVE_OK, "writing " + file.string()));
    if (static_cast<std::size_t>(written) == bytes.size()) return {};
    return fail(Errc::io, fmt::format("a file grew while it was written to {}", file.string()));
  }
};

ArchiveWriter::ArchiveWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
ArchiveWriter::ArchiveWriter(ArchiveWriter&& other) noexcept = default;
ArchiveWriter::~ArchiveWriter() = default;

Result<ArchiveWriter> ArchiveWriter::create(const fs::path& file) {
  auto state = std::make_unique<State>();
  state->file = file;
  state->descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (state->descriptor < 0 && errno == EEXIST)
    return fail(Errc::conflict, fmt::format("{} exists; name another file, or remove it", file.string()));
  if (state->descriptor < 0) return tl::unexpected(os_error("cannot make " + file.string(), errno));
  state->handle.reset(archive_write_new());
  archive* handle = state->handle.get();
  const bool ready = archive_write_set_format_pax_restricted(handle) == ARCHIVE_OK &&
                     archive_write_add_filter_none(handle) == ARCHIVE_OK &&
                     archive_write_open_fd(handle, state->descriptor) == ARCHIVE_OK;
  if (!ready) return fail(Errc::io, fmt::format("cannot write {}: {}", file.string(), archive_error_string(handle)));
  return ArchiveWriter(std::move(state));
}

Result<void> ArchiveWriter::add_bytes(const std::string& name, std::string_view bytes) {
  BOSSEY_TRY_VOID(state_->add(name, bytes.size()));
  return state_->write(bytes);
}

Result<void> ArchiveWriter::add_file(const std::string& name, const fs::path& file) {
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (in.get() < 0 || ::fstat(in.get(), &status) != 0)
    return tl::unexpected(os_error("reading " + file.string(), errno));
  auto left = static_cast<std::uint64_t>(status.st_size);
  BOSSEY_TRY_VOID(state_->add(name, left));
  std::string buffer(kPiece, '\0');
  while (left > 0) {
    const auto got = ::read(in.get(), buffer.data(), std::min<std::uint64_t>(left, buffer.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(os_error("reading " + file.string(), errno));
    if (got == 0) return fail(Errc::io, fmt::format("{} was cut while it was read", file.string()));
    BOSSEY_TRY_VOID(state_->write(std::string_view(buffer).substr(0, static_cast<std::size_t>(got))));
    left -= static_cast<std::uint64_t>(got);
  }
  return {};
}

Result<void> ArchiveWriter::finish() {
  archive* handle = state_->handle.get();
  BOSSEY_TRY_VOID(check_written(handle, archive_write_close(handle), "writing " + state_->file.string()));
  if (::fsync(state_->descriptor) != 0)
    return tl::unexpected(os_error("putting " + state_->file.string() + " on disk", errno));
  return {};
}

namespace {

Result<void> extract_one(archive* handle, const fs::path& target) {
  std::error_code error;
  fs::create_directories(target.parent_path(), error);
  if (error) return tl::unexpected(os_error("making " + target.parent_path().string(), error.value()));
  const Descriptor out(::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (out.get() < 0) return tl::unexpected(os_error("writing " + target.string(), errno));
  std::string buffer(kPiece, '\0');
  for (;;) {
    const auto got = archive_read_data(handle, buffer.data(), buffer.size());
    if (got == 0) return {};
    if (got < 0) return fail(Errc::corrupt, fmt::format("the backup is damaged: {}", archive_error_string(handle)));
    for (std::string_view left(buffer.data(), static_cast<std::size_t>(got)); !left.empty();) {
      const auto written = ::write(out.get(), left.data(), left.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return tl::unexpected(os_error("writing " + target.string(), errno));
      left.remove_prefix(static_cast<std::size_t>(written));
    }
  }
}

}  // namespace

Result<void> extract_archive(const fs::path& file, const fs::path& folder) {
  const std::unique_ptr<archive, FreeArchive> handle(archive_read_new());
  archive_read_support_format_tar(handle.get());
  if (archive_read_open_filename(handle.get(), file.c_str(), kPiece) != ARCHIVE_OK)
    return fail(Errc::corrupt, fmt::format("cannot read {}: {}", file.string(), archive_error_string(handle.get())));
  archive_entry* entry = nullptr;
  for (;;) {
    const int code = archive_read_next_header(handle.get(), &entry);
    if (code == ARCHIVE_EOF) return {};
    if (code != ARCHIVE_OK)
      return fail(Errc::corrupt,
                  fmt::format("{} is cut short or damaged: {}", file.string(), archive_error_string(handle.get())));
    if (archive_entry_filetype(entry) == AE_IFDIR) continue;  // Of somebody who packed it again with tar.
    const char* path = archive_entry_pathname(entry);
    const auto name = fs::path(path != nullptr ? path : "").lexically_normal();
    if (!is_plain(name) || archive_entry_filetype(entry) != AE_IFREG)
      return fail(Errc::corrupt, fmt::format("{} holds something that bossey did not put there", file.string()));
    BOSSEY_TRY_VOID(extract_one(handle.get(), folder / name));
  }
}

}  // namespace bossey::app
