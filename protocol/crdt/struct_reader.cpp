#include "crdt/struct_reader.hpp"

#include <algorithm>
#include <optional>

#include "crdt/shared_type.hpp"
#include "crdt/update_decoder.hpp"
#include "lib0/json.hpp"
#include "lib0/utf8.hpp"

namespace bossey::crdt {
namespace {

constexpr std::uint8_t kKindBits = 0x1F;

bool truthy(const lib0::Any& value) {
  if (const bool* flag = value.as_bool()) return *flag;
  if (const double* number = value.as_number()) return *number != 0 && *number == *number;
  if (const std::string* text = value.as_string()) return !text->empty();
  if (const lib0::BigInt* number = value.as_bigint()) return number->value != 0;
  return !value.is_null() && !value.is_undefined();
}

/// A subdocument keeps of its options those that Yjs writes again, in its order.
Subdocument subdocument(std::string guid, const lib0::Any& options) {
  lib0::AnyObject kept;
  if (const lib0::AnyObject* given = options.as_object()) {
    if (const lib0::Any* name = given->find("guid"); name != nullptr && name->as_string() != nullptr)
      guid = *name->as_string();
    const lib0::Any* gc = given->find("gc");
    if (gc != nullptr && !gc->is_undefined() && !truthy(*gc)) kept.set("gc", false);
    const lib0::Any* auto_load = given->find("autoLoad");
    if (auto_load != nullptr && truthy(*auto_load)) kept.set("autoLoad", true);
    const lib0::Any* meta = given->find("meta");
    if (meta != nullptr && !meta->is_undefined() && !meta->is_null()) kept.set("meta", *meta);
  }
  return Subdocument{std::move(guid), lib0::Any(std::move(kept))};
}

template <class Fields>
Result<DeleteSet> read_deletes(Fields& in) {
  DeleteSet deletes;
  if (in.no_deletes()) return deletes;
  lib0::Decoder& rest = in.rest();
  BOSSEY_TRY(const std::size_t clients, rest.count("clients"));
  if (clients > limits::kClientsMax)
    return fail(Errc::too_large, "a delete set of over " + std::to_string(limits::kClientsMax) + " clients");
  for (std::size_t i = 0; i < clients; ++i) {
    in.start_delete_client();
    BOSSEY_TRY(const std::uint64_t client, rest.var_uint());
    BOSSEY_TRY(const std::size_t ranges, rest.count("deleted ranges"));
    for (std::size_t j = 0; j < ranges; ++j) {
      BOSSEY_TRY(const Clock clock, in.delete_clock());
      BOSSEY_TRY(const Clock length, in.delete_length());
      if (clock > limits::kClockMax || length > limits::kClockMax - clock) {
        return fail(Errc::too_large, "a deleted clock over " + std::to_string(limits::kClockMax));
      }
      if (length > 0) deletes.add(ClientId{client}, clock, length);
    }
  }
  return deletes;
}

template <class Fields>
class Reader final : public UpdateReader {
 public:
  Reader(Fields&& fields, std::size_t update_size)
      : in_(std::move(fields)), budget_(limits::kStructsFreeMax + limits::kStructsPerByteMax * update_size) {}

  Result<void> start() {
    BOSSEY_TRY(clients_left_, in_.rest().count("clients"));
    if (clients_left_ > limits::kClientsMax)
      return fail(Errc::too_large, "an update of over " + std::to_string(limits::kClientsMax) + " clients");
    return {};
  }

  /// Whether a struct follows.
  Result<bool> has_next() {
    while (structs_left_ == 0) {
      if (clients_left_ == 0) return false;
      --clients_left_;
      if (in_.usual_head(structs_left_, at_)) continue;
      BOSSEY_TRY(structs_left_, in_.rest().var_uint());
      BOSSEY_TRY(at_.client, in_.client());
      BOSSEY_TRY(at_.clock, in_.rest().var_uint_up_to(limits::kClockMax, "a clock"));
    }
    return true;
  }

  /// A guess at how many follow, that costs little should the count be wrong.
  [[nodiscard]] std::size_t expected_structs() {
    constexpr std::size_t kOctetsEach = 8;
    constexpr std::size_t kMost = 65'536;
    return std::min({static_cast<std::size_t>(structs_left_), 1 + in_.rest().remaining() / kOctetsEach, kMost});
  }

  Result<bool> next(UpdateStruct& out) override {
    BOSSEY_TRY(const bool more, has_next());
    if (!more) return false;
    --structs_left_;
    if (budget_-- == 0) return fail(Errc::too_large, "an update of too many structs for its size");
    BOSSEY_TRY_VOID(read(out));
    out.id = at_;
    if (out.length == 0) return in_.rest().malformed("a struct of length 0");
    if (out.length > limits::kClockMax - at_.clock)
      return fail(Errc::too_large, "a clock over " + std::to_string(limits::kClockMax));
    const auto not_before = [&out](const Id& id) { return id.client == out.id.client && id.clock >= out.id.clock; };
    if ((out.origin && not_before(*out.origin)) || (out.right_origin && not_before(*out.right_origin)) ||
        (out.parent == UpdateStruct::Parent::item && not_before(out.parent_id))) {
      return in_.rest().malformed("a struct that builds on itself or on a later one");
    }
    at_.clock += out.length;
    return true;
  }

  Result<DeleteSet> read_delete_set() override {
    BOSSEY_TRY(DeleteSet deletes, read_deletes(in_));
    BOSSEY_TRY_VOID(in_.rest().expect_end());
    return deletes;
  }

 private:
  Result<void> read(UpdateStruct& out) {
    if (in_.usual_item(out)) return {};
    BOSSEY_TRY(const std::uint8_t info, in_.info());
    const auto kind = static_cast<ContentKind>(info & kKindBits);
    out.origin.reset();
    out.right_origin.reset();
    out.parent = UpdateStruct::Parent::of_origin;
    out.parent_sub.reset();
    if (kind == ContentKind::gc) {
      BOSSEY_TRY(out.length, in_.length());
      out.content = Content(kind);
      return {};
    }
    if (kind == ContentKind::skip) {
      BOSSEY_TRY(out.length, in_.rest().var_uint_up_to(limits::kClockMax, "a skipped length"));
      out.content = Content(kind);
      return {};
    }
    if ((info & kHasOrigin) != 0) {
      BOSSEY_TRY(out.origin, in_.left_id());
    }
    if ((info & kHasRightOrigin) != 0) {
      BOSSEY_TRY(out.right_origin, in_.right_id());
    }
    if ((info & (kHasOrigin | kHasRightOrigin)) == 0) BOSSEY_TRY_VOID(read_parent(out, (info & kHasParentSub) != 0));
    return read_content(kind, out);
  }

  Result<void> read_parent(UpdateStruct& out, bool has_parent_sub) {
    BOSSEY_TRY(const bool is_root, in_.parent_is_root());
    if (is_root) {
      out.parent = UpdateStruct::Parent::root;
      BOSSEY_TRY(out.parent_root, in_.string());
    } else {
      out.parent = UpdateStruct::Parent::item;
      BOSSEY_TRY(out.parent_id, in_.left_id());
    }
    if (has_parent_sub) {
      BOSSEY_TRY(const std::string_view key, in_.string());
      out.parent_sub.emplace(key);
    }
    return {};
  }

  Result<void> read_content(ContentKind kind, UpdateStruct& out) {
    out.length = 1;
    switch (kind) {
      case ContentKind::deleted: {
        BOSSEY_TRY(out.length, in_.length());
        out.content = Content(kind);
        return {};
      }
      case ContentKind::json:
      case ContentKind::any:
        return read_elements(kind, out);
      case ContentKind::binary: {
        BOSSEY_TRY(const BytesView octets, in_.rest().var_bytes());
        out.content = Content::binary(Bytes(octets.begin(), octets.end()));
        return {};
      }
      case ContentKind::string: {
        BOSSEY_TRY(const std::string_view text, in_.string());
        out.content = Content::text(text);
        out.length = lib0::utf16_length(text);
        return check_units(out.length);
      }
      case ContentKind::embed: {
        BOSSEY_TRY(lib0::Any value, in_.json());
        out.content = Content::embed(std::move(value));
        return {};
      }
      case ContentKind::format: {
        BOSSEY_TRY(const std::string_view key, in_.key());
        BOSSEY_TRY(lib0::Any value, in_.json());
        out.content = Content::format({std::string(key), std::move(value)});
        return {};
      }
      case ContentKind::type:
        return read_type(out);
      case ContentKind::doc: {
        BOSSEY_TRY(const std::string_view guid, in_.string());
        BOSSEY_TRY(const lib0::Any options, in_.rest().any());
        out.content = Content::subdocument(subdocument(std::string(guid), options));
        return {};
      }
      default:
        return in_.rest().malformed("an unknown kind of content (" + std::to_string(static_cast<int>(kind)) + ")");
    }
  }

  static Result<void> check_units(Clock units) {
    if (units <= limits::kStructUnitsMax) return {};
    return fail(Errc::too_large, "a struct with over " + std::to_string(limits::kStructUnitsMax) + " units of content");
  }

  Result<void> read_elements(ContentKind kind, UpdateStruct& out) {
    BOSSEY_TRY(out.length, in_.length());
    BOSSEY_TRY_VOID(check_units(out.length));
    lib0::AnyArray elements;
    elements.reserve(std::min<std::size_t>(out.length, 16));
    for (Clock i = 0; i < out.length; ++i) {
      if (kind == ContentKind::any) {
        BOSSEY_TRY(lib0::Any value, in_.rest().any());
        elements.push_back(std::move(value));
      } else {
        BOSSEY_TRY(const std::string_view text, in_.string());
        // A string of length 0 takes no octet in v2; as JSON it is malformed, so a count alone cannot go on for long.
        if (text == "undefined") {
          elements.emplace_back();
        } else {
          BOSSEY_TRY(lib0::Any value, lib0::parse_json(text));
          elements.push_back(std::move(value));
        }
      }
    }
    out.content = Content::list(kind, std::move(elements));
    return {};
  }

  Result<void> read_type(UpdateStruct& out) {
    BOSSEY_TRY(const std::uint64_t ref, in_.type_ref());
    const SharedKind kind = kind_of_type_ref(ref);
    if (kind == SharedKind::untyped)
      return in_.rest().malformed("an unknown shared type (" + std::to_string(ref) + ")");
    std::string name;
    if (kind == SharedKind::xml_element || kind == SharedKind::xml_hook) {
      BOSSEY_TRY(name, in_.key());
    }
    out.content = Content::type(std::make_unique<SharedType>(kind, std::move(name)));
    return {};
  }

  Fields in_;
  std::size_t clients_left_ = 0;
  std::uint64_t structs_left_ = 0;
  std::uint64_t budget_;
  Id at_;
};

Result<void> check_size(BytesView update) {
  if (update.size() <= limits::kUpdateBytesMax) return {};
  return fail(Errc::too_large, "an update over " + std::to_string(limits::kUpdateBytesMax) + " octets");
}

template <class Fields>
Result<std::unique_ptr<Reader<Fields>>> open_reader(BytesView update) {
  BOSSEY_TRY(Fields fields, Fields::open(update));
  auto reader = std::make_unique<Reader<Fields>>(std::move(fields), update.size());
  BOSSEY_TRY_VOID(reader->start());
  return reader;
}

}  // namespace

void UpdateStruct::drop_front(Clock units) {
  id.clock += units;
  length -= units;
  if (!is_item()) return;
  origin = Id{id.client, id.clock - 1};
  content = content.split(units);
}

void StructBatch::own_words() {
  std::size_t octets = 0;
  for (const UpdateStruct& next : structs) {
    if (next.parent == UpdateStruct::Parent::root) octets += next.parent_root.size();
    if (next.parent_sub) octets += next.parent_sub->size();
    if (next.kind() == ContentKind::string) octets += next.content.text().size();
  }
  std::shared_ptr<char[]> block(new char[octets]);
  char* end = block.get();
  const auto copied = [&end](std::string_view view) {
    char* start = end;
    end = std::copy(view.begin(), view.end(), end);
    return std::string_view(start, view.size());
  };
  for (UpdateStruct& next : structs) {
    if (next.parent == UpdateStruct::Parent::root) next.parent_root = copied(next.parent_root);
    if (next.parent_sub) next.parent_sub = copied(*next.parent_sub);
    if (next.kind() == ContentKind::string) next.content = Content::text(copied(next.content.text()));
  }
  words = std::move(block);
}

Result<std::unique_ptr<UpdateReader>> UpdateReader::open(BytesView update, UpdateFormat format) {
  BOSSEY_TRY_VOID(check_size(update));
  if (format == UpdateFormat::v1) return open_reader<UpdateDecoderV1>(update);
  return open_reader<UpdateDecoderV2>(update);
}

namespace {

/// Ascending, and one for each client: the one that came last.
void arrange(std::vector<StructQueue>& queues) {
  if (queues.size() < 2) return;
  const auto before = [](const StructQueue& a, const StructQueue& b) { return a.client < b.client; };
  std::reverse(queues.begin(), queues.end());  // Yjs writes higher clients first
  if (!std::is_sorted(queues.begin(), queues.end(), before)) std::stable_sort(queues.begin(), queues.end(), before);
  const auto same = [](const StructQueue& a, const StructQueue& b) { return a.client == b.client; };
  queues.erase(std::unique(queues.begin(), queues.end(), same), queues.end());
}

template <class AnyReader>
Result<void> decode_all(AnyReader& reader, DecodedUpdate& out) {
  std::vector<UpdateStruct>& structs = out.batch.structs;
  std::vector<StructQueue>& queues = out.batch.queues;
  for (;;) {
    BOSSEY_TRY(const bool more, reader.has_next());
    if (!more) break;
    if (structs.size() == structs.capacity()) structs.reserve(structs.size() * 2 + reader.expected_structs());
    const std::size_t at = structs.size();
    UpdateStruct& next = structs.emplace_back();
    BOSSEY_TRY_VOID(reader.next(next));
    if (queues.empty() || queues.back().client != next.id.client || structs[at - 1].end() != next.id.clock)
      queues.push_back({next.id.client, at, at});
    queues.back().end = at + 1;
  }
  arrange(queues);
  BOSSEY_TRY(out.deletes, reader.read_delete_set());
  return {};
}

}  // namespace

Result<void> decode_update(BytesView update, UpdateFormat format, DecodedUpdate& out) {
  BOSSEY_TRY_VOID(check_size(update));
  out.batch.structs.clear();
  out.batch.queues.clear();
  if (format == UpdateFormat::v2) {
    BOSSEY_TRY(auto reader, open_reader<UpdateDecoderV2>(update));
    const auto result = decode_all(*reader, out);
    out.reader = std::move(reader);
    return result;
  }
  BOSSEY_TRY(UpdateDecoderV1 fields, UpdateDecoderV1::open(update));
  Reader<UpdateDecoderV1> reader(std::move(fields), update.size());
  BOSSEY_TRY_VOID(reader.start());
  return decode_all(reader, out);
}

Result<LeadingDeleteSet> decode_leading_delete_set(BytesView octets, UpdateFormat format) {
  BOSSEY_TRY_VOID(check_size(octets));
  const auto read = [](auto fields) -> Result<LeadingDeleteSet> {
    BOSSEY_TRY_VOID(fields);
    const std::size_t left = fields->rest().remaining();
    BOSSEY_TRY(DeleteSet deletes, read_deletes(*fields));
    return LeadingDeleteSet{std::move(deletes), left - fields->rest().remaining()};
  };
  if (format == UpdateFormat::v1) return read(UpdateDecoderV1::open(octets));
  // In v2 a delete set stands behind the feature flag and nine streams of fields, here without anything in them. The
  // sixth is that of strings: all of them as one.
  Bytes framed = {0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
  framed.insert(framed.end(), octets.begin(), octets.end());
  return read(UpdateDecoderV2::open(framed));
}

}  // namespace bossey::crdt
