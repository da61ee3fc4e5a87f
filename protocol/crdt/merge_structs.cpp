#include "crdt/merge_structs.hpp"

#include <memory>
#include <optional>

#include "crdt/merge_order.hpp"

namespace bossey::crdt {
namespace {

class Merger {
 public:
  explicit Merger(const std::function<void(UpdateStruct&&)>& sink) : sink_(sink) {}

  Result<void> run(const std::vector<StructSource*>& sources) {
    std::vector<MergeHead*> heads;
    for (StructSource* source : sources) {
      auto head = std::make_unique<MergeHead>(MergeHead{source, owned_.size()});
      BOSSEY_TRY(const bool more, head->advance());
      if (!more) continue;
      heads.push_back(head.get());
      owned_.push_back(std::move(head));
    }
    MergeOrder order(std::move(heads));
    while (!order.empty()) {
      BOSSEY_TRY(const bool more, take_from(order.first()));
      order.moved(more);
    }
    if (current_) sink_(std::move(*current_));
    return {};
  }

 private:
  /// Moves on by one step, then along the head as far as it goes on without a gap. False if the head is at its end.
  Result<bool> take_from(MergeHead& head) {
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
  Result<bool> step(MergeHead& head) {
    UpdateStruct& next = head.next;
    if (next.id.client != current_->id.client) return take(head);
    const Clock end = current_->end();
    if (end < next.id.clock) {
      UpdateStruct gap = skip_struct(next.id.client, end, next.id.clock);
      sink_(std::move(*current_));
      current_ = std::move(gap);
      return true;
    }
    if (current_->kind() == ContentKind::gc && next.kind() == ContentKind::gc) {
      current_->length = next.end() - current_->id.clock;  // the head stays where it is and is passed in the next round
      return true;
    }
    if (end > next.id.clock) next.drop_front(end - next.id.clock);
    return take(head);
  }

  /// The head's struct becomes the current one.
  Result<bool> take(MergeHead& head) {
    if (current_) sink_(std::move(*current_));
    current_ = std::move(head.next);
    head.next = UpdateStruct{};
    return head.advance();
  }

  const std::function<void(UpdateStruct&&)>& sink_;
  std::vector<std::unique_ptr<MergeHead>> owned_;
  std::optional<UpdateStruct> current_;
};

}  // namespace

UpdateStruct skip_struct(ClientId client, Clock from, Clock to) {
  UpdateStruct gap;
  gap.id = {client, from};
  gap.length = to - from;
  gap.content = Content(ContentKind::skip);
  return gap;
}

Result<void> merge_structs(const std::vector<StructSource*>& sources, const std::function<void(UpdateStruct&&)>& sink) {
  return Merger(sink).run(sources);
}

}  // namespace bossey::crdt
