// Times the document engine on an editing trace (JSON on standard input, see scripts/bench):
//   zcat ../shared/data/traces/sequential/automerge-paper.json.gz | build/release/crdt_bench
// Local edits, application one by one, encoding, loading, diff, merging; medians of several runs, in milliseconds.
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "crdt/doc.hpp"
#include "crdt/updates.hpp"
#include "lib0/json.hpp"

namespace {

using namespace bossey;

struct Patch {
  std::uint64_t at;
  std::uint64_t removed;
  std::string inserted;
};

std::vector<Patch> read_patches(const lib0::Any& trace) {
  std::vector<Patch> patches;
  for (const lib0::Any& txn : *trace.as_object()->find("txns")->as_array()) {
    for (const lib0::Any& patch : *txn.as_object()->find("patches")->as_array()) {
      const lib0::AnyArray& parts = *patch.as_array();
      patches.push_back({static_cast<std::uint64_t>(*parts[0].as_number()),
                         static_cast<std::uint64_t>(*parts[1].as_number()), *parts[2].as_string()});
    }
  }
  return patches;
}

template <class Work>
double median_ms(int runs, Work&& work) {
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) {
    const std::clock_t start = std::clock();  // processor time: other work on the machine does not count
    work();
    times.push_back(1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

void check(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "wrong: %s\n", what);
  std::exit(1);
}

std::size_t bytes_in_use() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::stoi(argv[1]) : 5;
  const std::string json((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
  const auto trace = lib0::parse_json(json);
  check(trace.has_value() && trace->as_object() != nullptr, "the trace is no JSON object");
  const std::string end = *trace->as_object()->find("endContent")->as_string();
  const std::vector<Patch> patches = read_patches(*trace);

  std::vector<Bytes> updates;
  const double local = median_ms(runs, [&] {
    updates.clear();
    crdt::Doc doc(crdt::ClientId{1});
    doc.on_update([&updates](const crdt::UpdateEvent& event) { updates.push_back(event.encode()); });
    crdt::Text text = doc.text("t");
    for (const Patch& patch : patches) {
      doc.transact([&] {
        static_cast<void>(text.remove(patch.at, patch.removed));
        static_cast<void>(text.insert(patch.at, patch.inserted));
      });
    }
    check(text.plain() == end, "text after local edits");
  });

  crdt::Doc applied(crdt::ClientId{2});
  const double apply = median_ms(runs, [&] {
    applied = crdt::Doc(crdt::ClientId{2});
    for (const Bytes& update : updates) check(applied.apply_update(update).has_value(), "an update");
  });
  check(applied.text("t").plain() == end, "text after applying");

  Bytes full;
  const double encode = median_ms(runs * 4, [&] { full = applied.encode_state_as_update(); });
  const double load = median_ms(runs * 4, [&] {
    crdt::Doc doc(crdt::ClientId{3});
    check(doc.apply_update(full).has_value(), "the full state");
  });
  crdt::StateVector behind = applied.state_vector();
  behind.set(crdt::ClientId{1}, behind.get(crdt::ClientId{1}) * 99 / 100);
  const double diff = median_ms(runs * 4, [&] { static_cast<void>(applied.encode_state_as_update(behind)); });
  const std::vector<BytesView> views(updates.begin(), updates.end());
  const double merge = median_ms(std::min(runs, 3), [&] { check(crdt::merge_updates(views).has_value(), "merging"); });

  std::vector<crdt::Doc> copies;
  const std::size_t before = bytes_in_use();
  for (int i = 0; i < 20; ++i) {
    copies.emplace_back(crdt::ClientId{4});
    check(copies.back().apply_update(full).has_value(), "a copy");
  }
  const double memory = static_cast<double>(bytes_in_use() - before) / 20 / 1e6;

  std::printf("%zu edits, %zu octets of full state\n", patches.size(), full.size());
  std::printf(
      "local edits %.1f ms\napply one by one %.1f ms\nencode %.2f ms\nload %.2f ms\ndiff 1%% behind %.3f ms\nmerge all "
      "%.1f ms\nmemory %.2f MB\n",
      local, apply, encode, load, diff, merge, memory);
  return 0;
}
