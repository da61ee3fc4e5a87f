#include "revisions/maintenance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>
#include <vector>

#include "revisions/durable_files.hpp"
#include "revisions/loose_object.hpp"

namespace bossey::revisions {

namespace {

namespace fs = std::filesystem;

// About 90 microseconds an object (measured): a run takes at most two seconds of the store's thread, and 100,000
// revisions of six objects make 30 packs.
constexpr std::uint64_t kMergedObjectsMax = 20'000;

struct Pack {
  fs::path index;
  std::uint64_t objects = 0;
};

// From the fan-out table of the index: pack-idx version 2 of git's "pack-format".
std::uint64_t object_count(const fs::path& index) {
  constexpr std::streamoff kLastFanOut = 8 + 255 * 4;
  std::array<unsigned char, 4> number{};
  std::ifstream stream(index, std::ios::binary);
  stream.seekg(kLastFanOut);
  stream.read(reinterpret_cast<char*>(number.data()), number.size());
  std::uint64_t count = 0;
  for (const auto octet : number) count = count << 8U | octet;
  return count;
}

std::vector<Pack> packs_by_size(const fs::path& folder) {
  std::vector<Pack> packs;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder / "objects" / "pack", error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    // A pack that somebody marked to be kept stays as it is.
    auto keep = entry->path();
    if (entry->path().extension() != ".idx" || fs::exists(keep.replace_extension(".keep"))) continue;
    packs.push_back({entry->path(), object_count(entry->path())});
  }
  std::sort(packs.begin(), packs.end(), [](const Pack& a, const Pack& b) { return a.objects < b.objects; });
  return packs;
}

std::vector<Pack> packs_to_merge(const fs::path& folder, std::uint64_t loose) {
  auto packs = packs_by_size(folder);
  std::uint64_t total = loose;
  std::size_t merged = 0;
  while (merged < packs.size() && packs[merged].objects < 2 * total &&
         total + packs[merged].objects <= kMergedObjectsMax)
    total += packs[merged++].objects;
  packs.resize(merged);
  return packs;
}

Result<void> insert_pack(git_packbuilder* builder, const Pack& pack) {
  BOSSEY_TRY(const auto odb, make_git<git_odb>("reading a pack", git_odb_new));
  git_odb_backend* backend = nullptr;
  BOSSEY_TRY_VOID(check_git(git_odb_backend_one_pack(&backend, pack.index.c_str()), "reading a pack"));
  BOSSEY_TRY_VOID(check_git(git_odb_add_backend(odb.get(), backend, 1), "reading a pack"));
  return check_git(git_odb_foreach(
                       odb.get(),
                       [](const git_oid* id, void* to) {
                         return git_packbuilder_insert(static_cast<git_packbuilder*>(to), id, nullptr);
                       },
                       builder),
                   "reading a pack");
}

// Moves the new pack to its place, its index last: without one git does not look at a pack.
Result<void> publish(const fs::path& folder, Durability durability) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(new_pack_folder(folder), error)) files.push_back(entry.path());
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
    return std::pair(a.extension() == ".idx", a) < std::pair(b.extension() == ".idx", b);
  });
  const auto target = folder / "objects" / "pack";
  for (const auto& file : files) BOSSEY_TRY_VOID(sync_path(file, durability));
  for (const auto& file : files) {
    fs::rename(file, target / file.filename(), error);
    if (error) return fail(Errc::io, fmt::format("moving a pack to {}: {}", target.string(), error.message()));
  }
  return sync_path(target, durability);
}

}  // namespace

Result<void> pack_objects(git_repository* repository, const fs::path& folder, Durability durability,
                          const std::function<void(Step)>& fault) {
  const auto reach = [&](Step step) {
    if (fault) fault(step);
  };
  const auto loose = loose_objects(folder);
  if (loose.empty()) return {};
  const auto merged = packs_to_merge(folder, loose.size());
  BOSSEY_TRY(auto builder, make_git<git_packbuilder>("making a pack", git_packbuilder_new, repository));
  git_packbuilder_set_threads(builder.get(), 1);
  for (const auto& object : loose)
    BOSSEY_TRY_VOID(check_git(git_packbuilder_insert(builder.get(), &object.id, nullptr), "packing an object"));
  for (const auto& pack : merged) BOSSEY_TRY_VOID(insert_pack(builder.get(), pack));

  std::error_code error;
  fs::remove_all(new_pack_folder(folder), error);
  fs::create_directory(new_pack_folder(folder), error);
  BOSSEY_TRY_VOID(check_git(
      git_packbuilder_write(builder.get(), new_pack_folder(folder).c_str(), 0444, nullptr, nullptr), "making a pack"));
  const std::string name = fmt::format("pack-{}", git_packbuilder_name(builder.get()));
  reach(Step::before_pack);
  BOSSEY_TRY_VOID(publish(folder, durability));
  fs::remove_all(new_pack_folder(folder), error);
  reach(Step::before_removal);
  // Index first: a pack without one is not looked at, an index without its pack is an error.
  for (const auto& pack : merged) {
    if (pack.index.stem() == name) continue;
    auto file = pack.index;
    for (const auto* extension : {".idx", ".rev", ".pack"}) fs::remove(file.replace_extension(extension), error);
  }
  for (const auto& object : loose) fs::remove(object.file, error);
  reach(Step::after_removal);
  return {};
}

}  // namespace bossey::revisions
