#include "revisions/decision_chain.hpp"

#include <doctest/doctest.h>

#include "base/sha256.hpp"
#include "consensus/decision.hpp"
#include "storage/scratch_folder.hpp"

using namespace bossey;
using namespace bossey::revisions;
using bossey::tests::ScratchFolder;

namespace {

const std::string kText = "reports/final/sections/aaaaaaaaaaaa.md";

class Chain {
 public:
  Chain() {
    OpenOptions options;
    options.wait_for_disk = false;
    repository_ = std::move(*Repository::open(folder_ / "g.git", options));
  }

  void commit(std::vector<FileChange> changes) {
    const auto made =
        repository_->commit({std::move(changes), {"room", "room@bossey.invalid"}, "Edit", "", {}, ++time_s_});
    if (!made) FAIL(made.error().detail);
  }

  // Text and decision in one revision; the file's bytes.
  std::string decide(const std::string& text) {
    consensus::Decision decision;
    decision.no = ++no_;
    decision.at_s = 1119045660;
    decision.report = ReportId{"final"};
    decision.result = consensus::Status::agreed;
    decision.subject = {{SectionId{"aaaaaaaaaaaa"}, "T", sha256(text), blob_id(as_bytes(text)).hex()}};
    if (!last_.empty()) decision.prev = sha256(last_);
    last_ = consensus::canonical_bytes(decision);
    commit({{kText, text}, {consensus::decision_path(no_), last_}});
    return last_;
  }

  std::vector<std::string> findings() { return check_decisions(*repository_).value(); }

 private:
  ScratchFolder folder_;
  std::unique_ptr<Repository> repository_;
  std::string last_;
  std::uint64_t no_ = 0;
  std::int64_t time_s_ = 1000;
};

}  // namespace

TEST_SUITE("revisions/decision_chain") {
  TEST_CASE("a repository without decisions, and one with an unbroken chain, are whole") {
    Chain chain;
    CHECK(chain.findings().empty());
    chain.commit({{"group.json", "{}\n"}});
    CHECK(chain.findings().empty());
    chain.decide("# T\n\nOne.\n");
    chain.decide("# T\n\nTwo.\n");
    chain.commit({{kText, "# T\n\nThree.\n"}});
    CHECK(chain.findings().empty());
  }

  TEST_CASE("a decision that was changed later is found, by its history and by the chain") {
    Chain chain;
    auto first = chain.decide("# T\n\nOne.\n");
    chain.decide("# T\n\nTwo.\n");
    const auto at = first.find("1119045660");
    if (at != std::string::npos) first.replace(at, 10, "1119045661");
    chain.commit({{"decisions/000001.json", first + (at == std::string::npos ? "\n" : "")}});
    const auto found = chain.findings();
    REQUIRE(found.size() == 2);
    CHECK(found[0].find("000001.json was changed") != std::string::npos);
  }

  TEST_CASE("a decision that is missing is found") {
    Chain chain;
    chain.decide("# T\n\nOne.\n");
    chain.decide("# T\n\nTwo.\n");
    chain.commit({{"decisions/000001.json", std::nullopt}});
    REQUIRE(chain.findings().size() == 1);
    CHECK(chain.findings()[0].find("000002.json is there where") != std::string::npos);
  }

  TEST_CASE("a decision about a text that is not in the repository is found") {
    consensus::Decision decision;
    decision.no = 1;
    decision.subject = {{SectionId{"aaaaaaaaaaaa"}, "T", sha256("x"), blob_id(as_bytes("x")).hex()}};
    Chain chain;
    chain.commit({{"decisions/000001.json", consensus::canonical_bytes(decision)}});
    REQUIRE(chain.findings().size() == 1);
    CHECK(chain.findings()[0].find("cannot be read") != std::string::npos);
  }
}
