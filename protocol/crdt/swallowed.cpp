#include "crdt/swallowed.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "crdt/doc_state.hpp"
#include "crdt/struct_reader.hpp"
#include "crdt/struct_writer.hpp"
#include "crdt/updates.hpp"

namespace bossey::crdt {
namespace {

struct Parts {
  std::unique_ptr<UpdateReader> reader;  ///< The structs have views of what it has read.
  std::vector<UpdateStruct> structs;
  DeleteSet deletes;  ///< Normalized.
};

/// Reads an update; of its structs only what lies behind `known(client)`.
template <class Known>
Result<Parts> read_parts(BytesView update, UpdateFormat format, Known known) {
  Parts parts;
  BOSSEY_TRY(parts.reader, UpdateReader::open(update, format));
  for (;;) {
    UpdateStruct next;
    BOSSEY_TRY(const bool more, parts.reader->next(next));
    if (!more) break;
    const Clock state = known(next.id.client);
    if (next.kind() == ContentKind::skip || next.end() <= state) continue;
    if (state > next.id.clock) next.drop_front(state - next.id.clock);
    parts.structs.push_back(std::move(next));
  }
  BOSSEY_TRY(parts.deletes, parts.reader->read_delete_set());
  parts.deletes.normalize();
  return parts;
}

/// Finds out for each new struct of an update whether the document would delete it. Follows the rules of integration
/// without integrating: a struct goes where its parent or a neighbour is, and that may be new itself.
class Fates {
 public:
  Fates(const DocState& doc, const Parts& parts) : doc_(doc), parts_(parts), fates_(parts.structs.size()) {
    for (std::size_t i = 0; i < parts.structs.size(); ++i) places_.emplace(parts.structs[i].id, i);
  }

  [[nodiscard]] bool swallowed(std::size_t at) {
    std::vector<std::size_t> path;
    Fate fate = Fate::unknown;
    while (fate == Fate::unknown) {
      if (fates_[at] == Fate::asked) fate = Fate::lands;  // it builds on itself: the engine refuses it
      if (fates_[at] == Fate::lands || fates_[at] == Fate::swallowed) fate = fates_[at];
      if (fate != Fate::unknown) break;
      fates_[at] = Fate::asked;
      path.push_back(at);
      const Step step = look(parts_.structs[at]);
      fate = step.fate;
      at = step.next;
    }
    for (const std::size_t passed : path) fates_[passed] = fate;
    return fate == Fate::swallowed;
  }

 private:
  enum class Fate : std::uint8_t { unknown, asked, lands, swallowed };
  struct Step {
    Fate fate = Fate::unknown;
    std::size_t next = 0;  ///< While it is unknown: the struct that has the same fate.
  };

  [[nodiscard]] const Item* known(const Id& id) const {
    const ClientIndex client = doc_.store.find_client(id.client);
    if (client == kNoClient || id.clock >= doc_.store.structs(client).state()) return nullptr;
    return doc_.store.find({client, static_cast<std::uint32_t>(id.clock)});
  }

  [[nodiscard]] std::optional<std::size_t> in_update(const Id& id) const {
    const auto after = places_.upper_bound(id);
    if (after == places_.begin()) return std::nullopt;
    const std::size_t at = std::prev(after)->second;
    const UpdateStruct& found = parts_.structs[at];
    return found.id.client == id.client && id.clock < found.end() ? std::optional(at) : std::nullopt;
  }

  [[nodiscard]] static Step decided(bool swallowed) { return {swallowed ? Fate::swallowed : Fate::lands, 0}; }

  [[nodiscard]] Step look(const UpdateStruct& one) const {
    if (!one.is_item()) return decided(true);
    if (is_collected(one.origin) || is_collected(one.right_origin)) return decided(true);
    if (one.parent == UpdateStruct::Parent::root) return decided(false);
    if (one.parent == UpdateStruct::Parent::item) return look_at_parent(one.parent_id);
    const Id beside = one.origin ? *one.origin : one.right_origin.value_or(one.id);
    if (const Item* item = known(beside)) return decided(is_gone(item->parent()));
    const auto at = in_update(beside);
    return at ? Step{Fate::unknown, *at} : decided(false);
  }

  [[nodiscard]] Step look_at_parent(const Id& parent) const {
    if (parts_.deletes.contains(parent)) return decided(true);
    if (const Item* item = known(parent)) return decided(item->deleted());
    const auto at = in_update(parent);
    if (at && parts_.structs[*at].kind() == ContentKind::deleted) return decided(true);
    return at ? Step{Fate::unknown, *at} : decided(false);
  }

  [[nodiscard]] bool is_collected(const std::optional<Id>& id) const {
    const Item* item = id ? known(*id) : nullptr;
    return item != nullptr && item->is_gc();
  }

  [[nodiscard]] bool is_gone(const SharedType* type) const {
    if (type == nullptr || type->item == nullptr) return type == nullptr;
    return type->gone() || parts_.deletes.contains(doc_.store.global(type->item->id()));
  }

  const DocState& doc_;
  const Parts& parts_;
  std::vector<Fate> fates_;
  std::map<Id, std::size_t> places_;
};

/// One update of these structs and what it deletes of their clients.
Result<Bytes> update_of(const std::vector<const UpdateStruct*>& structs, const DeleteSet& deletes,
                        UpdateFormat format) {
  std::vector<Bytes> updates;
  DeleteSet theirs;
  std::optional<ClientId> client;
  for (const UpdateStruct* one : structs) {
    const auto writer = StructWriter::make(format);
    writer->write(*one);
    updates.push_back(writer->finish({}));
    if (client == one->id.client) continue;
    client = one->id.client;
    if (const auto* ranges = deletes.find(*client))
      for (const DeleteSet::Range& range : *ranges) theirs.add(*client, range.clock, range.length);
  }
  theirs.normalize();
  updates.push_back(StructWriter::make(format)->finish(theirs));
  return merge_updates({updates.begin(), updates.end()}, format);
}

/// Cuts a struct in two; returns what lies behind its first `units` units.
UpdateStruct cut(UpdateStruct& left, Clock units) {
  UpdateStruct right;
  right.id = {left.id.client, left.id.clock + units};
  right.length = left.length - units;
  right.origin = Id{left.id.client, right.id.clock - 1};
  right.right_origin = left.right_origin;
  right.content = left.content.split(units);
  left.length = units;
  return right;
}

/// The structs of one update in the order of the text, as far as they name each other.
class Arrangement {
 public:
  void add(UpdateStruct&& next) {
    if (next.origin)
      if (const auto beside = find(*next.origin)) return put_behind(*beside, next.origin->clock, std::move(next));
    if (next.right_origin)
      if (const auto beside = find(*next.right_origin)) return put_before(*beside, *next.right_origin, std::move(next));
    std::size_t run = runs_.size();
    if (next.parent == UpdateStruct::Parent::item) run = by_parent_.emplace(next.parent_id, run).first->second;
    if (run == runs_.size()) runs_.emplace_back();
    link(run, runs_[run].last, std::move(next));
  }

  [[nodiscard]] std::string text(const DeleteSet& deletes) {
    std::string out;
    for (Run& run : runs_) {
      std::string words;
      for (std::uint32_t at = run.first; at != kNone; at = pieces_[at].next)
        append_kept(words, pieces_[at].what, deletes);
      if (words.empty()) continue;
      if (!out.empty()) out += '\n';
      out += words;
    }
    return out;
  }

 private:
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;
  struct Piece {
    UpdateStruct what;
    std::size_t run = 0;
    std::uint32_t previous = kNone;
    std::uint32_t next = kNone;
  };
  struct Run {
    std::uint32_t first = kNone;
    std::uint32_t last = kNone;
  };

  [[nodiscard]] std::optional<std::uint32_t> find(const Id& id) const {
    const auto after = places_.upper_bound(id);
    if (after == places_.begin()) return std::nullopt;
    const std::uint32_t at = std::prev(after)->second;
    const UpdateStruct& what = pieces_[at].what;
    return what.id.client == id.client && id.clock < what.end() ? std::optional(at) : std::nullopt;
  }

  /// Behind `previous`, or first in the run.
  void link(std::size_t run, std::uint32_t previous, UpdateStruct&& what) {
    const auto at = static_cast<std::uint32_t>(pieces_.size());
    places_[what.id] = at;
    const std::uint32_t next = previous == kNone ? runs_[run].first : pieces_[previous].next;
    pieces_.push_back({std::move(what), run, previous, next});
    (previous == kNone ? runs_[run].first : pieces_[previous].next) = at;
    (next == kNone ? runs_[run].last : pieces_[next].previous) = at;
  }

  void put_behind(std::uint32_t beside, Clock clock, UpdateStruct&& what) {
    split(beside, clock + 1);
    link(pieces_[beside].run, beside, std::move(what));
  }

  void put_before(std::uint32_t beside, const Id& id, UpdateStruct&& what) {
    split(beside, id.clock);
    if (id.clock > pieces_[beside].what.id.clock) return link(pieces_[beside].run, beside, std::move(what));
    link(pieces_[beside].run, pieces_[beside].previous, std::move(what));
  }

  /// Ends piece `at` before that clock.
  void split(std::uint32_t at, Clock clock) {
    UpdateStruct& left = pieces_[at].what;
    if (clock <= left.id.clock || clock >= left.end()) return;
    UpdateStruct right = cut(left, clock - left.id.clock);
    link(pieces_[at].run, at, std::move(right));
  }

  static void append_kept(std::string& out, UpdateStruct& what, const DeleteSet& deletes) {
    if (what.kind() != ContentKind::string) return;
    const auto* ranges = deletes.find(what.id.client);
    if (ranges != nullptr)
      for (const DeleteSet::Range& range : *ranges) {
        if (range.end() <= what.id.clock || what.length == 0) continue;
        if (range.clock >= what.end()) break;
        if (range.clock > what.id.clock) {
          UpdateStruct rest = cut(what, range.clock - what.id.clock);
          out += what.content.text();
          what = std::move(rest);
        }
        if (range.end() >= what.end()) return;
        what = cut(what, range.end() - what.id.clock);
      }
    out += what.content.text();
  }

  std::vector<Piece> pieces_;
  std::vector<Run> runs_;
  std::map<Id, std::uint32_t> places_;
  std::map<Id, std::size_t> by_parent_;
};

struct Divided {
  DeleteSet inside;
  DeleteSet outside;
};

/// The units of a set that another holds, and the rest. All normalized.
Divided divide(const DeleteSet& set, const DeleteSet& by) {
  Divided parts;
  for (const auto& [client, ranges] : set.clients()) {
    const auto* others = by.find(client);
    std::size_t i = 0;
    for (const DeleteSet::Range& range : ranges) {
      Clock clock = range.clock;
      while (others != nullptr && i < others->size() && (*others)[i].end() <= clock) ++i;
      for (std::size_t j = i; others != nullptr && j < others->size() && (*others)[j].clock < range.end(); ++j) {
        const Clock start = std::max((*others)[j].clock, clock);
        const Clock end = std::min((*others)[j].end(), range.end());
        if (start > clock) parts.outside.add(client, clock, start - clock);
        if (end > start) parts.inside.add(client, start, end - start);
        clock = end;
      }
      if (clock < range.end()) parts.outside.add(client, clock, range.end() - clock);
    }
  }
  parts.inside.normalize();
  parts.outside.normalize();
  return parts;
}

}  // namespace

Result<Swallowed> swallowed_words(const Doc& doc, BytesView update, UpdateFormat format) {
  const DocState& state = doc.state();
  BOSSEY_TRY(const Parts parts,
             read_parts(update, format, [&state](ClientId client) { return state.store.state(client); }));
  Fates fates(state, parts);
  std::vector<const UpdateStruct*> lost;
  bool words = false;
  for (std::size_t i = 0; i < parts.structs.size(); ++i) {
    const UpdateStruct& one = parts.structs[i];
    if (!one.is_item() || !fates.swallowed(i)) continue;
    lost.push_back(&one);
    words = words || one.kind() == ContentKind::string;
  }
  Swallowed swallowed;
  if (!words) return swallowed;
  BOSSEY_TRY(Bytes alone, update_of(lost, parts.deletes, format));
  BOSSEY_TRY(swallowed.text, inserted_text(alone, format));
  if (!swallowed.text.empty()) swallowed.update = std::move(alone);
  return swallowed;
}

Result<std::string> inserted_text(BytesView update, UpdateFormat format) {
  BOSSEY_TRY(Parts parts, read_parts(update, format, [](ClientId) { return Clock{0}; }));
  Arrangement arrangement;
  for (UpdateStruct& one : parts.structs)
    if (one.is_item()) arrangement.add(std::move(one));
  return arrangement.text(parts.deletes);
}

Result<void> add_words(WordUnits& units, BytesView update) {
  BOSSEY_TRY(const Parts parts, read_parts(update, UpdateFormat::v1, [](ClientId) { return Clock{0}; }));
  DeleteSet words;
  DeleteSet named;
  for (const UpdateStruct& one : parts.structs) {
    if (!one.is_item()) continue;
    words.add(one.id.client, one.id.clock, one.length);
    if (one.origin) named.add(one.origin->client, one.origin->clock, 1);
    if (one.right_origin) named.add(one.right_origin->client, one.right_origin->clock, 1);
    if (one.parent == UpdateStruct::Parent::item) named.add(one.parent_id.client, one.parent_id.clock, 1);
  }
  words.normalize();
  named.normalize();
  units.words.merge(words);
  units.place.merge(named);
  units.place = divide(units.place, units.words).outside;
  units.words = divide(units.words, parts.deletes).outside;
  return {};
}

Result<Bytes> take_back_words(WordUnits& units, BytesView update) {
  BOSSEY_TRY(const DeleteSet deletes, delete_set_of(update));
  if (!divide(units.place, deletes).inside.empty()) return Bytes{};
  Divided words = divide(units.words, deletes);
  if (words.inside.empty()) return Bytes{};
  units.words = std::move(words.outside);
  return StructWriter::make(UpdateFormat::v1)->finish(words.inside);
}

}  // namespace bossey::crdt
