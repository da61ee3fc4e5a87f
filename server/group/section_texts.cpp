#include "group/section_texts.hpp"

#include <utility>

#include "crdt/doc.hpp"
#include "document/canonical.hpp"
#include "document/redline.hpp"

namespace bossey::group {

void SectionTexts::set(const SectionId& section, SectionText text) {
  Entry& entry = entries_[section];
  entry.text = std::move(text);
  entry.stale = false;
}

void SectionTexts::changed(const SectionId& section, std::shared_ptr<room::Room> room) {
  const auto at = entries_.find(section);
  if (at == entries_.end()) return;
  at->second.stale = true;
  at->second.room = std::move(room);
}

void SectionTexts::read(const SectionId& section, const room::Room& room) {
  crdt::Doc copy = room.doc().clone();
  set(section, text_of(copy));
}

void SectionTexts::let_go(const SectionId& section) {
  const auto at = entries_.find(section);
  if (at == entries_.end()) return;
  refresh(at->second);
  at->second.room.reset();
}

void SectionTexts::refresh(Entry& entry) {
  if (!entry.stale || entry.room == nullptr) return;
  // A copy, since reading names the roots of a document and the room's own is not to be touched.
  crdt::Doc copy = entry.room->doc().clone();
  entry.text = text_of(copy);
  entry.stale = false;
}

const SectionText* SectionTexts::find(const SectionId& section) const {
  const auto at = entries_.find(section);
  if (at == entries_.end()) return nullptr;
  refresh(at->second);
  return &at->second.text;
}

std::shared_ptr<room::Room> SectionTexts::room(const SectionId& section) const {
  const auto at = entries_.find(section);
  return at == entries_.end() ? nullptr : at->second.room;
}

std::uint32_t SectionTexts::words_changed(const SectionId& section, const std::string& before) const {
  const SectionText* text = find(section);
  if (text == nullptr) return 0;
  Entry& entry = entries_.find(section)->second;
  const Sha256 before_id = document::text_id(before);
  if (entry.changed && entry.changed->before == before_id && entry.changed->after == text->text_id)
    return entry.changed->words;
  const auto old_section = document::read_canonical(before);
  const auto new_section = document::read_canonical(text->canonical);
  std::uint32_t words = 0;
  if (old_section && new_section)
    words = static_cast<std::uint32_t>(document::redline(*old_section, *new_section).words_changed);
  entry.changed = Changed{before_id, text->text_id, words};
  return words;
}

}  // namespace bossey::group
