#include "journal/data_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "storage/child_process.hpp"
#include "storage/scratch_folder.hpp"

using namespace bossey;
using bossey::journal::DataFolder;
using bossey::tests::ChildProcess;
using bossey::tests::ScratchFolder;

TEST_SUITE("journal/data_folder") {
  TEST_CASE("a missing data folder is made for its owner alone") {
    const ScratchFolder parent;
    const auto folder = DataFolder::open(parent / "deep" / "data");
    REQUIRE(folder.has_value());
    struct stat status {};
    REQUIRE(::stat(folder->path().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0700U);
    CHECK(folder->is_new());
    CHECK(folder->repositories().empty());
  }

  TEST_CASE("a second process is refused and told who has the folder, until the first is gone") {
    const ScratchFolder parent;
    const auto path = parent / "data";
    CHECK(DataFolder::holder(path) == std::nullopt);
    ChildProcess child([&](int pipe) {
      const auto folder = DataFolder::open(path);
      bossey::tests::tell(pipe, folder ? static_cast<long>(::getpid()) : 0L);
      ::pause();
    });
    long pid = 0;
    REQUIRE(child.read(pid));
    REQUIRE(pid != 0);
    const auto refused = DataFolder::open(path);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::unavailable);
    CHECK(refused.error().detail.find("(pid " + std::to_string(pid) + ")") != std::string::npos);
    CHECK(DataFolder::holder(path) == pid);
    child.kill_and_wait();
    CHECK(DataFolder::holder(path) == std::nullopt);
    CHECK(DataFolder::open(path).has_value());
  }

  TEST_CASE("one process may not open the folder twice, but again after the first is dropped") {
    const ScratchFolder parent;
    {
      auto first = DataFolder::open(parent / "data");
      REQUIRE(first.has_value());
      CHECK_FALSE(DataFolder::open(parent / "data").has_value());
      const auto moved = std::move(*first);
      CHECK_FALSE(DataFolder::open(parent / "data").has_value());
    }
    CHECK(DataFolder::open(parent / "data").has_value());
  }

  TEST_CASE("a file in the folder's place is refused with advice") {
    const ScratchFolder parent;
    std::ofstream(parent / "data") << "x";
    const auto refused = DataFolder::open(parent / "data");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::bad_input);
  }

  TEST_CASE("no group's name leads out of the folder") {
    const ScratchFolder parent;
    const auto folder = DataFolder::open(parent / "data").value();
    CHECK(folder.repository(GroupId{"wgig-2005"}).value() == parent / "data" / "groups" / "wgig-2005.git");
    for (const auto* name : {"", "..", "a/b", "../x", "A", "a.b", "a b"})
      CHECK(folder.repository(GroupId{name}).error().code == Errc::bad_input);
    CHECK_FALSE(folder.repository(GroupId{std::string(65, 'a')}).has_value());
  }

  TEST_CASE("a folder with a repository or a journal is not new") {
    const ScratchFolder parent;
    const auto folder = DataFolder::open(parent / "data").value();
    std::filesystem::create_directory(folder.groups() / "b.git");
    std::filesystem::create_directory(folder.groups() / "a.git");
    std::filesystem::create_directory(folder.groups() / "Not.git");
    CHECK(folder.repositories() == std::vector<GroupId>{GroupId{"a"}, GroupId{"b"}});
    CHECK_FALSE(folder.is_new());
  }
}
