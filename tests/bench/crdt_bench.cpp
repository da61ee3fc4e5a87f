// Times the document engine; tests/bench/crdt.mjs calls it and prints the table (scripts/bench crdt).
//   crdt_bench edits TRACE.json RUNS OUT     local edits of an editing trace; writes the updates to OUT
//   crdt_bench updates FILE RUNS             applies, encodes, loads, cuts and merges the updates of a file
//   crdt_bench growth TRACE.json COPIES OUT  types the trace again and again, each time as another client
//   crdt_bench flood                         what an attacker would send: missing predecessors, one place for all
// Prints one JSON object. Times are processor time in milliseconds, medians of the runs.
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
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

struct Trace {
  std::vector<Patch> patches;
  std::string end;
};

void check(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "crdt_bench: wrong: %s\n", what);
  std::exit(1);
}

std::string read_file(const char* path) {
  std::ifstream in(path, std::ios::binary);
  check(in.good(), path);
  std::string octets{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return octets;
}

Trace read_trace(const char* path) {
  const auto json = lib0::parse_json(read_file(path));
  check(json.has_value() && json->as_object() != nullptr, "the trace is no JSON object");
  Trace trace;
  for (const lib0::Any& txn : *json->as_object()->find("txns")->as_array()) {
    for (const lib0::Any& patch : *txn.as_object()->find("patches")->as_array()) {
      const lib0::AnyArray& parts = *patch.as_array();
      trace.patches.push_back({static_cast<std::uint64_t>(*parts[0].as_number()),
                               static_cast<std::uint64_t>(*parts[1].as_number()), *parts[2].as_string()});
    }
  }
  trace.end = *json->as_object()->find("endContent")->as_string();
  return trace;
}

/// Each update after its length in four octets, little-endian.
void write_updates(const char* path, const std::vector<Bytes>& updates) {
  std::ofstream out(path, std::ios::binary);
  for (const Bytes& update : updates) {
    const auto size = static_cast<std::uint32_t>(update.size());
    out.write(reinterpret_cast<const char*>(&size), sizeof size);
    out.write(reinterpret_cast<const char*>(update.data()), static_cast<std::streamsize>(size));
  }
  check(out.good(), "the updates could not be written");
}

std::vector<Bytes> read_updates(const char* path) {
  const std::string octets = read_file(path);
  std::vector<Bytes> updates;
  for (std::size_t at = 0; at < octets.size();) {
    std::uint32_t size = 0;
    std::memcpy(&size, octets.data() + at, sizeof size);
    at += sizeof size;
    updates.emplace_back(octets.begin() + static_cast<std::ptrdiff_t>(at),
                         octets.begin() + static_cast<std::ptrdiff_t>(at + size));
    at += size;
  }
  return updates;
}

template <class Work>
double time_ms(Work&& work) {
  const std::clock_t start = std::clock();  // processor time: other work on the machine does not count
  work();
  return 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

double median_of(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

template <class Work>
double median_ms(int runs, Work&& work) {
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) times.push_back(time_ms(work));
  return median_of(std::move(times));
}

std::size_t bytes_in_use() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

crdt::Doc loaded(const Bytes& update) {
  crdt::Doc doc(crdt::ClientId{1'000'000});
  check(doc.apply_update(update).has_value(), "a full state");
  return doc;
}

void type(crdt::Doc& doc, const std::vector<Patch>& patches) {
  crdt::Text text = doc.text("t");
  for (const Patch& patch : patches) {
    doc.transact([&] {
      static_cast<void>(text.remove(patch.at, patch.removed));
      static_cast<void>(text.insert(patch.at, patch.inserted));
    });
  }
}

using Measured = std::map<std::string, double>;

Measured measure_edits(const Trace& trace, int runs, const char* out) {
  std::vector<Bytes> updates;
  Measured measured;
  measured["local"] = median_ms(runs, [&] {
    updates.clear();
    crdt::Doc doc(crdt::ClientId{1});
    doc.on_update([&updates](const crdt::UpdateEvent& event) { updates.push_back(event.encode()); });
    type(doc, trace.patches);
    check(doc.text("t").plain() == trace.end, "the text after local edits");
  });
  write_updates(out, updates);
  return measured;
}

Measured measure_updates(const std::vector<Bytes>& updates, int runs) {
  Measured measured;
  crdt::Doc applied(crdt::ClientId{1'000'000});
  measured["apply"] = median_ms(runs, [&] {
    applied = crdt::Doc(crdt::ClientId{1'000'000});
    for (const Bytes& update : updates) check(applied.apply_update(update).has_value(), "an update");
  });
  Bytes full;
  measured["encode"] = median_ms(runs * 10, [&] { full = applied.encode_state_as_update(); });
  measured["load"] = median_ms(runs * 10, [&] { loaded(full); });
  crdt::StateVector behind;
  const crdt::StateVector known = applied.state_vector();
  for (const auto& entry : known.entries()) behind.set(entry.client, entry.clock * 99 / 100);
  crdt::Doc again = loaded(full);
  measured["diff"] = median_ms(runs * 10, [&] { static_cast<void>(again.encode_state_as_update(behind)); });
  std::vector<double> first;
  for (int i = 0; i < runs * 10; ++i) {
    again.transact([] {});  // what was written for the client before does not help the next
    first.push_back(time_ms([&] { static_cast<void>(again.encode_state_as_update(behind)); }));
  }
  measured["diff_first"] = median_of(std::move(first));
  const std::vector<BytesView> views(updates.begin(), updates.end());
  measured["merge"] = median_ms(runs, [&] { check(crdt::merge_updates(views).has_value(), "merging"); });
  std::vector<crdt::Doc> copies;
  copies.reserve(20);
  const std::size_t before = bytes_in_use();
  for (int i = 0; i < 20; ++i) copies.push_back(loaded(full));
  measured["memory"] = static_cast<double>(bytes_in_use() - before) / 20 / 1e6;
  measured["octets"] = static_cast<double>(full.size());
  measured["updates"] = static_cast<double>(updates.size());
  return measured;
}

/// Each copy is typed in front of the earlier ones, and a second document takes the updates one by one.
Measured measure_growth(const Trace& trace, int copies, const char* out) {
  Measured measured;
  crdt::Doc typed(crdt::ClientId{1});
  crdt::Doc applied(crdt::ClientId{1'000'000});
  std::vector<Bytes> updates;
  typed.on_update([&updates](const crdt::UpdateEvent& event) { updates.push_back(event.encode()); });
  std::vector<double> local;
  std::vector<double> apply;
  for (int copy = 0; copy < copies; ++copy) {
    typed.set_client_id(crdt::ClientId{1 + static_cast<std::uint64_t>(copy)});
    updates.clear();
    local.push_back(time_ms([&] { type(typed, trace.patches); }));
    apply.push_back(time_ms([&] {
      for (const Bytes& update : updates) check(applied.apply_update(update).has_value(), "an update");
    }));
  }
  const auto edge = static_cast<std::ptrdiff_t>(std::min(10, copies));
  measured["local_first"] = median_of({local.begin(), local.begin() + edge});
  measured["local_last"] = median_of({local.end() - edge, local.end()});
  measured["apply_first"] = median_of({apply.begin(), apply.begin() + edge});
  measured["apply_last"] = median_of({apply.end() - edge, apply.end()});
  const Bytes full = applied.encode_state_as_update();
  check(full == typed.encode_state_as_update(), "both documents of the growth check have one state");
  measured["load"] = median_ms(5, [&] { loaded(full); });
  measured["octets"] = static_cast<double>(full.size());
  write_updates(out, {full});
  return measured;
}

/// Many clients insert at the start of one text, not knowing of each other.
double competitors_ms(std::uint64_t count) {
  std::vector<Bytes> updates;
  for (std::uint64_t i = 1; i <= count; ++i) {
    crdt::Doc doc(crdt::ClientId{i * 7919 % 1'000'003});
    static_cast<void>(doc.text("t").insert(0, "ab"));
    updates.push_back(doc.encode_state_as_update());
  }
  crdt::Doc doc(crdt::ClientId{1'000'000});
  return time_ms([&] {
    for (const Bytes& update : updates) check(doc.apply_update(update).has_value(), "a competitor");
  });
}

/// Which updates come before what they build on.
enum class Late { first_last, every_other, all_clients };

/// Updates of one character each: of one client the first comes last; of one client those with odd numbers come first;
/// or of as many clients, each with its first update still to come.
double waiting_ms(std::size_t count, Late late) {
  std::vector<Bytes> updates;
  crdt::Doc source(crdt::ClientId{1});
  source.on_update([&updates](const crdt::UpdateEvent& event) { updates.push_back(event.encode()); });
  for (std::size_t i = 0; i < count; ++i) {
    if (late == Late::all_clients) source.set_client_id(crdt::ClientId{i % 8000 / 2 + 1});
    static_cast<void>(source.text("t").insert(i, "x"));
  }
  if (late == Late::first_last) {
    std::rotate(updates.begin(), updates.begin() + 1, updates.end());
  } else {
    std::vector<Bytes> order;
    for (std::size_t i = 1; i < count; i += 2) order.push_back(updates[i]);
    for (std::size_t i = 0; i < count; i += 2) order.push_back(updates[i]);
    updates = std::move(order);
  }
  crdt::Doc doc(crdt::ClientId{1'000'000});
  const double time = time_ms([&] {
    for (const Bytes& update : updates) check(doc.apply_update(update).has_value(), "an update that waits");
  });
  check(!doc.has_pending() && doc.text("t").length_utf16() == count, "all that waited is there in the end");
  return time;
}

Measured measure_flood() {
  Measured measured;
  measured["competitors_1000"] = competitors_ms(1000);
  measured["competitors_8000"] = competitors_ms(8000);
  for (const std::size_t count : {std::size_t{3000}, std::size_t{100'000}}) {
    const std::string size = std::to_string(count);
    measured["first_last_" + size] = waiting_ms(count, Late::first_last);
    measured["every_other_" + size] = waiting_ms(count, Late::every_other);
    measured["all_clients_" + size] = waiting_ms(count, Late::all_clients);
  }
  return measured;
}

void print(const Measured& measured) {
  const char* before = "{";
  for (const auto& [name, value] : measured) {
    std::printf("%s\"%s\": %.4f", before, name.c_str(), value);
    before = ", ";
  }
  std::printf("}\n");
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "edits" && argc == 5) {
    print(measure_edits(read_trace(argv[2]), std::stoi(argv[3]), argv[4]));
  } else if (mode == "updates" && argc == 4) {
    print(measure_updates(read_updates(argv[2]), std::stoi(argv[3])));
  } else if (mode == "growth" && argc == 5) {
    print(measure_growth(read_trace(argv[2]), std::stoi(argv[3]), argv[4]));
  } else if (mode == "flood" && argc == 2) {
    print(measure_flood());
  } else {
    std::fprintf(stderr, "usage: crdt_bench edits|updates|growth|flood ..., see tests/bench/crdt_bench.cpp\n");
    return 2;
  }
  return 0;
}
