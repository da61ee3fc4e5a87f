// Fields of requests of the line protocol, and the steps of its scripts. For bossey-crdt only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "crdt/doc.hpp"
#include "crdt/id.hpp"
#include "lib0/any.hpp"

namespace bossey::crdt::line_protocol {

[[nodiscard]] Result<std::string> text_field(const lib0::AnyObject& request, std::string_view key);
[[nodiscard]] double number_field(const lib0::AnyObject& request, std::string_view key, double otherwise);
[[nodiscard]] bool flag_field(const lib0::AnyObject& request, std::string_view key);
[[nodiscard]] UpdateFormat format_field(const lib0::AnyObject& request, std::string_view key);
/// Octets in base 64.
[[nodiscard]] Result<Bytes> octets_field(const lib0::AnyObject& request, std::string_view key);
[[nodiscard]] Result<std::vector<Bytes>> updates_field(const lib0::AnyObject& request, std::string_view key);
[[nodiscard]] Result<lib0::AnyArray> list_field(const lib0::AnyObject& request, std::string_view key);

struct Root {
  std::string name;
  std::string kind;  ///< text, array, map or xml
};
[[nodiscard]] Result<std::vector<Root>> roots_field(const lib0::AnyObject& request);
/// Names the root by its kind.
Shared open_root(Doc& doc, const Root& root);

/// One step of a script, still tagged: a local edit of a root. `roots` are those of the request.
[[nodiscard]] Result<void> apply_step(Doc& doc, const std::vector<Root>& roots, const lib0::Any& step);

/// What a document must report: content, state and updates.
[[nodiscard]] Result<lib0::AnyObject> report(Doc& doc, const std::vector<Root>& roots,
                                             const StateVector* diff_from = nullptr);

}  // namespace bossey::crdt::line_protocol
