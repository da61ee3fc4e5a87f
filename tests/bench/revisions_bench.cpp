// Measures a repository of many revisions: what a commit costs as it grows, what maintenance costs, and how long the
// history of a section and a redline between any two revisions take. Run by scripts/bench-revisions.
//   revisions_bench FOLDER REVISIONS
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "document/canonical.hpp"
#include "document/redline.hpp"
#include "revisions/repository.hpp"

namespace {

using namespace bossey;
using namespace bossey::revisions;
using Clock = std::chrono::steady_clock;

constexpr int kSections = 200;
constexpr int kSentences = 24;  // About 1.9 kB, as in the reports of the working group.

double ms_since(Clock::time_point begun) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
}

[[noreturn]] void give_up(const Error& error) {
  std::fprintf(stderr, "revisions_bench: %s\n", error.detail.c_str());
  std::exit(1);
}

template <class T>
T must(Result<T> result) {
  if (!result) give_up(result.error());
  return std::move(*result);
}

void must(const Result<void>& result) {
  if (!result) give_up(result.error());
}

struct Spread {
  std::vector<double> all;
  void add(double value) { all.push_back(value); }
  void print(const char* what) {
    if (all.empty()) return;
    std::sort(all.begin(), all.end());
    const auto at = [&](double part) {
      return all[std::min(all.size() - 1, static_cast<std::size_t>(part * static_cast<double>(all.size())))];
    };
    std::printf("%-44s p50 %8.3f ms   p99 %8.3f ms   max %9.3f ms   (%zu)\n", what, at(0.5), at(0.99), all.back(),
                all.size());
    std::fflush(stdout);
    all.clear();
  }
};

std::string path_of(int section) {
  return "reports/final/sections/section" + std::to_string(1000 + section) + ".md";
}

// A text whose sentences change one at a time, as people change them.
class Texts {
 public:
  explicit Texts(std::mt19937& random) : random_(random), sentences_(kSections, std::vector<unsigned>(kSentences)) {}

  std::string change(int section) {
    auto& sentences = sentences_[static_cast<std::size_t>(section)];
    ++sentences[random_() % sentences.size()];
    std::string text = "# Section " + std::to_string(section) + "\n";
    for (std::size_t i = 0; i < sentences.size(); ++i) {
      if (i % 6 == 0) text += "\n";
      text += "Sentence " + std::to_string(i) + " in its version " + std::to_string(sentences[i]) +
              " speaks of the management of critical resources.\n";
    }
    return text;
  }

 private:
  std::mt19937& random_;
  std::vector<std::vector<unsigned>> sentences_;
};

void commit_all(Repository& repository, int revisions, std::mt19937& random, std::vector<RevisionId>& ids) {
  Texts texts(random);
  Spread commits;
  Spread maintenance;
  int next_report = 1000;
  for (int i = 1; i <= revisions; ++i) {
    const int section = static_cast<int>(random() % kSections);
    const Commit commit{{{path_of(section), texts.change(section)}},
                        {"drafting team", "drafting-team@bossey.invalid"},
                        "Edit 'Section " + std::to_string(section) + "'",
                        "",
                        {{"Section", "section" + std::to_string(1000 + section)}, {"Journal-Seq", std::to_string(i)}},
                        1119045660 + i};
    const auto begun = Clock::now();
    ids.push_back(must(repository.commit(commit)).id);
    commits.add(ms_since(begun));
    if (repository.needs_maintenance()) {
      const auto packing = Clock::now();
      must(repository.maintain());
      maintenance.add(ms_since(packing));
    }
    if (i == next_report || i == revisions) {
      commits.print(("commit, up to " + std::to_string(i)).c_str());
      next_report *= 10;
    }
  }
  maintenance.print("maintenance, a run");
}

void ask(Repository& repository, std::mt19937& random, const std::vector<RevisionId>& ids) {
  const auto begun = Clock::now();
  must(repository.history(path_of(0), 50));
  std::printf("%-44s     %8.1f ms\n", "history of a section, first after a start", ms_since(begun));
  Spread history;
  Spread redlines;
  for (int i = 0; i < 300; ++i) {
    const auto path = path_of(static_cast<int>(random() % kSections));
    const auto asked = Clock::now();
    const auto found = must(repository.history(path, 50));
    history.add(ms_since(asked));
    const auto compared = Clock::now();
    const auto before = repository.read(ids[random() % ids.size()], path);
    const auto after = repository.read(ids[random() % ids.size()], path);
    if (before && after) {
      static_cast<void>(
          document::redline(must(document::read_canonical(*before)), must(document::read_canonical(*after))));
      redlines.add(ms_since(compared));
    }
  }
  history.print("history of a section, newest 50");
  redlines.print("redline between any two revisions");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 || std::atoi(argv[2]) < 1000) {
    std::fprintf(stderr, "usage: revisions_bench FOLDER REVISIONS (at least 1000)\n");
    return 2;
  }
  std::mt19937 random(20051114);
  std::vector<RevisionId> ids;
  const auto open = [&] { return must(Repository::open(argv[1])); };
  commit_all(*open(), std::atoi(argv[2]), random, ids);
  auto begun = Clock::now();
  auto repository = open();
  std::printf("%-44s     %8.0f ms\n", "opening after an end that was not clean", ms_since(begun));
  must(repository->sync());
  repository.reset();
  begun = Clock::now();
  repository = open();
  std::printf("%-44s     %8.0f ms\n", "opening after a clean end", ms_since(begun));
  ask(*repository, random, ids);
  repository.reset();
  std::filesystem::remove(std::filesystem::path(argv[1]) / "bossey-history");
  repository = open();
  begun = Clock::now();
  while (!must(repository->warm_index())) continue;
  std::printf("%-44s     %8.0f ms\n", "index of all paths, where its file is missing", ms_since(begun));
  return 0;
}
