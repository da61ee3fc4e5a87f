#include "sqlite/database.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "storage/scratch_folder.hpp"

namespace bossey::sqlite {
namespace {

Database memory() {
  auto database = open_database(":memory:", false);
  REQUIRE(database.has_value());
  return std::move(*database);
}

}  // namespace

TEST_SUITE("sqlite/database") {
  TEST_CASE("what was bound comes back as it was, empty and absent values, too") {
    const auto database = memory();
    REQUIRE(execute(database.get(), "CREATE TABLE t (a INTEGER, b INTEGER, c TEXT, d BLOB)", "test"));
    auto insert = Statement::prepare(database.get(), "INSERT INTO t VALUES (?, ?, ?, ?)").value();
    const Bytes octets{0, 1, 255};
    const std::string text = "\xd8\xb3\xd9\x84";
    REQUIRE(insert.bind(std::int64_t{-5}).bind(std::uint64_t{7}).bind(text).bind(BytesView(octets)).run("test"));
    REQUIRE(insert.bind(std::optional<std::int64_t>{})
                .bind(std::optional<std::uint64_t>{})
                .bind(std::string_view())
                .bind(BytesView{})
                .run("test"));
    auto rows = Statement::prepare(database.get(), "SELECT a, b, c, d FROM t").value();
    REQUIRE(rows.step("test").value());
    CHECK(rows.number(0) == -5);
    CHECK(rows.natural(1) == 7);
    CHECK(rows.text(2) == text);
    CHECK(Bytes(rows.octets(3).begin(), rows.octets(3).end()) == octets);
    REQUIRE(rows.step("test").value());
    CHECK_FALSE(rows.optional_number(0).has_value());
    CHECK_FALSE(rows.optional_natural(1).has_value());
    CHECK(rows.text(2).empty());
    CHECK(rows.octets(3).empty());
    CHECK(ask_number(database.get(), "SELECT count(*) FROM t WHERE c IS NULL OR d IS NULL", "test").value() == 0);
    CHECK_FALSE(rows.step("test").value());
  }

  TEST_CASE("a value for no parameter is an error of the step, and the statement can be used again") {
    const auto database = memory();
    auto one = Statement::prepare(database.get(), "SELECT ?").value();
    CHECK_FALSE(one.bind(std::int64_t{1}).bind(std::int64_t{2}).step("counting").has_value());
    one.reset();
    REQUIRE(one.bind(std::int64_t{3}).step("counting").value());
    CHECK(one.number(0) == 3);
  }

  TEST_CASE("a new file is for its owner only, and a missing one is not made unasked") {
    const tests::ScratchFolder folder;
    CHECK_FALSE(open_database(folder / "absent", false).has_value());
    REQUIRE(open_database(folder / "new", true).has_value());
    struct stat status {};
    REQUIRE(::stat((folder / "new").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }

  TEST_CASE("a file that is no database is damage, and the error says what to do") {
    const tests::ScratchFolder folder;
    std::ofstream(folder / "notes") << std::string(200, 'x');
    const auto database = open_database(folder / "notes", false);
    REQUIRE(database.has_value());
    const auto asked = ask_number(database->get(), "SELECT count(*) FROM sqlite_schema", "reading");
    REQUIRE_FALSE(asked.has_value());
    CHECK(asked.error().code == Errc::corrupt);
    CHECK(asked.error().detail.find("restore the last backup") != std::string::npos);
  }
}

}  // namespace bossey::sqlite
