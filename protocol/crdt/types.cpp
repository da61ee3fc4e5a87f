#include "crdt/types.hpp"

#include "crdt/handle_factory.hpp"
#include "crdt/list_edit.hpp"
#include "crdt/list_place.hpp"
#include "crdt/read_types.hpp"
#include "crdt/text_edit.hpp"
#include "lib0/utf8.hpp"

namespace bossey::crdt {
namespace {

Result<Content> text_content(std::string_view text) {
  if (!lib0::checked_utf16_length(text)) return fail(Errc::bad_input, "text that is not UTF-8");
  return Content::text(text);
}

}  // namespace

Shared::Shared(DocState* state, SharedType* type) : state_(state), type_(type), epoch_(state->type_epoch) {
  if (type->item != nullptr) item_ = state->store.global(type->item->id());
}

SharedType* Shared::resolve() const {
  if (epoch_ == state_->type_epoch || !item_) return type_;
  epoch_ = state_->type_epoch;
  const Item* holder =
      state_->store.find({state_->store.find_client(item_->client), static_cast<std::uint32_t>(item_->clock)});
  type_ = holder->kind() == ContentKind::type ? holder->content().type() : nullptr;
  return type_;
}

Result<SharedType*> Shared::editable() const {
  SharedType* type = resolve();
  if (type == nullptr || type->gone()) return fail(Errc::not_found, "this part of the document was deleted");
  return type;
}

SharedKind Shared::kind() const {
  const SharedType* type = resolve();
  return type == nullptr ? SharedKind::untyped : type->kind;
}

bool Shared::alive() const {
  const SharedType* type = resolve();
  return type != nullptr && !type->gone();
}

std::optional<Id> Shared::item_id() const {
  return item_;
}

lib0::Any Shared::to_json() const {
  const SharedType* type = resolve();
  return type == nullptr ? lib0::Any() : type_to_json(*state_, *type);
}

std::string Shared::to_string() const {
  const SharedType* type = resolve();
  return type == nullptr ? std::string() : type_to_string(*state_, *type);
}

std::optional<Text> Text::from(const Shared& shared) {
  return HandleFactory::make<Text>(shared, {SharedKind::text, SharedKind::xml_text});
}
std::optional<XmlText> XmlText::from(const Shared& shared) {
  return HandleFactory::make<XmlText>(shared, {SharedKind::xml_text});
}
std::optional<Array> Array::from(const Shared& shared) {
  return HandleFactory::make<Array>(shared, {SharedKind::array});
}
std::optional<Map> Map::from(const Shared& shared) {
  return HandleFactory::make<Map>(shared, {SharedKind::map, SharedKind::xml_hook});
}
std::optional<XmlFragment> XmlFragment::from(const Shared& shared) {
  return HandleFactory::make<XmlFragment>(shared, {SharedKind::xml_fragment, SharedKind::xml_element});
}
std::optional<XmlElement> XmlElement::from(const Shared& shared) {
  return HandleFactory::make<XmlElement>(shared, {SharedKind::xml_element});
}

std::uint64_t Text::length_utf16() const {
  const SharedType* type = resolve();
  return type == nullptr ? 0 : type->length;
}

std::string Text::plain() const {
  const SharedType* type = resolve();
  return type == nullptr ? std::string() : plain_text(*type);
}

std::vector<DeltaInsert> Text::to_delta() const {
  const SharedType* type = resolve();
  return type == nullptr ? std::vector<DeltaInsert>() : text_delta(*state_, *type);
}

Attributes Text::attributes() const {
  const SharedType* type = resolve();
  return type == nullptr ? Attributes() : plain_attributes(*type);
}

Result<void> Text::insert(std::uint64_t index_utf16, std::string_view text) {
  if (text.empty()) return {};
  BOSSEY_TRY(SharedType * type, editable());
  BOSSEY_TRY(Content content, text_content(text));
  state_->transact({}, true, [&](Transaction& t) { insert_text(t, *type, index_utf16, std::move(content), nullptr); });
  return {};
}

Result<void> Text::insert(std::uint64_t index_utf16, std::string_view text, const Attributes& attributes) {
  if (text.empty()) return {};
  BOSSEY_TRY(SharedType * type, editable());
  BOSSEY_TRY(Content content, text_content(text));
  state_->transact({}, true,
                   [&](Transaction& t) { insert_text(t, *type, index_utf16, std::move(content), &attributes); });
  return {};
}

Result<void> Text::insert_embed(std::uint64_t index_utf16, const lib0::Any& embed, const Attributes& attributes) {
  BOSSEY_TRY(SharedType * type, editable());
  // A string cannot be told from text, so Yjs makes text of it.
  Content content = embed.as_string() != nullptr ? Content::text(*embed.as_string()) : Content::embed(embed);
  state_->transact({}, true,
                   [&](Transaction& t) { insert_text(t, *type, index_utf16, std::move(content), &attributes); });
  return {};
}

Result<void> Text::remove(std::uint64_t index_utf16, std::uint64_t length_utf16) {
  if (length_utf16 == 0) return {};
  BOSSEY_TRY(SharedType * type, editable());
  state_->transact({}, true, [&](Transaction& t) { remove_text(t, *type, index_utf16, length_utf16); });
  return {};
}

Result<void> Text::format(std::uint64_t index_utf16, std::uint64_t length_utf16, const Attributes& attributes) {
  if (length_utf16 == 0) return {};
  BOSSEY_TRY(SharedType * type, editable());
  state_->transact({}, true, [&](Transaction& t) { format_text(t, *type, index_utf16, length_utf16, attributes); });
  return {};
}

Result<void> Text::apply_delta(const std::vector<DeltaOp>& delta) {
  BOSSEY_TRY(SharedType * type, editable());
  for (const DeltaOp& op : delta) {
    const auto* insert = std::get_if<DeltaOp::Insert>(&op.step);
    const auto* words = insert == nullptr ? nullptr : std::get_if<std::string>(&insert->content);
    if (words != nullptr && !lib0::checked_utf16_length(*words)) return fail(Errc::bad_input, "text that is not UTF-8");
  }
  state_->transact({}, true, [&](Transaction& t) { apply_text_delta(t, *type, delta); });
  return {};
}

namespace {

Result<void> set_type_attribute(DocState& state, Result<SharedType*> type, std::string_view name,
                                const lib0::Any& value) {
  if (!type) return tl::unexpected<Error>(std::move(type).error());
  state.transact({}, true, [&](Transaction& t) { set_key(t, **type, name, value); });
  return {};
}

Result<void> remove_type_attribute(DocState& state, Result<SharedType*> type, std::string_view name) {
  if (!type) return tl::unexpected<Error>(std::move(type).error());
  state.transact({}, true, [&](Transaction& t) { remove_key(t, **type, name); });
  return {};
}

Result<void> check_range(const SharedType& type, std::uint64_t index, std::uint64_t length) {
  if (index > type.length || length > type.length - index) {
    return fail(Errc::bad_input, "a range of " + std::to_string(length) + " at " + std::to_string(index) +
                                     " in a list of " + std::to_string(type.length));
  }
  return {};
}

}  // namespace

Result<void> Text::set_attribute(std::string_view name, const lib0::Any& value) {
  return set_type_attribute(*state_, editable(), name, value);
}
Result<void> Text::remove_attribute(std::string_view name) {
  return remove_type_attribute(*state_, editable(), name);
}

std::uint64_t Array::length() const {
  const SharedType* type = resolve();
  return type == nullptr ? 0 : type->length;
}

std::vector<Element> Array::elements() const {
  const SharedType* type = resolve();
  return type == nullptr ? std::vector<Element>() : list_elements(*state_, *type);
}

std::optional<Element> Array::at(std::uint64_t index) const {
  SharedType* type = resolve();
  if (type == nullptr || index >= type->length) return std::nullopt;
  const ListUnit unit = find_unit(*type, index);
  set_cursor(*type, unit.item, unit.before);
  return element_at(*state_, *unit.item, index - unit.before);
}

Result<void> Array::insert(std::uint64_t index, const std::vector<NewElement>& elements) {
  BOSSEY_TRY(SharedType * type, editable());
  BOSSEY_TRY_VOID(check_list_insert(*type, index, elements));
  state_->transact({}, true, [&](Transaction& t) { insert_elements(t, *type, index, elements); });
  return {};
}

Result<void> Array::push(const std::vector<NewElement>& elements) {
  BOSSEY_TRY(SharedType * type, editable());
  BOSSEY_TRY_VOID(check_list_insert(*type, 0, elements));
  state_->transact({}, true, [&](Transaction& t) { push_elements(t, *type, elements); });
  return {};
}

Result<void> Array::remove(std::uint64_t index, std::uint64_t length) {
  BOSSEY_TRY(SharedType * type, editable());
  BOSSEY_TRY_VOID(check_range(*type, index, length));
  if (length == 0) return {};
  state_->transact({}, true, [&](Transaction& t) { remove_elements(t, *type, index, length); });
  return {};
}

std::vector<std::pair<std::string, Element>> Shared::keyed_elements() const {
  std::vector<std::pair<std::string, Element>> entries;
  const SharedType* type = resolve();
  if (type == nullptr) return entries;
  for (const auto& [key, last] : type->map.entries()) {
    if (auto value = map_value(*state_, last)) entries.emplace_back(*key, std::move(*value));
  }
  return entries;
}

std::optional<Element> Map::get(std::string_view key) const {
  const SharedType* type = resolve();
  const std::string* name = state_->store.find_name(key);
  return type == nullptr || name == nullptr ? std::nullopt : map_value(*state_, type->map.find(name));
}

std::string Map::hook_name() const {
  const SharedType* type = resolve();
  return type == nullptr || type->kind != SharedKind::xml_hook ? std::string() : type->name;
}

Result<void> Map::set(std::string_view key, const NewElement& value) {
  BOSSEY_TRY(SharedType * type, editable());
  const auto* kind = std::get_if<SharedKind>(&value);
  if (kind != nullptr &&
      (*kind == SharedKind::xml_element || *kind == SharedKind::xml_hook || *kind == SharedKind::untyped)) {
    return fail(Errc::bad_input, "a type that needs a name");
  }
  state_->transact({}, true, [&](Transaction& t) { set_key(t, *type, key, value); });
  return {};
}

Result<void> Map::remove(std::string_view key) {
  return remove_type_attribute(*state_, editable(), key);
}

std::uint64_t XmlFragment::length() const {
  const SharedType* type = resolve();
  return type == nullptr ? 0 : type->length;
}

std::vector<Element> XmlFragment::children() const {
  const SharedType* type = resolve();
  return type == nullptr ? std::vector<Element>() : list_elements(*state_, *type);
}

Result<XmlElement> XmlFragment::insert_element(std::uint64_t index, std::string_view node_name) {
  BOSSEY_TRY(SharedType * type, editable());
  BOSSEY_TRY_VOID(check_range(*type, index, 0));
  SharedType* inserted = nullptr;
  state_->transact({}, true, [&](Transaction& t) {
    inserted =
        insert_type(t, *type, index, std::make_unique<SharedType>(SharedKind::xml_element, std::string(node_name)));
  });
  return state_->handle_as<XmlElement>(inserted);
}

Result<XmlText> XmlFragment::insert_text(std::uint64_t index) {
  BOSSEY_TRY(SharedType * type, editable());
  BOSSEY_TRY_VOID(check_range(*type, index, 0));
  SharedType* inserted = nullptr;
  state_->transact({}, true, [&](Transaction& t) {
    inserted = insert_type(t, *type, index, std::make_unique<SharedType>(SharedKind::xml_text));
  });
  return state_->handle_as<XmlText>(inserted);
}

Result<void> XmlFragment::remove(std::uint64_t index, std::uint64_t length) {
  BOSSEY_TRY(SharedType * type, editable());
  BOSSEY_TRY_VOID(check_range(*type, index, length));
  if (length == 0) return {};
  state_->transact({}, true, [&](Transaction& t) { remove_elements(t, *type, index, length); });
  return {};
}

std::string XmlElement::node_name() const {
  const SharedType* type = resolve();
  return type == nullptr ? std::string() : type->name;
}

Attributes XmlElement::attributes() const {
  const SharedType* type = resolve();
  return type == nullptr ? Attributes() : plain_attributes(*type);
}

std::optional<lib0::Any> XmlElement::attribute(std::string_view name) const {
  const Attributes all = attributes();
  const lib0::Any* value = all.find(name);
  return value == nullptr ? std::nullopt : std::optional<lib0::Any>(*value);
}

Result<void> XmlElement::set_attribute(std::string_view name, const lib0::Any& value) {
  return set_type_attribute(*state_, editable(), name, value);
}
Result<void> XmlElement::remove_attribute(std::string_view name) {
  return remove_type_attribute(*state_, editable(), name);
}

}  // namespace bossey::crdt
