// Amendments: who may do what, what becomes of them when the text or another one moves, and what a restart keeps.
#include "amending.hpp"

#include "group/amendment_texts.hpp"
#include "group/state.hpp"

using namespace bossey;
using namespace bossey::test;
using consensus::DecisionKind;
using consensus::Fate;
using group::AmendmentMove;

namespace {

using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_SUITE("group/amending") {
  TEST_CASE_FIXTURE(Amending, "one is its author's alone until a word of it changes, and then everybody's to read") {
    const auto begun = put_forward(kMember);
    REQUIRE(begun);
    CHECK(begun->mine);
    CHECK(begun->amendment->untouched);
    CHECK(seen(kMember).size() == 1);
    CHECK(seen(kChair).empty());
    CHECK(view(one, kChair).proposals.empty());
    CHECK(move(kChair, begun->number, AmendmentMove::refuse).error().code == Errc::not_found);
    // Begun again it is the same.
    CHECK(put_forward(kMember)->number == begun->number);
    Typist(*this, begun->amendment->document, kMember).replace(0, "bind", "oblige");
    scheduler.run_posted();
    const auto others = seen(kChair, begun->number);
    CHECK_FALSE(others.mine);
    CHECK(others.amendment->wanted == "# One\n\nWords of One.\nThey oblige nobody.\n\nA second paragraph.\n");
    CHECK(view(one, kObserver).proposals.size() == 1);
    CHECK(text() == "# One\n\nWords of One.\nThey bind nobody.\n\nA second paragraph.\n");
  }

  TEST_CASE_FIXTURE(Amending, "observers, administrators and strangers put nothing forward") {
    CHECK(put_forward(kObserver).error().code == Errc::forbidden);
    CHECK(put_forward(kAdmin).error().code == Errc::forbidden);
    CHECK(put_forward(kSecretariat));
    const auto number = propose(kMember, "bind", "oblige");
    for (const std::uint64_t who : {kSecretariat, kMember, kOtherMember, kObserver, kAdmin}) {
      CAPTURE(who);
      CHECK(preview(who, {number}).error().code == Errc::forbidden);
      CHECK(adopt(who, {number}, Sha256{}).error().code == Errc::forbidden);
      CHECK(move(who, number, AmendmentMove::refuse).error().code == Errc::forbidden);
      CHECK(move(who, number, AmendmentMove::set_aside).error().code == Errc::forbidden);
      if (who != kMember) CHECK(move(who, number, AmendmentMove::withdraw).error().code == Errc::forbidden);
    }
    CHECK(move(kMember, number, AmendmentMove::withdraw)->amendment->fate == Fate::withdrawn);
  }

  TEST_CASE_FIXTURE(Amending, "adopting gives the words that the preview showed, in the living text") {
    const auto number = propose(kMember, "bind", "oblige");
    Typist reader(*this, one, kOtherMember);
    const auto shown = preview(kChair, {number});
    REQUIRE(shown);
    CHECK(adopt(kChair, {number}, Sha256{}).error() == Error{Errc::conflict, "Text changed. Look again."});
    const auto adopted = adopt(kChair, {number}, shown->text_id);
    REQUIRE(adopted);
    CHECK(text() == shown->after);
    CHECK(adopted->section.text_id == shown->text_id);
    CHECK(seen(kMember, number).amendment->fate == Fate::adopted);
    scheduler.run_posted();
    CHECK(reader.words_of(0) == "Words of One. They oblige nobody.");
    CHECK(look_and_adopt({number}).error() == Error{Errc::conflict, "This proposal has ended already."});
    // Its words are no longer written.
    Typist late(*this, fork(number), kMember);
    late.replace(0, "nobody", "somebody");
    REQUIRE(scheduler.run_until([&] { return seen(kMember).size() == 2 && seen(kMember).back().canonical; }));
    CHECK(seen(kMember).back().reason ==
          "Proposal 1 had ended before your words came. Your words are kept as proposal 2.");
    CHECK(seen(kMember).back().canonical->find("oblige somebody") != std::string::npos);
    CHECK(seen(kChair, 2).canonical == std::nullopt);
  }

  TEST_CASE_FIXTURE(Amending, "rivals are marked, and adopting one overtakes the other for its own part only") {
    const auto first = propose(kMember, "bind", "oblige");
    const auto other = put_forward(kOtherMember)->number;
    {
      Typist typist(*this, fork(other), kOtherMember);
      typist.replace(0, "bind", "commit");
      typist.replace(1, "second", "last");
    }
    scheduler.run_posted();
    CHECK(seen(kChair, first).amendment->rivals == Numbers{other});
    CHECK_FALSE(seen(kChair, other).amendment->uncontested);
    CHECK(preview(kChair, {first, other}).error().code == Errc::conflict);
    CHECK(preview(kChair, {}, true).error().code == Errc::conflict);
    const auto adopted = look_and_adopt({first});
    REQUIRE(adopted);
    CHECK(adopted->overtaken == Numbers{other});
    const auto left = seen(kOtherMember, other);
    CHECK(left.amendment->rivals.empty());
    CHECK(left.amendment->overtaken == std::vector<group::LeftOut>{{"bind", "commit"}});
    CHECK(left.amendment->wanted == "# One\n\nWords of One.\nThey oblige nobody.\n\nA last paragraph.\n");
    CHECK(look_and_adopt({other}).error() ==
          Error{Errc::conflict, "The text has overtaken this proposal. Bring it up to date first."});
    CHECK(text() == adopted->after);

    // A person brings it up to date: its own part is kept in the record, and what still fits can be adopted.
    CHECK(move(kMember, other, AmendmentMove::bring_up).error().code == Errc::forbidden);
    const auto brought = move(kOtherMember, other, AmendmentMove::bring_up);
    REQUIRE(brought);
    CHECK(brought->amendment->overtaken.empty());
    CHECK(brought->amendment->left == std::vector<group::LeftOut>{{"bind", "commit"}});
    Typist(*this, fork(other), kOtherMember).replace(0, "oblige", "commit");
    scheduler.run_posted();
    REQUIRE(look_and_adopt({other}));
    CHECK(text() == "# One\n\nWords of One.\nThey commit nobody.\n\nA last paragraph.\n");
  }

  TEST_CASE_FIXTURE(Amending, "typing in the text beside it carries a proposal over, or overtakes it") {
    const auto number = propose(kMember, "bind", "oblige");
    {
      Typist typist(*this, one, kOtherMember);
      typist.replace(1, "second", "last");
    }
    scheduler.run_posted();
    CHECK(seen(kChair, number).amendment->behind);
    CHECK(seen(kChair, number).amendment->overtaken.empty());
    const auto before = preview(kChair, {number});
    REQUIRE(before);
    CHECK(before->after == "# One\n\nWords of One.\nThey oblige nobody.\n\nA last paragraph.\n");
    {
      Typist typist(*this, one, kOtherMember);
      typist.replace(1, "last", "final");
    }
    scheduler.run_posted();
    CHECK(adopt(kChair, {number}, before->text_id).error() == Error{Errc::conflict, "Text changed. Look again."});
    {
      Typist typist(*this, one, kOtherMember);
      typist.replace(0, "bind", "commit");
    }
    scheduler.run_posted();
    CHECK(preview(kChair, {number}).error().detail ==
          "The text has overtaken this proposal. Bring it up to date first.");
    {
      Typist typist(*this, one, kOtherMember);
      typist.replace(0, "commit", "bind");
    }
    scheduler.run_posted();
    CHECK(seen(kChair, number).amendment->overtaken.empty());
    // The words are the same again, but typed anew: merged as they are, both would stand there.
    CHECK(preview(kChair, {number}).error().code == Errc::conflict);
    CHECK(preview(kChair, {}, true).error().code == Errc::conflict);
    REQUIRE(move(kSecretariat, number, AmendmentMove::bring_up));
    const auto adopted = look_and_adopt({number});
    REQUIRE_MESSAGE(adopted, adopted.error().detail);
    CHECK(text() == "# One\n\nWords of One.\nThey oblige nobody.\n\nA final paragraph.\n");
  }

  TEST_CASE_FIXTURE(Amending, "all uncontested go in together") {
    const auto a = propose(kMember, "Words", "Phrases");
    const auto b = propose(kOtherMember, "nobody", "no one");
    const auto c = propose(kSecretariat, "bind", "oblige");
    const auto rival = propose(kChair, "bind", "commit");
    const auto shown = preview(kChair, {}, true);
    REQUIRE(shown);
    CHECK(shown->numbers == Numbers{a, b});
    REQUIRE(adopt(kChair, shown->numbers, shown->text_id));
    CHECK(text() == "# One\n\nPhrases of One.\nThey bind no one.\n\nA second paragraph.\n");
    for (const auto number : {c, rival}) CHECK(seen(kChair, number).amendment->overtaken.empty());
    REQUIRE(look_and_adopt({c}));
    CHECK(text() == "# One\n\nPhrases of One.\nThey oblige no one.\n\nA second paragraph.\n");
  }

  TEST_CASE_FIXTURE(Amending,
                    "a proposal to a proposal is taken in by its author, or stands on the text after adoption") {
    const auto parent = propose(kMember, "bind", "oblige");
    const auto child = propose(kOtherMember, "nobody", "no member", parent);
    CHECK(put_forward(kMember, child).error().code == Errc::bad_input);
    CHECK(put_forward(kMember, 99).error().code == Errc::not_found);
    CHECK(seen(kChair, child).amendment->on == parent);
    SUBCASE("taken in") {
      CHECK(look_and_adopt({child}).error().code == Errc::forbidden);
      const auto shown = preview(kMember, {child});
      REQUIRE_MESSAGE(shown, shown.error().detail);
      const auto taken = adopt(kMember, {child}, shown->text_id);
      REQUIRE_MESSAGE(taken, taken.error().detail);
      CHECK(seen(kChair, child).amendment->fate == Fate::adopted);
      CHECK(seen(kChair, parent).amendment->wanted == shown->after);
      REQUIRE(look_and_adopt({parent}));
      CHECK(text() == shown->after);
    }
    SUBCASE("after adoption") {
      REQUIRE(look_and_adopt({parent}));
      CHECK(seen(kChair, child).amendment->on == std::nullopt);
      REQUIRE(look_and_adopt({child}));
      CHECK(text() == "# One\n\nWords of One.\nThey oblige no member.\n\nA second paragraph.\n");
    }
    SUBCASE("refused with it") {
      REQUIRE(move(kChair, parent, AmendmentMove::refuse));
      CHECK(seen(kChair, child).amendment->fate == Fate::set_aside);
    }
  }

  TEST_CASE_FIXTURE(Amending, "open proposals stand before Agree, unless the chair sets them aside with it") {
    const auto number = propose(kMember, "bind", "oblige");
    const auto refused = decide(one, DecisionKind::agree);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail == "Adopt, refuse or set aside the open proposals first: 1");
    SUBCASE("with the decision") {
      group::Decide command;
      command.key = new_key();
      command.asked_aloud = true;
      command.report = report;
      command.section = one;
      const auto shown = view(one);
      command.text_id = shown.text_id;
      command.content_hash = shown.content_hash;
      command.sets_aside = true;
      const auto decided = wait<group::Decided>([&](auto done) { group().decide(person(kChair), command, done); });
      REQUIRE(decided);
      CHECK(seen(kMember, number).amendment->fate == Fate::set_aside);
      // It is kept, and may be written on; adopting needs the section open.
      CHECK(move(kChair, number, AmendmentMove::take_up));
      CHECK(preview(kChair, {number}).error() ==
            Error{Errc::conflict, "The text is decided. Reopen the section to adopt proposals."});
      REQUIRE(decide(one, DecisionKind::reopen, "one word"));
      REQUIRE(look_and_adopt({number}));
    }
    SUBCASE("refused before") {
      REQUIRE(move(kChair, number, AmendmentMove::refuse));
      CHECK(decide(one, DecisionKind::agree));
    }
    SUBCASE("withdrawn before") {
      REQUIRE(move(kMember, number, AmendmentMove::withdraw));
      CHECK(decide(one, DecisionKind::agree));
    }
  }

  TEST_CASE_FIXTURE(Amending, "a late edit is its author's until it is handed in, and then a proposal as any other") {
    {
      Typist typist(*this, one, kMember);
      typist.go_offline();
      typist.replace(0, "bind", "oblige");
      REQUIRE(decide(one, DecisionKind::agree));
      typist.send_kept();
      REQUIRE(scheduler.run_until([&] { return !seen(kMember).empty() && seen(kMember).front().canonical; }));
    }
    CHECK_FALSE(seen(kChair).front().canonical);
    CHECK(move(kChair, 1, AmendmentMove::hand_in).error().code == Errc::not_found);
    const auto handed = move(kMember, 1, AmendmentMove::hand_in);
    REQUIRE_MESSAGE(handed, handed.error().detail);
    CHECK(seen(kChair).size() == 1);
    CHECK(seen(kChair, 1).amendment->wanted.find("oblige") != std::string::npos);
    CHECK(move(kMember, 1, AmendmentMove::hand_in));
    REQUIRE(decide(one, DecisionKind::reopen, "one word"));
    CHECK(decide(one, DecisionKind::agree).error().code == Errc::conflict);
    REQUIRE(look_and_adopt({1}));
    CHECK(text().find("They oblige nobody.") != std::string::npos);
    restart();
    CHECK(text().find("They oblige nobody.") != std::string::npos);
    CHECK(seen(kMember).size() == 1);
  }

  TEST_CASE_FIXTURE(Amending, "a signed one is written by its author alone") {
    const auto number = propose(kMember, "bind", "oblige");
    group::MoveAmendment command{new_key(), number, AmendmentMove::describe, consensus::Strength::must, "Delegation A"};
    const auto describe = [&](std::uint64_t who) {
      command.key = new_key();
      return wait<group::ProposalView>([&](auto done) { group().move_amendment(person(who), command, done); });
    };
    CHECK(describe(kOtherMember).error().code == Errc::forbidden);
    REQUIRE(describe(kMember));
    CHECK(seen(kChair, number).amendment->signed_by == "Delegation A");
    CHECK(group().may_write(PersonId{kMember}, number));
    CHECK_FALSE(group().may_write(PersonId{kOtherMember}, number));
    CHECK_FALSE(group().may_write(PersonId{kChair}, number));
  }

  TEST_CASE_FIXTURE(Amending, "plain words become a paragraph at the end, and so does what somebody could live with") {
    const auto words = put_forward(kMember, {}, "A third one.\n\nAnd a fourth.");
    REQUIRE(words);
    CHECK(words->amendment->wanted ==
          "# One\n\nWords of One.\nThey bind nobody.\n\nA second paragraph.\n\nA third one.\n\nAnd a fourth.\n");
    group::TakePosition take;
    take.key = new_key();
    take.report = report;
    take.section = one;
    take.kind = consensus::PositionKind::objection;
    take.text_id = view(one).text_id;
    take.words = "No.";
    take.could_live_with = "Nobody is bound.";
    REQUIRE(wait<group::PositionsView>([&](auto done) { group().take_position(person(kMember), take, done); }));
    group::PutPositionForward forward{new_key(), report, one, 1};
    const auto as = [&](std::uint64_t who) {
      return wait<group::ProposalView>([&](auto done) { group().put_forward(person(who), forward, done); });
    };
    CHECK(as(kOtherMember).error().code == Errc::not_found);
    const auto made = as(kMember);
    REQUIRE_MESSAGE(made, made.error().detail);
    CHECK(made->amendment->wanted.find("\n\nNobody is bound.\n") != std::string::npos);
    CHECK(as(kMember)->number == made->number);
  }

  TEST_CASE_FIXTURE(Amending, "a restart keeps words, fates and files; nothing names a person") {
    const auto first = propose(kMember, "bind", "oblige");
    const auto second = propose(kOtherMember, "nobody", "no one");
    const auto third = propose(kMember, "Words", "Phrases");
    static_cast<void>(put_forward(kChair));
    REQUIRE(look_and_adopt({first}));
    REQUIRE(move(kChair, third, AmendmentMove::set_aside));
    commit_all();
    CHECK(git("show main:proposals/1.json").find("\"state\": \"adopted\"") != std::string::npos);
    CHECK(git("show main:proposals/2.md") == "# One\n\nWords of One.\nThey bind no one.\n\nA second paragraph.\n");
    CHECK(git("show main:reports/final/sections/" + one.value + ".md") == text());
    CHECK(git("ls-tree --name-only main proposals/").find("proposals/4") == std::string::npos);
    CHECK(git("log --format=%an%n%s main").find("Person") == std::string::npos);
    const group::GroupState before = group().state();
    const auto shown = seen(kOtherMember);
    restart();
    CHECK(group().state() == before);
    const auto again = seen(kOtherMember);
    REQUIRE(again.size() == shown.size());
    for (std::size_t i = 0; i < again.size(); ++i) {
      CHECK(again[i].canonical == shown[i].canonical);
      CHECK(again[i].amendment->wanted == shown[i].amendment->wanted);
      CHECK(again[i].amendment->fate == shown[i].amendment->fate);
    }
    REQUIRE(look_and_adopt({second}));
    CHECK(text() == "# One\n\nWords of One.\nThey oblige no one.\n\nA second paragraph.\n");
  }

  TEST_CASE("changes are whole words, and a new phrase is one of them") {
    const auto changes = [](const std::string& a, const std::string& b) {
      const auto found = group::changes_between(a, b);
      CHECK(consensus::well_formed(found, a.size()));
      CHECK(consensus::with_changes(a, found) == b);
      return found.size();
    };
    CHECK(changes("States should act.\n", "States shall act.\n") == 1);
    CHECK(changes("States should act now.\n", "All states may decide now.\n") == 1);
    CHECK(changes("One two.\nThree four.\n", "One 2.\nThree 4.\n") == 2);
    CHECK(changes("各国应当合作。\n", "各国必须合作。\n") == 1);
    CHECK(changes("", "New.\n") == 1);
    CHECK(changes("Same.\n", "Same.\n") == 0);
  }
}
