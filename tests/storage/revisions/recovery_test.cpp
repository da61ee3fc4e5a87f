// What is left after a killed process and after a power cut: always a whole repository, and after a kill every
// revision whose commit() returned.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <fstream>
#include <random>

#include "revisions/durable_files.hpp"
#include "revisions/loose_object.hpp"
#include "revisions/repository.hpp"
#include "storage/child_process.hpp"
#include "storage/revisions/stock_git.hpp"
#include "storage/scratch_folder.hpp"

using namespace bossey;
using namespace bossey::revisions;
using bossey::tests::ChildProcess;
using bossey::tests::fsck;
using bossey::tests::git;
using bossey::tests::ScratchFolder;

namespace {

namespace fs = std::filesystem;

const Identity kTeam{"drafting team 3", "team3@bossey.invalid"};

Commit numbered(std::uint64_t number) {
  return {{{"reports/final/sections/a.md", "# T\n\nSentence " + std::to_string(number) + ".\n"},
           {"decisions/" + std::to_string(number) + ".json", "{\"no\":" + std::to_string(number) + "}\n"}},
          kTeam,
          "Revision " + std::to_string(number),
          "",
          {{"Journal-Seq", std::to_string(number)}},
          static_cast<std::int64_t>(1119045660 + number)};
}

std::unique_ptr<Repository> open(const fs::path& folder, OpenOptions options = {}) {
  options.wait_for_disk = false;
  auto repository = Repository::open(folder, std::move(options));
  if (!repository) FAIL(repository.error().detail);
  return std::move(*repository);
}

std::uint64_t number_of(const Repository& repository) {
  const auto head = repository.head().value();
  return head ? std::stoull(std::string(repository.revision(*head).value().trailer("Journal-Seq"))) : 0;
}

void commit_up_to(Repository& repository, std::uint64_t last) {
  for (auto next = number_of(repository) + 1; next <= last; ++next) {
    const auto made = repository.commit(numbered(next));
    if (!made) FAIL(made.error().detail);
  }
}

// The head is a revision `number` of numbered(), with all before it, and commits go on.
void check_whole(Repository& repository, const fs::path& folder) {
  CHECK(fsck(folder).empty());
  CHECK(repository.check().value().empty());
  const auto number = number_of(repository);
  const auto log = repository.log(1000).value();
  CHECK(log.size() == number);
  if (number > 0) CHECK(repository.list(log[0].id, "decisions").value().size() == number);
  commit_up_to(repository, number + 3);
  CHECK(fsck(folder).empty());
}

std::string id_of_same_history(std::uint64_t last) {
  const ScratchFolder folder;
  auto repository = open(folder / "g.git");
  commit_up_to(*repository, last);
  return repository->head().value()->hex();
}

}  // namespace

TEST_SUITE("revisions/recovery") {
  TEST_CASE("after kill -9 every revision that was reported is there") {
    const ScratchFolder folder;
    const auto seed = std::random_device{}();
    MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    std::uint64_t reported = 0;
    for (int round = 0; round < 6; ++round) {
      ChildProcess child([&](int pipe) {
        OpenOptions options;
        options.wait_for_disk = false;
        options.loose_objects_max = 50;
        auto repository = Repository::open(folder / "g.git", options);
        if (!repository) ::_exit(2);
        for (auto next = number_of(**repository) + 1;; ++next) {
          if (!(*repository)->commit(numbered(next))) ::_exit(4);
          bossey::tests::tell(pipe, next);
          if ((*repository)->needs_maintenance() && !(*repository)->maintain()) ::_exit(5);
        }
      });
      const auto enough = reported + 1 + random() % 60;
      std::uint64_t number = 0;
      while (reported < enough && child.read(number)) reported = number;
      child.kill_and_wait();
      while (child.read(number)) reported = number;
      REQUIRE(reported >= enough);
      auto repository = open(folder / "g.git");
      CHECK(number_of(*repository) >= reported);
      CHECK(number_of(*repository) <= reported + 1);
      check_whole(*repository, folder / "g.git");
      reported = number_of(*repository);
    }
  }

  TEST_CASE("an end at each step of a commit and of maintenance leaves a whole repository") {
    for (const auto step : {Step::before_objects, Step::before_ref, Step::after_ref, Step::before_pack,
                            Step::before_removal, Step::after_removal}) {
      CAPTURE(static_cast<int>(step));
      const ScratchFolder folder;
      ChildProcess child([&](int pipe) {
        OpenOptions options;
        options.wait_for_disk = false;
        int left = step <= Step::after_ref ? 5 : 2;
        options.fault = [&left, step](Step reached) {
          if (reached == step && --left == 0) ::_exit(9);
        };
        auto repository = Repository::open(folder / "g.git", options);
        if (!repository) ::_exit(2);
        for (std::uint64_t i = 1; i <= 10; ++i) {
          if (!(*repository)->commit(numbered(i))) ::_exit(4);
          bossey::tests::tell(pipe, i);
          if (i % 4 == 0 && !(*repository)->maintain()) ::_exit(5);
        }
      });
      std::uint64_t reported = 0;
      while (child.read(reported)) continue;
      REQUIRE(child.wait() == 9);
      auto repository = open(folder / "g.git");
      CHECK(number_of(*repository) == reported + (step == Step::after_ref ? 1 : 0));
      check_whole(*repository, folder / "g.git");
    }
  }

  TEST_CASE("after a power cut the synced revisions are there, and the rest can be made again with the same ids") {
    const auto seed = std::random_device{}();
    MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    const auto expected = id_of_same_history(20);
    for (int round = 0; round < 12; ++round) {
      CAPTURE(round);
      const ScratchFolder folder;
      const auto path = folder / "g.git";
      {
        auto repository = open(path);
        commit_up_to(*repository, 5);
        REQUIRE((round % 2 == 0 ? repository->sync() : repository->maintain()).has_value());
        const auto synced = loose_objects(path).size();
        commit_up_to(*repository, 15);
        CHECK(loose_objects(path).size() > synced);
        CHECK_FALSE(repository->is_synced());
      }
      // Every object written since may be whole, empty, cut, or not there.
      const auto synced_packed = round % 2 != 0;
      auto objects = loose_objects(path);
      if (!synced_packed) {
        const auto old = git(path, "rev-list --objects main~10").output;
        std::erase_if(objects, [&](const LooseObject& object) {
          char hex[GIT_OID_HEXSZ + 1] = {};
          git_oid_fmt(hex, &object.id);
          return old.find(hex) != std::string::npos;
        });
      }
      for (const auto& object : objects) {
        fs::permissions(object.file, fs::perms::owner_all);
        const auto size = fs::file_size(object.file);
        const auto fate = random() % 10;
        if (fate == 0) fs::resize_file(object.file, 0);
        if (fate == 1) fs::resize_file(object.file, size / 2);
        if (fate == 2) fs::remove(object.file);
      }
      if (round % 3 == 1) fs::resize_file(path / "refs/heads/main", 0);
      if (round % 3 == 2) std::ofstream(path / "refs/heads/main") << std::string(40, '7') << "\n";
      auto repository = open(path);
      CHECK(number_of(*repository) >= 5);
      CHECK(repository->is_synced());
      check_whole(*repository, path);
      commit_up_to(*repository, 20);
      CHECK(repository->head().value()->hex() == expected);
    }
  }

  TEST_CASE("after a power cut before anything was synced the repository is usable, however little is left") {
    const ScratchFolder folder;
    {
      auto repository = open(folder / "g.git");
      commit_up_to(*repository, 3);
    }
    for (const auto& object : loose_objects(folder / "g.git")) {
      fs::permissions(object.file, fs::perms::owner_all);
      fs::resize_file(object.file, 0);
    }
    auto repository = open(folder / "g.git");
    CHECK(number_of(*repository) == 0);
    CHECK_FALSE(repository->repairs().empty());
    commit_up_to(*repository, 3);
    CHECK(repository->head().value()->hex() == id_of_same_history(3));
  }

  TEST_CASE("a half-written object that nothing refers to is removed, so that it can be written whole") {
    const ScratchFolder folder;
    const auto path = folder / "g.git";
    ChildProcess child([&](int) {
      OpenOptions options;
      options.wait_for_disk = false;
      int left = 2;
      options.fault = [&left](Step reached) {
        if (reached == Step::before_ref && --left == 0) ::_exit(9);
      };
      auto repository = Repository::open(path, options);
      if (!repository) ::_exit(2);
      if (!(*repository)->commit(numbered(1)) || !(*repository)->sync() || !(*repository)->commit(numbered(2)))
        ::_exit(4);
    });
    REQUIRE(child.wait() == 9);
    const auto reachable = git(path, "rev-list --objects main").output;
    int broken = 0;
    for (const auto& object : loose_objects(path)) {
      char hex[GIT_OID_HEXSZ + 1] = {};
      git_oid_fmt(hex, &object.id);
      if (reachable.find(hex) != std::string::npos) continue;
      fs::permissions(object.file, fs::perms::owner_all);
      fs::resize_file(object.file, 0);
      ++broken;
    }
    REQUIRE(broken > 0);
    auto repository = open(path);
    REQUIRE(repository->repairs().size() == 1);
    CHECK(repository->repairs()[0] == "removed " + std::to_string(broken) + " half-written objects");
    check_whole(*repository, path);
  }

  TEST_CASE("lock files and temporary files that a crash left are removed") {
    const ScratchFolder folder;
    const auto path = folder / "g.git";
    {
      auto repository = open(path);
      commit_up_to(*repository, 2);
    }
    for (const auto* name : {"HEAD.lock", "refs/heads/main.lock", "packed-refs.lock", "objects/tmp_object_git2_a"})
      std::ofstream(path / name) << "x";
    auto repository = open(path);
    CHECK(repository->repairs().size() == 3);
    CHECK_FALSE(fs::exists(path / "refs/heads/main.lock"));
    CHECK_FALSE(fs::exists(path / "objects/tmp_object_git2_a"));
    check_whole(*repository, path);
  }

  TEST_CASE("a clean end needs no repair, and an empty HEAD is written again") {
    const ScratchFolder folder;
    const auto path = folder / "g.git";
    {
      auto repository = open(path);
      commit_up_to(*repository, 2);
      REQUIRE(repository->sync().has_value());
      CHECK(repository->synced_through() == repository->head().value());
    }
    CHECK(open(path)->repairs().empty());
    fs::resize_file(path / "HEAD", 0);
    auto repository = open(path);
    CHECK(repository->repairs().size() == 1);
    check_whole(*repository, path);
  }

  TEST_CASE("a repository that lost what was on disk is refused with advice") {
    const ScratchFolder folder;
    const auto path = folder / "g.git";
    {
      auto repository = open(path);
      commit_up_to(*repository, 2);
      REQUIRE(repository->sync().has_value());
      commit_up_to(*repository, 3);
    }
    for (const auto& object : loose_objects(path)) fs::remove(object.file);
    const auto refused = Repository::open(path);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::corrupt);
    CHECK(refused.error().detail.find("restore the last backup") != std::string::npos);
  }

  TEST_CASE("with a full disk commits are refused and reading goes on, also after opening again") {
    const ScratchFolder folder;
    const auto path = folder / "g.git";
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    auto repository = open(path);
    commit_up_to(*repository, 2);
    rlimit full = before;
    full.rlim_cur = 8;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &full) == 0);
    const auto refused = repository->commit(numbered(3));
    const auto packed = repository->maintain();
    const auto text = repository->read(*repository->head().value(), "decisions/2.json");
    repository.reset();
    auto again = Repository::open(path);
    const auto text_again =
        again ? (*again)->read(*(*again)->head().value(), "decisions/2.json") : Result<std::string>("");
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::unavailable);
    CHECK_FALSE(packed.has_value());
    CHECK(text.value() == "{\"no\":2}\n");
    if (!again) FAIL(again.error().detail);
    CHECK(text_again == text);
    CHECK_FALSE((*again)->is_synced());
    check_whole(**again, path);
    CHECK((*again)->sync().has_value());
    CHECK((*again)->is_synced());
  }

  TEST_CASE("a repository made by stock git is taken over") {
    const ScratchFolder folder;
    const auto path = folder / "g.git";
    {
      auto repository = open(folder / "source.git");
      commit_up_to(*repository, 4);
      REQUIRE(repository->maintain().has_value());
    }
    REQUIRE(git(folder.path(), "clone -q --bare source.git g.git").code == 0);
    auto repository = open(path);
    CHECK(number_of(*repository) == 4);
    check_whole(*repository, path);
  }
}
