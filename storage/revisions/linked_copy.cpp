#include "revisions/linked_copy.hpp"

#include <fmt/format.h>

#include <system_error>

#include "revisions/loose_object.hpp"

namespace bossey::revisions {

namespace {

namespace fs = std::filesystem;

Result<void> check_copied(const std::error_code& error, const fs::path& file) {
  if (!error) return {};
  const bool full = error == std::errc::no_space_on_device;
  return fail(full ? Errc::unavailable : Errc::io,
              fmt::format("copying {}: {}{}", file.string(), error.message(), full ? "; make room on the disk" : ""));
}

// Files that change: their bytes. Missing is nothing to copy.
Result<void> copy_bytes(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(from, error)) return {};
  fs::copy_file(from, to, error);
  return check_copied(error, from);
}

// Files that never change.
Result<void> link_file(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_hard_link(from, to, error);
  if (error) fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  return check_copied(error, from);
}

Result<void> copy_references(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to, error);
  BOSSEY_TRY_VOID(check_copied(error, to));
  for (auto entry = fs::directory_iterator(from, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const auto name = entry->path().filename();
    if (entry->is_directory()) {
      BOSSEY_TRY_VOID(copy_references(entry->path(), to / name));
    } else if (name.extension() != ".lock") {
      BOSSEY_TRY_VOID(copy_bytes(entry->path(), to / name));
    }
  }
  return check_copied(error, from);
}

Result<void> link_packs(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to, error);
  BOSSEY_TRY_VOID(check_copied(error, to));
  if (!fs::exists(from, error)) return {};
  for (auto entry = fs::directory_iterator(from, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const auto name = entry->path().filename();
    if (name.string().starts_with("pack-") && name.extension() != ".lock")
      BOSSEY_TRY_VOID(link_file(entry->path(), to / name));
  }
  return check_copied(error, from);
}

}  // namespace

Result<void> link_repository(const fs::path& repository, const fs::path& copy) {
  std::error_code error;
  if (fs::exists(copy, error)) return fail(Errc::conflict, fmt::format("{} is there already", copy.string()));
  fs::create_directories(copy / "objects", error);
  BOSSEY_TRY_VOID(check_copied(error, copy));
  // Branch and tags first: what they name is then among the objects.
  for (const auto* name : {"HEAD", "config", "packed-refs"})
    BOSSEY_TRY_VOID(copy_bytes(repository / name, copy / name));
  BOSSEY_TRY_VOID(copy_references(repository / "refs", copy / "refs"));
  BOSSEY_TRY_VOID(link_packs(repository / "objects" / "pack", copy / "objects" / "pack"));
  for (const auto& object : loose_objects(repository)) {
    const auto folder = copy / "objects" / object.file.parent_path().filename();
    fs::create_directory(folder, error);
    BOSSEY_TRY_VOID(check_copied(error, folder));
    BOSSEY_TRY_VOID(link_file(object.file, folder / object.file.filename()));
  }
  return {};
}

}  // namespace bossey::revisions
