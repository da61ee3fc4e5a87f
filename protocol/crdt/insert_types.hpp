// Local insertion of shared types, with a name where they have one, into any other: hooks and elements into XML, types
// into a text as embeds, anything into lists and maps. Subdocuments and nameless types go into lists and maps with
// Array::insert and Map::set, too. For whoever edits a document in code; it must not be called with a type of another.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "crdt/types.hpp"

namespace bossey::crdt {

/// An empty shared type. Elements and hooks have a name, the others have none.
struct NewType {
  SharedKind kind;
  std::string name;
};

/// All return the new type, as Yjs makes it. Errors: not_found if the handle's type is gone; bad_input if the index is
/// behind the end, if a name is missing or too many, or if the kind is `untyped`; then nothing has changed.
[[nodiscard]] Result<Shared> insert_type(const Array& array, std::uint64_t index, const NewType& type);
[[nodiscard]] Result<Shared> insert_type(const XmlFragment& parent, std::uint64_t index, const NewType& type);
/// An embed of length 1, with exactly these marks. A position behind the end means the end.
[[nodiscard]] Result<Shared> insert_type(const Text& text, std::uint64_t index_utf16, const NewType& type,
                                         const Attributes& attributes = {});
[[nodiscard]] Result<Shared> set_type(const Map& map, std::string_view key, const NewType& type);

}  // namespace bossey::crdt
