#include "crdt/update_decoder.hpp"

#include <utility>

#include "lib0/json.hpp"

namespace bossey::crdt {
namespace {

Result<Clock> checked_length(Result<std::uint64_t> length) {
  if (length && *length > limits::kClockMax)
    return fail(Errc::too_large, "a struct longer than " + std::to_string(limits::kClockMax));
  return length;
}

Result<ClientId> checked_client(Result<std::uint64_t> client) {
  if (!client) return tl::unexpected<Error>(std::move(client).error());
  if (*client > limits::kSafeIntegerMax) return fail(Errc::bad_input, "a client id beyond 2^53");
  return ClientId{*client};
}

}  // namespace

Result<ClientId> UpdateDecoderV1::client() {
  return checked_client(in_.var_uint());
}

Result<bool> UpdateDecoderV1::parent_is_root() {
  BOSSEY_TRY(const std::uint64_t info, in_.var_uint());
  return info == 1;
}

Result<Clock> UpdateDecoderV1::length() {
  return checked_length(in_.var_uint());
}

bool UpdateDecoderV1::usual_item(UpdateStruct& out) {
  lib0::Glance glance(in_);
  const std::uint8_t info = glance.u8();
  const bool has_origin = (info & kHasOrigin) != 0;
  const bool has_right_origin = (info & kHasRightOrigin) != 0;
  const auto kind = static_cast<ContentKind>(info & ~(kHasOrigin | kHasRightOrigin));
  if (kind != ContentKind::string && kind != ContentKind::deleted) return false;
  if (!has_origin && !has_right_origin) return false;
  const auto id = [&glance] {
    const ClientId client{glance.var_uint()};
    return Id{client, glance.var_uint()};
  };
  if (has_origin)
    out.origin = id();
  else
    out.origin.reset();
  if (has_right_origin)
    out.right_origin = id();
  else
    out.right_origin.reset();
  out.parent = UpdateStruct::Parent::of_origin;
  out.parent_sub.reset();
  if (kind == ContentKind::string) {
    const std::string_view text = glance.ascii();
    out.content = Content::text(text);
    out.length = text.size();
  } else {
    out.content = Content(kind);
    out.length = glance.var_uint();
  }
  return out.length <= limits::kClockMax && glance.take();
}

Result<lib0::Any> UpdateDecoderV1::json() {
  BOSSEY_TRY(const std::string_view text, in_.var_string());
  return lib0::parse_json(text);
}

struct UpdateDecoderV2::Streams {
  BytesView key_clocks, clients, left_clocks, right_clocks, infos;
  lib0::StringDecoder strings;
  BytesView parent_infos, type_refs, lengths;
  lib0::Decoder rest;
};

UpdateDecoderV2::UpdateDecoderV2(Streams&& streams)
    : key_clocks_(streams.key_clocks),
      clients_(streams.clients),
      left_clocks_(streams.left_clocks),
      right_clocks_(streams.right_clocks),
      infos_(streams.infos),
      strings_(std::move(streams.strings)),
      parent_infos_(streams.parent_infos),
      type_refs_(streams.type_refs),
      lengths_(streams.lengths),
      rest_(streams.rest) {}

Result<UpdateDecoderV2> UpdateDecoderV2::open(BytesView update) {
  lib0::Decoder in(update);
  BOSSEY_TRY_VOID(in.var_uint());  // feature flag, unused
  BOSSEY_TRY(const BytesView key_clocks, in.var_bytes());
  BOSSEY_TRY(const BytesView clients, in.var_bytes());
  BOSSEY_TRY(const BytesView left_clocks, in.var_bytes());
  BOSSEY_TRY(const BytesView right_clocks, in.var_bytes());
  BOSSEY_TRY(const BytesView infos, in.var_bytes());
  BOSSEY_TRY(const BytesView string_bytes, in.var_bytes());
  BOSSEY_TRY(lib0::StringDecoder strings, lib0::StringDecoder::open(string_bytes));
  BOSSEY_TRY(const BytesView parent_infos, in.var_bytes());
  BOSSEY_TRY(const BytesView type_refs, in.var_bytes());
  BOSSEY_TRY(const BytesView lengths, in.var_bytes());
  return UpdateDecoderV2(Streams{key_clocks, clients, left_clocks, right_clocks, infos, std::move(strings),
                                 parent_infos, type_refs, lengths, in});
}

Result<ClientId> UpdateDecoderV2::client() {
  return checked_client(clients_.read());
}

Result<Id> UpdateDecoderV2::id(lib0::IntDiffOptRleDecoder& clocks) {
  BOSSEY_TRY(const ClientId client, this->client());
  BOSSEY_TRY(const std::int64_t clock, clocks.read());
  if (clock < 0) return fail(Errc::bad_input, "a negative clock");
  return Id{client, static_cast<Clock>(clock)};
}

Result<std::string_view> UpdateDecoderV2::key() {
  BOSSEY_TRY(const std::int64_t place, key_clocks_.read());
  if (place < 0) return fail(Errc::bad_input, "a negative key number");
  if (static_cast<std::uint64_t>(place) < keys_.size()) return keys_[static_cast<std::size_t>(place)];
  BOSSEY_TRY(const std::string_view key, strings_.read());
  keys_.push_back(key);
  return key;
}

Result<bool> UpdateDecoderV2::parent_is_root() {
  BOSSEY_TRY(const std::uint8_t info, parent_infos_.read());
  return info == 1;
}

Result<Clock> UpdateDecoderV2::length() {
  return checked_length(lengths_.read());
}

Result<Clock> UpdateDecoderV2::delete_clock() {
  BOSSEY_TRY(const std::uint64_t difference, rest_.var_uint());
  delete_end_ += difference;
  if (delete_end_ > limits::kSafeIntegerMax) return rest_.malformed("a clock beyond 2^53");
  return delete_end_;
}

Result<Clock> UpdateDecoderV2::delete_length() {
  BOSSEY_TRY(const std::uint64_t less_one, rest_.var_uint());
  delete_end_ += less_one + 1;
  if (delete_end_ > limits::kSafeIntegerMax + 1) return rest_.malformed("a clock beyond 2^53");
  return less_one + 1;
}

}  // namespace bossey::crdt
