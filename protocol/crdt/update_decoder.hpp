// The fields of an update in the two formats. v1 is one stream; v2 has a stream for each field. StructReader is the
// only user: it takes either as a template argument.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crdt/id.hpp"
#include "crdt/update_struct.hpp"
#include "lib0/any.hpp"
#include "lib0/decoder.hpp"
#include "lib0/glance.hpp"
#include "lib0/run_length.hpp"

namespace bossey::crdt {

/// Views that a decoder returns live as long as the decoder and the update's octets.
class UpdateDecoderV1 {
 public:
  [[nodiscard]] static Result<UpdateDecoderV1> open(BytesView update) { return UpdateDecoderV1(update); }

  [[nodiscard]] lib0::Decoder& rest() { return in_; }
  [[nodiscard]] Result<ClientId> client();
  [[nodiscard]] Result<Id> left_id() { return id(); }
  [[nodiscard]] Result<Id> right_id() { return id(); }
  [[nodiscard]] Result<std::uint8_t> info() { return in_.u8(); }
  [[nodiscard]] Result<std::string_view> string() { return in_.var_string(); }
  [[nodiscard]] Result<std::string_view> key() { return in_.var_string(); }
  [[nodiscard]] Result<bool> parent_is_root();
  [[nodiscard]] Result<std::uint64_t> type_ref() { return in_.var_uint(); }
  [[nodiscard]] Result<Clock> length();
  [[nodiscard]] Result<lib0::Any> json();

  /// The commonest struct, words or deleted words that stand beside others, if it is next; else false, and nothing is
  /// read.
  [[nodiscard]] bool usual_item(UpdateStruct& out);
  /// The head of a client's structs if its numbers are short; else false, and nothing is read.
  [[nodiscard]] bool usual_head(std::uint64_t& structs, Id& first) {
    lib0::Glance glance(in_);
    structs = glance.var_uint();
    first.client.value = glance.var_uint();
    first.clock = glance.var_uint();
    return first.clock <= limits::kClockMax && glance.take();
  }
  /// An empty delete set, if it is next.
  [[nodiscard]] bool no_deletes() {
    lib0::Glance glance(in_);
    return glance.u8() == 0 && glance.take();
  }

  void start_delete_client() {}
  [[nodiscard]] Result<Clock> delete_clock() { return in_.var_uint(); }
  [[nodiscard]] Result<Clock> delete_length() { return in_.var_uint(); }

 private:
  explicit UpdateDecoderV1(BytesView update) : in_(update) {}
  [[nodiscard]] Result<Id> id() {
    BOSSEY_TRY(const std::uint64_t client, in_.var_uint());
    BOSSEY_TRY(const std::uint64_t clock, in_.var_uint());
    return Id{ClientId{client}, clock};
  }

  lib0::Decoder in_;
};

class UpdateDecoderV2 {
 public:
  [[nodiscard]] static Result<UpdateDecoderV2> open(BytesView update);

  [[nodiscard]] lib0::Decoder& rest() { return rest_; }
  [[nodiscard]] Result<ClientId> client();
  [[nodiscard]] Result<Id> left_id() { return id(left_clocks_); }
  [[nodiscard]] Result<Id> right_id() { return id(right_clocks_); }
  [[nodiscard]] Result<std::uint8_t> info() { return infos_.read(); }
  [[nodiscard]] Result<std::string_view> string() { return strings_.read(); }
  [[nodiscard]] Result<std::string_view> key();
  [[nodiscard]] Result<bool> parent_is_root();
  [[nodiscard]] Result<std::uint64_t> type_ref() { return type_refs_.read(); }
  [[nodiscard]] Result<Clock> length();
  [[nodiscard]] Result<lib0::Any> json() { return rest_.any(); }

  [[nodiscard]] static bool usual_item(UpdateStruct& /*out*/) { return false; }
  [[nodiscard]] static bool usual_head(std::uint64_t& /*structs*/, Id& /*first*/) { return false; }
  [[nodiscard]] static bool no_deletes() { return false; }

  void start_delete_client() { delete_end_ = 0; }
  [[nodiscard]] Result<Clock> delete_clock();
  [[nodiscard]] Result<Clock> delete_length();

 private:
  struct Streams;
  explicit UpdateDecoderV2(Streams&& streams);
  [[nodiscard]] Result<Id> id(lib0::IntDiffOptRleDecoder& clocks);

  lib0::IntDiffOptRleDecoder key_clocks_;
  lib0::UintOptRleDecoder clients_;
  lib0::IntDiffOptRleDecoder left_clocks_;
  lib0::IntDiffOptRleDecoder right_clocks_;
  lib0::RleDecoder infos_;
  lib0::StringDecoder strings_;
  lib0::RleDecoder parent_infos_;
  lib0::UintOptRleDecoder type_refs_;
  lib0::UintOptRleDecoder lengths_;
  lib0::Decoder rest_;
  std::vector<std::string_view> keys_;
  Clock delete_end_ = 0;
};

}  // namespace bossey::crdt
