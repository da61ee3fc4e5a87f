#include "consensus/transition.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace bossey;
using namespace bossey::consensus;

namespace {

SectionFacts shown(const std::string& id, const std::string& words) {
  SectionFacts facts;
  facts.section = SectionId{id};
  facts.text_id = sha256(words);
  facts.content_hash = sha256(words + "#");
  facts.shown_text_id = facts.text_id;
  facts.shown_content_hash = facts.content_hash;
  facts.has_text = true;
  return facts;
}

DecisionFacts by_chair(SectionFacts section) {
  DecisionFacts facts;
  facts.roles = Role::chair;
  facts.subject.push_back(std::move(section));
  return facts;
}

std::size_t words_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), ' ')) + 1;
}

}  // namespace

TEST_SUITE("consensus/transition") {
  TEST_CASE("only a chair decides, and an administrator decides nothing") {
    for (const Role role : kRoles) {
      CAPTURE(name_of(role));
      DecisionFacts facts = by_chair(shown("a", "words"));
      facts.roles = role;
      CHECK(check(DecisionKind::agree, facts).has_value() == (role == Role::chair));
    }
    CHECK_FALSE(may(Role::administrator, Action::write_text));
    CHECK_FALSE(may(Role::administrator, Action::shape_outline));
    CHECK_FALSE(may(Role::observer, Action::write_text));
    CHECK_FALSE(may(Role::observer, Action::propose));
    // An observer with the right to speak reads and proposes, and nothing more.
    for (const MayRow& row : kMay) {
      const bool speaks = row.action == Action::read || row.action == Action::propose;
      CHECK(may(Role::speaking_observer, row.action) == speaks);
    }
    CHECK_FALSE(may(Role::observer, Action::object));
    CHECK_FALSE(may(Role::administrator, Action::object));
    CHECK(may(Role::secretariat, Action::object));
    CHECK(may(RoleSet(Role::chair).with(Role::member), Action::decide));
    CHECK_FALSE(may(RoleSet{}, Action::read));
  }

  TEST_CASE("agree is refused when one letter moved, and says when") {
    DecisionFacts facts = by_chair(shown("a", "words"));
    facts.subject[0].text_id = sha256("wordz");
    facts.changed_s_ago = 2;
    const auto refused = check(DecisionKind::agree, facts);
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == Error{Errc::conflict, "Text changed 2 seconds ago. Look again."});
  }

  TEST_CASE("agree is refused when only the unnormalised content moved") {
    DecisionFacts facts = by_chair(shown("a", "words"));
    facts.subject[0].content_hash = sha256("other tree");
    CHECK(check(DecisionKind::agree, facts).error().code == Errc::conflict);
  }

  TEST_CASE("agree without the text as shown is refused") {
    DecisionFacts facts = by_chair(shown("a", "words"));
    facts.subject[0].shown_content_hash.reset();
    CHECK(check(DecisionKind::agree, facts).error().code == Errc::bad_input);
  }

  TEST_CASE("brackets refuse agreement and are named") {
    DecisionFacts facts = by_chair(shown("a", "words"));
    facts.subject[0].brackets = {"shall", "oversight of the root zone"};
    const auto refused = check(DecisionKind::agree, facts);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail.find("[shall], [oversight of the root zone]") != std::string::npos);
    CHECK(check(DecisionKind::bracket, facts));
  }

  TEST_CASE("a bracket's words are cut between characters, never inside one") {
    DecisionFacts facts = by_chair(shown("a", "words"));
    std::string arabic;
    for (int i = 0; i < 50; ++i) arabic += "ش";
    facts.subject[0].brackets = {"x" + arabic};
    const std::string detail = check(DecisionKind::agree, facts).error().detail;
    for (std::size_t i = 0; i + 1 < detail.size(); ++i)
      if (static_cast<unsigned char>(detail[i]) == 0xD8)
        CHECK((static_cast<unsigned char>(detail[i + 1]) & 0xC0) == 0x80);
  }

  TEST_CASE("a text with unknown parts cannot be agreed, but can be withdrawn") {
    DecisionFacts facts = by_chair(shown("a", "words"));
    facts.subject[0].unknown_nodes = true;
    CHECK_FALSE(check(DecisionKind::agree, facts));
    facts.reason = "no drafter";
    CHECK(check(DecisionKind::withdraw, facts));
  }

  TEST_CASE("brackets and withdrawals of a text that moved are refused when the page shows a text") {
    DecisionFacts facts = by_chair(shown("a", "words"));
    facts.reason = "no drafter";
    facts.subject[0].text_id = sha256("wordz");
    for (const DecisionKind kind : {DecisionKind::bracket, DecisionKind::withdraw})
      CHECK(check(kind, facts).error().code == Errc::conflict);
    facts.subject[0].shown_text_id.reset();
    facts.subject[0].shown_content_hash.reset();
    for (const DecisionKind kind : {DecisionKind::bracket, DecisionKind::withdraw}) CHECK(check(kind, facts));
  }

  TEST_CASE("a section without a word is not agreed, but may be the frame of alternatives") {
    DecisionFacts facts = by_chair(shown("frame", "frame"));
    facts.subject[0].has_text = false;
    const auto refused = check(DecisionKind::agree, facts);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail == "This section has no text to agree.");
    facts.subject.push_back(shown("a", "option a"));
    facts.subject.push_back(shown("b", "option b"));
    CHECK(check(DecisionKind::alternatives, facts));
  }

  TEST_CASE("the chair undoes a merge of the secretariat, within the same ten minutes") {
    Decision d;
    d.no = 1;
    d.at_s = 1000;
    d.kind = DecisionKind::withdraw;
    d.basis = Basis::editorial;
    d.result = Status::withdrawn;
    d.subject.push_back({SectionId{"a"}, "", sha256("words"), ""});
    CHECK(check_undo(std::vector{d}, 1, Role::chair, false, 1001, {}));
    CHECK_FALSE(check_undo(std::vector{d}, 1, Role::chair, false, 1601, {}));
    CHECK_FALSE(check_undo(std::vector{d}, 1, Role::secretariat, true, 1001, {}));
  }

  TEST_CASE("a closed section is only reopened, an open one never") {
    DecisionFacts facts = by_chair(shown("a", "words"));
    facts.reason = "a wrong number";
    CHECK_FALSE(check(DecisionKind::reopen, facts));
    facts.subject[0].standing.pin.closed = true;
    CHECK(check(DecisionKind::reopen, facts));
    CHECK_FALSE(check(DecisionKind::agree, facts));
    CHECK_FALSE(check(DecisionKind::bracket, facts));
    facts.reason = "merged";
    CHECK_FALSE(check(DecisionKind::withdraw, facts));
  }

  TEST_CASE("reopen wants a word, withdraw one of three reasons") {
    DecisionFacts facts = by_chair(shown("a", "words"));
    facts.reason = "out of time";
    CHECK_FALSE(check(DecisionKind::withdraw, facts));
    for (const char* reason : {"merged", "no drafter", "no consensus"}) {
      facts.reason = reason;
      CHECK(check(DecisionKind::withdraw, facts));
    }
    facts.subject[0].standing.pin.closed = true;
    facts.reason = " \t ";
    CHECK_FALSE(check(DecisionKind::reopen, facts));
    facts.reason = std::string(3000, 'x');
    CHECK(check(DecisionKind::reopen, facts).error().code == Errc::too_large);
  }

  TEST_CASE("alternatives want two options with text, each as shown") {
    DecisionFacts facts = by_chair(shown("frame", "frame"));
    facts.subject.push_back(shown("a", "option a"));
    CHECK_FALSE(check(DecisionKind::alternatives, facts));
    facts.subject.push_back(shown("b", "option b"));
    CHECK(check(DecisionKind::alternatives, facts));
    facts.subject[2].has_text = false;
    CHECK_FALSE(check(DecisionKind::alternatives, facts));
    facts.subject[2].has_text = true;
    facts.subject[2].text_id = sha256("option b, changed");
    CHECK(check(DecisionKind::alternatives, facts).error().code == Errc::conflict);
  }

  TEST_CASE("undo is for its maker, the last decision, and ten minutes") {
    Decision d;
    d.no = 1;
    d.at_s = 1000;
    d.kind = DecisionKind::agree;
    d.result = Status::agreed;
    d.subject.push_back({SectionId{"a"}, "", sha256("words"), ""});
    const std::vector<Decision> chain{d};
    const std::map<SectionId, Sha256> texts{{SectionId{"a"}, sha256("words")}};
    CHECK(check_undo(chain, 1, Role::chair, true, 1600, texts));
    CHECK_FALSE(check_undo(chain, 1, Role::chair, true, 1601, texts));
    CHECK_FALSE(check_undo(chain, 1, Role::chair, false, 1001, texts));
    CHECK_FALSE(check_undo(chain, 1, Role::member, true, 1001, texts));
    CHECK_FALSE(check_undo(chain, 2, Role::chair, true, 1001, texts));
    CHECK_FALSE(check_undo({}, 1, Role::chair, true, 1001, texts));
    Decision next = d;
    next.no = 2;
    CHECK_FALSE(check_undo(std::vector<Decision>{d, next}, 1, Role::chair, true, 1001, texts));
    next.kind = DecisionKind::undo;
    CHECK_FALSE(check_undo(std::vector<Decision>{d, next}, 2, Role::chair, true, 1001, texts));
    next.kind = DecisionKind::reopen;
    next.result.reset();
    const std::vector<Decision> reopened{d, next};
    CHECK(check_undo(reopened, 2, Role::chair, true, 1001, texts));
    CHECK_FALSE(check_undo(reopened, 2, Role::chair, true, 1001, {{SectionId{"a"}, sha256("other words")}}));
  }

  TEST_CASE("undoing the reopening of a withdrawn section asks for the words that were withdrawn") {
    Decision d;
    d.no = 1;
    d.kind = DecisionKind::withdraw;
    d.result = Status::withdrawn;
    d.subject.push_back({SectionId{"a"}, "", sha256("words"), ""});
    Decision reopen = d;
    reopen.no = 2;
    reopen.kind = DecisionKind::reopen;
    reopen.result.reset();
    const std::vector<Decision> chain{d, reopen};
    CHECK(check_undo(chain, 2, Role::chair, true, 1, {{SectionId{"a"}, sha256("words")}}));
    CHECK_FALSE(check_undo(chain, 2, Role::chair, true, 1, {{SectionId{"a"}, sha256("typed since")}}));
  }

  TEST_CASE("refusals say what to do in twelve words or fewer") {
    std::vector<std::string> refusals;
    const auto keep = [&](const Result<void>& result) {
      REQUIRE_FALSE(result);
      const std::string& detail = result.error().detail;
      refusals.push_back(detail.substr(0, detail.find(':') == std::string::npos ? detail.size() : detail.find(':')));
    };
    DecisionFacts facts = by_chair(shown("a", "words"));
    keep(check(DecisionKind::reopen, facts));
    keep(check(DecisionKind::withdraw, facts));
    keep(check(DecisionKind::alternatives, facts));
    facts.subject[0].brackets = {"x"};
    keep(check(DecisionKind::agree, facts));
    facts.subject[0].unknown_nodes = true;
    keep(check(DecisionKind::agree, facts));
    facts.subject[0].text_id = sha256("b");
    facts.changed_s_ago = 90;
    keep(check(DecisionKind::agree, facts));
    facts.subject[0].standing.pin.closed = true;
    keep(check(DecisionKind::agree, facts));
    facts.subject[0].living = false;
    keep(check(DecisionKind::agree, facts));
    facts.roles = Role::observer;
    keep(check(DecisionKind::agree, facts));
    for (const std::string& refusal : refusals) {
      CAPTURE(refusal);
      CHECK(words_in(refusal) <= 12);
    }
  }
}
