#include "crdt/insert_types.hpp"

#include <memory>

#include "crdt/handle_factory.hpp"
#include "crdt/integrate.hpp"
#include "crdt/list_edit.hpp"
#include "crdt/text_edit.hpp"

namespace bossey::crdt {
namespace {

Result<std::unique_ptr<SharedType>> make(const NewType& type) {
  if (type.kind == SharedKind::untyped) return fail(Errc::bad_input, "a new type has a kind");
  const bool is_named = type.kind == SharedKind::xml_element || type.kind == SharedKind::xml_hook;
  if (is_named == type.name.empty())
    return fail(Errc::bad_input, "elements and hooks have a name, other types have none");
  return std::make_unique<SharedType>(type.kind, type.name);
}

/// `insert(Transaction&, SharedType& into, std::unique_ptr<SharedType>)` in a transaction.
template <class Insert>
Result<Shared> insert_into(const Shared& parent, const NewType& type, Insert&& insert) {
  SharedType* into = HandleFactory::type_of(parent);
  if (into == nullptr || into->gone()) return fail(Errc::not_found, "this part of the document was deleted");
  BOSSEY_TRY(std::unique_ptr<SharedType> made, make(type));
  SharedType* inserted = made.get();
  DocState& state = HandleFactory::state_of(parent);
  state.transact({}, true, [&](Transaction& transaction) { insert(transaction, *into, std::move(made)); });
  return state.handle(inserted);
}

Result<Shared> insert_in_list(const Shared& list, std::uint64_t length, std::uint64_t index, const NewType& type) {
  if (index > length) return fail(Errc::bad_input, "the place is behind the end");
  return insert_into(list, type, [index](Transaction& transaction, SharedType& into, std::unique_ptr<SharedType> made) {
    insert_type(transaction, into, index, std::move(made));
  });
}

}  // namespace

Result<Shared> insert_type(const Array& array, std::uint64_t index, const NewType& type) {
  return insert_in_list(array, array.length(), index, type);
}

Result<Shared> insert_type(const XmlFragment& parent, std::uint64_t index, const NewType& type) {
  return insert_in_list(parent, parent.length(), index, type);
}

Result<Shared> insert_type(const Text& text, std::uint64_t index_utf16, const NewType& type,
                           const Attributes& attributes) {
  return insert_into(text, type, [&](Transaction& transaction, SharedType& into, std::unique_ptr<SharedType> made) {
    insert_text(transaction, into, index_utf16, Content::type(std::move(made)), &attributes);
  });
}

Result<Shared> set_type(const Map& map, std::string_view key, const NewType& type) {
  return insert_into(map, type, [key](Transaction& transaction, SharedType& into, std::unique_ptr<SharedType> made) {
    const std::string* name = transaction.store.name(key);
    insert_local(transaction, into, name, into.map.find(name), nullptr, Content::type(std::move(made)));
  });
}

}  // namespace bossey::crdt
