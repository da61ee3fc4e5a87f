#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "group/revision_writer.hpp"
#include "group/state.hpp"
#include "house.hpp"

using namespace bossey;
using namespace bossey::test;
using consensus::DecisionKind;

namespace {

std::string line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// A report with decisions of several kinds, late words and an outline that moved.
std::vector<SectionId> live_a_little(House& house) {
  auto ids = house.make_report("final", {"One", "Two", "Three"});
  Typist typist(house, ids[0], kMember);
  typist.type(" and a half");
  typist.go_offline();
  typist.type(" late");
  REQUIRE(house.decide(ids[0], DecisionKind::agree));
  typist.send_kept();
  REQUIRE(house.scheduler.run_until([&] {
    const auto mine = house.group().proposals(person(kMember), house.report, ids[0]);
    return mine && !mine->empty() && mine->front().canonical;
  }));
  REQUIRE(house.decide(ids[1], DecisionKind::bracket));
  REQUIRE(house.decide(ids[1], DecisionKind::undo));
  REQUIRE(house.decide(ids[2], DecisionKind::withdraw, "no drafter"));
  const auto added = house.outline(group::AddSection{"Four", std::nullopt, ids[2]});
  REQUIRE(added);
  ids.push_back(added->section);
  return ids;
}

}  // namespace

TEST_SUITE("group/record") {
  TEST_CASE("after a restart the state, the texts and the proposals are the same") {
    House house;
    const auto ids = live_a_little(house);
    house.scheduler.run_posted();
    const group::GroupState before = house.group().state();
    const auto report = *house.group().report(person(kMember), house.report);
    const auto proposals = *house.group().proposals(person(kMember), house.report, ids[0]);
    house.restart();
    CHECK(house.group().state() == before);
    const auto again = *house.group().report(person(kMember), house.report);
    REQUIRE(again.sections.size() == report.sections.size());
    for (std::size_t i = 0; i < report.sections.size(); ++i) {
      CHECK(again.sections[i].text_id == report.sections[i].text_id);
      CHECK(again.sections[i].content_hash == report.sections[i].content_hash);
      CHECK(again.sections[i].status.line == report.sections[i].status.line);
      CHECK(again.sections[i].number == report.sections[i].number);
    }
    CHECK(house.group().proposals(person(kMember), house.report, ids[0])->front().canonical ==
          proposals.front().canonical);
    CHECK(house.open(ids[0])->is_closed());
    CHECK_FALSE(house.open(ids[1])->is_closed());
  }

  TEST_CASE("stock git and sha256sum check texts and chain, and find no person") {
    House house;
    const auto ids = live_a_little(house);
    house.commit_all();
    CHECK(line(house.git("fsck --strict")).empty());
    CHECK(line(house.git("show HEAD:decisions/000001.json | sha256sum | cut -d' ' -f1")) ==
          line(house.git("show HEAD:decisions/000002.json | sed -n 's/.*\"prev\": \"\\(.*\\)\".*/\\1/p'")));
    const std::string text_path = "reports/final/sections/" + ids[0].value + ".md";
    const std::string text_id = house.view(ids[0]).text_id.hex();
    CHECK(line(house.git("show HEAD:" + text_path + " | sha256sum | cut -d' ' -f1")) == text_id);
    CHECK(house.git("show HEAD:decisions/000001.json").find(text_id) != std::string::npos);
    // The blob that the decision names, and one commit for text and decision.
    CHECK(house.git("show HEAD:decisions/000001.json").find(line(house.git("rev-parse HEAD:" + text_path))) !=
          std::string::npos);
    const std::string with_decision =
        house.git("log --format= --name-only --diff-filter=A -1 -- decisions/000001.json");
    CHECK(with_decision.find("decisions/000001.json") != std::string::npos);
    const std::string commit = line(house.git("log --format=%H -1 -- decisions/000001.json"));
    CHECK(house.git("show --format= --name-only " + commit).find(text_path) != std::string::npos);
    CHECK(house.git("log -1 --format=%B " + commit).find("Section: " + ids[0].value) != std::string::npos);
    CHECK(house.git("log -1 --format=%B " + commit).find("Journal-Seq: ") != std::string::npos);
    for (const std::string& author : {std::string("%an %ae %cn %ce")}) {
      const std::string authors = house.git("log --format='" + author + "'");
      CHECK(authors.find("Person") == std::string::npos);
      CHECK(authors.find("chair <") == std::string::npos);
      CHECK(authors.find("bossey.invalid") != std::string::npos);
    }
    const std::string readme = house.git("show HEAD:README.md");
    CHECK(readme.find("### 1 One and a half") != std::string::npos);
    CHECK(readme.find("not yet been reviewed by all WGIG members") != std::string::npos);
    CHECK(house.git("show HEAD:proposals/1.json").find("late edit") != std::string::npos);
    std::vector<std::string> files;
    for (std::size_t no = 1; no <= house.group().state().chain.size(); ++no)
      files.push_back(house.git("show HEAD:" + consensus::decision_path(no)));
    const auto chain = consensus::verify_chain(files);
    if (!chain) FAIL(chain.error().detail);
    CHECK(*chain == house.group().state().chain);
  }

  TEST_CASE("the revision of an import names each of its sections") {
    House house;
    const auto ids = house.make_report("final", {"One", "Two", "Three", "Four", "Five", "Six"});
    house.commit_all();
    const std::string message = house.git("log -1 --grep=Import --format=%B");
    for (const SectionId& id : ids) CHECK(message.find("Section: " + id.value) != std::string::npos);
  }

  TEST_CASE("a text whose words a later commit holds is settled without a commit of its own") {
    House house;
    const SectionId section{"somewhere"};
    std::vector<SectionId> settled;
    group::RevisionWriter::OnCommit prepared;
    const auto writer = std::make_shared<group::RevisionWriter>(
        GroupId{"wgig"}, house.scheduler, *house.store,
        [&](const SectionId&, const group::RevisionWriter::OnCommit& done) { prepared = done; },
        group::RevisionWriter::Listener{[&](const SectionId& id) { settled.push_back(id); },
                                        [](const Error& error) { FAIL(error.detail); }});
    house.commit_all();
    const std::string head = line(house.git("rev-parse HEAD"));
    writer->text_changed(section);
    const auto done = house.wait<void>([&](group::Done<void> finish) {
      writer->commit_all(finish);
      REQUIRE(prepared);
      prepared(std::nullopt);
    });
    CHECK(done);
    CHECK(settled == std::vector{section});
    CHECK(line(house.git("rev-parse HEAD")) == head);
    writer->stop();
  }

  TEST_CASE("a revision is made after three seconds of rest, and within thirty of writing") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    house.commit_all();
    const auto commits = [&] { return line(house.git("rev-list --count HEAD")); };
    const std::string before = commits();
    Typist typist(house, ids[0], kMember);
    typist.type("a");
    house.scheduler.run_posted();
    house.scheduler.advance(std::chrono::milliseconds(2500));
    typist.type("b");
    house.scheduler.run_posted();
    house.scheduler.advance(std::chrono::milliseconds(2500));
    CHECK(commits() == before);
    house.scheduler.advance(std::chrono::milliseconds(600));
    const auto has_title = [&](const std::string& title) {
      return house.git("show HEAD:reports/final/sections/" + ids[0].value + ".md").starts_with("# " + title + "\n");
    };
    REQUIRE(house.scheduler.run_until([&] { return house.store->waiting() == 0 && has_title("Oneab"); }));
    CHECK(house.git("log -1 --format=%an%n%s").starts_with("drafting team\nEdit 'Oneab'"));
    for (int i = 0; i < 31; ++i) {
      typist.type("c");
      house.scheduler.run_posted();
      house.scheduler.advance(std::chrono::seconds(1));
    }
    REQUIRE(house.scheduler.run_until([&] {
      house.scheduler.post([] {});
      return has_title("Oneab" + std::string(30, 'c')) || has_title("Oneab" + std::string(31, 'c'));
    }));
  }

  TEST_CASE("what a crash left out of git is made at start, decisions in order and with their own words") {
    House house;
    const auto ids = house.make_report("final", {"One", "Two"});
    house.commit_all();
    const std::string head = line(house.git("rev-parse HEAD"));
    {
      Typist typist(house, ids[0], kMember);
      typist.type(" agreed");
      house.scheduler.run_posted();
      REQUIRE(house.decide(ids[0], DecisionKind::agree));
      REQUIRE(house.decide(ids[0], DecisionKind::reopen, "look again"));
    }
    {
      Typist typist(house, ids[0], kMember);
      typist.type(" and changed");
      house.scheduler.run_posted();
    }
    // As if nothing had reached git since.
    house.restart(
        [&](const std::filesystem::path&) { CHECK(house.git("update-ref refs/heads/main " + head).empty()); });
    const std::string path = "reports/final/sections/" + ids[0].value + ".md";
    const std::string first = line(house.git("log --format=%H -1 -- decisions/000001.json"));
    CHECK(house.git("show " + first + ":" + path).starts_with("# One agreed\n"));
    CHECK(house.git("show " + first + ":decisions/000002.json").find("exit status") != std::string::npos);
    CHECK(house.git("show HEAD:decisions/000002.json").find("\"kind\": \"reopen\"") != std::string::npos);
    CHECK(house.git("show HEAD:" + path).starts_with("# One agreed and changed\n"));
    CHECK(house.git("show HEAD:README.md").find("changed since") != std::string::npos);
    CHECK(line(house.git("fsck --strict")).empty());
    // A second start finds nothing to do.
    const std::string after = line(house.git("rev-parse HEAD"));
    house.restart();
    CHECK(line(house.git("rev-parse HEAD")) == after);
  }

  TEST_CASE("a decision's revision is the same whether it is made at once or at the next start") {
    House house;
    const auto ids = house.make_report("final", {"One", "Two"});
    house.commit_all();
    const std::string head = line(house.git("rev-parse HEAD"));
    REQUIRE(house.decide(ids[0], DecisionKind::agree));
    house.commit_all();
    const std::string made = line(house.git("log --format=%H -1 -- decisions/000001.json"));
    CHECK(house.git("show HEAD:README.md").find("Agreed ") != std::string::npos);
    CHECK(line(house.git("rev-parse " + made + "^")) == head);
    house.restart(
        [&](const std::filesystem::path&) { CHECK(house.git("update-ref refs/heads/main " + head).empty()); });
    CHECK(line(house.git("log --format=%H -1 -- decisions/000001.json")) == made);
    CHECK(house.git("show HEAD:README.md").find("Agreed ") != std::string::npos);
  }

  TEST_CASE("the README follows a decision by half a second") {
    House house;
    const auto ids = house.make_report("final", {"One"});
    house.commit_all();
    REQUIRE(house.decide(ids[0], DecisionKind::bracket));
    house.scheduler.advance(std::chrono::milliseconds(600));
    REQUIRE(house.scheduler.run_until([&] {
      house.scheduler.post([] {});
      return house.git("show HEAD:README.md").find("In brackets") != std::string::npos;
    }));
  }

  TEST_CASE("a row that the document refuses is passed over at start") {
    House house;
    const auto ids = live_a_little(house);
    const auto before = *house.group().canonical(person(kMember), house.report, ids[0]);
    const Bytes nonsense{0x07, 0xFF, 0xFF};
    std::vector<journal::Row> rows;
    rows.emplace_back(journal::UpdateRow{DocumentId{"section/" + ids[0].value}, PersonId{kMember}, {}, nonsense, 0});
    rows.emplace_back(
        journal::LateRow{DocumentId{"section/" + ids[0].value}, PersonId{kMember}, {}, 1, "1", nonsense, 0});
    const auto kept = house.wait<JournalSeq>([&](auto done) { REQUIRE(house.journal->append_group(rows, done)); });
    REQUIRE(kept);
    house.restart();
    CHECK(*house.group().canonical(person(kMember), house.report, ids[0]) == before);
    const auto proposals = house.group().proposals(person(kMember), house.report, ids[0]);
    CHECK(proposals->front().canonical->starts_with("# One and a half late\n"));
  }

  TEST_CASE("a group whose repository holds another chain than the journal is not opened, and the others are") {
    House house;
    REQUIRE(house.wait<void>([&](auto done) { house.groups->create({GroupId{"other"}, "Other", "", ""}, done); }));
    const auto ids = house.make_report("final", {"One"});
    REQUIRE(house.decide(ids[0], DecisionKind::agree));
    house.commit_all();
    revisions::Commit forged;
    forged.author = {"somebody", "somebody@bossey.invalid"};
    forged.title = "Forge";
    forged.changes.push_back({"decisions/000001.json", "{}\n"});
    REQUIRE(house.store->run_now<revisions::Committed>(
        GroupId{"wgig"}, [&](revisions::Repository& repository) { return repository.commit(forged); }));
    group::Groups again(group::Surroundings{house.scheduler, *house.journal, *house.store, house,
                                            [] { return std::uint64_t{1}; }, nullptr});
    REQUIRE(again.open_all());
    CHECK(again.find(GroupId{"wgig"}) == nullptr);
    CHECK(again.find(GroupId{"other"}) != nullptr);
    REQUIRE(again.damage(GroupId{"wgig"}) != nullptr);
    CHECK(again.damage(GroupId{"wgig"})->code == Errc::corrupt);
    CHECK(again.damage(GroupId{"wgig"})->detail.find("decisions/000001.json") != std::string::npos);
    const auto made = house.wait<void>([&](auto done) { again.create({GroupId{"wgig"}, "WGIG", "", ""}, done); });
    CHECK(made.error().code == Errc::conflict);
  }
}
