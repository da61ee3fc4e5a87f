#include "crdt/state_vector.hpp"

#include <algorithm>

#include "lib0/decoder.hpp"
#include "lib0/encoder.hpp"

namespace bossey::crdt {
namespace {

auto place_of(auto& entries, ClientId client) {
  return std::lower_bound(entries.begin(), entries.end(), client,
                          [](const StateVector::Entry& entry, ClientId wanted) { return entry.client < wanted; });
}

}  // namespace

Result<StateVector> StateVector::decode(BytesView bytes) {
  lib0::Decoder in(bytes);
  BOSSEY_TRY(const std::size_t count, in.count("clients"));
  if (count > limits::kClientsMax)
    return fail(Errc::too_large, "a state vector of over " + std::to_string(limits::kClientsMax) + " clients");
  std::vector<Entry> entries;
  entries.reserve(std::min(count, limits::kReserveMax));
  for (std::size_t i = 0; i < count; ++i) {
    BOSSEY_TRY(const std::uint64_t client, in.var_uint());
    BOSSEY_TRY(const std::uint64_t clock, in.var_uint());
    entries.push_back({ClientId{client}, clock});
  }
  BOSSEY_TRY_VOID(in.expect_end());
  return from_entries(std::move(entries));
}

StateVector StateVector::from_entries(std::vector<Entry> entries) {
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.client < b.client; });
  const auto same = [](const Entry& a, const Entry& b) { return a.client == b.client; };
  entries.erase(entries.begin(), std::unique(entries.rbegin(), entries.rend(), same).base());
  StateVector vector;
  vector.entries_ = std::move(entries);
  return vector;
}

Bytes StateVector::encode() const {
  lib0::Encoder out;
  out.var_uint(entries_.size());
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    out.var_uint(entry->client.value);
    out.var_uint(entry->clock);
  }
  return out.take();
}

Clock StateVector::get(ClientId client) const {
  const auto place = place_of(entries_, client);
  return place != entries_.end() && place->client == client ? place->clock : 0;
}

void StateVector::set(ClientId client, Clock clock) {
  const auto place = place_of(entries_, client);
  if (place != entries_.end() && place->client == client)
    place->clock = clock;
  else
    entries_.insert(place, {client, clock});
}

}  // namespace bossey::crdt
