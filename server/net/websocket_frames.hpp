// Frames of WebSocket (RFC 6455) as octets, for the server's side: reads what clients send, writes the heads of what
// they are sent. Pure: no socket, no clock. Used by the WebSocket session; extensions and subprotocols do not exist
// here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace bossey::net {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

class FrameReader {
 public:
  enum class Event : std::uint8_t {
    none,     ///< More octets are wanted.
    message,  ///< A whole binary message.
    text,     ///< A whole text message; its octets are not looked at.
    ping,     ///< With what the pong must repeat.
    pong,
    close,      ///< The peer's close; its payload is well-formed.
    violation,  ///< No frames of this protocol. Nothing more can be read.
    too_big,    ///< A message over the limit, told once; what follows of it is thrown away.
  };
  struct Step {
    Event event = Event::none;
    std::size_t consumed = 0;  ///< Octets of the input that are done with.
    BytesView payload;         ///< Of message, ping and close; valid until the next call and as long as the input.
  };

  explicit FrameReader(std::size_t message_bytes_max) : message_bytes_max_(message_bytes_max) {}

  /// Reads up to the first event. `input` is changed: its octets are unmasked in place. Call it again with the rest.
  [[nodiscard]] Step read(std::span<std::uint8_t> input);

 private:
  [[nodiscard]] bool read_head();
  [[nodiscard]] std::size_t head_size() const;
  [[nodiscard]] Step read_payload(std::span<std::uint8_t> input);
  [[nodiscard]] Step finish_frame(BytesView payload);
  [[nodiscard]] bool is_control() const { return (static_cast<unsigned>(opcode_) & 8U) != 0; }

  std::size_t message_bytes_max_;
  std::array<std::uint8_t, 14> head_{};
  std::uint8_t head_have_ = 0;
  bool in_payload_ = false;
  bool final_ = false;
  bool in_message_ = false;  ///< A message has begun and not ended.
  bool text_ = false;
  bool control_done_ = false;
  bool skipping_ = false;  ///< The message is too big.
  Opcode opcode_ = Opcode::binary;
  std::array<std::uint8_t, 4> mask_{};
  std::uint8_t mask_at_ = 0;
  std::uint64_t left_ = 0;  ///< Octets of the payload that have not come.
  Bytes message_;           ///< What has come of a message in parts.
  Bytes control_;           ///< The same of a control frame.
};

/// Head of an unmasked, whole frame; at most 10 octets.
struct FrameHead {
  std::array<std::uint8_t, 10> octets;
  std::uint8_t size = 0;
};
[[nodiscard]] FrameHead frame_head(Opcode opcode, std::size_t payload_bytes);

/// Payload of a close frame; the reason is cut at a character to the 123 octets that fit.
[[nodiscard]] Bytes close_payload(std::uint16_t code, std::string_view reason);

/// Value of Sec-WebSocket-Accept for a Sec-WebSocket-Key; "" if that is no key.
[[nodiscard]] std::string accept_of_key(std::string_view key);

}  // namespace bossey::net
