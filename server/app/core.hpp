// The server without its door: data folder, stores, rooms, groups and their joins, on one loop. Made by `serve`, which
// adds the listener, and by commands that work alone. Whoever makes it runs the loop and then calls close().
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "accounts/accounts.hpp"
#include "api/call.hpp"
#include "api/forgetting.hpp"
#include "api/pool.hpp"
#include "app/fault_seam.hpp"
#include "auth/gate.hpp"
#include "base/error.hpp"
#include "group/group_events.hpp"
#include "group/groups.hpp"
#include "journal/data_folder.hpp"
#include "journal/journal.hpp"
#include "net/event_loop.hpp"
#include "revisions/revision_store.hpp"
#include "room/rooms.hpp"

namespace bossey::app {

class Core {
 public:
  /// Takes the folder's lock, opens the stores and makes what a crash left undone. Blocks. The detail of an error says
  /// what to do.
  [[nodiscard]] static Result<std::unique_ptr<Core>> open(const std::filesystem::path& data, room::RoomsOptions rooms,
                                                          FaultSeam faults = {});
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  [[nodiscard]] net::EventLoop& loop() { return loop_; }
  [[nodiscard]] const journal::DataFolder& folder() const { return folder_; }
  [[nodiscard]] accounts::Accounts& accounts() { return *accounts_; }
  [[nodiscard]] group::Groups& groups() { return *groups_; }
  [[nodiscard]] room::Rooms& rooms() { return *rooms_; }
  [[nodiscard]] revisions::RevisionStore& revisions() { return *revisions_; }
  [[nodiscard]] api::Pool& pool() { return *pool_; }
  [[nodiscard]] const journal::Journal& journal() const { return *journal_; }
  [[nodiscard]] const revisions::RevisionStore& revisions() const { return *revisions_; }
  /// All of it, as routes and commands take it.
  [[nodiscard]] api::Services services();

  /// On the network thread: no more edits, everything written so far to disk and to git, then `done`. The deadline is
  /// the caller's.
  void settle(std::function<void(Result<void>)> done);
  /// After the loop has ended: stops the threads and closes the files. The error of what could not be saved.
  [[nodiscard]] Result<void> close(std::chrono::milliseconds timeout);

 private:
  class Events;

  explicit Core(journal::DataFolder folder);
  [[nodiscard]] Result<void> open_stores(FaultSeam faults);
  [[nodiscard]] Result<void> open_groups(room::RoomsOptions options);
  [[nodiscard]] worker::Post post();
  void tell_all_groups(const std::string& json);

  // In order of making; what stands later uses what stands before.
  net::EventLoop loop_;
  journal::DataFolder folder_;
  std::unique_ptr<api::Pool> pool_;
  std::unique_ptr<accounts::Accounts> accounts_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<revisions::RevisionStore> revisions_;
  std::unique_ptr<Events> events_;
  std::unique_ptr<group::Groups> groups_;
  std::unique_ptr<auth::Gate> gate_;
  std::unique_ptr<room::Rooms> rooms_;
  std::unique_ptr<api::DailyForgetting> forgetting_;
  std::string standing_;  ///< The journal's present trouble as an event; empty when all is well.
};

/// 64 bits from the operating system.
[[nodiscard]] std::uint64_t random_bits();

}  // namespace bossey::app
