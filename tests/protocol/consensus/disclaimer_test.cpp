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
