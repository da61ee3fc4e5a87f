#include "crdt/doc.hpp"

#include "crdt/doc_state.hpp"

namespace bossey::crdt {

Bytes UpdateEvent::encode(UpdateFormat format) const {
  return state_->encode(*transaction_, format);
}

Doc::Doc(ClientId client_id, bool gc) : state_(std::make_unique<DocState>(client_id, gc)) {}
Doc::Doc(Doc&&) noexcept = default;
Doc& Doc::operator=(Doc&&) noexcept = default;
Doc::~Doc() = default;

bool Doc::gc() const {
  return state_->gc;
}

ClientId Doc::client_id() const {
  return state_->client_id;
}

void Doc::set_client_id(ClientId client_id) {
  state_->client_id = client_id;
  state_->client_id_taken = false;
}

bool Doc::client_id_taken() const {
  return state_->client_id_taken;
}

Result<ApplyOutcome> Doc::apply_update(BytesView update, UpdateFormat format, Origin origin) {
  return state_->apply_update(update, format, origin);
}

Bytes Doc::encode_state_as_update(const StateVector& known, UpdateFormat format) const {
  return state_->encode(known, format);
}

StateVector Doc::state_vector() const {
  return state_->state_vector();
}

DeleteSet Doc::delete_set() const {
  return state_->delete_set();
}

bool Doc::has_pending() const {
  return !state_->pending.empty() || !state_->pending_deletes.empty();
}

std::size_t Doc::pending_struct_count() const {
  return state_->pending.struct_count();
}

Text Doc::text(std::string_view name) {
  return state_->handle_as<Text>(&state_->root(name, SharedKind::text));
}

Array Doc::array(std::string_view name) {
  return state_->handle_as<Array>(&state_->root(name, SharedKind::array));
}

Map Doc::map(std::string_view name) {
  return state_->handle_as<Map>(&state_->root(name, SharedKind::map));
}

XmlFragment Doc::xml_fragment(std::string_view name) {
  return state_->handle_as<XmlFragment>(&state_->root(name, SharedKind::xml_fragment));
}

void Doc::transact(const std::function<void()>& edit, Origin origin) {
  state_->transact(origin, true, [&edit](Transaction&) { edit(); });
}

void Doc::on_update(std::function<void(const UpdateEvent&)> observer) {
  state_->observer = std::move(observer);
}

ObserverId Doc::observe(const Shared& type, Depth depth, std::function<void(const ChangeEvent&)> observer) {
  return state_->observers.add(type, depth, std::move(observer));
}

void Doc::unobserve(ObserverId observer) {
  state_->observers.remove(observer);
}

Doc Doc::clone() const {
  Doc copy(state_->client_id, state_->gc);
  const Bytes update = encode_state_as_update({}, UpdateFormat::v2);
  BOSSEY_CHECK(copy.apply_update(update, UpdateFormat::v2).has_value());
  // Kinds only now: a root that has one would be cleaned of marks while the update is applied.
  for (const auto& [name, type] : state_->roots) {
    SharedType& root = copy.state_->root(name);
    root.kind = type->kind;
    root.has_formatting = type->has_formatting;
  }
  return copy;
}

}  // namespace bossey::crdt
