// Nothing acknowledged is missing: after kill -9 at any moment, after an end at each step, after a torn log, and
// after a full disk.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <random>
#include <thread>

#include "journal/journal.hpp"
#include "sqlite/database.hpp"
#include "storage/child_process.hpp"
#include "storage/scratch_folder.hpp"

using namespace bossey;
using namespace bossey::journal;
using namespace std::chrono_literals;
using bossey::tests::ChildProcess;
using bossey::tests::ScratchFolder;

namespace {

namespace fs = std::filesystem;

const DocumentId kSection{"section/aaaaaaaaaaaa"};
const GroupId kGroup{"wgig"};

UpdateRow numbered(std::uint64_t number, std::size_t padding = 0) {
  auto text = std::to_string(number) + std::string(padding, '.');
  return {kSection, PersonId{1}, SessionNo{1}, Bytes(text.begin(), text.end())};
}

std::unique_ptr<Journal> open(const fs::path& file, Options options = {}) {
  auto journal = Journal::open(file, std::move(options));
  if (!journal) FAIL(journal.error().detail);
  return std::move(*journal);
}

// For a child: appends rows named by their number without an end, telling each that is acknowledged.
void append_for_ever(const fs::path& file, int pipe, Options options = {}) {
  auto journal = Journal::open(file, std::move(options));
  if (!journal) ::_exit(2);
  for (std::uint64_t next = (*journal)->last_durable().value + 1;; ++next) {
    const auto appended = (*journal)->append(numbered(next), [pipe](const Result<JournalSeq>& seq) {
      if (seq) bossey::tests::tell(pipe, seq->value);
    });
    // Full: the disk is slower than this loop.
    if (!appended && !(*journal)->flush(10s)) ::_exit(4);
    if (!appended) --next;
  }
}

// Every row says its own number, from 1 without a gap, up to at least `acknowledged`.
void check_complete(const fs::path& file, std::uint64_t acknowledged) {
  auto journal = open(file);
  const auto loaded = journal->load_now(kSection).value();
  CHECK(loaded.updates.size() >= acknowledged);
  bool each_in_place = true;
  for (std::size_t i = 0; i < loaded.updates.size(); ++i) {
    each_in_place = each_in_place && loaded.updates[i].seq.value == i + 1 &&
                    as_chars(loaded.updates[i].bytes) == std::to_string(i + 1);
  }
  CHECK(each_in_place);
  CHECK(journal->read_now<std::vector<std::string>>([](Reader& r) { return r.check(); }).value().empty());
}

}  // namespace

TEST_SUITE("journal/crash") {
  TEST_CASE("kill -9 in the middle of appending loses nothing acknowledged") {
    const ScratchFolder folder;
    const auto seed = std::random_device{}();
    MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    std::uint64_t acknowledged = 0;
    for (int round = 0; round < 8; ++round) {
      ChildProcess child([&](int pipe) {
        Options options;
        options.queue_rows_max = 200;
        append_for_ever(folder / "j", pipe, options);
      });
      const auto enough = acknowledged + 1 + random() % 2000;
      std::uint64_t seq = 0;
      while (acknowledged < enough && child.read(seq)) acknowledged = seq;
      child.kill_and_wait();
      // What was told before the signal came, too.
      while (child.read(seq)) acknowledged = seq;
      REQUIRE(acknowledged >= enough);
      check_complete(folder / "j", acknowledged);
    }
  }

  TEST_CASE("an end at each step of a write loses nothing acknowledged and halves no group of rows") {
    for (const auto step : {Step::before_begin, Step::before_commit, Step::after_commit}) {
      CAPTURE(static_cast<int>(step));
      const ScratchFolder folder;
      ChildProcess child([&](int pipe) {
        Options options;
        int left = 3;
        options.fault = [&left, step](Step reached) {
          if (reached == step && --left == 0) ::_exit(9);
        };
        auto journal = Journal::open(folder / "j", options);
        if (!journal) ::_exit(2);
        for (std::uint64_t i = 0; i < 5; ++i) {
          std::promise<void> durable;
          const auto first = (*journal)->append_group({numbered(3 * i + 1), numbered(3 * i + 2), numbered(3 * i + 3)},
                                                      [&](const Result<JournalSeq>& seq) {
                                                        bossey::tests::tell(pipe, seq.value().value);
                                                        durable.set_value();
                                                      });
          if (!first) ::_exit(4);
          durable.get_future().wait();
        }
      });
      std::uint64_t acknowledged = 0;
      while (child.read(acknowledged)) continue;
      CHECK(child.wait() == 9);
      CHECK(acknowledged == 6);
      check_complete(folder / "j", acknowledged);
      const auto rows = open(folder / "j")->load_now(kSection).value().updates.size();
      CHECK(rows == (step == Step::after_commit ? 9 : 6));
    }
  }

  TEST_CASE("an end around a snapshot leaves the rows and either the old snapshot or the new one") {
    for (const auto step : {Step::before_snapshot, Step::after_snapshot}) {
      const ScratchFolder folder;
      ChildProcess child([&](int pipe) {
        Options options;
        int left = 2;
        options.fault = [&left, step](Step reached) {
          if (reached == step && --left == 0) ::_exit(9);
        };
        auto journal = Journal::open(folder / "j", options);
        if (!journal) ::_exit(2);
        for (std::uint64_t i = 1; i <= 4; ++i) {
          if (!(*journal)->append(numbered(i))) ::_exit(4);
          if (i % 2 == 0) (*journal)->put_snapshot(kSection, JournalSeq{i}, Bytes{static_cast<std::uint8_t>(i)});
        }
        static_cast<void>((*journal)->close(10s));
        bossey::tests::tell(pipe, 0);
      });
      CHECK(child.wait() == 9);
      auto journal = open(folder / "j");
      const auto loaded = journal->load_now(kSection).value();
      REQUIRE(loaded.snapshot.has_value());
      CHECK(loaded.snapshot->seq.value == (step == Step::before_snapshot ? 2 : 4));
      CHECK(loaded.updates.size() == (step == Step::before_snapshot ? 2 : 0));
      CHECK(journal->load_now(kSection, From::start).value().updates.size() == 4);
    }
  }

  TEST_CASE("a write-ahead log that is torn anywhere gives a whole beginning of the rows, never a hole") {
    const ScratchFolder folder;
    ChildProcess child([&](int pipe) {
      auto journal = Journal::open(folder / "j", {});
      if (!journal) ::_exit(2);
      for (std::uint64_t i = 1; i <= 50; ++i) {
        if (!(*journal)->append(numbered(i)) || !(*journal)->flush(10s)) ::_exit(4);
      }
      bossey::tests::tell(pipe, 1);
      ::_exit(0);  // Without closing: everything is still in the log.
    });
    REQUIRE(child.wait() == 0);
    const auto whole = fs::file_size(folder / "j-wal");
    std::mt19937 random(20261124);
    std::size_t most = 0;
    for (int i = 0; i < 30; ++i) {
      const auto copy = folder / ("copy" + std::to_string(i));
      fs::copy_file(folder / "j", copy);
      fs::copy_file(folder / "j-wal", copy.string() + "-wal");
      const auto cut = i == 0 ? whole : random() % whole;
      if (i % 2 == 0) {
        fs::resize_file(copy.string() + "-wal", cut);
      } else {
        std::fstream log(copy.string() + "-wal", std::ios::in | std::ios::out | std::ios::binary);
        log.seekp(static_cast<std::streamoff>(cut));
        log.write(std::string(whole - cut, '\xa5').data(), static_cast<std::streamsize>(whole - cut));
      }
      check_complete(copy, 0);
      most = std::max(most, open(copy)->load_now(kSection).value().updates.size());
    }
    CHECK(most == 50);
  }

  TEST_CASE("with a full disk rows wait and reading goes on, and saving resumes by itself when there is room") {
    const ScratchFolder folder;
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    std::promise<Error> trouble;
    std::promise<void> recovered;
    Options options;
    int times = 0;
    options.on_trouble = [&](Error error) {
      if (++times == 1) trouble.set_value(std::move(error));
    };
    options.on_recovered = [&] { recovered.set_value(); };
    auto journal = open(folder / "j", options);
    REQUIRE(journal->append(numbered(1)).has_value());
    REQUIRE(journal->flush(10s).has_value());
    // No file may grow beyond this: what a full disk is to one process.
    rlimit full = before;
    full.rlim_cur = fs::file_size(folder / "j-wal") + 20'000;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &full) == 0);
    std::atomic<int> answered = 0;
    for (std::uint64_t i = 2; i <= 100; ++i)
      REQUIRE(journal->append(numbered(i, 1000), [&](const Result<JournalSeq>&) { ++answered; }).has_value());
    const auto told = trouble.get_future().wait_for(1s) == std::future_status::ready;
    const auto rows_while_full = journal->load_now(kSection).value().updates.size();
    const auto flushed = journal->flush(120ms);
    const auto standing = journal->stats().trouble;
    const auto durable_while_full = journal->last_durable().value;
    const auto answered_while_full = answered.load();
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    CHECK(told);
    CHECK(rows_while_full == 100);
    CHECK(flushed.error().code != Errc::corrupt);
    CHECK(standing);
    CHECK(durable_while_full < 100);
    CHECK(answered_while_full == static_cast<int>(durable_while_full) - 1);
    CHECK(recovered.get_future().wait_for(5s) == std::future_status::ready);
    REQUIRE(journal->flush(10s).has_value());
    CHECK(journal->close(10s).has_value());
    CHECK(answered == 99);
    CHECK(times == 1);
    auto again = open(folder / "j");
    const auto loaded = again->load_now(kSection).value();
    REQUIRE(loaded.updates.size() == 100);
    CHECK(as_chars(loaded.updates[99].bytes).substr(0, 4) == "100.");
  }

  TEST_CASE("rows that cannot be saved before the end of close are each answered with an error") {
    const ScratchFolder folder;
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    auto journal = open(folder / "j");
    rlimit full = before;
    full.rlim_cur = 1;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &full) == 0);
    std::vector<Errc> answers;
    for (std::uint64_t i = 1; i <= 3; ++i) {
      REQUIRE(journal
                  ->append(numbered(i),
                           [&](const Result<JournalSeq>& seq) {
                             if (!seq) answers.push_back(seq.error().code);
                           })
                  .has_value());
    }
    const auto closed = journal->close(200ms);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    REQUIRE_FALSE(closed.has_value());
    CHECK(closed.error().code == Errc::unavailable);
    CHECK(closed.error().detail.find("3 rows") != std::string::npos);
    CHECK(answers == std::vector<Errc>(3, Errc::unavailable));
    CHECK(open(folder / "j")->last_appended() == JournalSeq{0});
  }

  TEST_CASE("another program that opens the file and closes it takes nothing away from the server") {
    const ScratchFolder folder;
    ChildProcess server([&](int pipe) {
      auto journal = Journal::open(folder / "j", {});
      if (!journal || !(*journal)->append(numbered(1)) || !(*journal)->flush(10s)) ::_exit(2);
      const auto reader = Reader::open(folder / "j");
      if (!reader) ::_exit(3);
      bossey::tests::tell(pipe, 1);
      while (!fs::exists(folder / "looked")) std::this_thread::sleep_for(1ms);
      if (!(*journal)->append(numbered(2)) || !(*journal)->flush(10s)) ::_exit(4);
      bossey::tests::tell(pipe, 2);
      ::pause();
    });
    int step = 0;
    REQUIRE(server.read(step));
    {
      const auto other = sqlite::open_database(folder / "j", false).value();
      CHECK(sqlite::ask_number(other.get(), "SELECT count(*) FROM updates", "test").value() == 1);
    }
    CHECK(fs::exists(folder / "j-wal"));
    std::ofstream(folder / "looked").put('x');
    REQUIRE(server.read(step));
    server.kill_and_wait();
    check_complete(folder / "j", 2);
  }

  TEST_CASE("while another program holds the file's lock rows wait, and are saved when it lets go") {
    const ScratchFolder folder;
    std::promise<Errc> trouble;
    std::promise<void> recovered;
    Options options;
    options.on_trouble = [&](const Error& error) { trouble.set_value(error.code); };
    options.on_recovered = [&] { recovered.set_value(); };
    auto journal = open(folder / "j", options);
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open((folder / "j").c_str(), &raw) == SQLITE_OK);
    const sqlite::Database other(raw);
    REQUIRE(sqlite::execute(raw, "BEGIN IMMEDIATE", "test").has_value());
    REQUIRE(journal->append(numbered(1)).has_value());
    CHECK(trouble.get_future().get() == Errc::unavailable);
    CHECK(journal->last_durable() == JournalSeq{0});
    REQUIRE(sqlite::execute(raw, "COMMIT", "test").has_value());
    recovered.get_future().wait();
    CHECK(journal->flush(10s).has_value());
    CHECK(journal->last_durable() == JournalSeq{1});
  }
}
