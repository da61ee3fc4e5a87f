#include "sqlite/upkeep.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "sqlite/database.hpp"
#include "storage/scratch_folder.hpp"

namespace bossey::sqlite {
namespace {

void make(const std::filesystem::path& file, int rows) {
  const auto database = open_database(file, true).value();
  REQUIRE(
      execute(database.get(), "PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)", "t"));
  for (int i = 0; i < rows; ++i)
    REQUIRE(execute(database.get(), "INSERT INTO t (text) VALUES (hex(randomblob(400)))", "t"));
}

std::int64_t count(const std::filesystem::path& file) {
  const auto database = open_database(file, false).value();
  return ask_number(database.get(), "SELECT count(*) FROM t", "t").value();
}

}  // namespace

TEST_SUITE("sqlite/upkeep") {
  TEST_CASE("a copy made while somebody writes is whole, and holds every row committed before it began") {
    const tests::ScratchFolder folder;
    make(folder / "a", 200);
    std::atomic<std::int64_t> committed = 200;
    std::atomic<bool> stop = false;
    std::thread writer([&] {
      const auto database = open_database(folder / "a", false).value();
      while (!stop)
        if (execute(database.get(), "INSERT INTO t (text) VALUES (hex(randomblob(400)))", "t")) ++committed;
    });
    for (int i = 0; i < 5; ++i) {
      const auto copy = folder / ("copy" + std::to_string(i));
      const auto before = committed.load();
      while (committed == before) std::this_thread::yield();
      const auto at_least = committed.load();
      CHECK(copy_database(folder / "a", copy).has_value());
      CHECK(count(copy) >= at_least);
      CHECK(check_database(open_database(copy, false).value().get()).value().empty());
      struct stat status {};
      CHECK(::stat(copy.c_str(), &status) == 0);
      CHECK((status.st_mode & 0777) == 0600);
    }
    stop = true;
    writer.join();
    CHECK(copy_database(folder / "a", folder / "copy0").error().code == Errc::conflict);
  }

  TEST_CASE("damaged pages and rows without what they refer to are found") {
    const tests::ScratchFolder folder;
    make(folder / "a", 400);
    {
      const auto database = open_database(folder / "a", false).value();
      CHECK(check_database(database.get()).value().empty());
      REQUIRE(execute(database.get(), "PRAGMA wal_checkpoint(TRUNCATE)", "t"));
    }
    std::filesystem::copy_file(folder / "a", folder / "b");
    {
      std::fstream stream(folder / "a", std::ios::in | std::ios::out | std::ios::binary);
      stream.seekp(3 * 4096 + 5);
      stream.write("\x7f\x7f\x7f\x7f", 4);
    }
    CHECK_FALSE(check_database(open_database(folder / "a", false).value().get()).value().empty());
    const auto database = open_database(folder / "b", false).value();
    REQUIRE(execute(database.get(),
                    "CREATE TABLE child (t INTEGER REFERENCES t (id)); INSERT INTO child VALUES (100000)", "t"));
    const auto found = check_database(database.get()).value();
    REQUIRE(found.size() == 1);
    CHECK(found[0].find("table child refers to a row of table t") != std::string::npos);
  }
}

}  // namespace bossey::sqlite
