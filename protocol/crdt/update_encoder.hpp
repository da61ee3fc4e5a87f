// The fields of an update in the two formats, for writing. StructWriter is the only user: it takes either as a template
// argument.
#pragma once

#include <cstdint>
#include <string_view>

#include "crdt/id.hpp"
#include "crdt/text_arena.hpp"
#include "lib0/any.hpp"
#include "lib0/encoder.hpp"
#include "lib0/run_length.hpp"

namespace bossey::crdt {

/// Structs are written to a stream of their own, `rest()`, that the writer may swap: in Yjs' lazily written updates
/// the counts come before what they count.
class UpdateEncoderV1 {
 public:
  static constexpr bool kAscendingDeletes = false;  ///< Delete ranges may be written in any order.

  [[nodiscard]] lib0::Encoder& rest() { return out_; }
  void client(ClientId client) { out_.var_uint(client.value); }
  void left_id(Id id) { write_id(id); }
  void right_id(Id id) { write_id(id); }
  void info(std::uint8_t info) { out_.u8(info); }
  void string(std::string_view text) { out_.var_string(text); }
  void string(std::string_view text, std::uint64_t /*units*/) { out_.var_string(text); }
  void text(const TextRun& text) {
    const std::size_t octets = text.utf8_octets();
    out_.var_uint(octets);
    text.write_to(reinterpret_cast<char*>(out_.room(octets)));
  }
  void key(std::string_view key) { out_.var_string(key); }
  void parent_is_root(bool is_root) { out_.u8(is_root ? 1 : 0); }
  void type_ref(std::uint8_t ref) { out_.u8(ref); }
  void length(Clock length) { out_.var_uint(length); }
  void json(const lib0::Any& value);

  void start_delete_client() {}
  void delete_range(Clock clock, Clock length) {
    out_.var_uint(clock);
    out_.var_uint(length);
  }

  [[nodiscard]] Bytes finish() { return out_.take(); }

 private:
  void write_id(Id id) {
    out_.var_uint(id.client.value);
    out_.var_uint(id.clock);
  }

  lib0::Encoder out_;
};

class UpdateEncoderV2 {
 public:
  static constexpr bool kAscendingDeletes = true;

  [[nodiscard]] lib0::Encoder& rest() { return rest_; }
  void client(ClientId client) { clients_.write(client.value); }
  void left_id(Id id) {
    clients_.write(id.client.value);
    left_clocks_.write(static_cast<std::int64_t>(id.clock));
  }
  void right_id(Id id) {
    clients_.write(id.client.value);
    right_clocks_.write(static_cast<std::int64_t>(id.clock));
  }
  void info(std::uint8_t info) { infos_.write(info); }
  void string(std::string_view text) { strings_.write(text); }
  void string(std::string_view text, std::uint64_t units) { strings_.write(text, units); }
  void text(const TextRun& text) { text.append_to(strings_.next(text.units)); }
  void key(std::string_view key) {
    // Yjs' own writer never refers back to a key it has written.
    key_clocks_.write(next_key_++);
    strings_.write(key);
  }
  void parent_is_root(bool is_root) { parent_infos_.write(is_root ? 1 : 0); }
  void type_ref(std::uint8_t ref) { type_refs_.write(ref); }
  void length(Clock length) { lengths_.write(length); }
  void json(const lib0::Any& value) { rest_.any(value); }

  void start_delete_client() { delete_end_ = 0; }
  void delete_range(Clock clock, Clock length) {
    rest_.var_uint(clock - delete_end_);
    rest_.var_uint(length - 1);
    delete_end_ = clock + length;
  }

  [[nodiscard]] Bytes finish();

 private:
  lib0::IntDiffOptRleEncoder key_clocks_;
  lib0::UintOptRleEncoder clients_;
  lib0::IntDiffOptRleEncoder left_clocks_;
  lib0::IntDiffOptRleEncoder right_clocks_;
  lib0::RleEncoder infos_;
  lib0::StringEncoder strings_;
  lib0::RleEncoder parent_infos_;
  lib0::UintOptRleEncoder type_refs_;
  lib0::UintOptRleEncoder lengths_;
  lib0::Encoder rest_;
  std::int64_t next_key_ = 0;
  Clock delete_end_ = 0;
};

}  // namespace bossey::crdt
