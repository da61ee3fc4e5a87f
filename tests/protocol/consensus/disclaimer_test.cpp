#include "consensus/disclaimer.hpp"

#include <doctest/doctest.h>

using namespace bossey;
using namespace bossey::consensus;

namespace {

// WGIG's disclaimer as printed on its draft working papers in 2005.
constexpr std::string_view kWgig =
    "This paper is a 'draft working paper' reflecting the preliminary findings of the drafting team. It has been "
    "subject to review by all WGIG members, but does not necessarily present a consensus position nor does it contain "
    "agreed language accepted by every member. The purpose of this draft is to provide a basis for the ongoing work of "
    "the group. It is therefore not to be seen as a chapter in the final WGIG report, but rather as raw material that "
    "will be used when drafting the report. This draft working paper has been published on the WGIG web site for "
    "public comment, so that it will evolve, taking into account input from governments and stakeholders.";

DisclaimerFacts with(Status status) {
  DisclaimerFacts facts;
  facts.standing.pin.status = status;
  facts.standing.pin.decision = 1;
  facts.standing.pin.at_s = 1119055260;
  return facts;
}

}  // namespace

TEST_SUITE("consensus/disclaimer") {
  TEST_CASE("WGIG's text comes out word for word when all its facts hold") {
    DisclaimerFacts facts;
    facts.review = Review::this_text;
    facts.is_working_paper = true;
    facts.publication = Publication::window_open;
    CHECK(disclaimer_of(facts, "WGIG").full == kWgig);
  }

  TEST_CASE("a clause whose fact is not recorded does not print") {
    const std::string full = disclaimer_of({}, "WGIG").full;
    CHECK(
        full ==
        "This paper is a 'draft working paper' reflecting the preliminary findings of the drafting team. It has not "
        "yet been reviewed by all WGIG members, does not necessarily present a consensus position, and does not "
        "contain agreed language. The purpose of this draft is to provide a basis for the ongoing work of the group.");
    DisclaimerFacts facts;
    facts.phase = Phase::final_text;
    CHECK(disclaimer_of(facts, "WGIG").full.find("purpose") == std::string::npos);
    facts.publication = Publication::window_over;
    facts.window_end_s = 1119055260;
    CHECK(disclaimer_of(facts, "WGIG").full.find("for public comment until 18 June 2005.") != std::string::npos);
    facts.review = Review::earlier_text;
    facts.reviewed_at_s = 1119055260;
    CHECK(disclaimer_of(facts, "WGIG").full.find("changed since 18 June 2005") != std::string::npos);
  }

  TEST_CASE("every status but a fresh Agreed has both forms") {
    for (const StatusRow& row : kStatuses) {
      CAPTURE(row.name);
      const Disclaimer d = disclaimer_of(with(row.status), "WGIG");
      CHECK(d.full.empty() == (row.status == Status::agreed));
      CHECK(d.short_form.empty() == (row.status == Status::agreed));
    }
  }

  TEST_CASE("an agreed text that changed or was reopened says so") {
    DisclaimerFacts facts = with(Status::agreed);
    facts.standing.fresh = false;
    CHECK(disclaimer_of(facts, "WGIG").full ==
          "This text has changed since it was agreed on 18 June 2005 and is not agreed in its present form.");
    facts.standing.fresh = true;
    facts.standing.pin.reopened = true;
    CHECK(disclaimer_of(facts, "WGIG").full ==
          "This text was agreed on 18 June 2005 and has been reopened for discussion.");
  }

  TEST_CASE("a level rewords, the nearest wins, and none removes") {
    Wording group, report, section;
    group.reworded[Clause::purpose] = "A basis for {group}.";
    report.reworded[Clause::purpose] = "A basis for all of {group}.";
    section.reworded[Clause::working_paper] = "";
    section.added = {"See also chapter 2."};
    const std::vector<Wording> levels{group, report, section};
    const std::string full = disclaimer_of({}, "{date}", levels).full;
    CHECK(full.starts_with("This paper is a 'draft working paper'"));
    CHECK(full.ends_with("A basis for all of {date}. See also chapter 2."));
    CHECK(disclaimer_of(with(Status::agreed), "WGIG", levels).full.empty());
  }

  TEST_CASE("equal texts that follow each other print once") {
    const Disclaimer draft = disclaimer_of({}, "WGIG");
    const Disclaimer rough = disclaimer_of(with(Status::rough_consensus), "WGIG");
    const Disclaimer agreed = disclaimer_of(with(Status::agreed), "WGIG");
    const std::vector<Disclaimer> order{draft, draft, rough, draft, agreed, draft};
    CHECK(prints(order) == std::vector<bool>{true, false, true, true, false, true});
    CHECK(prints({}).empty());
  }

  TEST_CASE("a report's short form is that of its least settled section") {
    Tally tally;
    CHECK(short_form_of(tally).empty());
    tally.add(Standing{{.status = Status::agreed}, true});
    CHECK(short_form_of(tally).empty());
    tally.add(Standing{{.status = Status::agreed}, false});
    CHECK(short_form_of(tally) == "Changed since agreed, not agreed");
    tally.add(Standing{{.status = Status::in_brackets}, true});
    CHECK(short_form_of(tally) == "In brackets, not agreed");
    tally.add(Standing{});
    CHECK(short_form_of(tally) == "Draft, not agreed");
  }
}

TEST_SUITE("consensus/disclaimer languages and facts") {
  TEST_CASE("the features agreed in principle are listed after the sentence that announces them") {
    DisclaimerFacts facts = with(Status::agreed_in_principle);
    facts.features = {"one body", "no veto"};
    CHECK(disclaimer_of(facts, "WGIG").full ==
          "The group has agreed on the general features listed below. The wording has not been agreed. (1) one body; "
          "(2) no veto.");
  }

  TEST_CASE("the review clause follows from the decisions and from the words") {
    Decision d;
    d.no = 1;
    d.at_s = 1119055260;
    d.kind = DecisionKind::working_paper;
    d.result = Status::working_paper;
    d.subject.push_back({SectionId{"a"}, "", sha256("words"), ""});
    std::vector<Decision> chain{d};
    CHECK(review_of(chain, SectionId{"a"}, sha256("words")).review == Review::this_text);
    CHECK(review_of(chain, SectionId{"a"}, sha256("wordz")).review == Review::earlier_text);
    CHECK(review_of(chain, SectionId{"b"}, sha256("words")).review == Review::none);
    Decision undo;
    undo.no = 2;
    undo.kind = DecisionKind::undo;
    undo.refers_to = 1;
    chain.push_back(undo);
    CHECK(review_of(chain, SectionId{"a"}, sha256("words")).review == Review::none);
  }

  TEST_CASE("every subset of facts prints the clauses of its facts and no other") {
    for (unsigned bits = 0; bits < 64; ++bits) {
      CAPTURE(bits);
      DisclaimerFacts facts;
      facts.review = bits % 2 == 0 ? Review::none : Review::this_text;
      facts.phase = (bits & 2U) != 0 ? Phase::final_text : Phase::drafting;
      facts.is_working_paper = (bits & 4U) != 0;
      facts.publication = (bits & 8U) != 0 ? Publication::window_open : Publication::none;
      facts.section_not_discussed = (bits & 16U) != 0;
      facts.not_discussed_in_full = (bits & 32U) != 0;
      const std::string full = disclaimer_of(facts, "WGIG").full;
      const auto has = [&](const char* words) { return full.find(words) != std::string::npos; };
      CHECK(has("It has been subject to review by all WGIG members") == (facts.review == Review::this_text));
      CHECK(has("It has not yet been reviewed by all WGIG members") == (facts.review == Review::none));
      CHECK(has("The purpose of this draft") == (facts.phase == Phase::drafting));
      CHECK(has("not to be seen as a chapter") == facts.is_working_paper);
      CHECK(has("has been published on the WGIG web site") == (facts.publication == Publication::window_open));
      CHECK(has("This section has not been discussed in full") == facts.section_not_discussed);
      CHECK(has("This report has not been discussed in full") == facts.not_discussed_in_full);
      CHECK(full.find('{') == std::string::npos);
    }
  }

  TEST_CASE("a group words its texts in each language, and what a language leaves out stays as it is") {
    Wordings group;
    group.plain.reworded[Clause::purpose] = "A basis.";
    group.by_language["fr"].reworded[Clause::brackets] = "Le texte entre crochets n'a pas été agréé.";
    group.by_language["fr"].shorts[Short::in_brackets] = "Entre crochets";
    group.by_language["fr-ca"].added = {"Voir aussi."};
    DisclaimerFacts facts = with(Status::in_brackets);
    facts.has_brackets = true;
    const std::vector<Wordings> levels{group};
    const Disclaimer french = disclaimer_of(facts, "WGIG", in_language(levels, "fr-be"));
    CHECK(french.full == "Le texte entre crochets n'a pas été agréé.");
    CHECK(french.short_form == "Entre crochets");
    CHECK(disclaimer_of(facts, "WGIG", in_language(levels, "fr-ca")).full ==
          "Text in square brackets has not been agreed. Voir aussi.");
    CHECK(disclaimer_of(facts, "WGIG", in_language(levels, "ar")).short_form == "In brackets, not agreed");
    CHECK(disclaimer_of({}, "WGIG", in_language(levels, "fr")).full.ends_with("A basis."));
  }

  TEST_CASE("a wording keeps the variable of its clause and has no other") {
    Wording wording;
    wording.reworded[Clause::changed_since] = "Changed since {date} by {group}.";
    CHECK(check_wording(wording));
    wording.reworded[Clause::changed_since] = "Changed.";
    CHECK(check_wording(wording).error().detail == "Keep {date} in this text.");
    wording.reworded = {{Clause::purpose, "By {who}."}};
    CHECK_FALSE(check_wording(wording));
    wording.reworded = {{Clause::purpose, std::string(2001, 'x')}};
    CHECK(check_wording(wording).error().code == Errc::too_large);
  }

  TEST_CASE("names of clauses and short forms are read back") {
    for (std::size_t i = 0; i < kClauses; ++i)
      CHECK(clause_from(name_of(static_cast<Clause>(i))) == static_cast<Clause>(i));
    for (std::size_t i = 0; i < kShorts; ++i)
      CHECK(short_from(name_of(static_cast<Short>(i))) == static_cast<Short>(i));
    for (const StatusRow& row : kStatuses) CHECK(name_of(static_cast<Short>(row.status)) == row.name);
  }
}
