// The words of a document, all in one block: an item names the place and length of its own. So an item is cut without
// copying, and neighbours that were typed one after the other are joined without copying. Internal to crdt.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace bossey::crdt {

/// Words in an arena: ASCII, one octet a unit; or UTF-16, two octets a unit, in the machine's order. Halves of
/// surrogate pairs do not occur. Valid until words are added to the arena.
struct TextRun {
  const char* at = nullptr;
  std::uint32_t units = 0;
  bool wide = false;

  [[nodiscard]] std::size_t octets() const { return std::size_t{units} << (wide ? 1U : 0U); }
  /// Without the first units. Between the halves of a pair: then the second half reads as U+FFFD.
  [[nodiscard]] TextRun from(std::uint32_t unit) const {
    return {at + (std::size_t{unit} << (wide ? 1U : 0U)), units - unit, wide};
  }
  [[nodiscard]] std::uint16_t unit(std::uint32_t index) const;
  [[nodiscard]] std::size_t utf8_octets() const;
  void append_to(std::string& utf8) const;
  /// Writes utf8_octets() octets.
  void write_to(char* utf8) const;
};

class TextArena {
 public:
  /// Offset of words in the arena.
  using Place = std::uint32_t;
  static constexpr std::size_t kOctetsMax = 0xFFFF'FFFF;

  [[nodiscard]] const char* at(Place place) const { return block_.get() + place; }
  [[nodiscard]] char* at(Place place) { return block_.get() + place; }
  /// Octets up to the end of what was added, those no longer used, too.
  [[nodiscard]] std::size_t size() const { return end_; }
  [[nodiscard]] std::size_t unused() const { return unused_; }
  /// Makes room for so many octets more.
  void reserve(std::size_t octets);

  /// Room for words that, if possible, start directly behind `after`.
  [[nodiscard]] Place add(std::size_t octets, Place after);
  /// The words there are no longer used.
  void drop(Place place, std::size_t octets);
  /// Makes one run of two; returns its place. Costs nothing if they stand together.
  [[nodiscard]] Place join(Place left, std::size_t left_octets, Place right, std::size_t right_octets);

 private:
  /// The end of the room behind words that end here; the same if there is none.
  [[nodiscard]] Place room_behind(Place end) const;
  void take_room(Place end, std::size_t octets);

  std::unique_ptr<char[]> block_;
  std::size_t capacity_ = 0;
  std::size_t end_ = 0;
  std::size_t unused_ = 0;
  /// Rooms left behind words that had to move when they grew, by where they start: for those of several people who type
  /// at once.
  std::unordered_map<Place, Place> rooms_;
};

}  // namespace bossey::crdt
