#include "net/websocket_frames.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace bossey::net {

namespace {

constexpr std::size_t kControlBytesMax = 125;
constexpr std::size_t kReasonBytesMax = 123;
constexpr std::size_t kMessageKeptMax = 4096;
constexpr std::size_t kKeyCharacters = 24;

/// Eight octets at a time: the mask repeats each four.
void unmask(std::span<std::uint8_t> octets, const std::array<std::uint8_t, 4>& mask, std::uint8_t& at) {
  std::size_t i = 0;
  for (; i < octets.size() && at != 0; ++i, at = (at + 1U) % 4U) octets[i] ^= mask.at(at);
  std::uint64_t wide = 0;
  std::memcpy(&wide, mask.data(), 4);
  std::memcpy(reinterpret_cast<std::uint8_t*>(&wide) + 4, mask.data(), 4);
  for (; octets.size() - i >= 8; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, octets.data() + i, 8);
    word ^= wide;
    std::memcpy(octets.data() + i, &word, 8);
  }
  for (; i < octets.size(); ++i, at = (at + 1U) % 4U) octets[i] ^= mask.at(at);
}

bool is_known(std::uint8_t opcode) {
  return opcode <= 2 || (opcode >= 8 && opcode <= 10);
}

/// RFC 6455, 7.4: what may stand in a close frame.
bool is_close_code(unsigned code) {
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

bool is_close_payload(BytesView payload) {
  if (payload.empty()) return true;
  return payload.size() >= 2 && is_close_code(static_cast<unsigned>(payload[0] << 8U | payload[1]));
}

}  // namespace

FrameReader::Step FrameReader::read(std::span<std::uint8_t> input) {
  std::size_t consumed = 0;
  if (std::exchange(control_done_, false)) control_.clear();
  // The message that was given out the last time is not wanted any more.
  if (!in_message_ && !message_.empty()) {
    message_.clear();
    if (message_.capacity() > kMessageKeptMax) message_.shrink_to_fit();
  }
  if (!in_payload_) {
    while (head_have_ < head_size()) {
      if (consumed == input.size()) return {Event::none, consumed, {}};
      head_.at(head_have_++) = input[consumed++];
    }
    if (!read_head()) return {Event::violation, consumed, {}};
    if (!is_control() && !skipping_ && left_ > message_bytes_max_ - message_.size()) {
      skipping_ = true;
      message_ = {};
      return {Event::too_big, consumed, {}};
    }
  }
  Step step = read_payload(input.subspan(consumed));
  step.consumed += consumed;
  return step;
}

std::size_t FrameReader::head_size() const {
  if (head_have_ < 2) return 2;
  const unsigned length = head_[1] & 0x7FU;
  const std::size_t extended = length == 126 ? 2 : length == 127 ? 8 : 0;
  return 2 + extended + ((head_[1] & 0x80U) != 0 ? 4 : 0);
}

/// Takes a whole head; false if there can be no such frame here.
bool FrameReader::read_head() {
  const std::size_t size = head_have_;
  head_have_ = 0;
  const std::uint8_t opcode = head_[0] & 0x0FU;
  const bool masked = (head_[1] & 0x80U) != 0;
  if ((head_[0] & 0x70U) != 0 || !is_known(opcode) || !masked) return false;
  final_ = (head_[0] & 0x80U) != 0;
  opcode_ = static_cast<Opcode>(opcode);
  left_ = head_[1] & 0x7FU;
  if (left_ >= 126) {
    left_ = 0;
    for (std::size_t i = 2; i < size - 4; ++i) left_ = left_ << 8U | head_.at(i);
  }
  if (left_ >> 63U != 0) return false;
  std::copy_n(head_.begin() + static_cast<std::ptrdiff_t>(size - 4), 4, mask_.begin());
  mask_at_ = 0;
  in_payload_ = true;
  if (is_control()) return final_ && left_ <= kControlBytesMax;
  if ((opcode_ == Opcode::continuation) != in_message_) return false;
  if (!in_message_) {
    text_ = opcode_ == Opcode::text;
    skipping_ = false;
  }
  in_message_ = true;
  return true;
}

FrameReader::Step FrameReader::read_payload(std::span<std::uint8_t> input) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
  const std::span<std::uint8_t> part = input.first(size);
  unmask(part, mask_, mask_at_);
  left_ -= size;
  Bytes& kept = is_control() ? control_ : message_;
  const bool whole = left_ == 0 && kept.empty() && (is_control() || final_);
  if (!whole && !(skipping_ && !is_control())) kept.insert(kept.end(), part.begin(), part.end());
  if (left_ != 0) return {Event::none, size, {}};
  in_payload_ = false;
  Step step = finish_frame(whole ? BytesView(part) : BytesView(kept));
  step.consumed = size;
  return step;
}

FrameReader::Step FrameReader::finish_frame(BytesView payload) {
  if (is_control()) {
    control_done_ = true;
    if (opcode_ == Opcode::pong) return {Event::pong, 0, {}};
    if (opcode_ == Opcode::ping) return {Event::ping, 0, payload};
    return {is_close_payload(payload) ? Event::close : Event::violation, 0, payload};
  }
  if (!final_) return {};
  in_message_ = false;
  if (std::exchange(skipping_, false)) return {};
  return {text_ ? Event::text : Event::message, 0, payload};
}

FrameHead frame_head(Opcode opcode, std::size_t payload_bytes) {
  FrameHead head;
  head.octets[0] = static_cast<std::uint8_t>(0x80U | static_cast<unsigned>(opcode));
  const std::size_t octets = payload_bytes < 126 ? 0 : payload_bytes < 0x10000 ? 2 : 8;
  head.octets[1] = static_cast<std::uint8_t>(octets == 0 ? payload_bytes : octets == 2 ? 126 : 127);
  for (std::size_t i = 0; i < octets; ++i)
    head.octets.at(2 + i) = static_cast<std::uint8_t>(payload_bytes >> 8U * (octets - 1 - i));
  head.size = static_cast<std::uint8_t>(2 + octets);
  return head;
}

Bytes close_payload(std::uint16_t code, std::string_view reason) {
  std::size_t size = std::min(reason.size(), kReasonBytesMax);
  while (size > 0 && size < reason.size() && (static_cast<unsigned char>(reason[size]) & 0xC0U) == 0x80U) --size;
  Bytes payload(2 + size);
  payload[0] = static_cast<std::uint8_t>(code >> 8U);
  payload[1] = static_cast<std::uint8_t>(code);
  std::copy_n(as_bytes(reason).begin(), size, payload.begin() + 2);
  return payload;
}

std::string accept_of_key(std::string_view key) {
  // 16 octets in base64.
  if (key.size() != kKeyCharacters || !key.ends_with("==")) return {};
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 32> encoded{};
  const int size = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(size)};
}

}  // namespace bossey::net
