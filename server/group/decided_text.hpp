// The words that a fact of a group is about, as they go into the journal with it. A plain value of events and state.
#pragma once

#include <string>

#include "base/ids.hpp"

namespace bossey::group {

/// So that the revision of a decision or a release can be made at any later time.
struct DecidedText {
  SectionId section;
  JournalSeq seq;  ///< Last row of the section's document that is in it.
  std::string canonical;
  friend bool operator==(const DecidedText&, const DecidedText&) = default;
};

}  // namespace bossey::group
