#include <doctest/doctest.h>

#include "revisions/durable_files.hpp"
#include "revisions/repository.hpp"
#include "storage/revisions/stock_git.hpp"
#include "storage/scratch_folder.hpp"

using namespace bossey;
using namespace bossey::revisions;
using bossey::tests::fsck;
using bossey::tests::git;
using bossey::tests::ScratchFolder;

namespace {

namespace fs = std::filesystem;

std::unique_ptr<Repository> open(const fs::path& folder, OpenOptions options = {}) {
  options.wait_for_disk = false;
  auto repository = Repository::open(folder, std::move(options));
  if (!repository) FAIL(repository.error().detail);
  return std::move(*repository);
}

void commit(Repository& repository, int number) {
  const auto made =
      repository.commit({{{"sections/" + std::to_string(number % 7) + ".md", "Sentence " + std::to_string(number)}},
                         {"room", "room@bossey.invalid"},
                         "Revision " + std::to_string(number),
                         "",
                         {},
                         1000 + number});
  if (!made) FAIL(made.error().detail);
}

std::size_t packs(const fs::path& folder) {
  std::size_t found = 0;
  for (const auto& entry : fs::directory_iterator(folder / "objects" / "pack"))
    found += entry.path().extension() == ".pack" ? 1 : 0;
  return found;
}

}  // namespace

TEST_SUITE("revisions/maintenance") {
  TEST_CASE("maintenance is needed above the bound, leaves no loose object and changes no answer") {
    const ScratchFolder folder;
    OpenOptions options;
    options.wait_for_disk = false;
    options.loose_objects_max = 100;
    auto repository = open(folder / "g.git", options);
    int made = 0;
    while (!repository->needs_maintenance()) commit(*repository, ++made);
    CHECK(repository->loose_objects() > 100);
    CHECK(made > 20);
    const auto head = repository->head().value();
    const auto log = repository->log(1000).value();
    const auto history = repository->history("sections/3.md", 1000).value().size();
    REQUIRE(repository->maintain().has_value());
    CHECK(repository->loose_objects() == 0);
    CHECK(packs(folder / "g.git") == 1);
    CHECK(repository->head().value() == head);
    CHECK(repository->synced_through() == head);
    CHECK(repository->log(1000).value() == log);
    CHECK(repository->history("sections/3.md", 1000).value().size() == history);
    CHECK_FALSE(repository->needs_maintenance());
    commit(*repository, ++made);
    CHECK_FALSE(repository->is_synced());
    CHECK(fsck(folder / "g.git").empty());
    CHECK(git(folder / "g.git", "count-objects -v").output.find("garbage: 0") != std::string::npos);
  }

  TEST_CASE("the number of packs grows slowly, and every revision stays") {
    const ScratchFolder folder;
    auto repository = open(folder / "g.git");
    int made = 0;
    std::size_t most = 0;
    for (int round = 0; round < 24; ++round) {
      for (int i = 0; i < 10; ++i) commit(*repository, ++made);
      REQUIRE(repository->maintain().has_value());
      most = std::max(most, packs(folder / "g.git"));
    }
    CHECK(most <= 6);
    CHECK(repository->log(1000).value().size() == 240);
    CHECK(repository->check().value().empty());
    CHECK(fsck(folder / "g.git").empty());
    CHECK(git(folder / "g.git", "rev-list --count main").output == "240\n");
  }

  TEST_CASE("maintenance of an empty repository, and twice in a row, does nothing") {
    const ScratchFolder folder;
    auto repository = open(folder / "g.git");
    CHECK(repository->maintain().has_value());
    commit(*repository, 1);
    CHECK(repository->maintain().has_value());
    CHECK(repository->maintain().has_value());
    CHECK(packs(folder / "g.git") == 1);
  }
}
