#include "revisions/repository.hpp"

#include <doctest/doctest.h>

#include "base/sha256.hpp"
#include "storage/revisions/stock_git.hpp"
#include "storage/scratch_folder.hpp"

using namespace bossey;
using namespace bossey::revisions;
using bossey::tests::fsck;
using bossey::tests::git;
using bossey::tests::ScratchFolder;

namespace {

const Identity kTeam{"drafting team 3", "team3@bossey.invalid"};
const std::string kA = "reports/final/sections/aaaaaaaaaaaa.md";
const std::string kB = "reports/final/sections/bbbbbbbbbbbb.md";

std::unique_ptr<Repository> open(const std::filesystem::path& folder, OpenOptions options = {}) {
  options.wait_for_disk = false;
  auto repository = Repository::open(folder, std::move(options));
  if (!repository) FAIL(repository.error().detail);
  return std::move(*repository);
}

Commit change(std::vector<FileChange> changes, std::string title = "Edit section", std::int64_t time_s = 1119045660) {
  return {std::move(changes), kTeam, std::move(title), "", {{"Section", "aaaaaaaaaaaa"}, {"Journal-Seq", "7"}}, time_s};
}

Committed commit(Repository& repository, const Commit& values) {
  auto committed = repository.commit(values);
  if (!committed) FAIL(committed.error().detail);
  return *committed;
}

Errc refused(Repository& repository, const Commit& values) {
  const auto committed = repository.commit(values);
  REQUIRE_FALSE(committed.has_value());
  return committed.error().code;
}

}  // namespace

TEST_SUITE("revisions/repository") {
  TEST_CASE("what is committed is read back, by us and by stock git") {
    const ScratchFolder folder;
    auto repository = open(folder / "wgig.git");
    CHECK(repository->head().value() == std::nullopt);
    const std::string text = "# Forum function\n\nOne.\nTwo: é 中文 العربية.\n";
    auto values = change({{kA, text}, {"group.json", "{}\n"}}, "Agree section 4.2");
    values.body = "Decided in plenary.\n\nNo objection.\n";
    const auto first = commit(*repository, values);
    CHECK(first.is_new);
    CHECK(repository->head().value() == first.id);
    CHECK(repository->read(first.id, kA).value() == text);
    CHECK(repository->read(first.id, "none.md").error().code == Errc::not_found);
    CHECK(repository->read(first.id, "../../etc/passwd").error().code == Errc::not_found);

    const auto revision = repository->revision(first.id).value();
    CHECK(revision.title == "Agree section 4.2");
    CHECK(revision.body == "Decided in plenary.\n\nNo objection.");
    CHECK(revision.author == kTeam);
    CHECK(revision.time_s == 1119045660);
    CHECK(revision.trailer("Journal-Seq") == "7");
    CHECK(revision.trailer("Decision").empty());
    CHECK_FALSE(revision.parent.has_value());

    CHECK(fsck(folder / "wgig.git").empty());
    CHECK(git(folder / "wgig.git", "show main:" + kA).output == text);
    CHECK(git(folder / "wgig.git", "log -1 --format='%H|%an|%ae|%cn|%ce|%ai|%(trailers:key=Journal-Seq,valueonly)'")
              .output == first.id.hex() +
                             "|drafting team 3|team3@bossey.invalid|drafting team 3|team3@bossey.invalid|2005-06-17 "
                             "22:01:00 +0000|7\n\n");
  }

  TEST_CASE("clone, diff and blame of stock git make sense") {
    const ScratchFolder folder;
    auto repository = open(folder / "g.git");
    commit(*repository, change({{kA, "# T\n\nOne.\nTwo.\nThree.\n"}}));
    const auto second = commit(*repository, change({{kA, "# T\n\nOne.\nTwo words.\nThree.\n"}}, "Edit", 1119045720));
    REQUIRE(git(folder.path(), "clone -q g.git copy").code == 0);
    CHECK(git(folder / "copy", "status --short --branch").output == "## main...origin/main\n");
    CHECK(git(folder / "copy", "diff --stat HEAD~1").output.find("1 insertion(+), 1 deletion(-)") != std::string::npos);
    const auto blamed = git(folder / "copy", "blame --porcelain -L4,4 -- " + kA).output;
    CHECK(blamed.substr(0, 40) == second.id.hex());
    CHECK(git(folder / "copy", "log --format=%s").output == "Edit\nEdit section\n");
  }

  TEST_CASE("the same values give the same revision in another repository") {
    const ScratchFolder folder;
    auto one = open(folder / "one.git");
    auto two = open(folder / "two.git");
    CHECK(commit(*one, change({{kA, "a\n"}, {kB, "b\n"}})) == commit(*two, change({{kB, "b\n"}, {kA, "a\n"}})));
    CHECK(commit(*one, change({{kA, std::nullopt}})) == commit(*two, change({{kA, std::nullopt}})));
    CHECK(blob_id(as_bytes("a\n")).hex() == "78981922613b2afb6025042ff6bd878ac1994e85");
  }

  TEST_CASE("nothing changed is no revision") {
    const ScratchFolder folder;
    auto repository = open(folder / "g.git");
    const auto first = commit(*repository, change({{kA, "a\n"}}));
    CHECK(commit(*repository, change({{kA, "a\n"}})) == Committed{first.id, false});
    CHECK(commit(*repository, change({{"none", std::nullopt}})) == Committed{first.id, false});
    CHECK(commit(*repository, change({})) == Committed{first.id, false});
    CHECK(repository->log(10).value().size() == 1);
    // One of two that changes is a revision.
    CHECK(commit(*repository, change({{kA, "a\n"}, {kB, "b\n"}})).is_new);
  }

  TEST_CASE("a removed file is gone, with its folder, and its history stays") {
    const ScratchFolder folder;
    auto repository = open(folder / "g.git");
    const auto first = commit(*repository, change({{kA, "a\n"}, {"proposals/1.md", "p\n"}}));
    const auto second = commit(*repository, change({{"proposals/1.md", std::nullopt}}));
    CHECK(repository->find(second.id, "proposals/1.md").value() == std::nullopt);
    CHECK(repository->find(first.id, "proposals/1.md").value() == blob_id(as_bytes("p\n")));
    CHECK(git(folder / "g.git", "ls-tree -rt --name-only main").output ==
          "reports\nreports/final\nreports/final/sections\n" + kA + "\n");
    const auto history = repository->history("proposals/1.md", 10).value();
    REQUIRE(history.size() == 2);
    CHECK(history[0].revision.id == second.id);
    CHECK_FALSE(history[0].blob.has_value());
    CHECK(history[1].blob == blob_id(as_bytes("p\n")));
    CHECK(fsck(folder / "g.git").empty());
  }

  TEST_CASE("wrong paths, identities, titles and trailers are refused, and the head stays") {
    const ScratchFolder folder;
    auto repository = open(folder / "g.git");
    const auto first = commit(*repository, change({{"a/b", "x"}}));
    for (const auto* path : {"", "/a", "a/", "a//b", "../a", "a/./b", ".git/config", "a/.GIT/x", "a\nb", "a\\b"}) {
      CAPTURE(path);
      CHECK(refused(*repository, change({{path, "x"}})) == Errc::bad_input);
    }
    CHECK(refused(*repository, change({{std::string(600, 'a'), "x"}})) == Errc::bad_input);
    CHECK(refused(*repository, change({{"c", "x"}, {"c", "y"}})) == Errc::bad_input);
    CHECK(refused(*repository, change({{"c", "x"}}, "")) == Errc::bad_input);
    CHECK(refused(*repository, change({{"c", "x"}}, "two\nlines")) == Errc::bad_input);
    CHECK(refused(*repository, change({{"c", "x"}}, "t", -1)) == Errc::bad_input);
    auto values = change({{"c", "x"}});
    values.author.name = "";
    CHECK(refused(*repository, values) == Errc::bad_input);
    values.author = {"a <b", "c"};
    CHECK(refused(*repository, values) == Errc::bad_input);
    values = change({{"c", "x"}});
    values.trailers = {{"Two words", "x"}};
    CHECK(refused(*repository, values) == Errc::bad_input);
    values.trailers = {{"Key", "two\nlines"}};
    CHECK(refused(*repository, values) == Errc::bad_input);
    CHECK(refused(*repository, change({{"a", "x"}})) == Errc::conflict);
    CHECK(refused(*repository, change({{"a/b/c", "x"}})) == Errc::conflict);
    CHECK(refused(*repository, change({{"c", std::string(kFileBytesMax + 1, 'x')}})) == Errc::too_large);
    CHECK(repository->head().value() == first.id);
    CHECK(refused(*open(folder / "empty.git"), change({})) == Errc::bad_input);
  }

  TEST_CASE("a file whose name cannot be an option or an address of git is stored as it is") {
    const ScratchFolder folder;
    auto repository = open(folder / "g.git");
    const auto made = commit(*repository, change({{"-x/:y é", "1"}}));
    CHECK(repository->read(made.id, "-x/:y é").value() == "1");
    CHECK(fsck(folder / "g.git").empty());
  }

  TEST_CASE("the log runs from the newest to the oldest and can be paged") {
    const ScratchFolder folder;
    auto repository = open(folder / "g.git");
    CHECK(repository->log(10).value().empty());
    for (int i = 0; i < 5; ++i) commit(*repository, change({{kA, std::to_string(i)}}, "t" + std::to_string(i)));
    const auto page = repository->log(2).value();
    REQUIRE(page.size() == 2);
    CHECK(page[0].title == "t4");
    CHECK(page[0].parent == page[1].id);
    const auto rest = repository->log(10, page[1].id).value();
    REQUIRE(rest.size() == 3);
    CHECK(rest[0].title == "t2");
    CHECK(repository->log(10, RevisionId{}).error().code == Errc::not_found);
  }

  TEST_CASE("the history of a path holds the revisions that changed it, also those made after the first question") {
    const ScratchFolder folder;
    auto repository = open(folder / "g.git");
    CHECK(repository->history(kA, 10).value().empty());
    commit(*repository, change({{kA, "1"}, {kB, "1"}}, "both"));
    commit(*repository, change({{kB, "2"}}, "b only"));
    CHECK(repository->history(kA, 10).value().size() == 1);
    const auto third = commit(*repository, change({{kA, "2"}}, "a only"));
    const auto history = repository->history(kA, 10).value();
    REQUIRE(history.size() == 2);
    CHECK(history[0].revision.id == third.id);
    CHECK(repository->read_blob(*history[0].blob).value() == "2");
    CHECK(history[1].revision.title == "both");
    CHECK(repository->history(kA, 1).value().size() == 1);
    const auto older = repository->history(kA, 10, third.id).value();
    REQUIRE(older.size() == 1);
    CHECK(older[0].revision.title == "both");
    CHECK(repository->history(kA, 10, RevisionId{}).error().code == Errc::not_found);
    // The same from a cold start.
    repository.reset();
    CHECK(open(folder / "g.git")->history(kB, 10).value().size() == 2);
  }

  TEST_CASE("a branch that is given another history by hand is indexed anew") {
    const ScratchFolder folder;
    auto repository = open(folder / "g.git");
    commit(*repository, change({{kA, "1"}}));
    commit(*repository, change({{kA, "2"}}));
    CHECK(repository->history(kA, 10).value().size() == 2);
    const auto other = "$(git commit-tree -m other $(git rev-parse main^{tree}))";
    REQUIRE(git(folder / "g.git", "config user.name x").code == 0);
    REQUIRE(git(folder / "g.git", "config user.email x@x.invalid").code == 0);
    REQUIRE(git(folder.path(),
                "version; cd '" + (folder / "g.git").string() + "' && git update-ref refs/heads/main " + other)
                .code == 0);
    CHECK(repository->history(kA, 10).value().size() == 1);
  }

  TEST_CASE("a revision is found by head, tag, full and short id, and by nothing else") {
    const ScratchFolder folder;
    auto repository = open(folder / "g.git");
    CHECK(repository->resolve("head").error().code == Errc::not_found);
    const auto first = commit(*repository, change({{kA, "1"}}));
    const auto second = commit(*repository, change({{kA, "2"}}));
    REQUIRE(repository->tag("F-1", first.id).has_value());
    CHECK(repository->tag("F-1", first.id).has_value());
    CHECK(repository->tag("F-1", second.id).error().code == Errc::conflict);
    for (const auto* name : {"", "-x", "a/b", "a..b", "x.lock", "a b"})
      CHECK(repository->tag(name, first.id).error().code == Errc::bad_input);
    CHECK(repository->resolve("head").value() == second.id);
    CHECK(repository->resolve("F-1").value() == first.id);
    CHECK(repository->resolve(first.id.hex()).value() == first.id);
    CHECK(repository->resolve(first.id.hex().substr(0, 8)).value() == first.id);
    for (const auto* text : {"", "abc", "HEAD~1", "HEAD^", ":/Edit", "@{1}", "zzzz", "main:group.json"}) {
      CAPTURE(text);
      CHECK(repository->resolve(text).error().code == Errc::not_found);
    }
    // A tree is no revision.
    const auto tree = git(folder / "g.git", "rev-parse main^{tree}").output.substr(0, 40);
    CHECK_FALSE(repository->resolve(tree).has_value());
    REQUIRE(
        git(folder / "g.git", "-c user.name=x -c user.email=x@x.invalid tag -a -m note noted " + first.id.hex()).code ==
        0);
    CHECK(repository->resolve("noted").value() == first.id);
  }

  TEST_CASE("paths that differ between two revisions are listed, in both directions") {
    const ScratchFolder folder;
    auto repository = open(folder / "g.git");
    const auto first = commit(*repository, change({{kA, "1"}, {"x", "1"}, {"same/y", "1"}}));
    const auto second = commit(*repository, change({{kA, "2"}, {"x", std::nullopt}, {"x.md", "3"}}));
    const auto id = [](std::string_view text) { return std::optional(blob_id(as_bytes(text))); };
    CHECK(repository->changed_paths(first.id, second.id).value() ==
          std::vector<ChangedPath>{
              {kA, id("1"), id("2")}, {"x", id("1"), std::nullopt}, {"x.md", std::nullopt, id("3")}});
    CHECK(repository->changed_paths(second.id, first.id).value()[2] == ChangedPath{"x.md", id("3"), std::nullopt});
    CHECK(repository->changed_paths(std::nullopt, first.id).value().size() == 3);
    CHECK(repository->changed_paths(first.id, first.id).value().empty());
  }

  TEST_CASE("a folder is listed one level deep, or whole") {
    const ScratchFolder folder;
    auto repository = open(folder / "g.git");
    const auto made = commit(*repository, change({{kA, "1"}, {kB, "2"}, {"group.json", "{}"}}));
    const auto root = repository->list(made.id).value();
    REQUIRE(root.size() == 2);
    CHECK(root[0].path == "group.json");
    CHECK(root[1].path == "reports");
    CHECK(root[1].is_folder);
    const auto deep = repository->list(made.id, "reports", true).value();
    REQUIRE(deep.size() == 2);
    CHECK(deep[0].path == kA);
    CHECK(deep[1].blob == blob_id(as_bytes("2")));
    CHECK(repository->list(made.id, "reports/final").value()[0].path == "reports/final/sections");
    CHECK(repository->list(made.id, "none").error().code == Errc::not_found);
    CHECK(repository->list(made.id, "group.json").error().code == Errc::not_found);
  }

  TEST_CASE("sha256sum on a clone gives the text's id") {
    const ScratchFolder folder;
    auto repository = open(folder / "g.git");
    const std::string text = "# T\n\nOne.\n";
    commit(*repository, change({{kA, text}}));
    REQUIRE(git(folder.path(), "clone -q g.git copy").code == 0);
    CHECK(git(folder.path(), "--version >/dev/null; sha256sum < '" + (folder / ("copy/" + kA)).string() + "'")
              .output.substr(0, 64) == sha256(text).hex());
  }

  TEST_CASE("a folder that is no repository is refused and not touched") {
    const ScratchFolder folder;
    std::filesystem::create_directories(folder / "x" / "photos");
    CHECK(Repository::open(folder / "x").error().code == Errc::corrupt);
    CHECK(std::filesystem::exists(folder / "x" / "photos"));
    CHECK_FALSE(std::filesystem::exists(folder / "x" / "HEAD"));
    OpenOptions options;
    options.wait_for_disk = false;
    options.create = false;
    CHECK(Repository::open(folder / "none", options).error().code == Errc::not_found);
  }
}
