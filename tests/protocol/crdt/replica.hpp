// A document that remembers the updates it made, for tests.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "crdt/doc.hpp"
#include "crdt/updates.hpp"

namespace bossey::crdt::test {

class Replica {
 public:
  explicit Replica(std::uint64_t client, bool gc = true) : doc(std::make_unique<Doc>(ClientId{client}, gc)) {
    doc->on_update([this](const UpdateEvent& event) {
      updates.push_back(event.encode());
      events.push_back(event);
    });
  }
  Replica(Replica&&) = delete;

  Text text() { return doc->text("t"); }
  ApplyOutcome receive(BytesView update) {
    const auto outcome = doc->apply_update(update);
    REQUIRE(outcome.has_value());
    return *outcome;
  }
  /// All that the other has.
  void pull(const Replica& other) { receive(other.doc->encode_state_as_update(doc->state_vector())); }
  std::string state() const { return to_hex(doc->encode_state_as_update()); }

  std::unique_ptr<Doc> doc;
  std::vector<Bytes> updates;
  std::vector<UpdateEvent> events;  // for their plain fields only
};

inline Bytes from_hex(std::string_view hex) {
  Bytes octets;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    octets.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return octets;
}

}  // namespace bossey::crdt::test
