#include "group/section_text.hpp"

#include "document/body.hpp"
#include "document/canonical.hpp"
#include "document/content_hash.hpp"
#include "document/section_document.hpp"

namespace bossey::group {

SectionText text_of(crdt::Doc& doc) {
  const document::Section section = document::read_section(doc);
  SectionText text;
  text.canonical = document::write_canonical(section);
  text.text_id = document::text_id(text.canonical);
  text.content_hash = document::content_hash(doc);
  text.title = section.title;
  text.brackets = document::bracketed_words(section);
  text.marks = document::bracket_texts(section);
  text.unknown = section.has_unknown;
  text.words = static_cast<std::uint32_t>(document::count_words(section));
  document::Section body = section;
  body.title.clear();
  text.body_words = static_cast<std::uint32_t>(document::count_words(body));
  return text;
}

Result<NewDocument> new_document(const document::Section& section, std::uint64_t client_id) {
  crdt::Doc doc(crdt::ClientId{client_id});
  BOSSEY_TRY_VOID(document::write_section(doc, section));
  return NewDocument{doc.encode_state_as_update(), text_of(doc)};
}

}  // namespace bossey::group
