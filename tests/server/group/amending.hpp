// What tests of amendments do again and again: putting forward, typing into it, ending and adopting it.
#pragma once

#include <doctest/doctest.h>

#include "house.hpp"

namespace bossey::test {

struct Amending : House {
  std::vector<SectionId> ids = make_report("final", {"One", "Two"});
  SectionId one = ids[0];

  Result<group::ProposalView> put_forward(std::uint64_t who, std::optional<std::uint64_t> on = {},
                                          const std::string& words = "") {
    group::PutForward command{new_key(), report, one, on, consensus::Strength::should, "", words};
    return wait<group::ProposalView>([&](auto done) { group().put_forward(person(who), command, done); });
  }
  /// One with these words of the first paragraph replaced.
  std::uint64_t propose(std::uint64_t who, const std::string& from, const std::string& to,
                        std::optional<std::uint64_t> on = {}) {
    const auto view = put_forward(who, on);
    if (!view) FAIL(view.error().detail);
    Typist(*this, view->amendment->document, who).replace(0, from, to);
    scheduler.run_posted();
    return view->number;
  }
  Result<group::ProposalView> move(std::uint64_t who, std::uint64_t number, group::AmendmentMove move) {
    group::MoveAmendment command{new_key(), number, move, {}, {}};
    return wait<group::ProposalView>([&](auto done) { group().move_amendment(person(who), command, done); });
  }
  Result<group::AdoptionView> preview(std::uint64_t who, std::vector<std::uint64_t> numbers, bool uncontested = false) {
    const group::Adoptable what{report, one, std::move(numbers), uncontested};
    return wait<group::AdoptionView>([&](auto done) { group().preview_adoption(person(who), what, done); });
  }
  Result<group::AdoptionView> adopt(std::uint64_t who, std::vector<std::uint64_t> numbers, const Sha256& text_id) {
    const group::Adopt command{new_key(), {report, one, std::move(numbers), false}, text_id};
    return wait<group::AdoptionView>([&](auto done) { group().adopt(person(who), command, done); });
  }
  /// As the chair does: looks at the preview, then adopts what it showed.
  Result<group::AdoptionView> look_and_adopt(std::vector<std::uint64_t> numbers) {
    const auto shown = preview(kChair, numbers);
    if (!shown) return tl::unexpected<Error>(shown.error());
    return adopt(kChair, numbers, shown->text_id);
  }
  [[nodiscard]] std::string text() { return *group().canonical(person(kChair), report, one); }
  [[nodiscard]] std::vector<group::ProposalView> seen(std::uint64_t who) {
    auto views = group().proposals(person(who), report, one);
    REQUIRE(views);
    return *views;
  }
  [[nodiscard]] group::ProposalView seen(std::uint64_t who, std::uint64_t number) {
    for (auto& view : seen(who))
      if (view.number == number) return view;
    FAIL("proposal " << number << " is not there");
    return {};
  }
  [[nodiscard]] DocumentId fork(std::uint64_t number) const {
    return DocumentId{"proposal/wgig/" + std::to_string(number)};
  }
};

}  // namespace bossey::test
