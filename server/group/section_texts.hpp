// The present text of every section of a group, kept as values: of a section being written the value is made anew when
// somebody asks. Owned by Group's parts. Keeps the room of a changed text open until its revision is made.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "base/ids.hpp"
#include "group/section_text.hpp"
#include "room/room.hpp"

namespace bossey::group {

class SectionTexts {
 public:
  void set(const SectionId& section, SectionText text);
  /// The text differs from now on; `room` has it.
  void changed(const SectionId& section, std::shared_ptr<room::Room> room);
  /// Reads the text from its room now, and keeps nothing open.
  void read(const SectionId& section, const room::Room& room);
  /// The revision of the present text is made: the room may close.
  void let_go(const SectionId& section);

  /// Null if there is no such section. Valid until the next call of a member that is not const in spirit (set,
  /// changed).
  [[nodiscard]] const SectionText* find(const SectionId& section) const;
  /// The room whose text is not in a revision yet; null if none.
  [[nodiscard]] std::shared_ptr<room::Room> room(const SectionId& section) const;

  /// "4 words changed" against a text of before; remembered, because a redline costs about a millisecond.
  [[nodiscard]] std::uint32_t words_changed(const SectionId& section, const std::string& before) const;

 private:
  struct Changed {
    Sha256 before{}, after{};
    std::uint32_t words = 0;
  };
  struct Entry {
    SectionText text;
    bool stale = false;
    std::shared_ptr<room::Room> room;
    std::optional<Changed> changed;
  };
  static void refresh(Entry& entry);

  mutable std::map<SectionId, Entry> entries_;  ///< mutable: the values are a cache of what the rooms hold.
};

}  // namespace bossey::group
