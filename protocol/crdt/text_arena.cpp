#include "crdt/text_arena.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"

namespace bossey::crdt {
namespace {

constexpr std::size_t kRoomMin = 32;
constexpr std::uint16_t kReplacement = 0xFFFD;

bool is_high(std::uint32_t unit) {
  return (unit & 0xFC00U) == 0xD800U;
}
bool is_low(std::uint32_t unit) {
  return (unit & 0xFC00U) == 0xDC00U;
}

/// Calls `put(octet)` for the UTF-8 of a run in UTF-16.
template <class Put>
void encode_utf8(const TextRun& run, Put&& put) {
  const auto continuation = [&put](std::uint32_t bits) { put(static_cast<char>(0x80U | (bits & 0x3FU))); };
  for (std::uint32_t i = 0; i < run.units; ++i) {
    std::uint32_t code = run.unit(i);
    if (is_high(code) && i + 1 < run.units) {
      code = 0x10000U + ((code - 0xD800U) << 10U) + (run.unit(++i) - 0xDC00U);
      put(static_cast<char>(0xF0U | code >> 18U));
      continuation(code >> 12U);
      continuation(code >> 6U);
      continuation(code);
      continue;
    }
    if (is_high(code) || is_low(code)) code = kReplacement;
    if (code < 0x80) {
      put(static_cast<char>(code));
    } else if (code < 0x800) {
      put(static_cast<char>(0xC0U | code >> 6U));
      continuation(code);
    } else {
      put(static_cast<char>(0xE0U | code >> 12U));
      continuation(code >> 6U);
      continuation(code);
    }
  }
}

}  // namespace

std::uint16_t TextRun::unit(std::uint32_t index) const {
  if (!wide) return static_cast<unsigned char>(at[index]);
  std::uint16_t unit = 0;
  std::memcpy(&unit, at + std::size_t{index} * 2, sizeof unit);
  return unit;
}

std::size_t TextRun::utf8_octets() const {
  if (!wide) return units;
  std::size_t octets = 0;
  encode_utf8(*this, [&octets](char) { ++octets; });
  return octets;
}

void TextRun::append_to(std::string& utf8) const {
  if (wide)
    encode_utf8(*this, [&utf8](char octet) { utf8.push_back(octet); });
  else
    utf8.append(at, units);
}

void TextRun::write_to(char* utf8) const {
  if (wide)
    encode_utf8(*this, [&utf8](char octet) { *utf8++ = octet; });
  else if (units > 0)
    std::memcpy(utf8, at, units);
}

void TextArena::reserve(std::size_t octets) {
  if (end_ + octets <= capacity_) return;
  const std::size_t capacity = std::min(kOctetsMax, std::max(end_ + octets, end_ + end_ / 2));
  BOSSEY_CHECK(end_ + octets <= capacity);
  auto block = std::make_unique_for_overwrite<char[]>(capacity);
  if (end_ > 0) std::memcpy(block.get(), block_.get(), end_);
  block_ = std::move(block);
  capacity_ = capacity;
}

TextArena::Place TextArena::room_behind(Place end) const {
  if (rooms_.empty()) return end;
  const auto room = rooms_.find(end);
  return room == rooms_.end() ? end : room->second;
}

void TextArena::take_room(Place end, std::size_t octets) {
  auto room = rooms_.extract(end);
  room.key() = static_cast<Place>(end + octets);
  if (room.key() < room.mapped()) rooms_.insert(std::move(room));
  unused_ -= octets;
}

TextArena::Place TextArena::add(std::size_t octets, Place after) {
  if (octets <= room_behind(after) - after) {
    if (octets > 0) take_room(after, octets);
    return after;
  }
  reserve(octets);
  const auto place = static_cast<Place>(end_);
  end_ += octets;
  return place;
}

void TextArena::drop(Place place, std::size_t octets) {
  if (place + octets == end_)
    end_ = place;
  else
    unused_ += octets;
}

TextArena::Place TextArena::join(Place left, std::size_t left_octets, Place right, std::size_t right_octets) {
  const auto left_end = static_cast<Place>(left + left_octets);
  if (left_end == right) return left;
  if (right_octets <= room_behind(left_end) - left_end) {
    take_room(left_end, right_octets);
    std::memcpy(at(left_end), at(right), right_octets);
    drop(right, right_octets);
    return left;
  }
  if (left_end == end_) {
    reserve(right_octets);
    end_ += right_octets;
    std::memcpy(at(left_end), at(right), right_octets);
    unused_ += right_octets;
    return left;
  }
  const std::size_t octets = left_octets + right_octets;
  const std::size_t room = std::max(kRoomMin, octets);
  reserve(octets + room);
  const auto place = static_cast<Place>(end_);
  std::memcpy(at(place), at(left), left_octets);
  std::memcpy(at(place) + left_octets, at(right), right_octets);
  end_ += octets + room;
  rooms_.emplace(static_cast<Place>(place + octets), static_cast<Place>(end_));
  unused_ += octets + room;
  return place;
}

}  // namespace bossey::crdt
