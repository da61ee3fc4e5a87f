#include "document/bracket_marks.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <variant>

#include "document/content_hash.hpp"
#include "document/section_document.hpp"
#include "document/section_nodes.hpp"
#include "lib0/utf8.hpp"

namespace bossey::document {
namespace {

/// The texts of a body in reading order, without those of footnotes: words are looked for in what reads on.
struct Flow {
  struct Piece {
    crdt::XmlText text;
    std::string words;
    std::size_t begin = 0;  ///< Where it stands in `all`.
  };
  std::vector<Piece> pieces;
  std::string all;
};

void add_line_end(std::string& all) {
  if (!all.empty() && all.back() != '\n') all += '\n';
}

void read_flow(const crdt::XmlFragment& parent, Flow& flow) {
  for (const crdt::Element& child : parent.children()) {
    const auto* shared = std::get_if<crdt::Shared>(&child);
    if (shared == nullptr) continue;
    if (const auto text = crdt::XmlText::from(*shared)) {
      std::string words = text->plain();
      flow.pieces.push_back({*text, words, flow.all.size()});
      flow.all += words;
      continue;
    }
    const auto element = crdt::XmlElement::from(*shared);
    if (!element) continue;
    if (element->node_name() == kFootnoteNode) continue;
    if (element->node_name() == kHardBreakNode) {
      flow.all += '\n';
      continue;
    }
    add_line_end(flow.all);
    read_flow(*element, flow);
    add_line_end(flow.all);
  }
}

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/// The words with runs of spaces as one space, and where each octet stood.
struct Squeezed {
  std::string text;
  std::vector<std::size_t> at;
};

Squeezed squeeze(std::string_view text) {
  Squeezed out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool space = is_space(text[i]);
    if (space && (out.text.empty() || out.text.back() == ' ')) continue;
    out.text += space ? ' ' : text[i];
    out.at.push_back(i);
  }
  while (!out.text.empty() && out.text.back() == ' ') {
    out.text.pop_back();
    out.at.pop_back();
  }
  return out;
}

/// Begin and end in `text` of each place where `words` stand; places do not overlap.
std::vector<std::pair<std::size_t, std::size_t>> places_of(const std::string& text, std::string_view words) {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  const Squeezed all = squeeze(text);
  const std::string wanted = squeeze(words).text;
  if (wanted.empty()) return out;
  for (std::size_t at = all.text.find(wanted); at != std::string::npos; at = all.text.find(wanted, at + wanted.size()))
    out.emplace_back(all.at[at], all.at[at + wanted.size() - 1] + 1);
  return out;
}

Result<void> bracket_within(const Flow::Piece& piece, std::size_t from, std::size_t to, const std::string& id) {
  const std::size_t begin = std::max(from, piece.begin) - piece.begin;
  const std::size_t end = std::min(to, piece.begin + piece.words.size()) - piece.begin;
  const std::string_view words = piece.words;
  Marks marks;
  marks.brackets = {id};
  crdt::XmlText text = piece.text;
  return text.apply_delta(
      {{crdt::DeltaOp::Retain{lib0::utf16_length(words.substr(0, begin))}, {}},
       {crdt::DeltaOp::Retain{lib0::utf16_length(words.substr(begin, end - begin))}, attributes_of(marks)}});
}

/// The keys of attributes that are bracket marks to be lifted, as null; the ids go to `lifted`.
crdt::Attributes lifting(const crdt::Attributes& attributes, const std::set<std::string>& ids,
                         std::set<std::string>& lifted) {
  crdt::Attributes out;
  for (const auto& [key, value] : attributes) {
    if (mark_name(key) != "bracket" || value.is_null() || value.is_undefined()) continue;
    const lib0::AnyObject* attrs = value.as_object();
    const lib0::Any* id = attrs == nullptr ? nullptr : attrs->find("id");
    const std::string name = id != nullptr && id->as_string() != nullptr ? *id->as_string() : key;
    if (!ids.empty() && !ids.contains(name)) continue;
    lifted.insert(name);
    out.set(key, lib0::Null{});
  }
  return out;
}

std::uint64_t length_of(const crdt::DeltaInsert& op) {
  const auto* words = std::get_if<std::string>(&op.insert);
  return words == nullptr ? 1 : lib0::utf16_length(*words);
}

Result<void> lift_in_text(crdt::XmlText& text, const std::set<std::string>& ids, std::set<std::string>& lifted) {
  std::vector<crdt::DeltaOp> ops;
  bool changes = false;
  for (const crdt::DeltaInsert& op : text.to_delta()) {
    crdt::Attributes attributes = lifting(op.attributes, ids, lifted);
    changes = changes || attributes.begin() != attributes.end();
    ops.push_back({crdt::DeltaOp::Retain{length_of(op)}, std::move(attributes)});
  }
  return changes ? text.apply_delta(ops) : Result<void>{};
}

Result<void> lift_within(const crdt::XmlFragment& parent, const std::set<std::string>& ids,
                         std::set<std::string>& lifted) {
  for (const crdt::Element& child : parent.children()) {
    const auto* shared = std::get_if<crdt::Shared>(&child);
    if (shared == nullptr) continue;
    if (auto text = crdt::XmlText::from(*shared)) {
      BOSSEY_TRY_VOID(lift_in_text(*text, ids, lifted));
    } else if (const auto element = crdt::XmlElement::from(*shared)) {
      BOSSEY_TRY_VOID(lift_within(*element, ids, lifted));
    }
  }
  return {};
}

/// Collects the words of each mark over the blocks of a body.
class Collector {
 public:
  void add(const std::vector<Block>& blocks) {
    for (const Block& block : blocks) {
      ++block_;
      add(block.inlines);
      add(block.children);
    }
  }
  [[nodiscard]] std::vector<BracketText> end() {
    // Marks that begin together: the longer one is around the other.
    std::stable_sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) {
      return a.first != b.first ? a.first < b.first : a.last > b.last;
    });
    std::vector<BracketText> out;
    for (Found& one : found_) {
      const auto around = std::count_if(found_.begin(), found_.end(), [&](const Found& other) {
        return &other != &one && other.first <= one.first && other.last >= one.last &&
               (other.first < one.first || other.last > one.last || &other < &one);
      });
      out.push_back({one.id, one.words, static_cast<std::uint32_t>(around)});
    }
    return out;
  }

 private:
  struct Found {
    std::string id;
    std::string words;
    std::size_t first = 0, last = 0;  ///< Runs, in reading order.
    std::size_t block = 0;
  };

  void add(const std::vector<Inline>& inlines) {
    for (const Inline& one : inlines) {
      if (one.kind == InlineKind::footnote) add(one.content);
      if (one.kind != InlineKind::text) continue;
      ++run_;
      for (const std::string& id : one.marks.brackets) add(id, one.text);
    }
  }
  void add(const std::string& id, const std::string& text) {
    const auto [at, is_new] = index_.try_emplace(id, found_.size());
    if (is_new) found_.push_back({id, {}, run_, run_, block_});
    Found& mark = found_[at->second];
    if (mark.block != block_) mark.words += '\n';
    mark.block = block_;
    mark.last = run_;
    mark.words += text;
  }

  std::vector<Found> found_;
  std::unordered_map<std::string, std::size_t> index_;
  std::size_t run_ = 0, block_ = 0;
};

void add_plain(const std::vector<Block>& blocks, std::string& out) {
  for (const Block& block : blocks) {
    add_line_end(out);
    for (const Inline& one : block.inlines) {
      if (one.kind == InlineKind::text) out += one.text;
      if (one.kind == InlineKind::hard_break) out += '\n';
    }
    add_plain(block.children, out);
    add_line_end(out);
  }
}

}  // namespace

std::vector<BracketText> bracket_texts(const Section& section) {
  Collector collector;
  collector.add(section.body);
  return collector.end();
}

std::size_t count_occurrences(const Section& section, std::string_view words) {
  std::string all;
  add_plain(section.body, all);
  return places_of(all, words).size();
}

Result<void> set_bracket(crdt::Doc& doc, std::string_view words, std::size_t nth, const std::string& id) {
  if (squeeze(words).text.empty()) return fail(Errc::bad_input, "Choose the words to put in brackets.");
  Flow flow;
  read_flow(doc.xml_fragment(kBodyRoot), flow);
  const auto places = places_of(flow.all, words);
  if (nth >= places.size()) return fail(Errc::not_found, "These words are no longer there. Look again.");
  const auto [from, to] = places[nth];
  Result<void> done;
  doc.transact([&, from = from, to = to] {
    for (const Flow::Piece& piece : flow.pieces) {
      if (piece.begin >= to || piece.begin + piece.words.size() <= from) continue;
      if (done = bracket_within(piece, from, to, id); !done) return;
    }
  });
  return done;
}

Result<std::size_t> lift_brackets(crdt::Doc& doc, const std::set<std::string>& ids) {
  std::set<std::string> lifted;
  Result<void> done;
  doc.transact([&] { done = lift_within(doc.xml_fragment(kBodyRoot), ids, lifted); });
  if (!done) return tl::unexpected<Error>(done.error());
  return lifted.size();
}

}  // namespace bossey::document
