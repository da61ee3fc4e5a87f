// People taken out of rows: of the documents and the group named, up to a time, and nothing else changes.
#include <doctest/doctest.h>

#include <future>

#include "journal/journal.hpp"
#include "storage/scratch_folder.hpp"

using namespace bossey;
using namespace bossey::journal;

namespace {

const DocumentId kSection{"section/aaaaaaaaaaaa"};
const DocumentId kOther{"section/bbbbbbbbbbbb"};
const GroupId kGroup{"wgig"};

UpdateRow update(const DocumentId& document, std::int64_t time_ms) {
  return {document, PersonId{7}, SessionNo{3}, Bytes{1, 2, 3}, time_ms};
}

Result<void> forget(Journal& journal, Forgetting work) {
  std::promise<Result<void>> done;
  journal.forget(std::move(work), [&done](Result<void> result) { done.set_value(std::move(result)); });
  return done.get_future().get();
}

}  // namespace

TEST_SUITE("journal/forgetting") {
  TEST_CASE("rows lose their people up to the time, their words and sums stay good") {
    const tests::ScratchFolder folder;
    const auto file = folder / "journal.sqlite";
    auto journal = Journal::open(file, {}).value();
    REQUIRE(journal->append(update(kSection, 1'000)).has_value());
    REQUIRE(journal->append(update(kSection, 2'000)).has_value());
    REQUIRE(journal->append(update(kOther, 1'000)).has_value());
    REQUIRE(journal->append(LateRow{kSection, PersonId{7}, SessionNo{3}, 1, "1", Bytes{4}, 1'000}).has_value());
    REQUIRE(journal->append(EventRow{kGroup, "a", R"({"who":"Wangari"})", 1'000}).has_value());
    REQUIRE(journal->append(EventRow{kGroup, "a", R"({"who":"Wangari"})", 2'000}).has_value());
    REQUIRE(journal->append(EventRow{GroupId{"other"}, "a", R"({"who":"Wangari"})", 1'000}).has_value());
    const auto nobody = [](const std::string&, const std::string&) { return std::optional(std::string("{}")); };
    REQUIRE(forget(*journal, {kGroup, {kSection}, 1'000, nobody}).has_value());
    const auto mine = journal->load_now(kSection).value().updates;
    REQUIRE(mine.size() == 2);
    CHECK_FALSE(mine[0].person.has_value());
    CHECK(mine[0].bytes == Bytes{1, 2, 3});
    CHECK(mine[1].person == PersonId{7});
    CHECK(journal->load_now(kOther).value().updates.front().person == PersonId{7});
    using Late = std::vector<StoredLate>;
    const auto late = journal->read_now<Late>([](Reader& reader) { return reader.late(kSection); }).value();
    CHECK_FALSE(late.front().person.has_value());
    using Events = std::vector<StoredEvent>;
    const auto events = journal->read_now<Events>([](Reader& reader) { return reader.events(kGroup); }).value();
    REQUIRE(events.size() == 2);
    CHECK(events[0].json == "{}");
    CHECK(events[1].json == R"({"who":"Wangari"})");
    const auto others =
        journal->read_now<Events>([](Reader& reader) { return reader.events(GroupId{"other"}); }).value();
    CHECK(others.front().json == R"({"who":"Wangari"})");
    CHECK(journal->close(std::chrono::seconds(5)).has_value());
  }
}
