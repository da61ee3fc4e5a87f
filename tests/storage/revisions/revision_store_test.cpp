#include "revisions/revision_store.hpp"
#include <doctest/doctest.h>

#include <atomic>
#include <deque>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>

#include "revisions/maintenance.hpp"
#include "storage/scratch_folder.hpp"

using namespace bossey;
using namespace bossey::revisions;
using namespace std::chrono_literals;
using bossey::tests::ScratchFolder;

namespace {

const GroupId kGroup{"wgig"};

StoreOptions options_for(const ScratchFolder& folder) {
  StoreOptions options;
  options.repository.wait_for_disk = false;
  options.path_of = [&folder](const GroupId& group) -> Result<std::filesystem::path> {
    if (group.value == "bad") return fail(Errc::bad_input, "no such group");
    return folder / (group.value + ".git");
  };
  return options;
}

Commit numbered(int number) {
  return {{{"a.md", std::to_string(number)}}, {"room", "room@bossey.invalid"}, "Edit", "", {}, 1000 + number};
}

}  // namespace

TEST_SUITE("revisions/revision_store") {
  TEST_CASE("answers come through post in the order of the calls") {
    const ScratchFolder folder;
    std::mutex mutex;
    std::deque<std::function<void()>> posted;
    auto options = options_for(folder);
    options.post = [&](std::function<void()> f) {
      const std::lock_guard lock(mutex);
      posted.push_back(std::move(f));
    };
    std::vector<std::string> answers;
    {
      RevisionStore store(std::move(options));
      store.open(kGroup, [&](const Result<std::vector<std::string>>& repairs) {
        answers.push_back(repairs && repairs->empty() ? "opened" : "repaired");
      });
      for (int i = 1; i <= 3; ++i)
        store.commit(kGroup, numbered(i), [&](const Result<Committed>& made) {
          answers.emplace_back(made && made->is_new ? "committed" : "failed");
        });
      store.run<std::string>(
          kGroup,
          [](Repository& repository) -> Result<std::string> {
            BOSSEY_TRY(const auto head, repository.head());
            return repository.read(*head, "a.md");
          },
          [&](Result<std::string> text) { answers.push_back(*text); });
      store.commit(GroupId{"bad"}, numbered(1),
                   [&](const Result<Committed>& made) { answers.push_back(made.error().detail); });
      store.stop();
      CHECK(answers.empty());
    }
    for (const auto& f : posted) f();
    CHECK(answers == std::vector<std::string>{"opened", "committed", "committed", "committed", "3", "no such group"});
  }

  TEST_CASE("a stop leaves the repository clean on disk") {
    const ScratchFolder folder;
    {
      auto options = options_for(folder);
      options.repository.wait_for_disk = true;
      RevisionStore store(std::move(options));
      store.commit(kGroup, numbered(1), [](const Result<Committed>&) {});
    }
    const auto repository = Repository::open(folder / "wgig.git").value();
    CHECK(repository->repairs().empty());
    CHECK(repository->synced_through() == repository->head().value());
  }

  TEST_CASE("in a pause the repository is packed and the index made") {
    const ScratchFolder folder;
    auto options = options_for(folder);
    options.idle_after = 5ms;
    options.repository.loose_objects_max = 10;
    std::promise<void> packed;
    std::atomic<bool> last = true;
    options.repository.fault = [&](Step step) {
      if (step == Step::after_removal && last.exchange(false)) packed.set_value();
    };
    RevisionStore store(std::move(options));
    for (int i = 1; i <= 10; ++i) store.commit(kGroup, numbered(i), [](const Result<Committed>&) {});
    packed.get_future().wait();
    const auto loose = store.run_now<std::size_t>(
        kGroup, [](Repository& repository) -> Result<std::size_t> { return repository.loose_objects(); });
    CHECK(loose.value() <= 10);
  }

  TEST_CASE("commits and questions are answered while a pack is made, and are in the repository afterwards") {
    const ScratchFolder folder;
    auto options = options_for(folder);
    options.idle_after = 5ms;
    options.repository.loose_objects_max = 10;
    std::promise<void> written;
    std::promise<void> go_on;
    std::promise<void> packed;
    std::atomic<bool> first = true;
    std::atomic<bool> last = true;
    options.repository.fault = [&](Step step) {
      if (step == Step::before_pack && first.exchange(false)) {
        written.set_value();
        go_on.get_future().wait();
      }
      if (step == Step::after_removal && last.exchange(false)) packed.set_value();
    };
    RevisionStore store(std::move(options));
    for (int i = 1; i <= 10; ++i) store.commit(kGroup, numbered(i), [](const Result<Committed>&) {});
    written.get_future().wait();
    // The second thread stands still here: an answer shows that nothing waits for it.
    for (int i = 11; i <= 13; ++i) store.commit(kGroup, numbered(i), [](const Result<Committed>&) {});
    const auto history = [&] {
      return store
          .run_now<std::size_t>(kGroup,
                                [](Repository& repository) -> Result<std::size_t> {
                                  BOSSEY_TRY(const auto found, repository.history("a.md", 100));
                                  return found.size();
                                })
          .value();
    };
    CHECK(history() == 13);
    go_on.set_value();
    packed.get_future().wait();
    CHECK(history() == 13);
    store.stop();
    const auto repository = Repository::open(folder / "wgig.git").value();
    CHECK(repository->check().value().empty());
    CHECK(repository->log(100).value().size() == 13);
  }

  TEST_CASE("a stop does not wait for a pack to be made") {
    const ScratchFolder folder;
    auto repository = Repository::open(folder / "wgig.git").value();
    for (int i = 1; i <= 10; ++i) REQUIRE(repository->commit(numbered(i)).has_value());
    const auto packing = Packing::plan(folder / "wgig.git", Durability::in_memory, {});
    CHECK(packing->write([] { return true; }).error().code == Errc::unavailable);
    CHECK(repository->loose_objects() == 30);
    repository.reset();
    CHECK(Repository::open(folder / "wgig.git").value()->check().value().empty());
  }

  TEST_CASE("a pack that rots is told of, and nothing more is read from it") {
    const ScratchFolder folder;
    auto options = options_for(folder);
    options.idle_after = 1ms;  // Then it looks every 1.8 s.
    options.repository.loose_objects_max = 10;
    std::promise<void> packed;
    std::atomic<bool> last = true;
    options.repository.fault = [&](Step step) {
      if (step == Step::after_removal && last.exchange(false)) packed.set_value();
    };
    std::promise<std::string> told;
    options.on_note = [&](const GroupId&, const std::string& note) { told.set_value(note); };
    RevisionStore store(std::move(options));
    for (int i = 1; i <= 10; ++i) store.commit(kGroup, numbered(i), [](const Result<Committed>&) {});
    packed.get_future().wait();
    for (const auto& entry : std::filesystem::directory_iterator(folder / "wgig.git/objects/pack")) {
      if (entry.path().extension() != ".pack") continue;
      std::filesystem::permissions(entry.path(), std::filesystem::perms::owner_all);
      std::fstream stream(entry.path(), std::ios::binary | std::ios::in | std::ios::out);
      stream.seekp(40);
      stream.put('\xff').put('\x00').put('\xff');
    }
    const auto note = told.get_future().get();
    INFO(note);
    CHECK(note.find("damaged") != std::string::npos);
    const auto answer =
        store.run_now<std::optional<RevisionId>>(kGroup, [](Repository& repository) { return repository.head(); });
    CHECK(answer.error().code == Errc::corrupt);
  }

  TEST_CASE("two groups have two repositories") {
    const ScratchFolder folder;
    RevisionStore store(options_for(folder));
    const auto head_of = [&](const GroupId& group) {
      return store.run_now<std::optional<RevisionId>>(group, [](Repository& repository) { return repository.head(); })
          .value();
    };
    store.commit(kGroup, numbered(1), [](const Result<Committed>&) {});
    CHECK(head_of(kGroup).has_value());
    CHECK_FALSE(head_of(GroupId{"other"}).has_value());
  }
}
