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

// About 90 microseconds an object (measured): a run takes two seconds of a processor, and 100,000 revisions of six
// objects make 30 packs.
constexpr std::uint64_t kMergedObjectsMax = 20'000;

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

Result<void> insert_pack(git_packbuilder* builder, const fs::path& index) {
  BOSSEY_TRY(const auto odb, make_git<git_odb>("reading a pack", git_odb_new));
  git_odb_backend* backend = nullptr;
  BOSSEY_TRY_VOID(check_git(git_odb_backend_one_pack(&backend, index.c_str()), "reading a pack"));
  BOSSEY_TRY_VOID(check_git(git_odb_add_backend(odb.get(), backend, 1), "reading a pack"));
  return check_git(git_odb_foreach(
                       odb.get(),
                       [](const git_oid* id, void* to) {
                         return git_packbuilder_insert(static_cast<git_packbuilder*>(to), id, nullptr);
                       },
                       builder),
                   "reading a pack");
}

// libgit2 calls this now and then, and gives up when it is not 0.
int ask_to_stop(int /*stage*/, std::uint32_t /*current*/, std::uint32_t /*total*/, void* stop) {
  return (*static_cast<const std::function<bool()>*>(stop))() ? GIT_EUSER : 0;
}

// Its files, the index last: without one git does not look at a pack.
std::vector<fs::path> new_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(new_pack_folder(folder), error)) files.push_back(entry.path());
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
    return std::pair(a.extension() == ".idx", a) < std::pair(b.extension() == ".idx", b);
  });
  return files;
}

}  // namespace

std::unique_ptr<Packing> Packing::plan(fs::path repository, Durability durability, std::function<void(Step)> fault) {
  std::unique_ptr<Packing> plan(new Packing(std::move(repository), durability, std::move(fault)));
  plan->loose_ = loose_objects(plan->folder_);
  if (plan->loose_.empty()) return nullptr;
  std::uint64_t total = plan->loose_.size();
  for (auto& pack : plan->packs_by_size()) {
    if (pack.objects >= 2 * total || total + pack.objects > kMergedObjectsMax) break;
    total += pack.objects;
    plan->merged_.push_back(std::move(pack));
  }
  return plan;
}

std::vector<Packing::Pack> Packing::packs_by_size() const {
  std::vector<Pack> packs;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder_ / "objects" / "pack", error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    // A pack that somebody marked to be kept stays as it is.
    auto keep = entry->path();
    if (entry->path().extension() != ".idx" || fs::exists(keep.replace_extension(".keep"))) continue;
    packs.push_back({entry->path(), object_count(entry->path())});
  }
  std::sort(packs.begin(), packs.end(), [](const Pack& a, const Pack& b) { return a.objects < b.objects; });
  return packs;
}

Result<void> Packing::insert_all(git_packbuilder* builder) const {
  for (const auto& object : loose_)
    BOSSEY_TRY_VOID(check_git(git_packbuilder_insert(builder, &object.id, nullptr), "packing an object"));
  for (const auto& pack : merged_) BOSSEY_TRY_VOID(insert_pack(builder, pack.index));
  return {};
}

Result<void> Packing::write(const std::function<bool()>& stop) {
  const LibGit2 library;
  const std::function<bool()> never = [] { return false; };
  const auto& asked = stop ? stop : never;
  const auto stopped = [&](Result<void> done) -> Result<void> {
    if (!done && asked()) return fail(Errc::unavailable, "packing was given up, because the server stops");
    return done;
  };
  BOSSEY_TRY(const auto repository, open_handle(folder_));
  BOSSEY_TRY(auto builder, make_git<git_packbuilder>("making a pack", git_packbuilder_new, repository.get()));
  git_packbuilder_set_threads(builder.get(), 1);
  // libgit2's callback takes a pointer that it only hands on.
  void* payload = const_cast<std::function<bool()>*>(&asked);
  BOSSEY_TRY_VOID(check_git(git_packbuilder_set_callbacks(builder.get(), ask_to_stop, payload), "making a pack"));
  BOSSEY_TRY_VOID(stopped(insert_all(builder.get())));
  std::error_code error;
  fs::remove_all(new_pack_folder(folder_), error);
  fs::create_directory(new_pack_folder(folder_), error);
  BOSSEY_TRY_VOID(
      stopped(check_git(git_packbuilder_write(builder.get(), new_pack_folder(folder_).c_str(), 0444, nullptr, nullptr),
                        "making a pack")));
  name_ = fmt::format("pack-{}", git_packbuilder_name(builder.get()));
  for (const auto& file : new_files(folder_)) BOSSEY_TRY_VOID(sync_path(file, durability_));
  reach(Step::before_pack);
  return {};
}

Result<void> Packing::publish() {
  if (published_) return {};
  const auto target = folder_ / "objects" / "pack";
  std::error_code error;
  for (const auto& file : new_files(folder_)) {
    fs::rename(file, target / file.filename(), error);
    if (error) return fail(Errc::io, fmt::format("moving a pack to {}: {}", target.string(), error.message()));
  }
  BOSSEY_TRY_VOID(sync_path(target, durability_));
  published_ = true;
  fs::remove_all(new_pack_folder(folder_), error);
  reach(Step::before_removal);
  // Index first: a pack without one is not looked at, an index without its pack is an error.
  for (const auto& pack : merged_) {
    if (pack.index.stem() == name_) continue;
    auto file = pack.index;
    for (const auto* extension : {".idx", ".rev", ".pack"}) fs::remove(file.replace_extension(extension), error);
  }
  return {};
}

bool Packing::remove_some(std::size_t files_max) {
  std::error_code error;
  for (; files_max > 0 && !loose_.empty(); --files_max) {
    fs::remove(loose_.back().file, error);
    loose_.pop_back();
  }
  if (!loose_.empty()) return false;
  reach(Step::after_removal);
  return true;
}

}  // namespace bossey::revisions
