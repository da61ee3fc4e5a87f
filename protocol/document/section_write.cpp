#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/sha256.hpp"
#include "document/content_hash.hpp"
#include "document/section_document.hpp"
#include "document/section_nodes.hpp"
#include "lib0/encoder.hpp"

namespace bossey::document {

namespace {

std::string base64_of_six(const std::array<std::uint8_t, 6>& octets) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    const unsigned three = static_cast<unsigned>(octets[i]) << 16U | static_cast<unsigned>(octets[i + 1]) << 8U |
                           static_cast<unsigned>(octets[i + 2]);
    for (unsigned shift = 24; shift > 0; shift -= 6) out += kDigits[(three >> (shift - 6)) & 63U];
  }
  return out;
}

/// y-prosemirror: SHA-256 of the mark as lib0 `any`, folded to six octets by exclusive or.
std::string bracket_key(const lib0::AnyObject& attrs) {
  lib0::AnyObject mark;
  mark.set("type", "bracket");
  mark.set("attrs", attrs);
  lib0::Encoder encoder;
  encoder.any(mark);
  const Sha256 digest = sha256(encoder.view());
  std::array<std::uint8_t, 6> folded{};
  for (std::size_t i = 0; i < digest.octets.size(); ++i) {
    auto& octet = folded[i % folded.size()];
    octet = static_cast<std::uint8_t>(octet ^ digest.octets[i]);
  }
  return "bracket--" + base64_of_six(folded);
}

}  // namespace

crdt::Attributes attributes_of(const Marks& marks) {
  crdt::Attributes out;
  for (const std::string& id : marks.brackets) {
    lib0::AnyObject attrs;
    attrs.set("id", id);
    const std::string key = bracket_key(attrs);
    out.set(key, std::move(attrs));
  }
  if (marks.link) {
    lib0::AnyObject attrs;
    attrs.set("href", *marks.link);
    out.set("link", std::move(attrs));
  }
  if (marks.strong) out.set("strong", lib0::AnyObject{});
  if (marks.em) out.set("em", lib0::AnyObject{});
  return out;
}

Result<void> set_block_attributes(crdt::XmlElement& element, const Block& block) {
  const auto set = [&element](std::string_view name, bool present, const lib0::Any& value) -> Result<void> {
    const auto now = element.attribute(name);
    if (!present) return now ? element.remove_attribute(name) : Result<void>{};
    if (now && *now == value) return {};
    return element.set_attribute(name, value);
  };
  switch (block.kind) {
    case BlockKind::heading:
      return set("level", true, block.level);
    case BlockKind::ordered_list:
      return set("order", true, static_cast<double>(block.order));
    case BlockKind::paragraph:
      BOSSEY_TRY_VOID(set("dir", !block.dir.empty(), block.dir));
      return set("lang", !block.lang.empty(), block.lang);
    case BlockKind::table_header:
    case BlockKind::table_cell:
      return set("align", block.align != Align::none, std::string(name_of(block.align)));
    default:
      return {};
  }
}

Result<void> insert_inlines(crdt::XmlFragment& parent, std::uint64_t& index, const std::vector<Inline>& inlines) {
  std::optional<crdt::XmlText> text;
  for (const Inline& one : inlines) {
    if (one.kind == InlineKind::text) {
      if (one.text.empty()) continue;
      if (!text) {
        BOSSEY_TRY(text, parent.insert_text(index++));
      }
      BOSSEY_TRY_VOID(text->insert(text->length_utf16(), one.text, attributes_of(one.marks)));
      continue;
    }
    text.reset();
    BOSSEY_TRY(auto element,
               parent.insert_element(index++, one.kind == InlineKind::footnote ? kFootnoteNode : kHardBreakNode));
    std::uint64_t within = 0;
    BOSSEY_TRY_VOID(insert_inlines(element, within, one.content));
  }
  return {};
}

Result<void> insert_block(crdt::XmlFragment& parent, std::uint64_t& index, const Block& block) {
  BOSSEY_TRY(auto element, parent.insert_element(index++, name_of(block.kind)));
  BOSSEY_TRY_VOID(set_block_attributes(element, block));
  std::uint64_t within = 0;
  BOSSEY_TRY_VOID(insert_inlines(element, within, block.inlines));
  for (const Block& child : block.children) BOSSEY_TRY_VOID(insert_block(element, within, child));
  const bool needs_block = block.kind == BlockKind::list_item || block.kind == BlockKind::blockquote;
  if (needs_block && block.children.empty()) return insert_block(element, within, Block{});
  return {};
}

Result<void> write_section(crdt::Doc& doc, const Section& section, crdt::Origin origin) {
  crdt::Text title = doc.text(kTitleRoot);
  crdt::XmlFragment body = doc.xml_fragment(kBodyRoot);
  if (title.length_utf16() > 0 || body.length() > 0)
    return fail(Errc::conflict, "The document holds text already; its words can be replaced, not written anew.");
  Result<void> done;
  doc.transact(
      [&] {
        done = title.insert(0, section.title);
        std::uint64_t index = 0;
        for (const Block& block : section.body)
          if (done) done = insert_block(body, index, block);
        // Two people who begin an empty section at once then write into one paragraph.
        if (done && index == 0) done = insert_block(body, index, Block{});
      },
      origin);
  return done;
}

}  // namespace bossey::document
