#include "revisions/verification.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "base/sha256.hpp"
#include "consensus/decision.hpp"
#include "revisions/repository.hpp"
#include "storage/revisions/stock_git.hpp"
#include "storage/revisions/verify_script.hpp"
#include "storage/scratch_folder.hpp"

using namespace bossey;
using namespace bossey::revisions;
using bossey::tests::git;
using bossey::tests::run_verify_script;
using bossey::tests::ScratchFolder;
using consensus::DecisionKind;

namespace {

const SectionId kA{"aaaaaaaaaaaa"}, kB{"bbbbbbbbbbbb"};

std::string path_of(const SectionId& section) {
  return "reports/final/sections/" + section.value + ".md";
}

/// A record as the server writes it: one revision a decision, text and decision together.
class Record {
 public:
  Record() {
    OpenOptions options;
    options.wait_for_disk = false;
    repository_ = std::move(*Repository::open(folder(), options));
  }

  [[nodiscard]] std::filesystem::path folder() const { return folder_ / "g.git"; }

  void commit(std::vector<FileChange> changes) {
    const auto made =
        repository_->commit({std::move(changes), {"room", "room@bossey.invalid"}, "Edit", "", {}, ++time_s_});
    if (!made) FAIL(made.error().detail);
  }

  consensus::Decision draft(const SectionId& section, DecisionKind kind, const std::string& text) {
    consensus::Decision d;
    d.no = files_.size() + 1;
    d.at_s = 1119045660 + static_cast<std::int64_t>(d.no);
    d.kind = kind;
    d.report = ReportId{"final"};
    if (kind == DecisionKind::agree) d.result = consensus::Status::agreed;
    if (kind == DecisionKind::withdraw) d.result = consensus::Status::withdrawn;
    d.subject = {
        {section, "T \"text_id\": \"" + std::string(64, '0') + '"', sha256(text), blob_id(as_bytes(text)).hex()}};
    if (!files_.empty()) d.prev = sha256(files_.back());
    return d;
  }

  void record(const consensus::Decision& decision, std::vector<FileChange> texts) {
    files_.push_back(consensus::canonical_bytes(decision));
    texts.push_back({consensus::decision_path(files_.size()), files_.back()});
    commit(std::move(texts));
  }

  void decide(const SectionId& section, DecisionKind kind, const std::string& text,
              std::optional<std::uint64_t> refers_to = std::nullopt) {
    consensus::Decision d = draft(section, kind, text);
    d.refers_to = refers_to;
    record(d, {{path_of(section), text}});
  }

  [[nodiscard]] const std::vector<std::string>& files() const { return files_; }

  /// What `bossey verify` says, after the script has found the same to hold or not.
  std::vector<std::string> findings() {
    const auto verified = verify_repository(folder());
    if (!verified) FAIL(verified.error().detail);
    const auto script = run_verify_script(folder());
    INFO(script.output);
    CHECK(script.code == (verified->findings.empty() ? 0 : 1));
    return verified->findings;
  }

 private:
  ScratchFolder folder_;
  std::unique_ptr<Repository> repository_;
  std::vector<std::string> files_;
  std::int64_t time_s_ = 1000;
};

/// Agreed, reopened, written, agreed again; another one withdrawn and taken out; drafts in between.
void live(Record& record) {
  record.commit({{path_of(kA), "# T\n\nDraft.\n"}, {path_of(kB), "# B\n\nWords.\n"}});
  record.decide(kA, DecisionKind::agree, "# T\n\nOne.\n");
  record.decide(kA, DecisionKind::reopen, "# T\n\nOne.\n", 1);
  record.commit({{path_of(kA), "# T\n\nBetween.\n"}});
  record.decide(kA, DecisionKind::agree, "# T\n\nTwo.\n");
  record.decide(kB, DecisionKind::withdraw, "# B\n\nWords.\n");
  record.commit({{path_of(kB), std::nullopt}});
}

bool names(const std::vector<std::string>& findings, const std::string& words) {
  for (const std::string& finding : findings)
    if (finding.find(words) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_SUITE("revisions/verification") {
  TEST_CASE("a record as it was made holds, in the repository and in a clone with files") {
    Record record;
    CHECK(record.findings().empty());
    live(record);
    CHECK(record.findings().empty());
    const ScratchFolder elsewhere;
    REQUIRE(git(elsewhere.path(), "clone -q '" + record.folder().string() + "' clone").code == 0);
    const auto verified = verify_repository(elsewhere / "clone");
    REQUIRE(verified);
    CHECK(verified->findings.empty());
    CHECK(verified->decisions == 4);
    CHECK(verified->texts == 4);
    CHECK(run_verify_script(elsewhere / "clone").code == 0);
  }

  TEST_CASE("other words in an agreed section are found, and so are words that were put back") {
    Record record;
    live(record);
    record.commit({{path_of(kA), "# T\n\nTwo!\n"}});
    CHECK(names(record.findings(), "got other words in revision"));
    record.commit({{path_of(kA), "# T\n\nTwo.\n"}});
    CHECK(names(verify_repository(record.folder())->findings, "though decision 3 had closed it"));
  }

  TEST_CASE("a text that is not the one decided on is found in the decision's own revision") {
    Record record;
    record.record(record.draft(kA, DecisionKind::agree, "# T\n\nOne.\n"), {{path_of(kA), "# T\n\nOther.\n"}});
    CHECK(names(record.findings(), "holds other words in revision"));
  }

  TEST_CASE("a decision that was changed is found, by its history and by the chain") {
    Record record;
    live(record);
    std::string changed = record.files()[0];
    const auto at = changed.find("2005-06-17");
    REQUIRE(at != std::string::npos);
    changed.replace(at, 10, "2005-06-18");
    record.commit({{"decisions/000001.json", changed}});
    CHECK(names(record.findings(), "000001.json was changed after it was recorded"));
  }

  TEST_CASE("a decision that was removed is found, also when it comes back") {
    Record record;
    live(record);
    record.commit({{"decisions/000002.json", std::nullopt}});
    CHECK(names(record.findings(), "000002.json was removed"));
    record.commit({{"decisions/000002.json", record.files()[1]}});
    CHECK_FALSE(record.findings().empty());
  }

  TEST_CASE("a history written anew without one decision, with two exchanged or with one changed does not hold") {
    Record without;
    without.decide(kA, DecisionKind::agree, "# T\n\nOne.\n");
    consensus::Decision gap = without.draft(kB, DecisionKind::agree, "# B\n");
    gap.no = 3;
    without.commit({{path_of(kB), "# B\n"}, {"decisions/000003.json", consensus::canonical_bytes(gap)}});
    CHECK(names(without.findings(), "where decisions/000002.json should come"));

    Record exchanged;
    consensus::Decision one = exchanged.draft(kA, DecisionKind::agree, "# T\n\nOne.\n");
    const consensus::Decision two = exchanged.draft(kB, DecisionKind::agree, "# B\n");
    one.prev = sha256("the file that came before when it was number 2");
    exchanged.record(two, {{path_of(kB), "# B\n"}});
    one.no = 2;
    exchanged.record(one, {{path_of(kA), "# T\n\nOne.\n"}});
    CHECK(names(exchanged.findings(), "000002.json does not carry the hash"));

    Record changed;
    changed.decide(kA, DecisionKind::agree, "# T\n\nOne.\n");
    consensus::Decision next = changed.draft(kB, DecisionKind::agree, "# B\n");
    next.prev = sha256(changed.files()[0] + "changed");
    changed.record(next, {{path_of(kB), "# B\n"}});
    CHECK(names(changed.findings(), "does not carry the hash"));
  }

  TEST_CASE("decisions that were recorded in another order than their numbers are found") {
    Record record;
    const consensus::Decision one = record.draft(kA, DecisionKind::agree, "# T\n\nOne.\n");
    consensus::Decision two = record.draft(kB, DecisionKind::agree, "# B\n");
    two.no = 2;
    two.prev = sha256(consensus::canonical_bytes(one));
    record.commit({{path_of(kB), "# B\n"}, {"decisions/000002.json", consensus::canonical_bytes(two)}});
    record.commit({{path_of(kA), "# T\n\nOne.\n"}, {"decisions/000001.json", consensus::canonical_bytes(one)}});
    CHECK(names(record.findings(), "out of order"));
  }

  TEST_CASE("what is no repository is said so, and two lines of history are found") {
    const ScratchFolder empty;
    CHECK(verify_repository(empty.path()).error().code == Errc::not_found);
    Record record;
    live(record);
    const auto merged = git(
        record.folder(), "update-ref refs/heads/main $(git -C '" + record.folder().string() +
                             "' -c user.name=x -c user.email=x@y.z commit-tree -p main -p main~1 -m m 'main^{tree}')");
    REQUIRE(merged.code == 0);
    CHECK(names(record.findings(), "joins two lines of history"));
  }
}
