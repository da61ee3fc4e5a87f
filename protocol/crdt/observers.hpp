// Who observes which types of a document, and what they are still to be told. Internal to crdt.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "crdt/events.hpp"
#include "crdt/types.hpp"

namespace bossey::crdt {

struct Transaction;

class Observers {
 public:
  using Callback = std::function<void(const ChangeEvent&)>;

  ObserverId add(const Shared& type, Depth depth, Callback callback);
  void remove(ObserverId id);

  /// Puts down what observers will be told of the transaction. Before its tidying; its deletes must be normalized.
  void note(const Transaction& transaction);
  /// Tells it, in order. Called when the document is at rest: observers may edit.
  void deliver();

 private:
  struct Observer {
    ObserverId id;
    Shared type;
    Depth depth;
    Callback callback;
    bool ended = false;
  };
  struct Notice {
    std::shared_ptr<const Observer> observer;
    ChangeEvent event;
  };

  std::vector<std::shared_ptr<Observer>> observers_;
  std::deque<Notice> notices_;
  std::uint64_t last_id_ = 0;
  bool delivering_ = false;
};

}  // namespace bossey::crdt
