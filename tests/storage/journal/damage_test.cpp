// Files that are no journal, not a whole one, or not ours: each is refused with advice, and left as it was.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/sha256.hpp"
#include "journal/journal.hpp"
#include "sqlite/database.hpp"
#include "storage/scratch_folder.hpp"

using namespace bossey;
using namespace bossey::journal;
using namespace std::chrono_literals;
using bossey::tests::ScratchFolder;

namespace {

namespace fs = std::filesystem;

const DocumentId kSection{"section/aaaaaaaaaaaa"};

std::string slurp(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

void spit(const fs::path& file, std::string_view text) {
  std::ofstream(file, std::ios::binary) << text;
}

void sql(const fs::path& file, const char* text) {
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &raw) == SQLITE_OK);
  const sqlite::Database database(raw);
  const auto done = sqlite::execute(raw, text, "test");
  if (!done) FAIL(done.error().detail);
}

Error refused(const fs::path& file, Options options = {}) {
  auto journal = Journal::open(file, std::move(options));
  REQUIRE_FALSE(journal.has_value());
  return journal.error();
}

// A journal of `rows` rows of 1 kB each, closed.
void make_journal(const fs::path& file, int rows) {
  auto journal = Journal::open(file, {}).value();
  for (int i = 0; i < rows; ++i) {
    const auto appended =
        journal->append(UpdateRow{kSection, std::nullopt, SessionNo{}, Bytes(1000, static_cast<std::uint8_t>(i))});
    REQUIRE(appended.has_value());
  }
  REQUIRE(journal->close(10s).has_value());
}

std::vector<std::string> findings(const fs::path& file) {
  return Reader::open(file).value()->check().value();
}

}  // namespace

TEST_SUITE("journal/damage") {
  TEST_CASE("a file of something else is refused and not touched") {
    const ScratchFolder folder;
    const std::string text = "Dear colleagues,\n" + std::string(5000, 'x');
    spit(folder / "j", text);
    const auto error = refused(folder / "j");
    CHECK(error.code == Errc::corrupt);
    CHECK(error.detail.find("not an SQLite file") != std::string::npos);
    CHECK(slurp(folder / "j") == text);
  }

  TEST_CASE("the SQLite file of another program is refused and not touched") {
    const ScratchFolder folder;
    sql(folder / "j", "CREATE TABLE bookmarks (url TEXT)");
    const auto before = slurp(folder / "j");
    const auto error = refused(folder / "j");
    CHECK(error.code == Errc::corrupt);
    CHECK(error.detail.find("another program") != std::string::npos);
    CHECK(slurp(folder / "j") == before);
  }

  TEST_CASE("a journal of a newer version is refused as such") {
    const ScratchFolder folder;
    make_journal(folder / "j", 1);
    sql(folder / "j", "PRAGMA user_version = 2");
    const auto error = refused(folder / "j");
    CHECK(error.code == Errc::conflict);
    CHECK(error.detail.find("newer bossey") != std::string::npos);
  }

  TEST_CASE("a half-written and a cut file are refused, not continued") {
    const ScratchFolder folder;
    spit(folder / "short", "SQLite format 3");
    CHECK(refused(folder / "short").code == Errc::corrupt);
    make_journal(folder / "j", 200);
    fs::resize_file(folder / "j", fs::file_size(folder / "j") - 8192);
    const auto error = refused(folder / "j");
    CHECK(error.code == Errc::corrupt);
    CHECK(error.detail.find("restore the last backup") != std::string::npos);
  }

  TEST_CASE("a missing file whose write-ahead log is still there is refused") {
    const ScratchFolder folder;
    spit(folder / "j-wal", std::string(100, 'x'));
    CHECK(refused(folder / "j").code == Errc::corrupt);
    CHECK_FALSE(fs::exists(folder / "j"));
  }

  TEST_CASE("a missing or empty file is refused where one must be") {
    const ScratchFolder folder;
    Options options;
    options.create = false;
    CHECK(refused(folder / "j", options).code == Errc::not_found);
    CHECK_FALSE(fs::exists(folder / "j"));
    spit(folder / "j", "");
    CHECK(refused(folder / "j", options).code == Errc::not_found);
    CHECK(Journal::open(folder / "j", {}).has_value());
    CHECK(Journal::open(folder / "j", options).has_value());
  }

  TEST_CASE("a folder in the file's place, and a missing folder, are refused") {
    const ScratchFolder folder;
    fs::create_directory(folder / "j");
    CHECK(refused(folder / "j").code == Errc::bad_input);
    CHECK_FALSE(Journal::open(folder / "none" / "j", {}).has_value());
    CHECK(Reader::open(folder / "nothing").error().code == Errc::not_found);
  }

  TEST_CASE("a damaged row is named and never handed out, and the check finds it") {
    const ScratchFolder folder;
    make_journal(folder / "j", 3);
    CHECK(findings(folder / "j").empty());
    sql(folder / "j", "UPDATE updates SET bytes = x'00' WHERE seq = 2");
    auto journal = Journal::open(folder / "j", {}).value();
    const auto loaded = journal->load_now(kSection);
    REQUIRE_FALSE(loaded.has_value());
    CHECK(loaded.error().code == Errc::corrupt);
    CHECK(loaded.error().detail.find("row 2") != std::string::npos);
    CHECK(findings(folder / "j") == std::vector<std::string>{"seq 2 of table updates is damaged"});
  }

  TEST_CASE("a damaged snapshot is passed over: the rows are all there") {
    const ScratchFolder folder;
    make_journal(folder / "j", 3);
    {
      auto journal = Journal::open(folder / "j", {}).value();
      journal->put_snapshot(kSection, JournalSeq{2}, Bytes(10, 1));
      REQUIRE(journal->close(10s).has_value());
    }
    sql(folder / "j", "UPDATE snapshots SET bytes = x'00'");
    auto journal = Journal::open(folder / "j", {}).value();
    const auto loaded = journal->load_now(kSection).value();
    CHECK_FALSE(loaded.snapshot.has_value());
    CHECK(loaded.updates.size() == 3);
    CHECK(findings(folder / "j").size() == 1);
  }

  TEST_CASE("a missing row is found by the check") {
    const ScratchFolder folder;
    make_journal(folder / "j", 5);
    sql(folder / "j", "DELETE FROM updates WHERE seq = 3");
    const auto found = findings(folder / "j");
    REQUIRE(found.size() == 1);
    CHECK(found[0].find("4 rows") != std::string::npos);
  }

  TEST_CASE("the journal can be read from outside while it is written") {
    const ScratchFolder folder;
    auto journal = Journal::open(folder / "j", {}).value();
    auto outside = Reader::open(folder / "j").value();
    CHECK(outside->last_seq().value() == JournalSeq{0});
    REQUIRE(journal->append(EventRow{GroupId{"g"}, "k", "{}"}).has_value());
    REQUIRE(journal->flush(10s).has_value());
    CHECK(outside->last_seq().value() == JournalSeq{1});
    CHECK(outside->groups().value() == std::vector<GroupId>{GroupId{"g"}});
  }
}
