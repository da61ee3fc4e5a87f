#include "crdt/merge_structs.hpp"

#include <algorithm>
#include <memory>
#include <optional>

namespace bossey::crdt {
namespace {

struct Head {
  StructSource* source;
  std::size_t order;
  std::uint64_t used = 0;  // when it was last read from, in rounds
  UpdateStruct next{};

  /// False at the end.
  Result<bool> advance() {
    do {
      BOSSEY_TRY(const bool more, source->next(next));
      if (!more) return false;
    } while (next.kind() == ContentKind::skip);
    return true;
  }
};

/// Higher clients first, then lower clocks. Among equals the one read from last: Yjs sorts its readers stably after
/// each step, and the reader in use stands in front.
bool comes_later(const Head* a, const Head* b) {
  if (a->next.id.client != b->next.id.client) return a->next.id.client < b->next.id.client;
  if (a->next.id.clock != b->next.id.clock) return a->next.id.clock > b->next.id.clock;
  if (a->used != b->used) return a->used < b->used;
  return a->order > b->order;
}

UpdateStruct skip(ClientId client, Clock from, Clock to) {
  UpdateStruct gap;
  gap.id = {client, from};
  gap.length = to - from;
  gap.content = Content(ContentKind::skip);
  return gap;
}

class Merger {
 public:
  explicit Merger(const std::function<void(UpdateStruct&&)>& sink) : sink_(sink) {}

  Result<void> run(const std::vector<StructSource*>& sources) {
    for (StructSource* source : sources) {
      auto head = std::make_unique<Head>(Head{source, owned_.size()});
      BOSSEY_TRY(const bool more, head->advance());
      if (!more) continue;
      heads_.push_back(head.get());
      owned_.push_back(std::move(head));
    }
    std::make_heap(heads_.begin(), heads_.end(), comes_later);
    for (std::uint64_t round = 1; !heads_.empty(); ++round) {
      std::pop_heap(heads_.begin(), heads_.end(), comes_later);
      Head& head = *heads_.back();
      head.used = round;
      BOSSEY_TRY(const bool more, take_from(head));
      if (more)
        std::push_heap(heads_.begin(), heads_.end(), comes_later);
      else
        heads_.pop_back();
    }
    if (current_) sink_(std::move(*current_));
    return {};
  }

 private:
  /// Moves on by one step, then along the head as far as it goes on without a gap. False if the head is at its end.
  Result<bool> take_from(Head& head) {
    const ClientId client = head.next.id.client;
    bool more = true;
    if (!current_) {
      BOSSEY_TRY(more, take(head));
    } else {
      bool passed = false;
      while (more && head.next.end() <= current_->end() && head.next.id.client >= current_->id.client) {
        BOSSEY_TRY(more, head.advance());
        passed = true;
      }
      if (!more || head.next.id.client != client || (passed && head.next.id.clock > current_->end())) return more;
      BOSSEY_TRY(more, step(head));
    }
    while (more && head.next.id.client == client && head.next.id.clock == current_->end()) {
      BOSSEY_TRY(more, take(head));
    }
    return more;
  }

  /// Puts the head's struct after the current one.
  Result<bool> step(Head& head) {
    UpdateStruct& next = head.next;
    if (next.id.client != current_->id.client) return take(head);
    const Clock end = current_->end();
    if (end < next.id.clock) {
      UpdateStruct gap = skip(next.id.client, end, next.id.clock);
      sink_(std::move(*current_));
      current_ = std::move(gap);
      return true;
    }
    if (end > next.id.clock) next.drop_front(end - next.id.clock);
    if (current_->kind() == ContentKind::gc && next.kind() == ContentKind::gc) {
      current_->length += next.length;
      return true;
    }
    return take(head);
  }

  /// The head's struct becomes the current one.
  Result<bool> take(Head& head) {
    if (current_) sink_(std::move(*current_));
    current_ = std::move(head.next);
    head.next = UpdateStruct{};
    return head.advance();
  }

  const std::function<void(UpdateStruct&&)>& sink_;
  std::vector<std::unique_ptr<Head>> owned_;
  std::vector<Head*> heads_;
  std::optional<UpdateStruct> current_;
};

}  // namespace

Result<void> merge_structs(const std::vector<StructSource*>& sources, const std::function<void(UpdateStruct&&)>& sink) {
  return Merger(sink).run(sources);
}

}  // namespace bossey::crdt
