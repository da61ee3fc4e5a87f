#include "net/websocket_frames.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

namespace bossey::net {

namespace {

using Event = FrameReader::Event;

/// A masked frame, as clients send it.
std::string frame(unsigned first, const std::string& payload, bool masked = true) {
  std::string octets(1, static_cast<char>(first));
  const unsigned mask_bit = masked ? 0x80 : 0;
  if (payload.size() < 126) {
    octets += static_cast<char>(mask_bit | payload.size());
  } else {
    octets += static_cast<char>(mask_bit | 127U);
    for (int shift = 56; shift >= 0; shift -= 8) octets += static_cast<char>(payload.size() >> shift);
  }
  if (!masked) return octets + payload;
  const std::string mask = "\x12\xf4\x56\x99";
  octets += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) octets += static_cast<char>(payload[i] ^ mask[i % 4]);
  return octets;
}

struct Got {
  Event event;
  std::string payload;
  bool operator==(const Got&) const = default;
};

/// Reads octets in pieces of a size; stops at a violation.
std::vector<Got> read(const std::string& octets, std::size_t piece, std::size_t max = 1'000'000) {
  FrameReader reader(max);
  std::vector<Got> got;
  for (std::size_t at = 0; at < octets.size(); at += piece) {
    Bytes part(octets.begin() + static_cast<std::ptrdiff_t>(at),
               octets.begin() + static_cast<std::ptrdiff_t>(std::min(at + piece, octets.size())));
    std::span<std::uint8_t> left(part);
    while (!left.empty()) {
      const auto step = reader.read(left);
      REQUIRE((step.consumed > 0 || step.event != Event::none));
      left = left.subspan(step.consumed);
      if (step.event != Event::none) got.push_back({step.event, {step.payload.begin(), step.payload.end()}});
      if (step.event == Event::violation) return got;
    }
  }
  return got;
}

}  // namespace

TEST_SUITE("net/websocket_frames") {
  TEST_CASE("frames are read the same, in whatever pieces they come") {
    const std::string large(70'000, 'L');
    const auto octets = frame(0x82, "one") + frame(0x82, "") + frame(0x02, "par") + frame(0x89, "ping") +
                        frame(0x00, "ti") + frame(0x80, "ally") + frame(0x8a, "x") + frame(0x82, large) +
                        frame(0x81, "text") + frame(0x88, std::string("\x03\xe8", 2) + "bye");
    const std::vector<Got> meant = {{Event::message, "one"}, {Event::message, ""},
                                    {Event::ping, "ping"},   {Event::message, "partially"},
                                    {Event::pong, ""},       {Event::message, large},
                                    {Event::text, "text"},   {Event::close, std::string("\x03\xe8", 2) + "bye"}};
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 5'000U, 200'000U}) {
      INFO(piece);
      CHECK(read(octets, piece) == meant);
    }
  }

  TEST_CASE("what breaks the rules of frames is a violation") {
    for (const std::string& octets :
         {frame(0x82, "x", false), frame(0xc2, "x"), frame(0xa2, "x"), frame(0x92, "x"), frame(0x83, "x"),
          frame(0x8b, "x"), frame(0x09, "x"), frame(0x89, std::string(126, 'x')), frame(0x80, "x"),
          frame(0x02, "a") + frame(0x82, "b"), frame(0x88, "\x03"), frame(0x88, std::string("\x03\xed", 2)),
          frame(0x88, std::string("\x00\x01", 2)), std::string("\x82\xff\x80\0\0\0\0\0\0\0abcd", 14)}) {
      const auto got = read(octets, octets.size());
      REQUIRE_FALSE(got.empty());
      CHECK(got.back().event == Event::violation);
      CHECK(read(octets, 1).back().event == Event::violation);
    }
  }

  TEST_CASE("a message over the limit is told of once, by what it announces or in parts, and the next is read") {
    const std::string after = frame(0x89, "!") + frame(0x82, "fine");
    for (const std::string& octets :
         {frame(0x82, std::string(11, 'x')), frame(0x02, std::string(6, 'x')) + frame(0x80, std::string(5, 'x')),
          frame(0x02, std::string(20, 'x')) + frame(0x00, std::string(20, 'x')) + frame(0x80, std::string(9, 'x'))}) {
      for (const std::size_t piece : {1U, 1'000U})
        CHECK(read(octets + after, piece, 10) ==
              std::vector<Got>{{Event::too_big, ""}, {Event::ping, "!"}, {Event::message, "fine"}});
    }
    CHECK(read(frame(0x82, std::string(10, 'x')), 3, 10) == std::vector<Got>{{Event::message, "xxxxxxxxxx"}});
  }

  TEST_CASE("random octets never make a reader read beyond them") {
    const auto seed = std::random_device{}();
    INFO("seed ", seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 3'000; ++round) {
      std::string octets = round % 2 == 0 ? "" : frame(0x80U | random() % 16, std::string(random() % 300, 'r'));
      for (auto more = random() % 200; more > 0; --more) octets += static_cast<char>(random());
      if (!octets.empty()) octets[random() % octets.size()] = static_cast<char>(random());
      for (const auto& got : read(octets, 1 + random() % 50, 100)) CHECK(got.payload.size() <= 125);
    }
  }

  TEST_CASE("heads have the shortest length, and a reason is cut at a character") {
    CHECK(frame_head(Opcode::binary, 125).size == 2);
    CHECK(frame_head(Opcode::binary, 126).size == 4);
    CHECK(frame_head(Opcode::binary, 65'536).size == 10);
    const auto head = frame_head(Opcode::binary, 0x1234);
    CHECK(head.octets[0] == 0x82);
    CHECK(head.octets[1] == 126);
    CHECK(head.octets[2] == 0x12);
    CHECK(head.octets[3] == 0x34);
    const Bytes payload = close_payload(1009, std::string(122, 'r') + "é");
    CHECK(payload.size() == 2 + 122);
    CHECK(payload[0] == 0x03);
    CHECK(payload[1] == 0xf1);
  }

  TEST_CASE("the key of RFC 6455 has the answer of RFC 6455, and no key has none") {
    CHECK(accept_of_key("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    CHECK(accept_of_key("").empty());
    CHECK(accept_of_key("dGhlIHNhbXBsZSBub25jZQ=").empty());
  }
}

}  // namespace bossey::net
