#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/sha256.hpp"
#include "document/block_pairs.hpp"
#include "document/canonical.hpp"
#include "document/content_hash.hpp"
#include "document/diff.hpp"
#include "document/section_document.hpp"
#include "document/section_nodes.hpp"
#include "document/text_replace.hpp"

namespace bossey::document {

namespace {

/// A child as it stands in the document.
struct OldBlock {
  crdt::Shared node;
  Block block;
  bool unknown = false;
  bool empty = false;  ///< Without words: it may stay, whatever is around it.
};

/// Numbers for strings, the same for equal ones.
class Numbering {
 public:
  std::uint32_t of(const std::string& text) {
    return numbers_.try_emplace(text, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }
  /// A number that nothing else has.
  std::uint32_t fresh() { return --last_; }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::uint32_t last_ = 0;
};

/// Inline content in pieces as the document holds it: a text for each stretch between breaks and footnotes.
struct Piece {
  std::vector<Inline> text;  ///< Runs; empty for an atom.
  const Inline* atom = nullptr;
};

std::vector<Piece> pieces_of(const std::vector<Inline>& inlines) {
  std::vector<Piece> out;
  for (const Inline& one : inlines) {
    if (one.kind != InlineKind::text) {
      out.push_back({{}, &one});
    } else {
      if (out.empty() || out.back().atom != nullptr) out.emplace_back();
      out.back().text.push_back(one);
    }
  }
  return out;
}

/// Removes the child at `index`. As in Yjs, a removal may instead hit a mark that a broken client left between
/// children; those go first and count for nothing.
Result<void> remove_child(crdt::XmlFragment& parent, std::uint64_t index) {
  constexpr int kMostMarks = 100'000;
  const std::uint64_t before = parent.length();
  for (int tries = 0; tries < kMostMarks && parent.length() == before; ++tries) BOSSEY_TRY_VOID(parent.remove(index));
  if (parent.length() == before) return fail(Errc::corrupt, "A node of the section's document cannot be removed.");
  return {};
}

class Replacer {
 public:
  explicit Replacer(std::string salt) : brackets_(std::move(salt)) {}

  Result<void> children(crdt::XmlFragment& parent, const std::vector<Block>& wanted) {
    std::vector<OldBlock> old = read_children(parent);
    Numbering numbering;
    std::vector<std::uint32_t> old_ids;
    std::vector<std::uint32_t> new_ids;
    old_ids.reserve(old.size());
    new_ids.reserve(wanted.size());
    for (const OldBlock& one : old)
      old_ids.push_back(one.unknown || one.empty ? numbering.fresh() : numbering.of(block_key(one.block)));
    for (const Block& block : wanted) new_ids.push_back(numbering.of(block_key(block)));
    std::uint64_t index = 0;
    for (const DiffPart& part : diff(old_ids, new_ids)) {
      if (part.equal) {
        index += part.a_end - part.a_begin;
      } else {
        BOSSEY_TRY_VOID(stretch(parent, index, old, part, wanted));
      }
    }
    return {};
  }

 private:
  static std::vector<OldBlock> read_children(const crdt::XmlFragment& parent) {
    std::vector<OldBlock> out;
    for (const crdt::Element& child : parent.children()) {
      const auto* shared = std::get_if<crdt::Shared>(&child);
      // What is no shared type is kept as a place that can only be removed.
      OldBlock one{shared == nullptr ? crdt::Shared(parent) : *shared, {}, true, false};
      if (shared != nullptr) {
        one.block = read_block(*shared, one.unknown);
        one.empty = !one.unknown && block_key(one.block).empty();
      }
      out.push_back(std::move(one));
    }
    return out;
  }

  /// A stretch without equal blocks: pairs are changed in place, the rest goes or comes.
  Result<void> stretch(crdt::XmlFragment& parent, std::uint64_t& index, const std::vector<OldBlock>& old,
                       const DiffPart& part, const std::vector<Block>& wanted) {
    std::vector<BlockWords> before;
    std::vector<BlockWords> after;
    for (std::size_t i = part.a_begin; i < part.a_end; ++i) {
      before.push_back(block_words(old[i].block));
      // An empty text between blocks is no partner: it is no node of any kind.
      before.back().pairs = !old[i].unknown && crdt::XmlElement::from(old[i].node).has_value();
    }
    for (std::size_t j = part.b_begin; j < part.b_end; ++j) after.push_back(block_words(wanted[j]));
    std::size_t i = part.a_begin;
    std::size_t j = part.b_begin;
    const auto up_to = [&](std::size_t old_end, std::size_t new_end) -> Result<void> {
      for (; i < old_end; ++i) {
        if (old[i].empty) {
          ++index;
        } else {
          BOSSEY_TRY_VOID(remove_child(parent, index));
        }
      }
      for (; j < new_end; ++j) BOSSEY_TRY_VOID(insert_block(parent, index, brackets_.renamed(wanted[j])));
      return {};
    };
    for (const auto& [a, b] : pair_blocks(before, after)) {
      const OldBlock& partner = old[part.a_begin + a];
      // A node keeps its name for ever, so a paragraph cannot become a heading.
      if (partner.block.kind != wanted[part.b_begin + b].kind) continue;
      BOSSEY_TRY_VOID(up_to(part.a_begin + a, part.b_begin + b));
      BOSSEY_TRY_VOID(change(partner, wanted[j]));
      ++i;
      ++j;
      ++index;
    }
    return up_to(part.a_end, part.b_end);
  }

  Result<void> change(const OldBlock& old, const Block& wanted) {
    auto element = crdt::XmlElement::from(old.node);
    BOSSEY_CHECK(element.has_value());
    BOSSEY_TRY_VOID(set_block_attributes(*element, wanted));
    switch (wanted.kind) {
      case BlockKind::horizontal_rule:
        return {};
      case BlockKind::paragraph:
      case BlockKind::heading:
      case BlockKind::table_header:
      case BlockKind::table_cell:
        return inlines(*element, wanted.inlines);
      default:
        BOSSEY_TRY_VOID(children(*element, wanted.children));
        break;
    }
    const bool needs_block = wanted.kind == BlockKind::list_item || wanted.kind == BlockKind::blockquote;
    std::uint64_t index = 0;
    if (needs_block && element->length() == 0) return insert_block(*element, index, Block{});
    return {};
  }

  static std::string atom_key(const Inline& atom) {
    Block block;
    block.inlines = {atom};
    return atom.kind == InlineKind::hard_break ? "break" : block_key(block);
  }

  Result<void> inlines(crdt::XmlElement& parent, const std::vector<Inline>& wanted) {
    const std::vector<crdt::Element> nodes = parent.children();
    const std::vector<Piece> pieces = pieces_of(wanted);
    // Atoms that stay divide both sides into stretches.
    Numbering numbering;
    std::vector<std::size_t> old_atoms;
    std::vector<std::size_t> new_atoms;
    std::vector<std::uint32_t> old_ids;
    std::vector<std::uint32_t> new_ids;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const auto atom = atom_of(nodes[i]);
      if (!atom) continue;
      old_atoms.push_back(i);
      old_ids.push_back(numbering.of(atom_key(*atom)));
    }
    for (std::size_t j = 0; j < pieces.size(); ++j) {
      if (pieces[j].atom == nullptr) continue;
      new_atoms.push_back(j);
      new_ids.push_back(numbering.of(atom_key(*pieces[j].atom)));
    }
    std::size_t i = 0;
    std::size_t j = 0;
    std::uint64_t index = 0;
    for (const DiffPart& part : diff(old_ids, new_ids)) {
      const std::size_t both = std::min(part.a_end - part.a_begin, part.b_end - part.b_begin);
      for (std::size_t k = 0; k < both; ++k) {
        const std::size_t old_at = old_atoms[part.a_begin + k];
        const std::size_t new_at = new_atoms[part.b_begin + k];
        const auto old_atom = atom_of(nodes[old_at]);
        if (old_atom->kind != pieces[new_at].atom->kind) continue;
        BOSSEY_TRY_VOID(between(parent, index, nodes, i, old_at, pieces, j, new_at));
        if (!part.equal) {
          auto note = crdt::XmlElement::from(std::get<crdt::Shared>(nodes[old_at]));
          BOSSEY_TRY_VOID(inlines(*note, pieces[new_at].atom->content));
        }
        ++index;
        i = old_at + 1;
        j = new_at + 1;
      }
    }
    return between(parent, index, nodes, i, nodes.size(), pieces, j, pieces.size());
  }

  /// The hard break or footnote that a node is.
  static std::optional<Inline> atom_of(const crdt::Element& node) {
    const auto* shared = std::get_if<crdt::Shared>(&node);
    const auto element = shared == nullptr ? std::nullopt : crdt::XmlElement::from(*shared);
    if (!element) return std::nullopt;
    if (element->node_name() == kHardBreakNode) return hard_break();
    if (element->node_name() != kFootnoteNode) return std::nullopt;
    bool unknown = false;
    std::vector<Inline> content = read_inline_content(*element, unknown);
    if (unknown) return std::nullopt;
    return footnote(std::move(content));
  }

  /// Makes nodes [i, i_end) say pieces [j, j_end): the first text is changed in place, the rest goes or comes.
  Result<void> between(crdt::XmlElement& parent, std::uint64_t& index, const std::vector<crdt::Element>& nodes,
                       std::size_t i, std::size_t i_end, const std::vector<Piece>& pieces, std::size_t j,
                       std::size_t j_end) {
    const auto is_text = [](const crdt::Element& node) {
      const auto* shared = std::get_if<crdt::Shared>(&node);
      return shared != nullptr && crdt::XmlText::from(*shared).has_value();
    };
    std::size_t text = i;
    while (text < i_end && !is_text(nodes[text])) ++text;
    std::size_t piece = j;
    while (piece < j_end && pieces[piece].atom != nullptr) ++piece;
    const bool keeps = text < i_end && piece < j_end;
    const std::size_t first_end = keeps ? text : i_end;
    for (std::size_t at = i; at < first_end; ++at) BOSSEY_TRY_VOID(remove_child(parent, index));
    for (std::size_t at = j; at < (keeps ? piece : j_end); ++at) BOSSEY_TRY_VOID(insert(parent, index, pieces[at]));
    if (!keeps) return {};
    auto xml = crdt::XmlText::from(std::get<crdt::Shared>(nodes[text]));
    BOSSEY_TRY_VOID(replace_runs(*xml, pieces[piece].text, brackets_));
    ++index;
    for (std::size_t at = text + 1; at < i_end; ++at) BOSSEY_TRY_VOID(remove_child(parent, index));
    for (std::size_t at = piece + 1; at < j_end; ++at) BOSSEY_TRY_VOID(insert(parent, index, pieces[at]));
    return {};
  }

  Result<void> insert(crdt::XmlElement& parent, std::uint64_t& index, const Piece& piece) {
    std::vector<Inline> inlines = piece.text;
    if (piece.atom != nullptr) inlines = {*piece.atom};
    for (Inline& one : inlines) one = brackets_.renamed(one);
    return insert_inlines(parent, index, inlines);
  }

  BracketNames brackets_;
};

}  // namespace

Result<void> replace_section(crdt::Doc& doc, const Section& section, crdt::Origin origin) {
  const Section wanted = normalize(section);
  Result<void> done;
  doc.transact(
      [&] {
        crdt::Text title = doc.text(kTitleRoot);
        crdt::XmlFragment body = doc.xml_fragment(kBodyRoot);
        done = replace_plain(title, wanted.title);
        if (done) done = Replacer(write_canonical(wanted)).children(body, wanted.body);
        std::uint64_t index = 0;
        if (done && body.length() == 0) done = insert_block(body, index, Block{});
      },
      origin);
  return done;
}

Result<void> replace_title(crdt::Doc& doc, std::string_view title, crdt::Origin origin) {
  Result<void> done;
  doc.transact(
      [&] {
        crdt::Text text = doc.text(kTitleRoot);
        done = replace_plain(text, title);
      },
      origin);
  return done;
}

}  // namespace bossey::document
