// Values that JSON cannot hold, tagged ({"$t": ...}) as the line protocol has them, and octets in base 64. For
// bossey-crdt only.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "crdt/types.hpp"
#include "lib0/any.hpp"

namespace bossey::crdt::line_protocol {

[[nodiscard]] std::string to_base64(BytesView octets);
/// bad_input if it is no base 64 with padding.
[[nodiscard]] Result<Bytes> from_base64(std::string_view text);

/// undefined, bigint, octets, -0, NaN and infinities as tagged objects, however deep.
[[nodiscard]] lib0::Any tag(const lib0::Any& value);
[[nodiscard]] Result<lib0::Any> untag(const lib0::Any& value);

/// The value of an element; a type becomes its tree, tagged "type".
[[nodiscard]] Result<lib0::Any> tag(const Element& element);
/// The value of toJSON(), tagged.
[[nodiscard]] lib0::Any json_of(const Shared& type);
/// The whole content of a type with kinds, marks and attributes.
[[nodiscard]] Result<lib0::Any> tree_of(const Shared& type);
[[nodiscard]] Result<lib0::Any> delta_of(const Text& text);

}  // namespace bossey::crdt::line_protocol
