// Awareness updates: decoded, applied by two connections in turn, and encoded again; counts must stay within bounds.
#include <cstddef>
#include <cstdint>

#include "base/error.hpp"
#include "sync/awareness.hpp"

using namespace bossey;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr std::size_t kStatesMax = 6;
  sync::AwarenessStates states(kStatesMax, 4);
  // The input is cut into messages at its own first octet.
  const std::size_t cut = size == 0 ? 0 : 1 + data[0] % size;
  const BytesView parts[] = {BytesView(data, size).subspan(size == 0 ? 0 : 1),
                             BytesView(data, size).subspan(cut < size ? cut : size)};
  std::uint64_t session = 1;
  for (const BytesView part : parts) {
    const auto entries = sync::decode_awareness(part);
    if (!entries) continue;
    BOSSEY_CHECK(sync::decode_awareness(sync::encode_awareness(*entries)) == *entries);
    static_cast<void>(states.apply(*entries, {session, session}, 0));
    BOSSEY_CHECK(states.size() <= kStatesMax);
    BOSSEY_CHECK(states.all().size() == states.size());
    ++session;
  }
  static_cast<void>(states.remove_session(1, 1));
  static_cast<void>(states.expire(100, 10));
  BOSSEY_CHECK(states.size() == 0);
  return 0;
}
