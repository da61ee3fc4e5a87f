#include <doctest/doctest.h>

#include <random>

#include "document/section_document.hpp"
#include "group/state.hpp"
#include "house.hpp"

using namespace bossey;
using namespace bossey::test;
using consensus::DecisionKind;
using consensus::Status;
using document::SectionKind;

namespace {

std::size_t events_of(const House& house, const std::string& type) {
  std::size_t count = 0;
  for (const std::string& event : house.events)
    if (event.find("\"type\":\"" + type + "\"") != std::string::npos) ++count;
  return count;
}

/// Somebody's one paragraph instead of what the section says.
void write_paragraph(House& house, const SectionId& section, const std::string& words) {
  const auto room = house.open(section);
  const auto edited = house.wait<JournalSeq>([&](auto done) {
    room->edit(
        [&](crdt::Doc& doc) {
          document::Section text = document::read_section(doc);
          text.body = {document::paragraph(words)};
          return document::replace_section(doc, text);
        },
        PersonId{kMember}, done);
  });
  REQUIRE(edited);
  house.scheduler.run_posted();
}

}  // namespace

TEST_SUITE("group/deciding") {
  TEST_CASE("agree settles and closes the section, says so, and is one sentence") {
    House house;
    const auto ids = house.make_report("final", {"One", "Two"});
    const auto decided = house.decide(ids[0], DecisionKind::agree);
    REQUIRE(decided);
    CHECK(decided->number == 1);
    CHECK(decided->sentence.starts_with("No. 1, 18 June 2005 00:41 UTC: section 'One' agreed. Text "));
    CHECK(decided->section.status.settled);
    CHECK(decided->section.status.closed);
    CHECK(decided->section.disclaimer.full.empty());
    CHECK(house.open(ids[0])->is_closed());
    CHECK(house.group().report(person(kMember), house.report)->chapter_line == "1 of 2 settled; 1 draft");
    CHECK(events_of(house, "section") >= 1);
    const auto list = house.group().decisions(person(kObserver), {});
    REQUIRE(list);
    CHECK(list->front().sentence == decided->sentence);
    CHECK(house.decide(ids[0], DecisionKind::agree).error().code == Errc::conflict);
  }

  TEST_CASE("agree is refused if one letter was typed after the page was drawn, and typing goes on") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    Typist typist(house, ids[0], kMember);
    const group::SectionView shown = house.view(ids[0]);
    typist.type("!");
    group::Decide command;
    command.asked_aloud = true;
    command.key = house.new_key();
    command.report = house.report;
    command.section = ids[0];
    command.text_id = shown.text_id;
    command.content_hash = shown.content_hash;
    const auto refused =
        house.wait<group::Decided>([&](auto done) { house.group().decide(person(kChair), command, done); });
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == Error{Errc::conflict, "Text changed 1 second ago. Look again."});
    typist.type("?");
    CHECK(house.view(ids[0]).title == "One!?");
    CHECK(house.view(ids[0]).status.status == Status::draft);
    CHECK(house.group().state().chain.empty());
  }

  TEST_CASE("what is typed after the decision stays out of the text and becomes a proposal of its author alone") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    Typist typist(house, ids[0], kMember);
    typist.go_offline();
    typist.type(" and more");
    REQUIRE(house.decide(ids[0], DecisionKind::agree));
    typist.send_kept();
    REQUIRE(house.scheduler.run_until([&] {
      const auto mine = house.group().proposals(person(kMember), house.report, ids[0]);
      return mine && mine->size() == 1 && mine->front().canonical;
    }));
    CHECK(house.view(ids[0]).title == "One");
    CHECK(house.view(ids[0]).status.settled);
    const auto mine = house.group().proposals(person(kMember), house.report, ids[0]);
    CHECK(mine->front().canonical->starts_with("# One and more\n"));
    CHECK(mine->front().base->starts_with("# One\n"));
    CHECK(mine->front().mine);
    CHECK(mine->front().reason == "Agreed at 00:41 UTC while you were typing. Your words are kept as proposal 1.");
    for (const std::uint64_t who : {kChair, kSecretariat, kOtherMember, kObserver}) {
      const auto seen = house.group().proposals(person(who), house.report, ids[0]);
      REQUIRE(seen->size() == 1);
      CHECK_FALSE(seen->front().mine);
      CHECK_FALSE(seen->front().canonical);
      CHECK_FALSE(seen->front().base);
      const auto refused = house.wait<void>([&](auto done) {
        house.group().withdraw_proposal(person(who), {house.new_key(), 1}, done);
      });
      CHECK_FALSE(refused);
    }
    const auto withdrawn = house.wait<void>([&](auto done) {
      house.group().withdraw_proposal(person(kMember), {house.new_key(), 1}, done);
    });
    CHECK(withdrawn);
    CHECK(house.view(ids[0], kMember).proposals.front().state == group::ProposalState::withdrawn);
    house.commit_all();
    CHECK(house.git("grep -c 'and more' HEAD").find("exit status 1") != std::string::npos);
  }

  TEST_CASE("reopening keeps the late words out and lets people write") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    Typist late(house, ids[0], kMember);
    late.go_offline();
    late.type(" late");
    REQUIRE(house.decide(ids[0], DecisionKind::agree));
    late.send_kept();
    // The card of the late words is told of once they are on disk and read.
    REQUIRE(house.scheduler.run_until([&] {
      const auto mine = house.group().proposals(person(kMember), house.report, ids[0]);
      return mine && mine->size() == 1 && mine->front().canonical;
    }));
    REQUIRE(house.decide(ids[0], DecisionKind::reopen, "a number\nwas wrong"));
    CHECK(house.group().state().chain.back().reason == "a number was wrong");
    CHECK(house.view(ids[0]).status.line == "Agreed 18 June 2005 00:41 UTC, reopened");
    Typist typist(house, ids[0], kOtherMember);
    CHECK(typist.title() == "One");
    house.scheduler.run_posted();
    house.events.clear();
    typist.type(" two");
    CHECK(house.view(ids[0]).title == "One two");
    CHECK(events_of(house, "section") == 1);
    CHECK(house.view(ids[0]).status.changed_since);
    CHECK(house.view(ids[0]).status.changed_words == 1);
    CHECK(house.view(ids[0]).disclaimer.full.find("is not agreed in its present form") != std::string::npos);
  }

  TEST_CASE("undo gives back what was, to its maker, and only once") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    REQUIRE(house.decide(ids[0], DecisionKind::bracket));
    CHECK(house.view(ids[0]).status.status == Status::in_brackets);
    CHECK_FALSE(house.view(ids[0]).status.closed);
    REQUIRE(house.decide(ids[0], DecisionKind::agree));
    REQUIRE(house.decide(ids[0], DecisionKind::undo));
    CHECK(house.view(ids[0]).status.status == Status::in_brackets);
    CHECK_FALSE(house.open(ids[0])->is_closed());
    CHECK(house.decide(ids[0], DecisionKind::undo).error().code == Errc::conflict);
    group::DecisionFilter filter;
    filter.section = ids[0];
    const auto list = house.group().decisions(person(kChair), filter);
    CHECK(list->at(1).undone_by == 3);
    REQUIRE(house.decide(ids[0], DecisionKind::agree));
    house.scheduler.advance(std::chrono::minutes(11));
    CHECK(house.decide(ids[0], DecisionKind::undo).error().detail ==
          "Ten minutes are over. Reopen the section instead.");
  }

  TEST_CASE("undoing a reopening closes again, unless somebody typed") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    REQUIRE(house.decide(ids[0], DecisionKind::agree));
    REQUIRE(house.decide(ids[0], DecisionKind::reopen, "look again"));
    REQUIRE(house.decide(ids[0], DecisionKind::undo));
    CHECK(house.open(ids[0])->is_closed());
    CHECK(house.view(ids[0]).status.settled);
    REQUIRE(house.decide(ids[0], DecisionKind::reopen, "look again"));
    Typist typist(house, ids[0], kMember);
    typist.type("!");
    CHECK(house.decide(ids[0], DecisionKind::undo).error().code == Errc::conflict);
    CHECK_FALSE(house.open(ids[0])->is_held());
  }

  TEST_CASE("alternatives are decided as a set, each option as shown, and reopened together") {
    House house;
    const auto ids = house.make_report("final", {"Oversight"});
    const auto option = [&](const std::string& title, const std::optional<SectionId>& after) {
      const auto added = house.outline(group::AddSection{title, ids[0], after, document::SectionKind::alternative});
      REQUIRE(added);
      const auto room = house.open(added->section);
      const auto edited = house.wait<JournalSeq>([&](auto done) {
        room->edit(
            [title](crdt::Doc& doc) {
              document::Section section;
              section.title = title;
              section.body.push_back(document::paragraph("The words of " + title + "."));
              return document::replace_section(doc, section);
            },
            PersonId{kMember}, done);
      });
      REQUIRE(edited);
      house.scheduler.run_posted();
      return added->section;
    };
    const SectionId a = option("Model 1", std::nullopt);
    const SectionId b = option("Model 2", a);
    group::Decide command;
    command.asked_aloud = true;
    command.report = house.report;
    command.section = ids[0];
    command.kind = DecisionKind::alternatives;
    const auto frame = house.view(ids[0]);
    command.text_id = frame.text_id;
    command.content_hash = frame.content_hash;
    const auto decide = [&] {
      command.key = house.new_key();
      return house.wait<group::Decided>([&](auto done) { house.group().decide(person(kChair), command, done); });
    };
    CHECK(decide().error().code == Errc::bad_input);  // The options were not shown.
    for (const SectionId& id : {a, b}) {
      const auto view = house.view(id);
      command.options.push_back({id, view.text_id, view.content_hash});
    }
    const auto decided = decide();
    if (!decided) FAIL(decided.error().detail);
    CHECK(decided->sentence.find("with 2 options presented as alternatives") != std::string::npos);
    for (const SectionId& id : {ids[0], a, b}) {
      CHECK(house.view(id).status.status == Status::alternatives);
      CHECK(house.open(id)->is_closed());
    }
    // The set stays as it was decided.
    CHECK(house.outline(group::AddSection{"Model 3", ids[0], b, document::SectionKind::alternative}).error().code ==
          Errc::conflict);
    CHECK(house.outline(group::MoveSection{a, std::nullopt, ids[0]}).error().code == Errc::conflict);
    REQUIRE(house.outline(group::MoveSection{b, ids[0], std::nullopt}));
    for (const SectionId& id : {ids[0], a, b}) CHECK(house.view(id).status.settled);
    REQUIRE(house.decide(a, DecisionKind::reopen, "one more model"));
    for (const SectionId& id : {ids[0], a, b}) CHECK_FALSE(house.open(id)->is_closed());
    CHECK_FALSE(house.view(ids[0]).status.changed_since);
    // One more option, an option that leaves, words of an option: each changes what the frame speaks of.
    const auto third = house.outline(group::AddSection{"Model 3", ids[0], b, document::SectionKind::alternative});
    REQUIRE(third);
    CHECK(house.view(ids[0]).status.changed_since);
    REQUIRE(house.outline(group::MoveSection{third->section, std::nullopt, ids[0]}));
    CHECK_FALSE(house.view(ids[0]).status.changed_since);
    REQUIRE(house.outline(group::MoveSection{a, std::nullopt, ids[0]}));
    CHECK(house.view(ids[0]).status.changed_since);
    CHECK(house.view(a).status.changed_since);
    CHECK_FALSE(house.view(b).status.changed_since);
    REQUIRE(house.outline(group::MoveSection{a, ids[0], b}));
    CHECK_FALSE(house.view(ids[0]).status.changed_since);
    Typist typist(house, a, kMember);
    house.scheduler.run_posted();
    house.events.clear();
    typist.type("x");
    CHECK(house.view(ids[0]).status.changed_since);
    CHECK_FALSE(house.view(ids[0]).status.changed_words);
    CHECK(house.view(a).status.changed_since);
    CHECK_FALSE(house.view(b).status.changed_since);
    CHECK(events_of(house, "section") == 2);
  }

  TEST_CASE("restore puts the agreed words back, and changed since disappears by itself") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    REQUIRE(house.decide(ids[0], DecisionKind::agree));
    REQUIRE(house.decide(ids[0], DecisionKind::reopen, "look again"));
    Typist typist(house, ids[0], kMember);
    typist.type(" wrong");
    house.commit_all();
    const auto agreed = house.wait<group::AgreedView>(
        [&](auto done) { house.group().agreed(person(kMember), house.report, ids[0], done); });
    REQUIRE(agreed);
    CHECK(agreed->canonical.starts_with("# One\n"));
    CHECK(agreed->live.starts_with("# One wrong\n"));
    const group::RestoreSection command{house.new_key(), house.report, ids[0], agreed->revision};
    const auto restored =
        house.wait<group::SectionView>([&](auto done) { house.group().restore(person(kSecretariat), command, done); });
    if (!restored) FAIL(restored.error().detail);
    CHECK(restored->title == "One");
    CHECK_FALSE(restored->status.changed_since);
    CHECK(restored->status.reopened);
    CHECK(typist.title() == "One");
  }

  TEST_CASE("what was agreed has its revision at once, also while earlier commits are on their way") {
    House house;
    const auto ids = house.make_report("final", {"Oversight", "Two"});
    const auto a = house.outline(group::AddSection{"Model 1", ids[0], std::nullopt, SectionKind::alternative});
    REQUIRE(a);
    const auto b = house.outline(group::AddSection{"Model 2", ids[0], a->section, SectionKind::alternative});
    REQUIRE(b);
    for (const SectionId& option : {a->section, b->section}) write_paragraph(house, option, "The words of an option.");
    group::Decide command;
    command.asked_aloud = true;
    command.key = house.new_key();
    command.report = house.report;
    command.section = ids[0];
    command.kind = DecisionKind::alternatives;
    const auto frame = house.view(ids[0]);
    command.text_id = frame.text_id;
    command.content_hash = frame.content_hash;
    for (const SectionId& option : {a->section, b->section})
      command.options.push_back({option, house.view(option).text_id, house.view(option).content_hash});
    for (int i = 0; i < 10; ++i) REQUIRE(house.outline(group::MoveSection{ids[1], std::nullopt, std::nullopt}));
    const auto decided =
        house.wait<group::Decided>([&](auto done) { house.group().decide(person(kChair), command, done); });
    if (!decided) FAIL(decided.error().detail);
    const auto agreed = house.wait<group::AgreedView>(
        [&](auto done) { house.group().agreed(person(kMember), house.report, a->section, done); });
    REQUIRE(agreed);
    REQUIRE(agreed->revision.size() == 40);
    REQUIRE(house.decide(a->section, DecisionKind::reopen, "look again"));
    write_paragraph(house, a->section, "Other words.");
    CHECK(house.view(a->section).status.changed_since);
    const group::RestoreSection back{house.new_key(), house.report, a->section, agreed->revision};
    const auto restored =
        house.wait<group::SectionView>([&](auto done) { house.group().restore(person(kChair), back, done); });
    if (!restored) FAIL(restored.error().detail);
    CHECK_FALSE(restored->status.changed_since);
    CHECK_FALSE(house.view(ids[0]).status.changed_since);
  }

  TEST_CASE("the same key decides once, also after a restart") {
    House house;
    const auto ids = house.make_report("final", {"One", "Two"});
    group::Decide command;
    command.asked_aloud = true;
    command.key = house.new_key();
    command.report = house.report;
    command.section = ids[0];
    const auto shown = house.view(ids[0]);
    command.text_id = shown.text_id;
    command.content_hash = shown.content_hash;
    const auto decide = [&] {
      return house.wait<group::Decided>([&](auto done) { house.group().decide(person(kChair), command, done); });
    };
    REQUIRE(decide());
    house.restart();
    const auto again = decide();
    if (!again) FAIL(again.error().detail);
    CHECK(again->number == 1);
    CHECK(again->section.status.settled);
    CHECK(house.group().state().chain.size() == 1);
    // The answer about one section is no answer about another.
    command.section = ids[1];
    const auto other = decide();
    REQUIRE_FALSE(other);
    CHECK(other.error().code == Errc::bad_input);
  }

  TEST_CASE("late words of one author after one decision are one proposal, which new words open again") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    Typist typist(house, ids[0], kMember), other(house, ids[0], kOtherMember);
    typist.go_offline();
    typist.type(" a");
    REQUIRE(house.decide(ids[0], DecisionKind::agree));
    typist.send_kept();
    const auto words = [&](std::uint64_t who) -> std::string {
      const auto list = house.group().proposals(person(who), house.report, ids[0]);
      for (const auto& proposal : *list)
        if (proposal.mine) return proposal.canonical.value_or("");
      return "";
    };
    REQUIRE(house.scheduler.run_until([&] { return words(kMember).starts_with("# One a\n"); }));
    REQUIRE(house.wait<void>([&](auto done) {
      house.group().withdraw_proposal(person(kMember), {house.new_key(), 1}, done);
    }));
    typist.type("b");
    REQUIRE(house.scheduler.run_turning([&] { return words(kMember).starts_with("# One ab\n"); }));
    REQUIRE(house.scheduler.run_turning(
        [&] { return house.group().state().proposals.at(1).state == group::ProposalState::open; }));
    other.type(" c");
    REQUIRE(house.scheduler.run_until([&] { return words(kOtherMember).starts_with("# One c\n"); }));
    CHECK(house.group().state().proposals.size() == 2);
    CHECK(house.view(ids[0]).title == "One");
  }

  TEST_CASE("hundreds of late edits are read from the journal together, once a second") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    Typist typist(house, ids[0], kMember);
    typist.go_offline();
    typist.type(" 0");
    REQUIRE(house.decide(ids[0], DecisionKind::agree));
    typist.send_kept();
    const auto words = [&]() -> std::string {
      const auto list = house.group().proposals(person(kMember), house.report, ids[0]);
      return list->empty() ? "" : list->front().canonical.value_or("");
    };
    REQUIRE(house.scheduler.run_until([&] { return words().starts_with("# One 0\n"); }));
    const auto saved = [&] { return house.journal->last_durable(); };
    const JournalSeq before = saved();
    for (int i = 0; i < 100; ++i) typist.type("x");
    REQUIRE(house.scheduler.run_until([&] {
      house.scheduler.post([] {});
      return saved().value >= before.value + 100;
    }));
    house.scheduler.run_posted();
    CHECK(words().starts_with("# One 0\n"));
    house.scheduler.advance(std::chrono::seconds(1));
    REQUIRE(house.scheduler.run_until([&] { return words() != "" && !words().starts_with("# One 0\n"); }));
    CHECK(words().starts_with("# One 0" + std::string(100, 'x') + "\n"));
  }

  TEST_CASE("no letter typed around a decision is agreed unseen, and none is lost") {
    const std::uint32_t seed = std::random_device{}();
    MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    const auto few = [&](std::uint32_t below) { return static_cast<std::uint32_t>(random() % below); };
    House house;
    std::vector<std::string> titles;
    for (int i = 0; i < 40; ++i) titles.push_back("S" + std::to_string(i));
    const auto ids = house.make_report("final", titles);
    for (const SectionId& id : ids) {
      CAPTURE(seed);
      Typist first(house, id, kMember), second(house, id, kOtherMember);
      std::size_t typed = 0;
      const auto type = [&](std::uint32_t times) {
        for (std::uint32_t i = 0; i < times; ++i, ++typed) (random() % 2 == 0 ? first : second).type("x");
      };
      const std::size_t before = house.view(id).title.size();
      type(few(3));
      const group::SectionView shown = house.view(id);
      type(few(2));  // Between the page and the chair's key.
      group::Decide command;
      command.asked_aloud = true;
      command.key = house.new_key();
      command.report = house.report;
      command.section = id;
      command.text_id = shown.text_id;
      command.content_hash = shown.content_hash;
      std::optional<Result<group::Decided>> answer;
      house.group().decide(person(kChair), command,
                           [&](Result<group::Decided> result) { answer.emplace(std::move(result)); });
      type(few(3));  // While the decision is on its way to the disk.
      REQUIRE(house.scheduler.run_until([&] { return answer.has_value(); }));
      type(few(3));  // After it.
      house.scheduler.run_posted();
      const group::SectionView after = house.view(id);
      if (*answer) {
        CHECK(after.text_id == shown.text_id);
        CHECK(after.status.settled);
        const auto kept = [&] {
          std::size_t letters = 0;
          for (const std::uint64_t who : {kMember, kOtherMember}) {
            const auto list = house.group().proposals(person(who), house.report, id);
            for (const auto& proposal : *list)
              if (proposal.mine && proposal.canonical)
                letters += proposal.canonical->find('\n') - 2 - shown.title.size();
          }
          return letters;
        };
        const std::size_t late = before + typed - shown.title.size();
        const bool all = house.scheduler.run_turning([&] { return kept() >= late; });
        if (!all) FAIL(kept() << " of " << late << " late letters are kept");
      } else {
        CHECK(after.status.status == Status::draft);
        REQUIRE(house.scheduler.run_until([&] { return house.view(id).title.size() == before + typed; }));
      }
    }
  }
}
