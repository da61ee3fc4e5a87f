// Where a test lets the server end as if it were killed: between journal, fan-out and commit. Read from the hidden
// option --end-at of `serve`; nothing happens without it.
#pragma once

#include <functional>
#include <string_view>

#include "base/error.hpp"
#include "journal/journal.hpp"
#include "revisions/repository.hpp"

namespace bossey::app {

struct FaultSeam {
  std::function<void(journal::Step)> journal;
  std::function<void(revisions::Step)> revisions;
};

/// "journal.before_commit:3": the process ends, with code 9 and without a last word, the third time this step is
/// reached. Steps have the names of journal::Step and revisions::Step. Empty text: no fault. Errc::bad_input.
[[nodiscard]] Result<FaultSeam> parse_fault(std::string_view text);

}  // namespace bossey::app
