// Load for a collaboration server: many clients in one thread that type, read and count, without an engine of their
// own. Speaks the Hocuspocus and the y-websocket framing. Run by server.mjs, which starts the servers and checks the
// texts with a real Yjs client afterwards. Prints one JSON object.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bench/server/client.hpp"
#include "crdt/updates.hpp"
#include "lib0/decoder.hpp"

namespace bossey::bench {
namespace {

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string path = "/sync";
  std::string token = "T";
  std::string prefix = "scratch/bench";
  bool plain = false;  ///< The y-websocket framing: the document stands in the path.
  int documents = 1;
  int writers = 1;
  int readers = 0;
  double rate = 0;   ///< Edits a second of each writer; 0: as fast as the window lets.
  int window = 100;  ///< Edits on their way: of a writer without its acknowledgement, or of a document unseen.
  bool by_ack = false;
  double warm_up = 1;
  double seconds = 5;
};

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// A document, and who is in it. Its first client that did not write an edit sees it: the probe.
struct Document {
  std::string name;
  std::vector<Client*> clients;
  std::uint64_t sent = 0;
  std::uint64_t seen = 0;  ///< Edits that the probe has seen, its own included.
  /// Edits in a frame by its hash, each with its author: all readers get the same frame.
  std::unordered_map<std::uint64_t, std::vector<std::pair<std::uint32_t, std::uint32_t>>> counts;
};

class Load {
 public:
  explicit Load(Options options) : options_(std::move(options)) {}

  void run() {
    connect_all();
    prepare();
    const auto begin = Clock::now();
    bool measuring = false;
    while (seconds_since(begin) < options_.warm_up + options_.seconds) {
      if (!measuring && seconds_since(begin) >= options_.warm_up) {
        measuring = true;
        start_measuring();
      }
      type();
      poll(options_.rate > 0 ? 1 : 0);
    }
    finish_measuring();
    settle();
    report();
    // The clients stay until the texts are checked: a server in memory would forget them.
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
  }

 private:
  void connect_all() {
    for (int d = 0; d < options_.documents; ++d) {
      Document& document = documents_.emplace_back();
      document.name = options_.prefix + "-" + std::to_string(d);
    }
    const int each = options_.writers + options_.readers;
    for (int i = 0; i < each; ++i)
      for (int d = 0; d < options_.documents; ++d) {
        auto client = std::make_unique<Client>(options_.host, options_.port, options_.plain, options_.path,
                                               documents_[static_cast<std::size_t>(d)].name, options_.token);
        client->document = d;
        client->writes = i < options_.writers;
        client->id = 1'000U + static_cast<std::uint32_t>(clients_.size());
        client->sampled = i == each - 1 || i == 0;
        poller_.add(*client);
        documents_[static_cast<std::size_t>(d)].clients.push_back(client.get());
        clients_.push_back(std::move(client));
        poll(0);
      }
    const auto begin = Clock::now();
    while (std::any_of(clients_.begin(), clients_.end(), [](const auto& client) { return !client->ready; })) {
      poll(10);
      if (seconds_since(begin) > 120) die("the clients are not ready after 120 s");
    }
  }

  void prepare() {
    double phase = 0;
    for (const auto& client : clients_) {
      if (!client->writes) continue;
      phase += 0.618034;
      client->due = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                                       options_.rate > 0 ? std::fmod(phase, 1.0) / options_.rate : 0.0));
    }
  }

  void type() {
    const auto now = Clock::now();
    for (const auto& client : clients_) {
      if (!client->writes) continue;
      Document& document = documents_[static_cast<std::size_t>(client->document)];
      if (options_.rate > 0) {
        while (client->due <= now) {
          type_one(*client, document);
          client->due +=
              std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1.0 / options_.rate));
        }
        continue;
      }
      const auto limit = static_cast<std::uint64_t>(options_.window);
      for (int burst = 0; burst < 4; ++burst) {
        const std::uint64_t on_the_way =
            options_.by_ack ? client->typed - client->acknowledged : document.sent - document.seen;
        if (on_the_way >= limit) break;
        type_one(*client, document);
      }
    }
  }

  void type_one(Client& client, Document& document) {
    client.sent_at.push_back(Clock::now());
    client.type_character();
    ++document.sent;
    if (measuring_) ++sent_;
  }

  void poll(int timeout_ms) {
    poller_.poll(timeout_ms, [this](Client& client, Client::Message kind, BytesView update) {
      if (kind == Client::Message::acknowledged) {
        if (measuring_) ++acknowledged_;
      } else {
        on_update(client, update);
      }
    });
  }

  void on_update(Client& client, BytesView update) {
    Document& document = documents_[static_cast<std::size_t>(client.document)];
    const bool probe = document.clients.back() == &client || (document.clients.front() == &client);
    if (!probe && !client.sampled) {
      client.received += count_of(client, document, update);
    } else {
      client.received += look_into(client, document, update);
    }
    ++frames_;
  }

  /// How many characters of others a frame brings; read once for all who get it. A frame of several authors comes back
  /// to each of them, too.
  std::uint32_t count_of(const Client& client, Document& document, BytesView update) {
    std::uint64_t hash = 14'695'981'039'346'656'037ULL;
    for (const std::uint8_t octet : update) hash = (hash ^ octet) * 1'099'511'628'211ULL;
    auto known = document.counts.find(hash);
    if (known == document.counts.end()) {
      if (document.counts.size() > 4'096) document.counts.clear();
      known = document.counts.try_emplace(hash).first;
      if (const auto ranges = crdt::struct_ranges(update))
        for (const auto& range : *ranges)
          known->second.emplace_back(static_cast<std::uint32_t>(range.client.value),
                                     static_cast<std::uint32_t>(range.length));
    }
    std::uint32_t count = 0;
    for (const auto& [author, length] : known->second) count += author == client.id ? 0U : length;
    return count;
  }

  /// The same, with the time since each character was typed.
  std::uint32_t look_into(Client& client, Document& document, BytesView update) {
    const auto ranges = crdt::struct_ranges(update);
    if (!ranges) die("a frame is no update");
    const auto now = Clock::now();
    std::uint32_t count = 0;
    for (const auto& range : *ranges) {
      if (range.client.value == client.id) continue;
      count += static_cast<std::uint32_t>(range.length);
      const std::size_t index = range.client.value - 1'000U;
      if (index >= clients_.size() || !measuring_) continue;
      const Client& author = *clients_[index];
      for (std::uint64_t clock = range.clock; clock < range.clock + range.length; ++clock) {
        if (clock >= author.sent_at.size() || author.sent_at[clock] < measured_from_) continue;
        latencies_us_.push_back(static_cast<std::uint32_t>(
            std::chrono::duration_cast<std::chrono::microseconds>(now - author.sent_at[clock]).count()));
      }
    }
    if (document.clients.back() == &client) document.seen += count + std::exchange(client.own_unseen, 0U);
    return count;
  }

  void start_measuring() {
    measuring_ = true;
    measured_from_ = Clock::now();
    for (const auto& client : clients_) received_before_ += client->received;
    std::printf("measuring\n");
    std::fflush(stdout);
  }

  void finish_measuring() {
    measured_seconds_ = seconds_since(measured_from_);
    measuring_ = false;
    for (const auto& client : clients_) received_after_ += client->received;
    std::printf("measured\n");
    std::fflush(stdout);
  }

  /// Until everybody has everything.
  void settle() {
    const auto begin = Clock::now();
    const auto complete = [this](const auto& client) {
      return client->received + client->typed >= documents_[static_cast<std::size_t>(client->document)].sent;
    };
    while (!std::all_of(clients_.begin(), clients_.end(), complete)) {
      poll(10);
      if (seconds_since(begin) > 60) break;
    }
    incomplete_ = static_cast<std::size_t>(
        std::count_if(clients_.begin(), clients_.end(), [&](const auto& client) { return !complete(client); }));
  }

  void report() {
    std::sort(latencies_us_.begin(), latencies_us_.end());
    const auto at = [this](double part) -> unsigned {
      if (latencies_us_.empty()) return 0U;
      return latencies_us_[static_cast<std::size_t>(part * static_cast<double>(latencies_us_.size() - 1))];
    };
    std::printf(
        "{\"clients\":%zu,\"seconds\":%.3f,\"sent\":%llu,\"delivered\":%llu,\"acknowledged\":%llu,\"frames\":%llu,"
        "\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u,\"incomplete\":%zu,\"totals\":[",
        clients_.size(), measured_seconds_, static_cast<unsigned long long>(sent_),
        static_cast<unsigned long long>(received_after_ - received_before_),
        static_cast<unsigned long long>(acknowledged_), static_cast<unsigned long long>(frames_), at(0.5), at(0.99),
        at(1.0), incomplete_);
    for (std::size_t d = 0; d < documents_.size(); ++d)
      std::printf("%s%llu", d == 0 ? "" : ",", static_cast<unsigned long long>(documents_[d].sent));
    std::printf("]}\n");
  }

  Options options_;
  Poller poller_;
  std::vector<Document> documents_;
  std::vector<std::unique_ptr<Client>> clients_;
  bool measuring_ = false;
  Clock::time_point measured_from_;
  double measured_seconds_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t frames_ = 0;
  std::uint64_t received_before_ = 0;
  std::uint64_t received_after_ = 0;
  std::size_t incomplete_ = 0;
  std::vector<std::uint32_t> latencies_us_;
};

Options read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const char* const value = argv[i + 1];
    if (name == "--port") options.port = static_cast<std::uint16_t>(std::atoi(value));
    if (name == "--path") options.path = value;
    if (name == "--token") options.token = value;
    if (name == "--prefix") options.prefix = value;
    if (name == "--plain") options.plain = std::atoi(value) != 0;
    if (name == "--documents") options.documents = std::atoi(value);
    if (name == "--writers") options.writers = std::atoi(value);
    if (name == "--readers") options.readers = std::atoi(value);
    if (name == "--rate") options.rate = std::atof(value);
    if (name == "--window") options.window = std::atoi(value);
    if (name == "--by-ack") options.by_ack = std::atoi(value) != 0;
    if (name == "--warm-up") options.warm_up = std::atof(value);
    if (name == "--seconds") options.seconds = std::atof(value);
  }
  return options;
}

}  // namespace
}  // namespace bossey::bench

int main(int argc, char** argv) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  bossey::bench::Load(bossey::bench::read_options(argc, argv)).run();
  return 0;
}
