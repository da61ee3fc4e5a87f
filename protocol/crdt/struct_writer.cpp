#include "crdt/struct_writer.hpp"

#include <algorithm>
#include <optional>

#include "crdt/shared_type.hpp"
#include "crdt/struct_store.hpp"
#include "lib0/json.hpp"
#include "lib0/utf8.hpp"

namespace bossey::crdt {
namespace {

template <class Fields>
void write_text(Fields& out, std::string_view text, Clock offset, Clock units) {
  if (offset == 0) {
    out.string(text, units);
    return;
  }
  const lib0::Utf8Place start = lib0::place_of_utf16(text, offset);
  if (!start.splits_pair) {
    out.string(text.substr(start.byte), units - offset);
    return;
  }
  std::string repaired(lib0::kReplacement);
  repaired += text.substr(start.byte + 4);
  out.string(repaired, units - offset);
}

template <class Fields>
void write_content(Fields& out, const Content& content, Clock offset, Clock length) {
  switch (content.kind()) {
    case ContentKind::gc:
    case ContentKind::deleted:
      out.length(length - offset);
      break;
    case ContentKind::skip:
      out.rest().var_uint(length - offset);
      break;
    case ContentKind::string:
      write_text(out, content.text(), offset, length);
      break;
    case ContentKind::any:
      out.length(length - offset);
      for (Clock i = offset; i < length; ++i) out.rest().any(content.elements()[i]);
      break;
    case ContentKind::json:
      out.length(length - offset);
      for (Clock i = offset; i < length; ++i) {
        const lib0::Any& element = content.elements()[i];
        out.string(element.is_undefined() ? "undefined" : lib0::to_json(element));
      }
      break;
    case ContentKind::binary:
      out.rest().var_bytes(content.octets());
      break;
    case ContentKind::embed:
      out.json(content.embed());
      break;
    case ContentKind::format:
      out.key(content.mark().key);
      out.json(content.mark().value);
      break;
    case ContentKind::type: {
      const SharedType& type = *content.type();
      out.type_ref(type_ref(type.kind));
      if (type.kind == SharedKind::xml_element || type.kind == SharedKind::xml_hook) out.key(type.name);
      break;
    }
    case ContentKind::doc:
      out.string(content.subdocument().guid);
      out.rest().any(content.subdocument().options);
      break;
  }
}

/// Info octet and ids; true if the parent has to follow.
template <class Fields>
bool write_head(Fields& out, ContentKind kind, const std::optional<Id>& origin, const std::optional<Id>& right_origin,
                bool has_sub) {
  out.info(static_cast<std::uint8_t>(static_cast<unsigned>(kind) | (origin ? kHasOrigin : 0U) |
                                     (right_origin ? kHasRightOrigin : 0U) | (has_sub ? kHasParentSub : 0U)));
  if (origin) out.left_id(*origin);
  if (right_origin) out.right_id(*right_origin);
  return !origin && !right_origin;
}

template <class Fields>
void write_struct(Fields& out, const UpdateStruct& next, Clock offset) {
  if (!next.is_item()) {
    out.info(static_cast<std::uint8_t>(next.kind()));
  } else {
    const std::optional<Id> origin = offset > 0 ? Id{next.id.client, next.id.clock + offset - 1} : next.origin;
    if (write_head(out, next.kind(), origin, next.right_origin, next.parent_sub.has_value())) {
      const bool is_root = next.parent == UpdateStruct::Parent::root;
      out.parent_is_root(is_root);
      if (is_root)
        out.string(next.parent_root);
      else
        out.left_id(next.parent_id);
      if (next.parent_sub) out.string(*next.parent_sub);
    }
  }
  write_content(out, next.content, offset, next.length);
}

template <class Fields>
void write_item_head(Fields& out, const StructStore& store, const Item& item, std::uint32_t offset) {
  const Kin& kin = item.kin();
  const bool has_origin = offset > 0 || kin.origin_client != kNoClient;
  const bool has_right_origin = kin.right_origin_client != kNoClient;
  out.info(static_cast<std::uint8_t>(static_cast<unsigned>(item.kind()) | (has_origin ? kHasOrigin : 0U) |
                                     (has_right_origin ? kHasRightOrigin : 0U) |
                                     (kin.parent_sub != nullptr ? kHasParentSub : 0U)));
  if (offset > 0)
    out.left_id(store.global({kin.client, item.clock() + offset - 1}));
  else if (has_origin)
    out.left_id(store.global(item.origin()));
  if (has_right_origin) out.right_id(store.global(item.right_origin()));
  if (has_origin || has_right_origin) return;
  const Item* holder = kin.parent->item;
  out.parent_is_root(holder == nullptr);
  if (holder == nullptr)
    out.string(kin.parent->name);
  else
    out.left_id(store.global(holder->id()));
  if (kin.parent_sub != nullptr) out.string(*kin.parent_sub);
}

template <class Fields>
void write_item(Fields& out, const StructStore& store, const Item& item, std::uint32_t offset) {
  switch (item.kind()) {
    case ContentKind::gc:
      out.info(0);
      out.length(item.length() - offset);
      return;
    case ContentKind::deleted:
      write_item_head(out, store, item, offset);
      out.length(item.length() - offset);
      return;
    case ContentKind::string:
      write_item_head(out, store, item, offset);
      out.text(item.text().from(offset));
      return;
    default:
      write_item_head(out, store, item, offset);
      write_content(out, item.content(), offset, item.length());
  }
}

/// Ranges ascending and apart, which v2 needs: it writes differences.
bool is_ascending(const std::vector<DeleteSet::Range>& ranges) {
  const auto overlaps = [](const auto& left, const auto& right) { return right.clock < left.end(); };
  return std::adjacent_find(ranges.begin(), ranges.end(), overlaps) == ranges.end();
}

template <class Fields>
void write_deletes(Fields& out, const DeleteSet& deletes) {
  std::vector<const DeleteSet::ClientRanges*> clients;
  clients.reserve(deletes.clients().size());
  for (const auto& client : deletes.clients()) {
    if (Fields::kAscendingDeletes && !is_ascending(client.ranges)) {
      DeleteSet normalized = deletes;  // only octets from outside can be like this
      normalized.normalize();
      write_deletes(out, normalized);
      return;
    }
    clients.push_back(&client);
  }
  std::sort(clients.begin(), clients.end(), [](const auto* a, const auto* b) { return a->client > b->client; });
  out.rest().var_uint(clients.size());
  for (const auto* client : clients) {
    out.start_delete_client();
    out.rest().var_uint(client->client.value);
    out.rest().var_uint(client->ranges.size());
    for (const DeleteSet::Range& range : client->ranges) out.delete_range(range.clock, range.length);
  }
}

template <class Fields>
class Writer final : public StructWriter {
 public:
  void write(const UpdateStruct& next, Clock offset) override {
    if (written_ > 0 && client_ != next.id.client) flush();
    if (written_ == 0) {
      client_ = next.id.client;
      out_.client(client_);
      out_.rest().var_uint(next.id.clock + offset);
    }
    write_struct(out_, next, offset);
    ++written_;
  }

  Bytes finish(const DeleteSet& deletes) override {
    flush();
    lib0::Encoder& rest = out_.rest();
    rest.var_uint(sections_.size());
    for (const Section& section : sections_) {
      rest.var_uint(section.count);
      rest.bytes(section.octets);
    }
    write_deletes(out_, deletes);
    return out_.finish();
  }

 private:
  struct Section {
    std::size_t count;
    Bytes octets;
  };

  void flush() {
    if (written_ > 0) sections_.push_back({written_, out_.rest().take()});
    written_ = 0;
  }

  Fields out_;
  ClientId client_;
  std::size_t written_ = 0;
  std::vector<Section> sections_;
};

void write_deletes(UpdateEncoderV1& out, BytesView written) {
  out.rest().bytes(written);
}
void write_deletes(UpdateEncoderV2& out, BytesView written) {
  out.rest().bytes(written);
}

template <class Fields, class Deletes>
Bytes write_store_as(const StructStore& store, const std::vector<ClientStart>& starts, const Deletes& deletes) {
  Fields out;
  out.rest().var_uint(starts.size());
  for (const ClientStart& start : starts) {
    const ClientStructs& structs = store.structs(start.client);
    const auto clock = static_cast<std::uint32_t>(start.clock);
    const std::size_t first = structs.index_of(clock);
    out.rest().var_uint(structs.size() - first);
    out.client(structs.client());
    out.rest().var_uint(start.clock);
    write_item(out, store, *structs[first], clock - structs[first]->clock());
    for (std::size_t i = first + 1; i < structs.size(); ++i) write_item(out, store, *structs[i], 0);
  }
  write_deletes(out, deletes);
  return out.finish();
}

template <class Deletes>
Bytes write_store_in(UpdateFormat format, const StructStore& store, std::vector<ClientStart> starts,
                     const Deletes& deletes) {
  std::sort(starts.begin(), starts.end(), [&store](const ClientStart& a, const ClientStart& b) {
    return store.client(a.client) > store.client(b.client);
  });
  return format == UpdateFormat::v1 ? write_store_as<UpdateEncoderV1>(store, starts, deletes)
                                    : write_store_as<UpdateEncoderV2>(store, starts, deletes);
}

}  // namespace

std::unique_ptr<StructWriter> StructWriter::make(UpdateFormat format) {
  if (format == UpdateFormat::v1) return std::make_unique<Writer<UpdateEncoderV1>>();
  return std::make_unique<Writer<UpdateEncoderV2>>();
}

Bytes write_store(const StructStore& store, std::vector<ClientStart> starts, const DeleteSet& deletes,
                  UpdateFormat format) {
  return write_store_in(format, store, std::move(starts), deletes);
}

Bytes write_store(const StructStore& store, std::vector<ClientStart> starts, BytesView written_deletes,
                  UpdateFormat format) {
  return write_store_in(format, store, std::move(starts), written_deletes);
}

void write_delete_set(lib0::Encoder& out, const DeleteSet& deletes, UpdateFormat format) {
  const auto write_as = [&](auto fields) {
    write_deletes(fields, deletes);
    out.bytes(fields.rest().view());
  };
  if (format == UpdateFormat::v1)
    write_as(UpdateEncoderV1());
  else
    write_as(UpdateEncoderV2());
}

}  // namespace bossey::crdt
