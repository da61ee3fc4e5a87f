// A disk that gives back other octets than were written: it is named, and nothing waits for ever or ends the process.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <set>

#include "revisions/linked_copy.hpp"
#include "revisions/loose_object.hpp"
#include "revisions/pack_check.hpp"
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

const std::string kText = "reports/final/sections/a.md";

Result<std::unique_ptr<Repository>> open(const fs::path& folder, bool repair) {
  OpenOptions options;
  options.wait_for_disk = false;
  options.repair = repair;
  return Repository::open(folder, options);
}

// Ten revisions, packed or not, cleanly ended.
void make(const fs::path& folder, bool packed) {
  auto repository = open(folder, true).value();
  std::string text = "# Title\n\n";
  for (int i = 0; i < 10; ++i) {
    text += "Sentence number " + std::to_string(i) + " of this text is here.\n";
    const auto made = repository->commit({{{kText, text}}, {"room", "room@bossey.invalid"}, "Edit", "", {}, 1000 + i});
    REQUIRE(made.has_value());
  }
  REQUIRE((packed ? repository->maintain() : repository->sync()).has_value());
}

std::string check(const fs::path& folder) {
  const auto repository = open(folder, false);
  if (!repository) return repository.error().detail;
  const auto found = (*repository)->check();
  if (!found) return found.error().detail;
  std::string all;
  for (const auto& each : *found) all += each + "\n";
  return all;
}

void flip(const fs::path& file, std::size_t at, unsigned char bits) {
  fs::permissions(file, fs::perms::owner_all);
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(at));
  const auto octet = static_cast<unsigned char>(stream.get());
  stream.seekp(static_cast<std::streamoff>(at));
  stream.put(static_cast<char>(octet ^ bits));
}

std::vector<fs::path> packs_of(const fs::path& folder, const std::string& extension) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder / "objects/pack"))
    if (entry.path().extension() == extension) found.push_back(entry.path());
  return found;
}

// What a server does with a repository, whatever comes back.
void use(const fs::path& folder) {
  const auto repository = open(folder, true);
  if (!repository) return;
  const auto head = (*repository)->head();
  if (!head || !*head) return;
  static_cast<void>((*repository)->read(**head, kText));
  static_cast<void>((*repository)->history(kText, 100));
  static_cast<void>((*repository)->log(100));
  static_cast<void>((*repository)->commit({{{kText, "new\n"}}, {"room", "room@bossey.invalid"}, "E", "", {}, 5000}));
}

}  // namespace

TEST_SUITE("revisions/damage") {
  TEST_CASE("a flipped bit anywhere in an object's file or a pack neither keeps the server waiting nor ends it") {
    const auto seed = std::random_device{}();
    MESSAGE("seed " << seed);
    for (const bool packed : {false, true}) {
      CAPTURE(packed);
      const ScratchFolder folder;
      make(folder / "g.git", packed);
      auto files = packs_of(folder / "g.git", ".pack");
      for (const auto& index : packs_of(folder / "g.git", ".idx")) files.push_back(index);
      for (const auto& object : loose_objects(folder / "g.git")) files.push_back(object.file);
      REQUIRE(files.size() >= (packed ? 2 : 10));
      ChildProcess child([&](int) {
        std::mt19937 random(seed);
        for (int i = 0; i < 120; ++i) {
          ::alarm(10);  // The signal ends the child: that is the failure.
          fs::remove_all(folder / "copy.git");
          fs::copy(folder / "g.git", folder / "copy.git", fs::copy_options::recursive);
          const auto file = folder / "copy.git" / fs::relative(files[random() % files.size()], folder / "g.git");
          flip(file, random() % fs::file_size(file), static_cast<unsigned char>(1U << random() % 8));
          if (i % 8 == 7) fs::resize_file(file, fs::file_size(file) / 2);
          use(folder / "copy.git");
          static_cast<void>(check(folder / "copy.git"));
        }
      });
      CHECK(child.wait() == 0);
    }
  }

  TEST_CASE("check names each object's file and each pack that is damaged or cut, at every octet") {
    const ScratchFolder folder;
    make(folder / "loose.git", false);
    make(folder / "packed.git", true);
    CHECK(check(folder / "loose.git").empty());
    CHECK(check(folder / "packed.git").empty());
    const auto object = loose_objects(folder / "loose.git").front();
    for (std::size_t at = 2; at < fs::file_size(object.file); at += 3) {
      // The last bits before the sum belong to no code of the stream.
      if (at + 5 == fs::file_size(object.file)) continue;
      flip(object.file, at, 0x10);
      CHECK(check(folder / "loose.git").find(object.file.string()) != std::string::npos);
      flip(object.file, at, 0x10);
    }
    const auto pack = packs_of(folder / "packed.git", ".pack").front();
    for (std::size_t at = 0; at < fs::file_size(pack); at += 7) {
      flip(pack, at, 0x10);
      CHECK(check(folder / "packed.git").find(pack.string()) != std::string::npos);
      flip(pack, at, 0x10);
    }
    const auto whole = fs::file_size(pack);
    fs::resize_file(pack, whole - 1);
    CHECK(check(folder / "packed.git").find(pack.string()) != std::string::npos);
    fs::resize_file(pack, whole / 2);
    CHECK(check(folder / "packed.git").find("is cut short") != std::string::npos);
    fs::remove(pack);
    CHECK(check(folder / "packed.git").find("is missing") != std::string::npos);
  }

  TEST_CASE("an object that is missing is named, and checking changes nothing in the folder") {
    const ScratchFolder folder;
    make(folder / "g.git", false);
    std::ofstream(folder / "g.git/refs/heads/main.lock") << "left behind";
    const auto reading = open(folder / "g.git", false).value();
    const auto refused = reading->commit({{{kText, "x\n"}}, {"room", "room@bossey.invalid"}, "Edit", "", {}, 5000});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::forbidden);
    fs::remove(loose_objects(folder / "g.git").front().file);
    CHECK_FALSE(check(folder / "g.git").empty());
    CHECK(fs::exists(folder / "g.git/refs/heads/main.lock"));
    CHECK(open(folder / "none.git", false).error().code == Errc::not_found);
    CHECK_FALSE(fs::exists(folder / "none.git"));
  }

  TEST_CASE("a damaged object that is written again is written whole") {
    const ScratchFolder folder;
    make(folder / "g.git", false);
    auto repository = open(folder / "g.git", true).value();
    const auto blob = repository->find(*repository->head().value(), kText).value().value();
    const auto bytes = repository->read_blob(blob).value();
    const auto objects = loose_objects(folder / "g.git");
    const auto damaged = std::find_if(objects.begin(), objects.end(),
                                      [&](const LooseObject& object) { return from_git<BlobId>(object.id) == blob; });
    REQUIRE(damaged != objects.end());
    flip(damaged->file, fs::file_size(damaged->file) / 2, 0x10);
    repository = open(folder / "g.git", true).value();
    const auto read = repository->read_blob(blob);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == Errc::corrupt);
    REQUIRE(repository->commit({{{"copy.md", bytes}}, {"room", "room@bossey.invalid"}, "Copy", "", {}, 5000}));
    CHECK(repository->read_blob(blob).value() == bytes);
    CHECK(fsck(folder / "g.git").empty());
  }

  TEST_CASE("a linked copy is a whole repository of that moment, and what is committed later is not in it") {
    for (const bool packed : {false, true}) {
      const ScratchFolder folder;
      make(folder / "g.git", packed);
      std::ofstream(folder / "g.git/refs/heads/main.lock") << "left behind";
      std::ofstream(folder / "g.git/objects/pack/tmp_pack") << "half";
      REQUIRE(link_repository(folder / "g.git", folder / "copy.git").has_value());
      fs::remove(folder / "g.git/refs/heads/main.lock");
      auto repository = open(folder / "g.git", true).value();
      const auto before = repository->head().value();
      REQUIRE(repository->commit({{{kText, "later\n"}}, {"room", "room@bossey.invalid"}, "Edit", "", {}, 5000}));
      REQUIRE(repository->maintain().has_value());
      CHECK(check(folder / "copy.git").empty());
      CHECK(fsck(folder / "copy.git").empty());
      CHECK(open(folder / "copy.git", false).value()->head().value() == before);
      CHECK_FALSE(fs::exists(folder / "copy.git/refs/heads/main.lock"));
      CHECK_FALSE(fs::exists(folder / "copy.git/objects/pack/tmp_pack"));
      CHECK(link_repository(folder / "g.git", folder / "copy.git").error().code == Errc::conflict);
    }
  }
}
