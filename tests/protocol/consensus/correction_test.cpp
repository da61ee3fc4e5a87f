#include "consensus/correction.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "consensus/release.hpp"

using namespace bossey;
using namespace bossey::consensus;

namespace {

constexpr std::int64_t kNow_s = 1'119'055'260;
const PersonId kAda{1}, kBo{2};
const std::string kText = "# Forum\n\nGoverments should cooperate.\n";
const EditorialWindow kWindow{kNow_s, kNow_s + kWindowDefault_s, kQuietDefault_s, "F-1", Unanimous::none_objects};

Correction correcting(const std::string& from, const std::string& to) {
  Correction c;
  c.number = 3;
  c.section = SectionId{"a"};
  c.author = kAda;
  c.base = sha256(kText);
  const std::size_t at = kText.find(from);
  c.changes = {{at, at + from.size(), to}};
  return c;
}

Correction spelling() {
  return *file(correcting("Goverments", "Governments"), CorrectionClass::editorial, false, true, kWindow, kText,
               kNow_s);
}

Release release_of(const std::string& id) {
  Release release;
  release.id = id;
  release.report = ReportId{"final"};
  release.at_s = kNow_s;
  release.sections = {{SectionId{"a"}, "1", sha256(kText), ""}, {SectionId{"b"}, "", sha256("b"), "Draft."}};
  release.audience = "members";
  release.decision = 41;
  return release;
}

}  // namespace

TEST_SUITE("consensus/correction") {
  TEST_CASE("a correction has a class, a place in the present text and an author on the roll") {
    const Correction c = correcting("Goverments", "Governments");
    CHECK_FALSE(file(c, std::nullopt, false, true, kWindow, kText, kNow_s));
    CHECK_FALSE(file(c, CorrectionClass::editorial, false, false, kWindow, kText, kNow_s));
    CHECK_FALSE(file(c, CorrectionClass::editorial, false, true, kWindow, kText + "x", kNow_s));
    CHECK_FALSE(file(c, CorrectionClass::editorial, false, true, kWindow, kText, kWindow.ends_s));
    CHECK_FALSE(file(correcting("should", "should"), CorrectionClass::editorial, false, true, kWindow, kText, kNow_s));
    CHECK(spelling().state == CorrectionState::filed);
  }

  TEST_CASE("a risky correction is editorial only if its author insists, and the tool never calls one editorial") {
    const Correction c = correcting("should", "shall");
    CHECK(file(c, CorrectionClass::editorial, false, true, kWindow, kText, kNow_s).error().detail ==
          "This may be substance. Confirm editorial, or choose substantive.");
    const Correction insisted = *file(c, CorrectionClass::editorial, true, true, kWindow, kText, kNow_s);
    CHECK(preselected(insisted.risks) == CorrectionClass::substantive);
    CHECK(insisted.state == CorrectionState::filed);
    const Correction harmless = *file(correcting("Goverments", "Governments"), CorrectionClass::substantive, false,
                                      true, kWindow, kText, kNow_s);
    CHECK(harmless.state == CorrectionState::needs_consent);
  }

  TEST_CASE("the secretariat applies an editorial correction after the quiet period") {
    CHECK_FALSE(applied(spelling(), Role::secretariat, kWindow, kNow_s + kQuietDefault_s - 1));
    CHECK_FALSE(applied(spelling(), Role::member, kWindow, kNow_s + kQuietDefault_s));
    CHECK(applied(spelling(), Role::secretariat, kWindow, kNow_s + kQuietDefault_s)->state == CorrectionState::applied);
  }

  TEST_CASE("one flag makes it substantive, also after it was applied, and then one objection ends it") {
    CHECK_FALSE(flag(spelling(), false));
    const Correction before = *flag(spelling(), true);
    CHECK(before.state == CorrectionState::needs_consent);
    CHECK_FALSE(applied(before, Role::secretariat, kWindow, kNow_s + kQuietDefault_s));

    const Correction in = *applied(spelling(), Role::secretariat, kWindow, kNow_s + kQuietDefault_s);
    const Correction flagged = *flag(in, true);
    CHECK(flagged.state == CorrectionState::take_out);
    CHECK_FALSE(call_for(flagged, kWindow, sha256("new")));
    const Correction out = *taken_out(flagged, Role::secretariat);
    SilenceCall call = *call_for(out, kWindow, sha256("new"));
    CHECK(call.rule == Rule::unanimity);
    call.roll = {{kAda, "", {}, {}, {}}, {kBo, "", {}, {}, {}}};
    call = *open_call(call, Role::chair, kNow_s);
    CHECK(after_call(out, call).state == CorrectionState::needs_consent);
    call = *respond(call, kBo, PositionKind::objection, kNow_s + 1);
    CHECK(after_call(out, call).state == CorrectionState::fallen);
    CHECK(open_points({out, flagged, after_call(out, call)}) ==
          std::vector<std::string>{"correction 3 (needs_consent)", "correction 3 (take_out)"});
  }

  TEST_CASE("consent lets it in, and the end of a call without result does not") {
    const Correction c = *flag(spelling(), true);
    SilenceCall call = *call_for(c, kWindow, sha256("new"));
    call.id = 9;
    call.state = CallState::adopted;
    const Correction consented = after_call(c, call);
    CHECK(consented.call == 9);
    CHECK(applied(consented, Role::secretariat, kWindow, kNow_s)->state == CorrectionState::applied_by_consent);
    call.state = CallState::ended;
    CHECK(after_call(c, call).state == CorrectionState::fallen);
    call.rule = Rule::consensus;
    CHECK(after_call(c, call).state == CorrectionState::needs_consent);
  }

  TEST_CASE("only its author withdraws it, while it waits") {
    CHECK_FALSE(withdrawn(spelling(), kBo));
    CHECK(withdrawn(spelling(), kAda)->state == CorrectionState::withdrawn);
    CHECK_FALSE(withdrawn(*applied(spelling(), Role::chair, kWindow, kNow_s + kQuietDefault_s), kAda));
  }

  TEST_CASE("in random windows a flagged correction is never in the text without consent") {
    const char* given = std::getenv("BOSSEY_SEED");
    const auto seed = given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10))
                                       : static_cast<std::uint32_t>(std::random_device{}());
    MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    for (int run = 0; run < 3000; ++run) {
      Correction c = spelling();
      std::int64_t now_s = kNow_s;
      bool in_text = false, consent = false;
      for (int step = 0; step < 20; ++step) {
        now_s += random() % 20'000;
        SilenceCall call;
        call.rule = Rule::unanimity;
        switch (random() % 5) {
          case 0:
            if (auto next = flag(c, random() % 2 == 0)) c = *next;
            break;
          case 1:
            if (auto next = applied(c, random() % 2 == 0 ? Role::secretariat : Role::member, kWindow, now_s)) {
              c = *next;
              in_text = true;
            }
            break;
          case 2:
            if (auto next = taken_out(c, Role::secretariat)) {
              c = *next;
              in_text = false;
            }
            break;
          case 3:
            call.state = random() % 3 == 0 ? CallState::adopted : CallState::open;
            if (c.state == CorrectionState::needs_consent && call.state == CallState::adopted) consent = true;
            c = after_call(c, call);
            break;
          default:
            if (random() % 8 == 0)
              if (auto next = withdrawn(c, kAda)) c = *next;
            break;
        }
        // While it is to be taken out the window stays open.
        if (c.flagged && in_text && !consent) REQUIRE((c.state == CorrectionState::take_out && is_open(c)));
        if (!is_open(c) && in_text) REQUIRE((!c.flagged || consent));
      }
    }
  }
}

TEST_SUITE("consensus/release") {
  TEST_CASE("a release has one form, and its checksum is that of its bytes") {
    const Release release = release_of("F-1");
    const std::string bytes = canonical_bytes(release);
    CHECK(bytes.starts_with("{\n  \"format\": 1,\n  \"id\": \"F-1\",\n  \"report\": \"final\",\n"));
    CHECK(parse_release(bytes) == release);
    CHECK_FALSE(parse_release(bytes + " "));
    CHECK_FALSE(parse_release("{}"));
    CHECK(checksum(release) == sha256(bytes));
    Release more = release;
    more.before = "F-1";
    more.embargo_s = kNow_s + 60;
    CHECK(parse_release(canonical_bytes(more)) == more);
    CHECK(release_path(release) == "releases/final/F-1.json");
  }

  TEST_CASE("versions count on from the closed one") {
    CHECK(next_release({}) == "F-1");
    CHECK(next_release(std::vector{release_of("F-1")}) == "F-1.1");
    CHECK(next_release(std::vector{release_of("F-1"), release_of("F-1.1")}) == "F-1.2");
  }

  TEST_CASE("each step of a transmittal carries the checksum of the last version, in order of time") {
    const std::vector<Release> releases{release_of("F-1"), release_of("F-1.1")};
    Transmittal first{"F-1.1", checksum(releases[1]), "the Chair", "the Secretary-General", kNow_s + 10};
    CHECK(check_transmittal(releases, {}, first));
    Transmittal second = first;
    second.at_s = kNow_s + 5;
    CHECK_FALSE(check_transmittal(releases, std::vector{first}, second));
    second.at_s = kNow_s + 20;
    CHECK(check_transmittal(releases, std::vector{first}, second));
    second.checksum = checksum(releases[0]);
    CHECK_FALSE(check_transmittal(releases, std::vector{first}, second));
    first.release = "F-1";
    CHECK_FALSE(check_transmittal(releases, {}, first));
    CHECK(sentence(second).starts_with("F-1.1, sent on 18 June 2005 by the Chair to the Secretary-General. SHA-256 "));
  }
}
