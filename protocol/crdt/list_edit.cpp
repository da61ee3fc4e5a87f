#include "crdt/list_edit.hpp"

#include "crdt/integrate.hpp"
#include "crdt/list_place.hpp"
#include "crdt/shared_type.hpp"

namespace bossey::crdt {
namespace {

/// Content of an element that stands in an item of its own; plain values are gathered by the callers.
Content content_of(const NewElement& element) {
  if (const auto* doc = std::get_if<Subdocument>(&element)) return Content::subdocument(*doc);
  if (const auto* kind = std::get_if<SharedKind>(&element)) return Content::type(std::make_unique<SharedType>(*kind));
  return Content::binary(*std::get<lib0::Any>(element).as_bytes());
}

/// Whether the element is stored as a JSON-like value, several to an item.
bool is_plain(const NewElement& element) {
  const auto* value = std::get_if<lib0::Any>(&element);
  return value != nullptr && value->as_bytes() == nullptr;
}

bool is_nameless_kind(const NewElement& element) {
  const auto* kind = std::get_if<SharedKind>(&element);
  return kind == nullptr ||
         (*kind != SharedKind::xml_element && *kind != SharedKind::xml_hook && *kind != SharedKind::untyped);
}

/// Each new item stands left of what stood right of the place, as long as that is there.
void insert_after(Transaction& transaction, SharedType& list, ListPlace place,
                  const std::vector<NewElement>& elements) {
  Item* left = place.left;
  lib0::AnyArray values;
  const auto flush = [&] {
    if (values.empty()) return;
    left = insert_local(transaction, list, nullptr, left, place.right,
                        Content::list(ContentKind::any, std::exchange(values, {})));
  };
  for (const NewElement& element : elements) {
    if (is_plain(element)) {
      values.push_back(std::get<lib0::Any>(element));
      continue;
    }
    flush();
    left = insert_local(transaction, list, nullptr, left, place.right, content_of(element));
  }
  flush();
}

void keep_cursor(SharedType& list, const ListPlace& place, std::uint64_t index) {
  if (place.left != nullptr && place.left->visible()) set_cursor(list, place.left, index - place.left->length());
}

}  // namespace

Result<void> check_list_insert(const SharedType& list, std::uint64_t index, const std::vector<NewElement>& elements) {
  if (index > list.length)
    return fail(Errc::bad_input,
                "an insertion at " + std::to_string(index) + " in a list of " + std::to_string(list.length));
  for (const NewElement& element : elements) {
    const auto* value = std::get_if<lib0::Any>(&element);
    if (value != nullptr && (value->is_undefined() || value->as_bigint() != nullptr)) {
      return fail(Errc::bad_input, "a list holds neither undefined nor bigint");
    }
    if (!is_nameless_kind(element)) return fail(Errc::bad_input, "a type that needs a name");
  }
  return {};
}

void insert_elements(Transaction& transaction, SharedType& list, std::uint64_t index,
                     const std::vector<NewElement>& elements) {
  const ListPlace place = find_place(transaction, list, index);
  insert_after(transaction, list, place, elements);
  keep_cursor(list, place, index);
}

void push_elements(Transaction& transaction, SharedType& list, const std::vector<NewElement>& elements) {
  Item* last = list.cursor.item != nullptr ? list.cursor.item : list.start;
  while (last != nullptr && last->right() != nullptr) last = last->right();
  const std::uint64_t length = list.length;
  insert_after(transaction, list, {last, nullptr}, elements);
  if (last != nullptr) set_cursor(list, last, length - (last->visible() ? last->length() : 0));
}

SharedType* insert_type(Transaction& transaction, SharedType& list, std::uint64_t index,
                        std::unique_ptr<SharedType> type) {
  SharedType* inserted = type.get();
  const ListPlace place = find_place(transaction, list, index);
  insert_local(transaction, list, nullptr, place.left, place.right, Content::type(std::move(type)));
  keep_cursor(list, place, index);
  return inserted;
}

void remove_elements(Transaction& transaction, SharedType& list, std::uint64_t index, std::uint64_t length) {
  const ListPlace place = find_place(transaction, list, index);
  for (Item* item = place.right; length > 0 && item != nullptr; item = item->right()) {
    if (item->deleted()) continue;
    if (length < item->length())
      transaction.item_clean_start({item->client(), item->clock() + static_cast<std::uint32_t>(length)});
    length -= item->length();
    transaction.remove(item);
  }
  keep_cursor(list, place, index);
}

void set_key(Transaction& transaction, SharedType& map, std::string_view key, const NewElement& value) {
  const std::string* name = transaction.store.name(key);
  Content content = is_plain(value) ? Content::list(ContentKind::any, {std::get<lib0::Any>(value)}) : content_of(value);
  insert_local(transaction, map, name, map.map.find(name), nullptr, std::move(content));
}

void remove_key(Transaction& transaction, SharedType& map, std::string_view key) {
  const std::string* name = transaction.store.find_name(key);
  Item* item = name == nullptr ? nullptr : map.map.find(name);
  if (item != nullptr) transaction.remove(item);
}

}  // namespace bossey::crdt
