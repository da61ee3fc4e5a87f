#include "crdt/shared_type.hpp"

namespace bossey::crdt {
namespace {

constexpr std::size_t kScanned = 12;  // keys that are looked through rather than hashed

}  // namespace

Item* KeyMap::find(const std::string* key) const {
  if (places_ != nullptr) {
    const auto place = places_->find(key);
    return place == places_->end() ? nullptr : entries_[place->second].second;
  }
  for (const Entry& entry : entries_) {
    if (entry.first == key) return entry.second;
  }
  return nullptr;
}

void KeyMap::set(const std::string* key, Item* item) {
  if (places_ != nullptr) {
    const auto [place, is_new] = places_->try_emplace(key, entries_.size());
    if (is_new)
      entries_.emplace_back(key, item);
    else
      entries_[place->second].second = item;
    return;
  }
  for (Entry& entry : entries_) {
    if (entry.first == key) {
      entry.second = item;
      return;
    }
  }
  entries_.emplace_back(key, item);
  if (entries_.size() <= kScanned) return;
  places_ = std::make_unique<std::unordered_map<const std::string*, std::size_t>>();
  for (std::size_t i = 0; i < entries_.size(); ++i) places_->emplace(entries_[i].first, i);
}

void KeyMap::clear() {
  entries_.clear();
  places_.reset();
}

std::uint8_t type_ref(SharedKind kind) {
  switch (kind) {
    case SharedKind::array:
      return 0;
    case SharedKind::map:
      return 1;
    case SharedKind::text:
      return 2;
    case SharedKind::xml_element:
      return 3;
    case SharedKind::xml_fragment:
      return 4;
    case SharedKind::xml_hook:
      return 5;
    case SharedKind::xml_text:
    case SharedKind::untyped:
      break;
  }
  return 6;
}

SharedKind kind_of_type_ref(std::uint64_t ref) {
  switch (ref) {
    case 0:
      return SharedKind::array;
    case 1:
      return SharedKind::map;
    case 2:
      return SharedKind::text;
    case 3:
      return SharedKind::xml_element;
    case 4:
      return SharedKind::xml_fragment;
    case 5:
      return SharedKind::xml_hook;
    case 6:
      return SharedKind::xml_text;
    default:
      return SharedKind::untyped;
  }
}

}  // namespace bossey::crdt
