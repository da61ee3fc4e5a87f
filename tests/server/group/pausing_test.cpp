// "Any objection?": what is held, who may end it, and that nothing is lost or agreed unseen whichever way it ends.
#include <doctest/doctest.h>

#include "document/section_document.hpp"
#include "group/state.hpp"
#include "house.hpp"

using namespace bossey;
using namespace bossey::test;
using consensus::DecisionKind;

namespace {

group::Decide asking(House& house, const SectionId& section, DecisionKind kind = DecisionKind::agree) {
  const group::SectionView shown = house.view(section);
  group::Decide command;
  command.key = house.new_key();
  command.report = house.report;
  command.section = section;
  command.kind = kind;
  command.text_id = shown.text_id;
  command.content_hash = shown.content_hash;
  return command;
}

Result<group::PauseView> ask(House& house, const group::Decide& command, std::uint64_t who = kChair) {
  return house.wait<group::PauseView>([&](auto done) { house.group().ask_for_objection(person(who), command, done); });
}

Result<group::Decided> so_decided(House& house, group::Decide command, const std::string& pause,
                                  std::uint64_t who = kChair) {
  command.key = house.new_key();
  command.pause = pause;
  return house.wait<group::Decided>([&](auto done) { house.group().decide(person(who), command, done); });
}

std::size_t told(const House& house, const std::string& state) {
  std::size_t count = 0;
  for (const std::string& event : house.events)
    if (event.find(R"("type":"pause")") != std::string::npos &&
        event.find(R"("state":")" + state + '"') != std::string::npos)
      ++count;
  return count;
}

std::string title_of(House& house, const SectionId& section) {
  house.scheduler.run_posted();
  return house.view(section).title;
}

}  // namespace

TEST_SUITE("group/pausing") {
  TEST_CASE(
      "while the chair asks, words wait; so decided, they are a proposal and the text is the one that was shown") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    Typist typist(house, ids[0], kMember);
    const auto command = asking(house, ids[0]);
    const auto pause = ask(house, command);
    if (!pause) FAIL(pause.error().detail);
    CHECK(pause->seconds == 5);
    CHECK(pause->left_ms == 5'000);
    CHECK(told(house, "began") == 1);
    CHECK(house.group().report(person(kMember), house.report)->pauses.size() == 1);
    typist.type(" moved");
    CHECK(title_of(house, ids[0]) == "One");
    CHECK(so_decided(house, command, pause->id).error() ==
          Error{Errc::conflict, "The pause is not over. Wait for its end."});
    house.scheduler.advance(std::chrono::seconds(5));
    const auto decided = so_decided(house, command, pause->id);
    if (!decided) FAIL(decided.error().detail);
    CHECK(told(house, "decided") == 1);
    CHECK(house.view(ids[0]).status.settled);
    CHECK(title_of(house, ids[0]) == "One");
    REQUIRE(house.scheduler.run_until([&] { return house.group().state().proposals.size() == 1; }));
    CHECK(house.group().report(person(kMember), house.report)->pauses.empty());
    // The timer that guards against a page that vanished finds nothing to end.
    house.scheduler.advance(std::chrono::seconds(30));
    CHECK(told(house, "expired") == 0);
    CHECK(house.open(ids[0])->is_closed());
  }

  TEST_CASE("an objection, a cancel, or a chair that vanished let the held words into the text, in order") {
    for (const std::string ending : {"objected", "cancelled", "expired"}) {
      CAPTURE(ending);
      House house;
      const auto ids = house.make_report("final", {"One"});
      Typist typist(house, ids[0], kMember);
      Typist other(house, ids[0], kOtherMember);
      const auto command = asking(house, ids[0]);
      const auto pause = ask(house, command);
      REQUIRE(pause);
      typist.type("a");
      typist.type("b");
      other.type("c");
      if (ending == "objected") REQUIRE(house.group().object(person(kOtherMember), pause->id));
      if (ending == "cancelled") REQUIRE(house.group().cancel_pause(person(kChair), pause->id));
      if (ending == "expired") {
        house.scheduler.advance(std::chrono::milliseconds(14'999));
        CHECK(told(house, "expired") == 0);
        house.scheduler.advance(std::chrono::milliseconds(1));
      }
      CHECK(told(house, ending) == 1);
      const std::string title = title_of(house, ids[0]);
      CHECK(title.size() == 6);
      CHECK(title.find("ab") != std::string::npos);
      CHECK_FALSE(house.open(ids[0])->is_held());
      CHECK(house.group().state().chain.empty());
      CHECK(house.group().state().proposals.empty());
      house.scheduler.advance(std::chrono::seconds(6));
      CHECK(so_decided(house, command, pause->id).error() == Error{Errc::conflict, "The pause has ended. Ask again."});
      CHECK(house.group().object(person(kMember), pause->id).error().code == Errc::conflict);
      house.events.clear();
      const auto again = ask(house, asking(house, ids[0]));
      CHECK(again);
    }
  }

  TEST_CASE("an objection filed with its words ends the pause, and is kept") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    Typist typist(house, ids[0], kOtherMember);
    const auto command = asking(house, ids[0]);
    const auto pause = ask(house, command);
    REQUIRE(pause);
    typist.type(" typed");
    group::TakePosition objection;
    objection.key = house.new_key();
    objection.report = house.report;
    objection.section = ids[0];
    objection.kind = consensus::PositionKind::objection;
    objection.text_id = command.text_id;
    objection.words = "It names one country.";
    const auto taken = house.wait<group::PositionsView>(
        [&](auto done) { house.group().take_position(person(kMember), objection, done); });
    if (!taken) FAIL(taken.error().detail);
    CHECK(told(house, "objected") == 1);
    house.scheduler.advance(std::chrono::seconds(5));
    CHECK_FALSE(so_decided(house, command, pause->id));
    CHECK(title_of(house, ids[0]) == "One typed");
    CHECK(house.group().state().positions.front().words == "It names one country.");
    // The words moved under it: its author is asked, once.
    const auto asks = [&] {
      return std::count_if(house.events.begin(), house.events.end(), [](const std::string& event) {
        return event.find(R"("type":"asks")") != std::string::npos;
      });
    };
    house.scheduler.advance(std::chrono::seconds(4));
    REQUIRE(house.scheduler.run_until([&] { return asks() == 1; }));
    CHECK(house.group().state().positions.front().asked_about.has_value());
    typist.type(" more");
    static_cast<void>(title_of(house, ids[0]));
    house.scheduler.advance(std::chrono::seconds(10));
    const auto done = house.wait<void>([&](group::Done<void> finish) {
      house.journal->when_durable([finish](Result<void> durable) { finish(std::move(durable)); });
    });
    REQUIRE(done);
    CHECK(asks() == 1);
    const group::GroupState before = house.group().state();
    house.restart();
    CHECK(house.group().state() == before);
  }

  TEST_CASE("a text that moved is not asked about, and its writes go on") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    Typist typist(house, ids[0], kMember);
    const auto command = asking(house, ids[0]);
    typist.type("!");
    CHECK(ask(house, command).error().code == Errc::conflict);
    CHECK_FALSE(house.open(ids[0])->is_held());
    CHECK(told(house, "began") == 0);
    typist.type("?");
    CHECK(title_of(house, ids[0]) == "One!?");
  }

  TEST_CASE("while it is asked nothing else changes the text or decides on it") {
    House house;
    const auto ids = house.make_report("final", {"One", "Two"});
    const auto command = asking(house, ids[0]);
    const auto pause = ask(house, command);
    REQUIRE(pause);
    const auto refused = [](const auto& result) { return !result && result.error().code == Errc::conflict; };
    CHECK(refused(ask(house, asking(house, ids[0]))));
    CHECK(ask(house, command)->id == pause->id);  // The same key: the answer was lost on its way.
    CHECK(refused(house.decide(ids[0], DecisionKind::agree)));
    CHECK(refused(house.decide(ids[0], DecisionKind::withdraw, "merged")));
    CHECK(refused(house.outline(group::RenameSection{ids[0], "Uno"})));
    CHECK(refused(house.outline(group::SplitSection{ids[0], 1, "Later"})));
    CHECK(refused(house.outline(group::MergeSection{ids[1], ids[0]})));
    CHECK(refused(so_decided(house, asking(house, ids[1]), pause->id)));
    // Other sections go on.
    CHECK(house.decide(ids[1], DecisionKind::agree));
    CHECK(house.outline(group::MoveSection{ids[0], std::nullopt, ids[1]}));
    house.scheduler.advance(std::chrono::seconds(5));
    CHECK(so_decided(house, command, pause->id));
    CHECK(house.view(ids[0]).status.settled);
  }

  TEST_CASE("only the chair asks, cancels and decides; members and the secretariat object; others do nothing") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    for (const std::uint64_t who : {kSecretariat, kMember, kObserver, kAdmin})
      CHECK(ask(house, asking(house, ids[0]), who).error().code == Errc::forbidden);
    CHECK(ask(house, asking(house, ids[0], DecisionKind::bracket)).error().code == Errc::bad_input);
    const auto pause = ask(house, asking(house, ids[0]));
    REQUIRE(pause);
    for (const std::uint64_t who : {kObserver, kAdmin})
      CHECK(house.group().object(person(who), pause->id).error().code == Errc::forbidden);
    for (const std::uint64_t who : {kSecretariat, kMember, kObserver, kAdmin})
      CHECK(house.group().cancel_pause(person(who), pause->id).error().code == Errc::forbidden);
    CHECK(house.group().object({PersonId{99}, {}}, pause->id).error().code == Errc::not_found);
    CHECK(house.open(ids[0])->is_held());
    CHECK(house.group().object(person(kSecretariat), pause->id));
    CHECK_FALSE(house.open(ids[0])->is_held());
  }

  TEST_CASE("a crash while it is asked loses nothing and leaves the section open") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    {
      const auto pause = ask(house, asking(house, ids[0]));
      REQUIRE(pause);
      Typist typist(house, ids[0], kMember);
      typist.type(" held");
    }
    house.restart();
    CHECK(house.group().report(person(kMember), house.report)->pauses.empty());
    CHECK_FALSE(house.open(ids[0])->is_held());
    CHECK_FALSE(house.open(ids[0])->is_closed());
    Typist typist(house, ids[0], kMember);
    typist.type(" again");
    CHECK(title_of(house, ids[0]) == "One again");
  }

  TEST_CASE("alternatives are asked for as a set, and a set that changed meanwhile is not decided") {
    House house;
    const auto ids = house.make_report("final", {"Frame"});
    std::vector<SectionId> options;
    for (const char* title : {"Model 1", "Model 2"}) {
      const auto made =
          house.outline(group::AddSection{title, ids[0], std::nullopt, document::SectionKind::alternative});
      REQUIRE(made);
      const auto room = house.open(made->section);
      REQUIRE(house.wait<JournalSeq>([&](auto done) {
        room->edit(
            [title](crdt::Doc& doc) {
              document::Section section;
              section.title = title;
              section.body.push_back(document::paragraph("Words."));
              return document::replace_section(doc, section);
            },
            PersonId{kMember}, done);
      }));
      options.push_back(made->section);
    }
    auto command = asking(house, ids[0], DecisionKind::alternatives);
    for (const SectionId& option : options)
      command.options.push_back({option, house.view(option).text_id, house.view(option).content_hash});
    const auto first = ask(house, command);
    if (!first) FAIL(first.error().detail);
    for (const SectionId& option : options) CHECK(house.open(option)->is_held());
    REQUIRE(house.outline(group::AddSection{"Model 3", ids[0], options[0], document::SectionKind::alternative}));
    house.scheduler.advance(std::chrono::seconds(5));
    CHECK(so_decided(house, command, first->id).error().code == Errc::conflict);
    CHECK(told(house, "cancelled") == 1);
    for (const SectionId& option : options) CHECK_FALSE(house.open(option)->is_held());
  }

  TEST_CASE("the group chooses how long the pause is, also none at all") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    const auto set = [&](std::uint32_t seconds, std::uint64_t who) {
      return house.wait<void>(
          [&](auto done) { house.group().set_objection_pause(person(who), house.new_key(), seconds, done); });
    };
    CHECK(set(9, kSecretariat).error().code == Errc::forbidden);
    CHECK(set(61, kChair).error().code == Errc::bad_input);
    REQUIRE(set(9, kChair));
    house.restart();
    CHECK(house.group().view(person(kMember))->objection_pause_s == 9);
    CHECK(ask(house, asking(house, ids[0]))->seconds == 9);
    house.scheduler.advance(std::chrono::seconds(20));
    REQUIRE(set(0, kChair));
    const auto command = asking(house, ids[0]);
    const auto pause = ask(house, command);
    REQUIRE(pause);
    CHECK(so_decided(house, command, pause->id));
  }
}
