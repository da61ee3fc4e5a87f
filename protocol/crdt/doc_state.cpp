#include "crdt/doc_state.hpp"

#include <algorithm>
#include <span>
#include <unordered_map>
#include <utility>

#include "crdt/formatting.hpp"
#include "crdt/integrate.hpp"
#include "crdt/undo.hpp"
#include "crdt/updates.hpp"
#include "lib0/encoder.hpp"

namespace bossey::crdt {
namespace {

/// Deletes what waited for units of clients that have advanced.
void apply_due_deletes(Transaction& transaction, const std::vector<ClientIndex>& advanced) {
  DocState& doc = transaction.doc;
  if (doc.pending_deletes.empty()) return;
  DeleteSet due;
  for (const ClientIndex client : advanced) {
    const ClientStructs& structs = doc.store.structs(client);
    doc.pending_deletes.take_due(structs.client(), structs.state(), due);
  }
  const DeleteSet unknown = apply_deletes(transaction, due);
  BOSSEY_CHECK(unknown.empty());
}

/// Applies an update in the running transaction; then what was pending, if that may help.
void read_update(Transaction& transaction, DecodedUpdate& update) {
  DocState& doc = transaction.doc;
  bool retry = false;
  integrate_structs(transaction, update.batch, retry);
  doc.pending_deletes.add(apply_deletes(transaction, update.deletes));
  const std::vector<ClientIndex> advanced = std::exchange(doc.advanced, {});
  apply_due_deletes(transaction, advanced);
  if (!retry) return;
  retry_pending(transaction, advanced);
  apply_due_deletes(transaction, std::exchange(doc.advanced, {}));
}

/// Ends of the runs that an update brings.
std::unordered_map<ClientId, Clock> queue_ends(const DecodedUpdate& update) {
  std::unordered_map<ClientId, Clock> ends;
  for (const StructQueue& queue : update.batch.queues)
    ends.emplace(queue.client, update.batch.structs[queue.end - 1].end());
  return ends;
}

}  // namespace

SharedType& DocState::root(std::string_view name) {
  const auto found = roots.find(name);
  if (found != roots.end()) return *found->second;
  return *roots.emplace(name, std::make_unique<SharedType>(SharedKind::untyped, std::string(name))).first->second;
}

SharedType& DocState::root(std::string_view name, SharedKind kind) {
  SharedType& type = root(name);
  if (type.kind == SharedKind::untyped) {
    type.kind = kind;
    // As in Yjs, which moves the content to a new type: marks that came before are not known to it.
    type.has_formatting = false;
  }
  BOSSEY_CHECK(type.kind == kind);
  return type;
}

Result<void> DocState::check_room_for(const DecodedUpdate& update, std::size_t octets) const {
  const bool many_structs =
      (!pending.empty() && (pending.struct_count() + update.batch.structs.size() > limits::kPendingStructsMax ||
                            pending_octets_ + octets > limits::kPendingBytesMax)) ||
      pending.client_count() + update.batch.queues.size() > limits::kPendingClientsMax;
  const bool many_deletes = pending_deletes.range_count() + update.deletes.range_count() > limits::kPendingDeletesMax;
  if (!many_structs && !many_deletes) return {};
  const auto ends = queue_ends(update);
  const auto known_to = [&](ClientId client) {
    const auto end = ends.find(client);
    return std::max<Clock>(store.state(client), end == ends.end() ? 0 : end->second);
  };
  const auto waits = [&](const UpdateStruct& next) {
    const auto lacks = [&known_to](const Id& id) { return id.clock >= known_to(id.client); };
    return (next.origin && lacks(*next.origin)) || (next.right_origin && lacks(*next.right_origin)) ||
           (next.is_item() && next.parent == UpdateStruct::Parent::item && lacks(next.parent_id));
  };
  for (const StructQueue& queue : update.batch.queues) {
    if (!many_structs) break;
    const auto structs = std::span(update.batch.structs).subspan(queue.next, queue.end - queue.next);
    if (structs.front().id.clock > store.state(queue.client) || std::any_of(structs.begin(), structs.end(), waits)) {
      return fail(Errc::too_large, "too many changes wait for others; send the missing ones first");
    }
  }
  std::size_t waiting = pending_deletes.range_count();
  for (const auto& client : update.deletes.clients()) {
    const Clock known = known_to(client.client);
    for (const auto& range : client.ranges) waiting += range.end() > known ? 1 : 0;
  }
  if (waiting > limits::kPendingDeletesMax)
    return fail(Errc::too_large, "too many deletions wait for what they delete");
  return {};
}

Result<void> DocState::check_update(BytesView update, UpdateFormat format) const {
  DecodedUpdate decoded;
  BOSSEY_TRY_VOID(decode_update(update, format, decoded));
  return check_room_for(decoded, update.size());
}

Result<ApplyOutcome> DocState::apply_update(BytesView update, UpdateFormat format, Origin origin) {
  struct KeepSmall {  // its room is used again
    DecodedUpdate& decoded;
    ~KeepSmall() {
      constexpr std::size_t kKeptMax = 64;
      if (decoded.batch.structs.capacity() > kKeptMax) decoded = {};
    }
  };
  const KeepSmall keep{decoded_};
  DecodedUpdate& decoded = decoded_;
  BOSSEY_TRY_VOID(decode_update(update, format, decoded));
  BOSSEY_TRY_VOID(check_room_for(decoded, update.size()));
  const std::size_t pending_before = pending.struct_count();
  ApplyOutcome outcome;
  outcome.changed = transact(origin, false, [&decoded](Transaction& transaction) {
    transaction.local = false;
    read_update(transaction, decoded);
  });
  if (pending.empty())
    pending_octets_ = 0;
  else if (pending.struct_count() > pending_before)
    pending_octets_ += update.size();
  outcome.has_pending = !pending.empty() || !pending_deletes.empty();
  return outcome;
}

void DocState::finish(Transaction& transaction) {
  transaction.deletes.normalize();
  observers.note(transaction);
  for (Undo* undo : undos) undo->note(transaction);
  std::optional<Transaction> clean_up;
  if (needs_clean_up(transaction)) {
    clean_up.emplace(*this, store, transaction.origin, true, ++transactions_);
    clean_up->formatting_clean_up = true;
    clean_up_formatting(transaction, *clean_up);
  }
  transaction.tidy(gc);
  if (!transaction.local) {
    const ClientIndex own = store.find_client(client_id);
    const auto is_own = [own](const ClientStart& start) { return start.client == own; };
    client_id_taken = client_id_taken || std::any_of(transaction.touched.begin(), transaction.touched.end(), is_own);
  }
  emit(transaction);
  if (clean_up) {
    clean_up->deletes.normalize();
    observers.note(*clean_up);
    for (Undo* undo : undos) undo->note(*clean_up);
    clean_up->tidy(gc);
    emit(*clean_up);
  }
  observers.deliver();
}

void DocState::emit(const Transaction& transaction) const {
  if (!observer || !transaction.changed_anything()) return;
  UpdateEvent event;
  event.origin = transaction.origin;
  event.local = transaction.local;
  event.formatting_clean_up = transaction.formatting_clean_up;
  event.state_ = this;
  event.transaction_ = &transaction;
  observer(event);
}

StateVector DocState::state_vector() const {
  std::vector<StateVector::Entry> entries;
  for (const ClientStructs& client : store.clients()) {
    if (!client.empty()) entries.push_back({client.client(), client.state()});
  }
  return StateVector::from_entries(std::move(entries));
}

DeleteSet DocState::delete_set() const {
  DeleteSet deletes;
  for (const ClientStructs& client : store.clients()) {
    const Item* run = nullptr;  // first of a run of deleted structs
    std::uint32_t end = 0;
    for (std::size_t i = 0; i < client.size(); ++i) {
      const Item* item = client[i];
      if (item->deleted()) {
        if (run == nullptr) run = item;
        end = item->end();
      } else if (run != nullptr) {
        deletes.add(client.client(), run->clock(), end - run->clock());
        run = nullptr;
      }
    }
    if (run != nullptr) deletes.add(client.client(), run->clock(), end - run->clock());
  }
  return deletes;
}

const Bytes& DocState::written_deletes(UpdateFormat format) {
  WrittenDeletes& written = format == UpdateFormat::v1 ? written_deletes_v1_ : written_deletes_v2_;
  if (running_ == nullptr && written.transactions == transactions_) return written.octets;
  lib0::Encoder out;
  write_delete_set(out, delete_set(), format);
  written = {running_ == nullptr ? transactions_ : ~std::uint64_t{0}, out.take()};
  return written.octets;
}

Bytes DocState::encode(const Transaction& transaction, UpdateFormat format) const {
  return write_store(store, transaction.touched, transaction.deletes, format);
}

Bytes DocState::encode(const StateVector& known, UpdateFormat format) {
  std::vector<ClientStart> starts;
  for (ClientIndex i = 0; i < store.clients().size(); ++i) {
    const Clock clock = known.get(store.client(i));
    if (store.structs(i).state() > clock) starts.push_back({i, clock});
  }
  Bytes main = write_store(store, std::move(starts), BytesView(written_deletes(format)), format);
  if (pending.empty() && pending_deletes.empty()) return main;
  std::vector<Bytes> parts;
  parts.push_back(std::move(main));
  if (!pending_deletes.empty()) parts.push_back(StructWriter::make(format)->finish(pending_deletes.all()));
  if (!pending.empty()) {
    auto lacking = diff_update(pending.encode(format), known, format);
    BOSSEY_CHECK(lacking.has_value());  // written just now
    parts.push_back(std::move(*lacking));
  }
  auto merged = merge_updates({parts.begin(), parts.end()}, format);
  BOSSEY_CHECK(merged.has_value());
  return std::move(*merged);
}

}  // namespace bossey::crdt
