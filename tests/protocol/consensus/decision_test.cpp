#include "consensus/decision.hpp"

#include <doctest/doctest.h>

#include "consensus/moment.hpp"

using namespace bossey;
using namespace bossey::consensus;

namespace {

Decision agreed_in_plenary() {
  Decision d;
  d.no = 1;
  d.at_s = *parse_iso_utc("2005-06-18T00:41:00Z");
  d.session = "plenary";
  d.kind = DecisionKind::agree;
  d.report = ReportId{"final"};
  d.subject.push_back({SectionId{"k3f00000000a"}, "Forum function", sha256("words"), std::string(40, 'b')});
  d.result = Status::agreed;
  d.present = Present{31, 40, {}};
  return d;
}

}  // namespace

TEST_SUITE("consensus/decision") {
  TEST_CASE("a decision has exactly these bytes") {
    CHECK(canonical_bytes(agreed_in_plenary()) ==
          "{\n"
          "  \"format\": 1,\n"
          "  \"no\": 1,\n"
          "  \"at\": \"2005-06-18T00:41:00Z\",\n"
          "  \"session\": \"plenary\",\n"
          "  \"kind\": \"agree\",\n"
          "  \"report\": \"final\",\n"
          "  \"subject\": [\n"
          "    {\"section\": \"k3f00000000a\", \"title\": \"Forum function\", \"text_id\": "
          "\"dba36bffa5cab0f922d087a3aeb179f9d4e745df40b323e1b1471402848c8a3e\", \"blob\": "
          "\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"}\n"
          "  ],\n"
          "  \"result\": \"agreed\",\n"
          "  \"basis\": \"room\",\n"
          "  \"present\": {\"count\": 31, \"roll\": 40},\n"
          "  \"prev\": null\n"
          "}\n");
  }

  TEST_CASE("reading the bytes gives the same decision") {
    Decision d = agreed_in_plenary();
    d.no = 12;
    d.kind = DecisionKind::alternatives;
    d.result = Status::alternatives;
    d.subject.push_back({SectionId{"second"}, "عنوان \"with\" \\ and 标题", sha256("b"), std::string(40, 'c')});
    d.basis = Basis::unanimity;
    d.present->by_category = {{"civil society", 9}, {"governments", 12}};
    d.reason = "because\tof that";
    d.objections = {{"o1", "accommodated"}};
    d.reservations = 2;
    d.refers_to = 3;
    d.prev = sha256("before");
    const auto back = parse_decision(canonical_bytes(d));
    REQUIRE(back);
    CHECK(*back == d);
  }

  TEST_CASE("bytes in any other form are refused") {
    const std::string bytes = canonical_bytes(agreed_in_plenary());
    CHECK_FALSE(parse_decision(bytes + "\n"));
    CHECK_FALSE(parse_decision(bytes.substr(0, bytes.size() - 1)));
    CHECK_FALSE(parse_decision("{}"));
    CHECK_FALSE(parse_decision("[1"));
    CHECK_FALSE(parse_decision(""));
    std::string other_order = bytes;
    other_order.replace(other_order.find("\"format\": 1"), 11, "\"format\": 2");
    CHECK_FALSE(parse_decision(other_order));
    std::string negative = bytes;
    negative.replace(negative.find("\"no\": 1"), 7, "\"no\": -1");
    CHECK_FALSE(parse_decision(negative));
    std::string huge = bytes;
    huge.replace(huge.find("\"count\": 31"), 11, "\"count\": 4294967327");  // 2^32 + 31
    CHECK_FALSE(parse_decision(huge));
  }

  TEST_CASE("a decision reads as one sentence") {
    Decision d = agreed_in_plenary();
    d.no = 41;
    CHECK(sentence(d) ==
          "No. 41, 18 June 2005 00:41 UTC, plenary: section 'Forum function' agreed (31 of 40 present). Text "
          "dba36bff.");
    d.kind = DecisionKind::reopen;
    d.result.reset();
    d.present.reset();
    d.session.clear();
    d.reason = "a number was wrong";
    CHECK(sentence(d) ==
          "No. 41, 18 June 2005 00:41 UTC: section 'Forum function' reopened, because: a number was wrong. Text "
          "dba36bff.");
    d.kind = DecisionKind::undo;
    d.reason.clear();
    d.refers_to = 40;
    CHECK(sentence(d) ==
          "No. 41, 18 June 2005 00:41 UTC: decision No. 40 undone, section 'Forum function' as before. Text dba36bff.");
  }

  TEST_CASE("a chain verifies, and one changed byte anywhere is found") {
    std::vector<std::string> files;
    for (std::uint64_t no = 1; no <= 5; ++no) {
      Decision d = agreed_in_plenary();
      d.no = no;
      d.at_s += static_cast<std::int64_t>(no);
      if (no > 1) d.prev = sha256(files.back());
      if (no == 5) {
        d.kind = DecisionKind::undo;
        d.result.reset();
        d.refers_to = 4;
      }
      files.push_back(canonical_bytes(d));
    }
    const auto chain = verify_chain(files);
    REQUIRE(chain);
    CHECK(chain->size() == 5);
    // Every byte of every file but the last is covered by the next one's hash.
    for (std::size_t file = 0; file + 1 < files.size(); ++file) {
      for (std::size_t at = 0; at < files[file].size(); at += 3) {
        std::vector<std::string> changed = files;
        changed[file][at] = changed[file][at] == 'x' ? 'y' : 'x';
        CHECK_FALSE(verify_chain(changed));
      }
    }
    std::vector<std::string> gap = files;
    gap.erase(gap.begin() + 2);
    CHECK_FALSE(verify_chain(gap));
    std::vector<std::string> exchanged = files;
    std::swap(exchanged[1], exchanged[2]);
    CHECK_FALSE(verify_chain(exchanged));
    Decision future = *parse_decision(files[4]);
    future.refers_to = 9;
    files[4] = canonical_bytes(future);
    CHECK_FALSE(verify_chain(files));
  }

  TEST_CASE("times survive the way through words, and days that do not exist are refused") {
    for (const std::int64_t at : {std::int64_t{0}, std::int64_t{951782399}, std::int64_t{4102444799}}) {
      CAPTURE(at);
      CHECK(parse_iso_utc(iso_utc(at)) == at);
    }
    CHECK(iso_utc(0) == "1970-01-01T00:00:00Z");
    for (std::int64_t day = -20000; day < 40000; ++day)  // 1915 to 2079, each day the next one
      REQUIRE(parse_iso_utc(iso_utc(day * 86400 + 86399)) == day * 86400 + 86399);
    CHECK(iso_utc(951827696) == "2000-02-29T12:34:56Z");
    CHECK_FALSE(parse_iso_utc("1900-02-29T00:00:00Z"));
    CHECK_FALSE(parse_iso_utc("2005-00-10T00:00:00Z"));
    CHECK_FALSE(parse_iso_utc("2005-13-10T00:00:00Z"));
    CHECK_FALSE(parse_iso_utc("2005-12-00T00:00:00Z"));
    CHECK_FALSE(parse_iso_utc("2005-02-30T00:00:00Z"));
    CHECK_FALSE(parse_iso_utc("2005-02-03T24:00:00Z"));
    CHECK_FALSE(parse_iso_utc("2005-02-03 00:00:00Z"));
    CHECK(moment_in_words(1119055260) == "18 June 2005 00:41 UTC");
  }
}
