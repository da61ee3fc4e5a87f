#include "consensus/bracket.hpp"

#include <doctest/doctest.h>

#include "consensus/label.hpp"

using namespace bossey;
using namespace bossey::consensus;

namespace {

const PersonId kOwner{1}, kTypist{2}, kChair{3}, kMember{4};
const BracketMark kMark{"b1", SectionId{"a"}, "oversight", "not ready", kOwner};
const Hand kTyping{kTypist, Role::secretariat, true, false};
const Hand kChairing{kChair, Role::chair, false, false};
const Hand kSitting{kMember, Role::member, false, false};
const Hand kLeading{kMember, Role::member, false, true};

}  // namespace

TEST_SUITE("consensus/bracket") {
  TEST_CASE("a member asks, typist or co-lead sets, with a reason of at least one word") {
    CHECK(check_bracketing(kTyping, true, "no mandate"));
    CHECK_FALSE(check_bracketing(kTyping, false, "no mandate"));
    CHECK_FALSE(check_bracketing(kTyping, true, " \t"));
    CHECK_FALSE(check_bracketing(kSitting, true, "no mandate"));
    CHECK(check_bracketing(kLeading, false, "no mandate"));
    CHECK(check_bracketing(kTyping, true, std::string(501, 'x')).error().code == Errc::too_large);
  }

  TEST_CASE("lifting needs the owner's or the chair's consent and the right hand") {
    CHECK_FALSE(check_lifting(kTyping, kMark, std::nullopt, false));
    CHECK_FALSE(check_lifting(kTyping, kMark, kMember, false));
    CHECK(check_lifting(kTyping, kMark, kOwner, false));
    CHECK(check_lifting(kTyping, kMark, std::nullopt, true));
    CHECK(check_lifting(kChairing, kMark, std::nullopt, false));
    CHECK_FALSE(check_lifting(kSitting, kMark, kOwner, true));
    CHECK(check_lifting(kLeading, kMark, kOwner, false));
    BracketMark from_floor = kMark;
    from_floor.owner.reset();
    CHECK_FALSE(check_lifting(kTyping, from_floor, std::nullopt, false));
    CHECK(check_lifting(kTyping, from_floor, std::nullopt, true));
  }

  TEST_CASE("lifting all is all or nothing, and names what is in the way") {
    BracketMark other = kMark;
    other.owner = kMember;
    other.words = "root zone";
    std::vector<LiftFacts> marks{{kMark, kOwner, false}, {other, std::nullopt, false}};
    CHECK(check_lifting_all(kTyping, marks).error().detail ==
          "Ask who wanted these brackets, or the chair, first: [root zone]");
    CHECK(check_lifting_all(kChairing, marks));
    marks.back().consenting = kMember;
    CHECK(check_lifting_all(kTyping, marks));
    marks = {{kMark, std::nullopt, true}, {other, std::nullopt, true}};
    CHECK(check_lifting_all(kTyping, marks));
    CHECK(check_lifting_all(kTyping, {}).error().code == Errc::not_found);
  }

  TEST_CASE("an owner who may write lifts their own brackets and nobody else's") {
    const Hand owner{kOwner, Role::member, false, false, true};
    CHECK(check_lifting(owner, kMark, std::nullopt, false));
    BracketMark other = kMark;
    other.owner = kMember;
    CHECK_FALSE(check_lifting(owner, other, std::nullopt, false));
    CHECK_FALSE(check_lifting({kOwner, Role::member, false, false, false}, kMark, kOwner, false));
  }

  TEST_CASE("a consent holds for the words it was given on") {
    BracketRecord record;
    record.mark = "b1";
    record.words = "oversight";
    record.owner = kOwner;
    record.owner_consents = record.chair_consents = true;
    const LiftFacts same = lift_facts(&record, SectionId{"a"}, "b1", "oversight");
    CHECK(same.consenting == kOwner);
    CHECK(same.chair_consents);
    const LiftFacts other = lift_facts(&record, SectionId{"a"}, "b1", "oversight of all");
    CHECK_FALSE(other.consenting);
    CHECK_FALSE(other.chair_consents);
    CHECK(other.mark.owner == kOwner);
  }

  TEST_CASE("whoever may write says first why a mark is there, and later only those it concerns") {
    BracketRecord record;
    record.owner = kOwner;
    CHECK(check_reason(kSitting, nullptr, "no mandate"));
    CHECK_FALSE(check_reason(kSitting, &record, "no mandate"));
    CHECK(check_reason({kOwner, Role::member, false, false}, &record, "no mandate"));
    CHECK(check_reason(kTyping, &record, "no mandate"));
    CHECK(check_reason(kChairing, &record, "no mandate"));
    CHECK_FALSE(check_reason({kOwner, Role::observer, false, false}, nullptr, "no mandate"));
    CHECK(check_reason(kSitting, nullptr, " ").error().code == Errc::bad_input);
    CHECK(check_asking(kSitting, "no mandate"));
    CHECK_FALSE(check_asking({kOwner, Role::observer, false, false}, "no mandate"));
  }

  TEST_CASE("brackets are counted in the section, in the chapter that holds it and in the report") {
    const SectionId one{"1"}, deep{"1.1"}, deeper{"1.1.1"}, two{"2"};
    const std::vector<BracketedSection> order{
        {one, std::nullopt, 1}, {deep, one, 0}, {deeper, deep, 2}, {two, std::nullopt, 4}};
    const BracketCounts counts = count_brackets(order);
    CHECK(counts.report == 7);
    CHECK(counts.within.at(one) == 3);
    CHECK(counts.within.at(deep) == 2);
    CHECK(counts.within.at(deeper) == 2);
    CHECK(counts.within.at(two) == 4);
  }
}

TEST_SUITE("consensus/label") {
  TEST_CASE("labels of the trade are read and written again") {
    CHECK(split_label("4.2 bis") == LabelParts{"4.2", LabelKind::bis, 2});
    CHECK(split_label("PP2bis") == LabelParts{"PP2", LabelKind::bis, 2});
    CHECK(split_label("OP7ter") == LabelParts{"OP7", LabelKind::bis, 3});
    CHECK(split_label("OP6alt") == LabelParts{"OP6", LabelKind::alt, 1});
    CHECK(split_label("OP6 alt 2") == LabelParts{"OP6", LabelKind::alt, 2});
    CHECK(split_label("4.2 bis alt") == LabelParts{"4.2 bis", LabelKind::alt, 1});
    for (const char* other : {"", "4.2", "bis", "basalt", "4.2 alt 1", "4.2 bis 3", "alt", "Annex 1", "after"}) {
      CAPTURE(other);
      CHECK_FALSE(split_label(other));
    }
    for (std::uint32_t n = 2; n < 40; ++n)
      for (const LabelKind kind : {LabelKind::bis, LabelKind::alt}) {
        const LabelParts parts{"4.2", kind, n};
        CHECK(split_label(label_of(parts)) == parts);
      }
  }

  TEST_CASE("the next name is free, and a name that was once given is not given again") {
    CHECK(next_label("4.2", LabelKind::bis, {}) == "4.2 bis");
    CHECK(next_label("4.2 bis", LabelKind::bis, {"4.2 bis"}) == "4.2 ter");
    CHECK(next_label("OP6", LabelKind::alt, {"OP6alt"}) == "OP6 alt 2");
    CHECK(next_label("4.2 bis", LabelKind::alt, {"4.2 bis"}) == "4.2 bis alt");
    std::set<std::string> taken;
    for (int i = 0; i < 60; ++i) CHECK(taken.insert(next_label("3", LabelKind::bis, taken)).second);
    CHECK(taken.contains("3 decies"));
    CHECK(taken.contains("3 bis 11"));
  }

  TEST_CASE("options are named by capital letters that nobody had before") {
    std::set<std::string> taken{"A", "C"};
    CHECK(next_option(taken) == "B");
    for (int i = 0; i < 60; ++i) CHECK(taken.insert(next_option(taken)).second);
    CHECK(taken.contains("Z"));
    CHECK(taken.contains("AA"));
    CHECK(taken.contains("BA"));
  }
}
