// Proves a data folder whole, part by part, and says in plain words what is wrong and what to do. Called by the
// commands check, backup and restore, on the files of a folder that nobody writes, or on a cut of one that is in use.
// It only reads.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace bossey::app {

/// Where the parts are. The repositories must be no newer than the journal: taken before it when both are copies.
struct DataParts {
  std::filesystem::path journal;
  std::filesystem::path accounts;
  std::filesystem::path groups;  ///< The folder that holds `<slug>.git`.
};

struct Problem {
  std::string what;    ///< One sentence, which begins with the part: "journal: …".
  std::string advice;  ///< What to do about it.
};

struct DataReport {
  std::vector<std::string> parts;  ///< One line for each part that was looked at, with its sizes.
  std::vector<Problem> problems;   ///< Empty: the folder is whole.
  std::vector<std::string> notes;  ///< What the next start repairs by itself, or what the server has still to commit.
};

/// Journal (pages, rows, checksums, numbers, snapshots), accounts (pages, rows), and of each group: every object of the
/// repository, the chain of decisions, that the decisions are those of the journal, and that each text at head is the
/// text of its document. Takes time in proportion to the folder.
[[nodiscard]] DataReport check_data(const DataParts& parts);

}  // namespace bossey::app
