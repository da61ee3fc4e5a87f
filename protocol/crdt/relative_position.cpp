#include "crdt/relative_position.hpp"

#include "crdt/handle_factory.hpp"
#include "crdt/redo_items.hpp"
#include "lib0/decoder.hpp"
#include "lib0/encoder.hpp"

namespace bossey::crdt {
namespace {

enum Tag : std::uint64_t { kItem = 0, kRoot = 1, kType = 2 };

void write_id(lib0::Encoder& out, const Id& id) {
  out.var_uint(id.client.value);
  out.var_uint(id.clock);
}

Result<Id> read_id(lib0::Decoder& in) {
  BOSSEY_TRY(const std::uint64_t client, in.var_uint());
  BOSSEY_TRY(const std::uint64_t clock, in.var_uint());
  return Id{ClientId{client}, clock};
}

/// The unit, or what stands for it now; nullopt if it is not there yet.
std::optional<LocalId> find_known(const StructStore& store, const Id& id, bool follow_undone) {
  const ClientIndex client = store.find_client(id.client);
  if (client == kNoClient || id.clock >= store.structs(client).state()) return std::nullopt;
  const LocalId unit{client, static_cast<std::uint32_t>(id.clock)};
  return follow_undone ? follow_redone(store, unit) : unit;
}

std::uint64_t visible_before(const Item& item) {
  std::uint64_t units = 0;
  for (const Item* left = item.left(); left != nullptr; left = left->left())
    units += left->visible() ? left->length() : 0;
  return units;
}

RelativePosition in_type(const DocState& state, const SharedType& type, std::int64_t assoc) {
  RelativePosition place;
  place.assoc = assoc;
  if (type.item == nullptr)
    place.root = type.name;
  else
    place.type = state.store.global(type.item->id());
  return place;
}

RelativePosition at_unit(const DocState& state, const SharedType& type, LocalId unit, std::int64_t assoc) {
  RelativePosition place = in_type(state, type, assoc);
  place.item = state.store.global(unit);
  return place;
}

}  // namespace

Result<RelativePosition> RelativePosition::decode(BytesView bytes) {
  lib0::Decoder in(bytes);
  RelativePosition place;
  BOSSEY_TRY(const std::uint64_t tag, in.var_uint());
  if (tag == kItem) {
    BOSSEY_TRY(place.item, read_id(in));
  } else if (tag == kRoot) {
    BOSSEY_TRY(place.root, in.var_string());
  } else if (tag == kType) {
    BOSSEY_TRY(place.type, read_id(in));
  } else {
    return in.malformed("no relative position");
  }
  if (!in.empty()) {
    BOSSEY_TRY(const lib0::SignedVarint assoc, in.var_int());
    place.assoc = assoc.value();
  }
  BOSSEY_TRY_VOID(in.expect_end());
  return place;
}

Bytes RelativePosition::encode() const {
  lib0::Encoder out;
  if (item) {
    out.var_uint(kItem);
    write_id(out, *item);
  } else if (root) {
    out.var_uint(kRoot);
    out.var_string(*root);
  } else {
    out.var_uint(kType);
    write_id(out, type.value_or(Id{}));
  }
  out.var_int(assoc);
  return out.take();
}

std::optional<RelativePosition> relative_position(const Shared& type, std::uint64_t index, std::int64_t assoc) {
  const SharedType* shared = HandleFactory::type_of(type);
  if (shared == nullptr) return std::nullopt;
  const DocState& state = HandleFactory::state_of(type);
  if (assoc < 0) {
    if (index == 0) return in_type(state, *shared, assoc);
    --index;
  }
  for (const Item* item = shared->start; item != nullptr; item = item->right()) {
    if (item->visible()) {
      if (index < item->length())
        return at_unit(state, *shared, {item->client(), item->clock() + static_cast<std::uint32_t>(index)}, assoc);
      index -= item->length();
    }
    if (item->right() == nullptr && assoc < 0) return at_unit(state, *shared, item->last_id(), assoc);
  }
  return in_type(state, *shared, assoc);
}

std::optional<AbsolutePosition> absolute_position(Doc& doc, const RelativePosition& place, bool follow_undone) {
  auto& state = const_cast<DocState&>(doc.state());  // the document is not const, only this way to it is
  if (place.item) {
    const auto unit = find_known(state.store, *place.item, follow_undone);
    if (!unit) return std::nullopt;
    const Item* item = state.store.find(*unit);
    if (item->is_gc()) return std::nullopt;
    const std::uint64_t within = unit->clock - item->clock() + (place.assoc >= 0 ? 0 : 1);
    const std::uint64_t index = item->parent()->gone() ? 0 : visible_before(*item) + (item->visible() ? within : 0);
    return AbsolutePosition{state.handle(item->parent()), index};
  }
  SharedType* type = nullptr;
  if (place.root) {
    type = &state.root(*place.root);
  } else if (place.type) {
    const auto unit = find_known(state.store, *place.type, follow_undone);
    const Item* holder = unit ? state.store.find(*unit) : nullptr;
    if (holder != nullptr && holder->kind() == ContentKind::type) type = holder->content().type();
  }
  if (type == nullptr) return std::nullopt;
  return AbsolutePosition{state.handle(type), place.assoc >= 0 ? type->length : 0};
}

}  // namespace bossey::crdt
