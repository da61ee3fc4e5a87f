// A server without sockets for tests of groups: real journal, real git, real rooms in a temporary folder, which can be
// shut and opened again; and people who type over the plain channel.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "crdt/doc.hpp"
#include "group/groups.hpp"
#include "hand_scheduler.hpp"
#include "journal/data_folder.hpp"
#include "journal/journal.hpp"
#include "net/socket.hpp"
#include "revisions/revision_store.hpp"
#include "room/rooms.hpp"
#include "room/socket_door.hpp"
#include "sync/y_websocket.hpp"

namespace bossey::test {

inline constexpr std::uint64_t kChair = 1, kSecretariat = 2, kMember = 3, kOtherMember = 4, kObserver = 5, kAdmin = 6;

[[nodiscard]] inline group::Caller person(std::uint64_t number) {
  constexpr std::array kRoles{consensus::Role::chair,  consensus::Role::secretariat, consensus::Role::member,
                              consensus::Role::member, consensus::Role::observer,    consensus::Role::administrator};
  return {PersonId{number}, kRoles[number - 1]};
}

class House : public room::AccessGate, public group::GroupEvents {
 public:
  House();
  ~House() override;
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  /// As a kill and a new start: nothing is committed that was not. `before_opening` may meddle with the folder.
  void restart(const std::function<void(const std::filesystem::path&)>& before_opening = {});

  [[nodiscard]] group::Group& group() { return *groups->find(GroupId{"wgig"}); }
  [[nodiscard]] std::filesystem::path repository() const { return folder_ / "groups" / "wgig.git"; }

  /// Runs the loop until an answer comes.
  template <class T>
  Result<T> wait(const std::function<void(group::Done<T>)>& start) {
    auto answer = std::make_shared<std::optional<Result<T>>>();
    scheduler.step([&] { start([answer](Result<T> result) { answer->emplace(std::move(result)); }); });
    if (!scheduler.run_until([&] { return answer->has_value(); }))
      return fail(Errc::unavailable, "no answer within ten seconds");
    return std::move(**answer);
  }

  /// A report of sections with these titles and one sentence each; ids in order.
  std::vector<SectionId> make_report(const std::string& slug, const std::vector<std::string>& titles);
  Result<group::Decided> decide(const SectionId& section, consensus::DecisionKind kind, const std::string& reason = "",
                                std::uint64_t who = kChair);
  [[nodiscard]] group::SectionView view(const SectionId& section, std::uint64_t who = kChair);
  Result<group::OutlineChanged> outline(decltype(group::OutlineCommand::what) what, std::uint64_t who = kSecretariat);
  void commit_all();
  std::shared_ptr<room::Room> open(const SectionId& section);

  [[nodiscard]] std::string new_key() { return "key-" + std::to_string(++keys_) + "-of-test"; }
  [[nodiscard]] std::uint64_t new_client_id() { return random_() >> 32U | 1U; }
  /// Output of a shell command in the repository.
  [[nodiscard]] std::string git(const std::string& arguments) const;

  // room::AccessGate: the token is the person's number.
  void authenticate(room::Credentials credentials, std::function<void(Result<room::Identity>)> done) override;
  room::Access access(const room::Identity& identity, const DocumentId& document) override;
  Result<room::DocumentFacts> facts(const DocumentId& document) override { return groups->facts(document); }
  // group::GroupEvents
  void tell(const GroupId&, const std::string& json) override { events.push_back(json); }

  HandScheduler scheduler;
  std::vector<std::string> events;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<revisions::RevisionStore> store;
  std::unique_ptr<group::Groups> groups;
  std::unique_ptr<room::Rooms> rooms;
  ReportId report{"final"};

 private:
  void start();
  void stop();

  std::filesystem::path folder_;
  std::optional<journal::DataFolder> data_;
  std::mt19937_64 random_{7};
  std::uint64_t keys_ = 0;
};

/// Somebody who types into one section over `/y/section/<id>`, or into the words of a proposal.
class Typist final : public net::Outbox {
 public:
  Typist(House& house, const SectionId& section, std::uint64_t person);
  Typist(House& house, const DocumentId& document, std::uint64_t person);
  ~Typist() override;

  /// Types at the end of the title, locally and to the server. With `offline` it is kept until `send_kept`.
  void type(const std::string& words);
  void go_offline() { offline_ = true; }
  /// Sends what is kept, or the first so many edits of it.
  void send_kept(std::size_t count = SIZE_MAX);
  /// The words of a paragraph, and putting others for their first occurrence in it.
  [[nodiscard]] std::string words_of(std::size_t paragraph);
  void replace(std::size_t paragraph, const std::string& from, const std::string& to);
  /// Deletes so many characters at the end of a paragraph.
  void take_back(std::size_t paragraph, std::size_t count);
  [[nodiscard]] std::string title() { return doc.text("title").plain(); }

  void send(std::shared_ptr<const Bytes> message) override;
  void close(net::CloseCode, std::string) override { open_ = false; }
  [[nodiscard]] std::size_t buffered_bytes() const override { return 0; }
  [[nodiscard]] bool is_open() const override { return open_; }

  crdt::Doc doc;

 private:
  House& house_;
  std::shared_ptr<net::SocketPeer> peer_;
  [[nodiscard]] crdt::XmlText paragraph_text(std::size_t paragraph);

  std::shared_ptr<Typist> self_;  ///< Not owning: the outbox that the server is given.
  bool open_ = true;
  bool offline_ = false;
  bool receiving_ = false;
  std::vector<Bytes> kept_;
};

}  // namespace bossey::test
