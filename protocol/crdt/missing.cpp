#include "crdt/missing.hpp"

#include <algorithm>
#include <vector>

#include "crdt/doc_state.hpp"
#include "crdt/struct_reader.hpp"

namespace bossey::crdt {
namespace {

/// A run of structs of one client.
struct Run {
  ClientId client;
  Clock clock = 0;
  Clock end = 0;
};

class Missing {
 public:
  explicit Missing(const StructStore& store) : store_(store) {}

  void add(const UpdateStruct& one) {
    const bool goes_on = !runs_.empty() && runs_.back().client == one.id.client && runs_.back().end == one.id.clock;
    if (!goes_on) runs_.push_back({one.id.client, one.id.clock, one.id.clock});
    runs_.back().end = one.end();
    if (!one.is_item() || one.end() <= store_.state(one.id.client)) return;
    if (one.origin) name(one, *one.origin);
    if (one.right_origin) name(one, *one.right_origin);
    if (one.parent == UpdateStruct::Parent::item) name(one, one.parent_id);
  }

  [[nodiscard]] std::optional<Id> find() {
    for (const Run& run : runs_)
      if (run.clock > store_.state(run.client)) return Id{run.client, run.clock};
    std::sort(runs_.begin(), runs_.end(), [](const Run& a, const Run& b) {
      return Id{a.client, a.clock} < Id{b.client, b.clock};
    });
    for (const Id& id : named_)
      if (!brings(id)) return Id{id.client, id.clock + 1};
    return std::nullopt;
  }

 private:
  void name(const UpdateStruct& by, const Id& id) {
    // What the same client made before is there if its runs begin where the document ends.
    const bool before = id.client == by.id.client && id.clock < by.id.clock;
    if (!before && id.clock >= store_.state(id.client)) named_.push_back(id);
  }

  [[nodiscard]] bool brings(const Id& id) const {
    const auto after = std::upper_bound(runs_.begin(), runs_.end(), id, [](const Id& wanted, const Run& run) {
      return wanted < Id{run.client, run.clock};
    });
    return after != runs_.begin() && std::prev(after)->client == id.client && id.clock < std::prev(after)->end;
  }

  const StructStore& store_;
  std::vector<Run> runs_;
  std::vector<Id> named_;  ///< What the document lacks.
};

}  // namespace

Result<std::optional<Id>> missing_before(const Doc& doc, BytesView update, UpdateFormat format) {
  BOSSEY_TRY(const auto reader, UpdateReader::open(update, format));
  Missing missing(doc.state().store);
  UpdateStruct next;
  for (;;) {
    BOSSEY_TRY(const bool more, reader->next(next));
    if (!more) break;
    if (next.kind() != ContentKind::skip) missing.add(next);
  }
  return missing.find();
}

}  // namespace bossey::crdt
