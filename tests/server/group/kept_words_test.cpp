// Words for a paragraph that was moved or deleted meanwhile, as proposals of their authors.
#include <doctest/doctest.h>

#include "house.hpp"

using namespace bossey;
using namespace bossey::test;

namespace {

void type_into(Typist& typist, std::size_t paragraph, const std::string& words) {
  const auto block =
      crdt::XmlElement::from(std::get<crdt::Shared>(typist.doc.xml_fragment("body").children().at(paragraph)));
  REQUIRE(block);
  auto text = crdt::XmlText::from(std::get<crdt::Shared>(block->children().at(0)));
  REQUIRE(text);
  REQUIRE(text->insert(text->length_utf16(), words));
}

std::vector<group::ProposalView> proposals_of(House& house, const SectionId& section, std::uint64_t who) {
  auto views = house.group().proposals(person(who), house.report, section);
  REQUIRE(views);
  return *views;
}

/// Waits for the words of the last of so many proposals.
group::ProposalView last_of(House& house, const SectionId& section, std::size_t count) {
  REQUIRE(house.scheduler.run_until([&] {
    const auto views = proposals_of(house, section, kMember);
    return views.size() == count && views.back().canonical;
  }));
  return proposals_of(house, section, kMember).back();
}

bool told_of(const House& house, const SectionId& section, const std::string& proposal) {
  for (const std::string& event : house.events)
    if (event.find(section.value) != std::string::npos && event.find(proposal) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_SUITE("group/kept words") {
  TEST_CASE("what was typed offline into a paragraph that a split took away is a proposal of its author") {
    House house;
    const auto ids = house.make_report("final", {"One", "Two"});
    {
      Typist typist(house, ids[0], kMember);
      typist.go_offline();
      type_into(typist, 1, " We object.");
      type_into(typist, 0, " And more.");
      REQUIRE(house.outline(group::SplitSection{ids[0], 1, "One and a half"}));
      typist.send_kept();
      last_of(house, ids[0], 1);
    }
    const group::ProposalView view = last_of(house, ids[0], 1);
    CHECK(view.mine);
    CHECK(view.decision == 0);
    CHECK(*view.canonical == " We object.\n");
    CHECK_FALSE(view.base);
    CHECK(view.reason == "The paragraph you wrote in was moved or deleted. Your words are kept as proposal 1.");
    CHECK(told_of(house, ids[0], R"("number":1)"));
    CHECK(*house.group().canonical(person(kMember), house.report, ids[0]) ==
          "# One\n\nWords of One.\nThey bind nobody.\nAnd more.\n");

    const auto others = proposals_of(house, ids[0], kChair);
    REQUIRE(others.size() == 1);
    CHECK_FALSE(others[0].mine);
    CHECK_FALSE(others[0].canonical);
    CHECK(others[0].reason.find("decision") == std::string::npos);

    house.commit_all();
    CHECK(house.git("show HEAD:proposals/1.json").find("kept words") != std::string::npos);
    CHECK(house.git("show HEAD:proposals/1.json").find("object") == std::string::npos);
    house.restart();
    CHECK(*proposals_of(house, ids[0], kMember).front().canonical == " We object.\n");
    CHECK_FALSE(house.open(ids[0])->is_closed());
  }

  TEST_CASE("what comes while the split is being made is kept, too, and joins one proposal") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    Typist typist(house, ids[0], kMember);
    const auto split = house.wait<group::OutlineChanged>([&](auto done) {
      group::OutlineCommand command{house.new_key(), house.report, 1, group::SplitSection{ids[0], 1, "Later"}};
      house.group().change_outline(person(kSecretariat), command, done);
      REQUIRE(house.open(ids[0])->is_held());
      type_into(typist, 1, " We");
      type_into(typist, 1, " object.");
    });
    REQUIRE(split);
    last_of(house, ids[0], 1);
    REQUIRE(house.scheduler.run_until([&] {
      house.scheduler.advance(std::chrono::seconds(1));
      return last_of(house, ids[0], 1).canonical == " We object.\n";
    }));
  }

  TEST_CASE("after its proposal was withdrawn an author's next words make a new one") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    Typist typist(house, ids[0], kMember);
    Typist second(house, ids[0], kMember);
    typist.go_offline();
    second.go_offline();
    type_into(typist, 1, " We object.");
    type_into(second, 1, " And again.");
    REQUIRE(house.outline(group::SplitSection{ids[0], 1, "Later"}));
    typist.send_kept();
    CHECK(last_of(house, ids[0], 1).number == 1);
    REQUIRE(house.wait<void>([&](auto done) {
      house.group().withdraw_proposal(person(kMember), {house.new_key(), 1}, done);
    }));
    second.send_kept();
    const group::ProposalView view = last_of(house, ids[0], 2);
    CHECK(view.number == 2);
    CHECK(*view.canonical == " And again.\n");
    CHECK(proposals_of(house, ids[0], kMember).front().state == group::ProposalState::withdrawn);
  }

  TEST_CASE("words that join a proposal make its version grow, and pages are told") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    Typist typist(house, ids[0], kMember);
    typist.go_offline();
    type_into(typist, 1, " We object.");
    type_into(typist, 1, " Firmly.");
    REQUIRE(house.outline(group::SplitSection{ids[0], 1, "Later"}));
    typist.send_kept(1);
    last_of(house, ids[0], 1);
    const auto before = house.view(ids[0], kMember).proposals.front();
    CHECK(before.version > 0);
    house.events.clear();
    typist.send_kept();
    REQUIRE(house.scheduler.run_until([&] {
      house.scheduler.advance(std::chrono::seconds(1));
      return last_of(house, ids[0], 1).canonical == " We object. Firmly.\n";
    }));
    CHECK(house.view(ids[0], kMember).proposals.front().version > before.version);
    CHECK(told_of(house, ids[0], R"("version":)" + std::to_string(house.view(ids[0]).proposals.front().version)));
    house.restart();
    CHECK(house.view(ids[0], kMember).proposals.front().version > before.version);
  }

  TEST_CASE("a proposal whose author took all of its words back is withdrawn by itself") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    Typist typist(house, ids[0], kMember);
    typist.go_offline();
    type_into(typist, 1, " We object.");
    typist.take_back(1, 11);
    REQUIRE(house.outline(group::SplitSection{ids[0], 1, "Later"}));
    typist.send_kept();
    REQUIRE(house.scheduler.run_until([&] {
      house.scheduler.advance(std::chrono::seconds(1));
      const auto views = proposals_of(house, ids[0], kMember);
      return views.size() == 1 && views.front().state == group::ProposalState::withdrawn;
    }));
    CHECK(house.view(ids[0]).proposals.front().state == group::ProposalState::withdrawn);
  }

  TEST_CASE("late words for a paragraph that was deleted before the decision are in their proposal, at its end") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    Typist typist(house, ids[0], kMember);
    typist.go_offline();
    type_into(typist, 1, " We object.");
    type_into(typist, 0, " And more.");
    REQUIRE(house.outline(group::SplitSection{ids[0], 1, "Later"}));
    REQUIRE(house.decide(ids[0], consensus::DecisionKind::agree));
    typist.send_kept();
    REQUIRE(house.scheduler.run_until([&] {
      house.scheduler.advance(std::chrono::seconds(1));
      return last_of(house, ids[0], 1).canonical->find("object") != std::string::npos &&
             last_of(house, ids[0], 1).canonical->find("And more") != std::string::npos;
    }));
    const std::string words = *last_of(house, ids[0], 1).canonical;
    CHECK(words == "# One\n\nWords of One.\nThey bind nobody.\nAnd more.\n\nWe object.\n");
    house.restart();
    CHECK(*proposals_of(house, ids[0], kMember).front().canonical == words);
  }

  TEST_CASE("a proposal whose rows are damaged does not keep its group from opening") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    {
      Typist typist(house, ids[0], kMember);
      typist.go_offline();
      type_into(typist, 1, " We object.");
      REQUIRE(house.outline(group::SplitSection{ids[0], 1, "Later"}));
      typist.send_kept();
      last_of(house, ids[0], 1);
    }
    REQUIRE(house.journal->append(
        journal::LateRow{{"section/" + ids[0].value}, PersonId{kMember}, {}, 0, "1", {7, 255}, 0}));
    house.restart();
    CHECK(*proposals_of(house, ids[0], kMember).front().canonical == " We object.\n");
  }
}
