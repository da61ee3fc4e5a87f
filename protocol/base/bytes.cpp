#include "base/bytes.hpp"

namespace bossey {

std::string to_hex(BytesView bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (std::uint8_t octet : bytes) {
    out.push_back(kDigits[octet >> 4]);
    out.push_back(kDigits[octet & 0x0f]);
  }
  return out;
}

}  // namespace bossey
