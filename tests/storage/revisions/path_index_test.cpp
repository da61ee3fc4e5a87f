// The history of a path, from the stored index and from a damaged one, against stock git.
#include <doctest/doctest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "revisions/index_file.hpp"
#include "revisions/repository.hpp"
#include "storage/revisions/stock_git.hpp"
#include "storage/scratch_folder.hpp"

using namespace bossey;
using namespace bossey::revisions;
using bossey::tests::git;
using bossey::tests::ScratchFolder;

namespace {

namespace fs = std::filesystem;

std::unique_ptr<Repository> open(const fs::path& folder, bool repair = true) {
  OpenOptions options;
  options.wait_for_disk = false;
  options.repair = repair;
  auto repository = Repository::open(folder, std::move(options));
  if (!repository) FAIL(repository.error().detail);
  return std::move(*repository);
}

std::string path_of(int number) {
  return "sections/" + std::to_string(number % 5) + ".md";
}

void commit(Repository& repository, int number) {
  // Now and then a file goes, and two change at once.
  std::vector<FileChange> changes{{path_of(number), "Sentence " + std::to_string(number)}};
  if (number % 7 == 0) changes.push_back({path_of(number + 1), std::nullopt});
  if (number % 9 == 0) changes.push_back({path_of(number + 2), "Both " + std::to_string(number)});
  const auto made =
      repository.commit({changes, {"room", "room@bossey.invalid"}, "Edit " + std::to_string(number), "", {}, number});
  if (!made) FAIL(made.error().detail);
}

std::string history_by_git(const fs::path& folder, const std::string& path) {
  return git(folder, "log --format=%H main -- " + path).output;
}

std::string history(Repository& repository, const std::string& path) {
  std::string ids;
  const auto found = repository.history(path, 1000).value();
  for (const auto& each : found) ids += each.revision.id.hex() + "\n";
  return ids;
}

void check_histories(Repository& repository, const fs::path& folder) {
  for (int i = 0; i < 5; ++i) CHECK(history(repository, path_of(i)) == history_by_git(folder, path_of(i)));
}

std::size_t stored_in(const fs::path& folder) {
  std::size_t found = 0;
  IndexFile(folder).read([&](const IndexedRevision&) { ++found; });
  return found;
}

}  // namespace

TEST_SUITE("revisions/path_index") {
  TEST_CASE("what is committed is in the history at once, and in the file after a sync") {
    const ScratchFolder folder;
    for (int round = 0; round < 3; ++round) {
      auto repository = open(folder / "g.git");
      for (int i = 1; i <= 30; ++i) commit(*repository, 30 * round + i);
      check_histories(*repository, folder / "g.git");
      REQUIRE(repository->sync().has_value());
      CHECK(stored_in(folder / "g.git") == 30U * (static_cast<unsigned>(round) + 1));
    }
  }

  TEST_CASE("after a start the index comes from the file") {
    const ScratchFolder folder;
    {
      auto repository = open(folder / "g.git");
      for (int i = 1; i <= 40; ++i) commit(*repository, i);
      REQUIRE(repository->sync().has_value());
    }
    // A file that says something else is believed: it was read, and the revisions were not.
    std::vector<IndexedRevision> all;
    IndexFile file(folder / "g.git");
    file.read([&](IndexedRevision revision) { all.push_back(std::move(revision)); });
    REQUIRE(all.size() == 40);
    for (auto& revision : all) revision.changes.clear();
    REQUIRE(file.append(0, all).has_value());
    CHECK(history(*open(folder / "g.git"), path_of(1)).empty());
  }

  TEST_CASE("whatever happens to the file, the history is right") {
    const ScratchFolder folder;
    const auto seed = std::random_device{}();
    MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    const auto file = folder / "g.git/bossey-history";
    int made = 0;
    for (int round = 0; round < 40; ++round) {
      {
        auto repository = open(folder / "g.git");
        for (int i = 0; i < 3; ++i) commit(*repository, ++made);
        REQUIRE(repository->sync().has_value());
      }
      const auto size = fs::file_size(file);
      switch (random() % 4) {
        case 0: {
          std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
          stream.seekp(static_cast<std::streamoff>(random() % size));
          stream.put(static_cast<char>(random()));
          break;
        }
        case 1:
          fs::resize_file(file, random() % (size + 1));
          break;
        case 2:
          fs::remove(file);
          break;
        default:
          std::ofstream(file, std::ios::binary | std::ios::app) << "more than was written";
      }
      auto repository = open(folder / "g.git");
      check_histories(*repository, folder / "g.git");
      commit(*repository, ++made);
      check_histories(*repository, folder / "g.git");
      REQUIRE(repository->sync().has_value());
      CHECK(stored_in(folder / "g.git") == static_cast<std::size_t>(made));
    }
  }

  TEST_CASE("a branch that was moved back or replaced has its own history") {
    const ScratchFolder folder;
    {
      auto repository = open(folder / "g.git");
      for (int i = 1; i <= 20; ++i) commit(*repository, i);
      REQUIRE(repository->sync().has_value());
    }
    // Without the mark nothing says that these were on disk, and opening does not bring them back.
    fs::remove(folder / "g.git/bossey-synced");
    REQUIRE(git(folder / "g.git", "update-ref refs/heads/main main~5").code == 0);
    {
      auto repository = open(folder / "g.git");
      check_histories(*repository, folder / "g.git");
      for (int i = 100; i <= 110; ++i) commit(*repository, i);
      check_histories(*repository, folder / "g.git");
      REQUIRE(repository->sync().has_value());
      CHECK(stored_in(folder / "g.git") == 26);
    }
    REQUIRE(git(folder / "g.git", "-c user.name=a -c user.email=a@b.invalid commit-tree -m other main^{tree} > " +
                                      (folder / "id").string())
                .code == 0);
    fs::remove(folder / "g.git/bossey-synced");
    REQUIRE(git(folder / "g.git", "update-ref refs/heads/main $(cat " + (folder / "id").string() + ")").code == 0);
    auto repository = open(folder / "g.git");
    check_histories(*repository, folder / "g.git");
    REQUIRE(repository->sync().has_value());
    CHECK(stored_in(folder / "g.git") == 1);
  }

  TEST_CASE("whoever only looks writes no index") {
    const ScratchFolder folder;
    {
      auto repository = open(folder / "g.git");
      for (int i = 1; i <= 10; ++i) commit(*repository, i);
      REQUIRE(repository->sync().has_value());
    }
    fs::remove(folder / "g.git/bossey-history");
    check_histories(*open(folder / "g.git", false), folder / "g.git");
    CHECK_FALSE(fs::exists(folder / "g.git/bossey-history"));
  }
}
