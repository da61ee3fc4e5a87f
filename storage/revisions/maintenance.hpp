// Packs loose objects, and small packs with them, into one pack that is on disk before anything is removed. Used by
// Repository::maintain and, in parts, by RevisionStore. Nothing is pruned. In parts, because making the pack takes
// seconds: it only reads the repository, while another thread goes on writing loose objects.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "revisions/durable_files.hpp"
#include "revisions/git.hpp"
#include "revisions/loose_object.hpp"
#include "revisions/repository.hpp"

namespace bossey::revisions {

/// Files removed in some milliseconds: a commit or a question that comes meanwhile waits for so much.
inline constexpr std::size_t kRemovedAtOnce = 200;

class Packing {
 public:
  /// Chooses what to pack: each pack left has at least twice the objects of all smaller ones together, as with `git
  /// repack --geometric=2`, up to a size that keeps one run short. Null if nothing is loose.
  [[nodiscard]] static std::unique_ptr<Packing> plan(std::filesystem::path repository, Durability durability,
                                                     std::function<void(Step)> fault);

  /// Makes the pack in a folder of its own, on disk when this returns. On any thread; asks `stop` (which may be empty)
  /// now and then, and gives up with Errc::unavailable.
  [[nodiscard]] Result<void> write(const std::function<bool()>& stop);

  /// Moves the pack to its place, and removes the packs that it replaces. Does nothing when called again. On the thread
  /// of the repository, whose handle holds the removed packs until Repository::maintain. Errors leave the repository as
  /// it was, at worst with some objects twice.
  [[nodiscard]] Result<void> publish();
  /// Removes up to `files_max` of the objects that are in the pack. True when none is left.
  [[nodiscard]] bool remove_some(std::size_t files_max);

 private:
  struct Pack {
    std::filesystem::path index;
    std::uint64_t objects = 0;
  };

  Packing(std::filesystem::path repository, Durability durability, std::function<void(Step)> fault)
      : folder_(std::move(repository)), durability_(durability), fault_(std::move(fault)) {}
  [[nodiscard]] std::vector<Pack> packs_by_size() const;
  [[nodiscard]] Result<void> insert_all(git_packbuilder* builder) const;
  void reach(Step step) const {
    if (fault_) fault_(step);
  }

  std::filesystem::path folder_;
  Durability durability_;
  std::function<void(Step)> fault_;
  std::vector<LooseObject> loose_;
  std::vector<Pack> merged_;
  std::string name_;  ///< `pack-…`, when it is written.
  bool published_ = false;
};

}  // namespace bossey::revisions
