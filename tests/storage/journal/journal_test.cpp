#include "journal/journal.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>

#include "storage/scratch_folder.hpp"

using namespace bossey;
using namespace bossey::journal;
using namespace std::chrono_literals;
using bossey::tests::ScratchFolder;

namespace {

const DocumentId kSection{"section/aaaaaaaaaaaa"};
const DocumentId kOther{"section/bbbbbbbbbbbb"};
const GroupId kGroup{"wgig"};

Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

UpdateRow update(const DocumentId& document, std::string_view text) {
  return {document, PersonId{7}, SessionNo{3}, bytes_of(text), 1000};
}

std::unique_ptr<Journal> open(const std::filesystem::path& file, Options options = {}) {
  auto journal = Journal::open(file, std::move(options));
  if (!journal) FAIL(journal.error().detail);
  return std::move(*journal);
}

std::vector<std::string> texts(const Loaded& loaded) {
  std::vector<std::string> found;
  for (const auto& row : loaded.updates) found.emplace_back(as_chars(row.bytes));
  return found;
}

// Holds the writing thread before its next transaction, until opened.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return is_open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    opened_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool is_open_ = false;
};

}  // namespace

TEST_SUITE("journal/journal") {
  TEST_CASE("rows are numbered from 1 without a gap, also after the journal is opened again") {
    const ScratchFolder folder;
    {
      auto journal = open(folder / "j");
      CHECK(journal->append(update(kSection, "a")).value() == JournalSeq{1});
      CHECK(journal->append_group({update(kOther, "b"), EventRow{kGroup, "decision", "{}"}}).value() == JournalSeq{2});
      CHECK(journal->append(update(kSection, "c")).value() == JournalSeq{4});
      CHECK(journal->close(5s).has_value());
    }
    auto journal = open(folder / "j");
    CHECK(journal->last_durable() == JournalSeq{4});
    CHECK(journal->append(update(kSection, "d")).value() == JournalSeq{5});
    REQUIRE(journal->flush(5s).has_value());
    const auto loaded = journal->load_now(kSection).value();
    CHECK(texts(loaded) == std::vector<std::string>{"a", "c", "d"});
    CHECK(loaded.updates[1] == StoredUpdate{JournalSeq{4}, PersonId{7}, SessionNo{3}, 1000, bytes_of("c")});
    CHECK(loaded.last_seq() == JournalSeq{5});
  }

  TEST_CASE("a row is answered after it can be read from disk, and in order of append") {
    const ScratchFolder folder;
    std::mutex mutex;
    std::vector<std::uint64_t> answered;
    bool all_readable = true;
    auto journal = open(folder / "j");
    auto outside = Reader::open(folder / "j").value();
    for (int i = 0; i < 200; ++i) {
      const auto appended = journal->append(update(kSection, "x"), [&](const Result<JournalSeq>& seq) {
        const std::lock_guard lock(mutex);
        answered.push_back(seq.value().value);
        all_readable = all_readable && outside->last_seq().value() >= *seq;
      });
      REQUIRE(appended.has_value());
    }
    REQUIRE(journal->close(5s).has_value());
    CHECK(all_readable);
    REQUIRE(answered.size() == 200);
    for (std::size_t i = 0; i < answered.size(); ++i) CHECK(answered[i] == i + 1);
  }

  TEST_CASE("callbacks run only where post puts them") {
    const ScratchFolder folder;
    std::mutex mutex;
    std::deque<std::function<void()>> posted;
    Options options;
    options.post = [&](std::function<void()> f) {
      const std::lock_guard lock(mutex);
      posted.push_back(std::move(f));
    };
    auto journal = open(folder / "j", options);
    int called = 0;
    REQUIRE(journal->append(update(kSection, "a"), [&](const Result<JournalSeq>&) { ++called; }).has_value());
    journal->when_durable([&](const Result<void>& done) { called += done ? 10 : 0; });
    REQUIRE(journal->close(5s).has_value());
    CHECK(called == 0);
    for (const auto& f : posted) f();
    CHECK(called == 11);
  }

  TEST_CASE("a callback may append again") {
    const ScratchFolder folder;
    auto journal = open(folder / "j");
    std::promise<JournalSeq> second;
    REQUIRE(journal
                ->append(update(kSection, "a"),
                         [&](const Result<JournalSeq>&) {
                           const auto again =
                               journal->append(update(kSection, "b"),
                                               [&](const Result<JournalSeq>& seq) { second.set_value(seq.value()); });
                           CHECK(again.has_value());
                         })
                .has_value());
    CHECK(second.get_future().get() == JournalSeq{2});
  }

  TEST_CASE("a document is loaded with the rows that still wait for the disk") {
    const ScratchFolder folder;
    Gate gate;
    Options options;
    options.fault = [&](Step step) {
      if (step == Step::before_begin) gate.pass();
    };
    auto journal = open(folder / "j", options);
    REQUIRE(journal->append(update(kSection, "a")).has_value());
    REQUIRE(journal->append(update(kOther, "b")).has_value());
    REQUIRE(journal->append(update(kSection, "c")).has_value());
    CHECK(texts(journal->load_now(kSection).value()) == std::vector<std::string>{"a", "c"});
    CHECK(journal->last_durable() == JournalSeq{0});
    CHECK(journal->stats().waiting_rows == 3);
    gate.open();
    REQUIRE(journal->flush(5s).has_value());
    CHECK(texts(journal->load_now(kSection).value()) == std::vector<std::string>{"a", "c"});
    CHECK(journal->stats().waiting_rows == 0);
    CHECK(journal->stats().waiting_bytes == 0);
  }

  TEST_CASE("replay starts after the newest snapshot, and the earlier rows stay for authorship") {
    const ScratchFolder folder;
    auto journal = open(folder / "j");
    for (const auto* text : {"a", "b", "c"}) REQUIRE(journal->append(update(kSection, text)).has_value());
    journal->put_snapshot(kSection, JournalSeq{2}, bytes_of("ab"));
    std::promise<bool> older_done;
    journal->put_snapshot(kSection, JournalSeq{1}, bytes_of("a"),
                          [&](const Result<void>& done) { older_done.set_value(done.has_value()); });
    CHECK(older_done.get_future().get());
    const auto loaded = journal->load_now(kSection).value();
    CHECK(loaded.snapshot == Snapshot{JournalSeq{2}, bytes_of("ab")});
    CHECK(texts(loaded) == std::vector<std::string>{"c"});
    const auto all = journal->load_now(kSection, From::start).value();
    CHECK_FALSE(all.snapshot.has_value());
    CHECK(texts(all) == std::vector<std::string>{"a", "b", "c"});
  }

  TEST_CASE("a snapshot of a row that does not exist yet is refused") {
    const ScratchFolder folder;
    auto journal = open(folder / "j");
    std::promise<Result<void>> done;
    journal->put_snapshot(kSection, JournalSeq{1}, bytes_of("a"), [&](const Result<void>& r) { done.set_value(r); });
    CHECK(done.get_future().get().error().code == Errc::bad_input);
  }

  TEST_CASE("late edits are kept but never replayed") {
    const ScratchFolder folder;
    auto journal = open(folder / "j");
    REQUIRE(journal->append(update(kSection, "a")).has_value());
    REQUIRE(journal->append(LateRow{kSection, PersonId{9}, SessionNo{1}, 41, "14", bytes_of("late"), 5}).has_value());
    REQUIRE(journal->flush(5s).has_value());
    CHECK(texts(journal->load_now(kSection).value()) == std::vector<std::string>{"a"});
    const auto late =
        journal->read_now<std::vector<StoredLate>>([](Reader& reader) { return reader.late(kSection); }).value();
    REQUIRE(late.size() == 1);
    CHECK(late[0] == StoredLate{JournalSeq{2}, kSection, PersonId{9}, SessionNo{1}, 41, "14", 5, bytes_of("late")});
  }

  TEST_CASE("events of a group come back in order, and groups and documents can be listed") {
    const ScratchFolder folder;
    auto journal = open(folder / "j");
    REQUIRE(journal->append(EventRow{kGroup, "report.created", R"({"t":"é"})", 4}).has_value());
    REQUIRE(journal->append(EventRow{GroupId{"other"}, "decision", "{}"}).has_value());
    REQUIRE(journal->append(EventRow{kGroup, "decision", R"({"no":1})", 6}).has_value());
    REQUIRE(journal->append(update(kSection, "a")).has_value());
    REQUIRE(journal->append(update(DocumentId{"scratch/%_x"}, "a")).has_value());
    REQUIRE(journal->flush(5s).has_value());
    const auto ask = [&](JournalSeq after) {
      return journal
          ->read_now<std::vector<StoredEvent>>([after](Reader& reader) { return reader.events(kGroup, after); })
          .value();
    };
    CHECK(ask({}) == std::vector<StoredEvent>{{JournalSeq{1}, kGroup, "report.created", R"({"t":"é"})", 4},
                                              {JournalSeq{3}, kGroup, "decision", R"({"no":1})", 6}});
    CHECK(ask(JournalSeq{1}).size() == 1);
    CHECK(journal->read_now<std::vector<GroupId>>([](Reader& r) { return r.groups(); }).value() ==
          std::vector<GroupId>{GroupId{"other"}, kGroup});
    const auto named = [&](const std::string& prefix) {
      return journal->read_now<std::vector<DocumentId>>([prefix](Reader& r) { return r.documents(prefix); }).value();
    };
    CHECK(named("section/") == std::vector<DocumentId>{kSection});
    CHECK(named("scratch/%_") == std::vector<DocumentId>{DocumentId{"scratch/%_x"}});
    CHECK(named("").size() == 2);
  }

  TEST_CASE("a meta value is replaced, not added") {
    const ScratchFolder folder;
    auto journal = open(folder / "j");
    const auto ask = [&] {
      return journal->read_now<std::optional<std::string>>([](Reader& r) { return r.meta("k"); }).value();
    };
    CHECK(ask() == std::nullopt);
    journal->set_meta("k", "1");
    std::promise<void> done;
    journal->set_meta("k", "2", [&](const Result<void>&) { done.set_value(); });
    done.get_future().wait();
    CHECK(ask() == "2");
  }

  TEST_CASE("over its bound the queue refuses at once, gives no number, and takes rows again later") {
    const ScratchFolder folder;
    Gate gate;
    Options options;
    options.queue_rows_max = 3;
    options.queue_bytes_max = 1000;
    options.fault = [&](Step step) {
      if (step == Step::before_begin) gate.pass();
    };
    auto journal = open(folder / "j", options);
    for (int i = 0; i < 3; ++i) REQUIRE(journal->append(update(kSection, "a")).has_value());
    CHECK(journal->append(update(kSection, "d")).error().code == Errc::unavailable);
    gate.open();
    REQUIRE(journal->flush(5s).has_value());
    CHECK(journal->append(update(kSection, std::string(2000, 'x'))).error().code == Errc::unavailable);
    CHECK(journal->append(update(kSection, "e")).value() == JournalSeq{4});
  }

  TEST_CASE("a row of a wrong form is refused and takes no number") {
    const ScratchFolder folder;
    auto journal = open(folder / "j");
    CHECK(journal->append(update(DocumentId{""}, "a")).error().code == Errc::bad_input);
    CHECK(journal->append(update(DocumentId{std::string(600, 'x')}, "a")).error().code == Errc::bad_input);
    CHECK(journal->append(EventRow{kGroup, "", "{}"}).error().code == Errc::bad_input);
    CHECK(journal->append_group({}).error().code == Errc::bad_input);
    CHECK(journal->append(update(kSection, std::string(kRowBytesMax, 'x'))).error().code == Errc::too_large);
    CHECK(journal->append_group({update(kSection, "a"), update(DocumentId{""}, "b")}).error().code == Errc::bad_input);
    CHECK(journal->append(update(kSection, "")).value() == JournalSeq{1});
  }

  TEST_CASE("after close everything is refused and answered") {
    const ScratchFolder folder;
    auto journal = open(folder / "j");
    REQUIRE(journal->close(1s).has_value());
    CHECK(journal->close(1s).has_value());
    CHECK(journal->append(update(kSection, "a")).error().code == Errc::unavailable);
    CHECK(journal->load_now(kSection).error().code == Errc::unavailable);
    int refused = 0;
    const auto count = [&](const auto& result) { refused += result ? 0 : 1; };
    journal->load(kSection, count);
    journal->when_durable(count);
    journal->set_meta("k", "v", count);
    journal->put_snapshot(kSection, JournalSeq{0}, {}, count);
    CHECK(refused == 4);
  }

  TEST_CASE("many rows that wait are written with few transactions") {
    const ScratchFolder folder;
    Gate gate;
    Options options;
    options.fault = [&](Step step) {
      if (step == Step::before_begin) gate.pass();
    };
    auto journal = open(folder / "j", options);
    for (int i = 0; i < 2000; ++i) REQUIRE(journal->append(update(kSection, "a")).has_value());
    gate.open();
    REQUIRE(journal->flush(5s).has_value());
    CHECK(journal->stats().rows == 2000);
    CHECK(journal->stats().transactions <= 3);
  }
}
