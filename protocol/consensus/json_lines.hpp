// JSON written by hand, so that no library's taste enters the record: one value has exactly one form. Used for the
// files of decisions and releases; group reads hashes with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/sha256.hpp"

namespace bossey::consensus {

/// A JSON text. Escapes `"`, `\` and characters below U+0020 (as \u00xx) only.
[[nodiscard]] std::string json_text(std::string_view text);

/// 64 small hexadecimal digits as a hash; nothing for another form.
[[nodiscard]] std::optional<Sha256> digest(std::string_view hex);

/// Collects `"key": value` lines of the outermost object.
class Lines {
 public:
  void add(std::string_view key, const std::string& value);
  /// The object, with one LF at the end.
  [[nodiscard]] std::string end() const { return out_ + "\n}\n"; }

 private:
  std::string out_;
};

}  // namespace bossey::consensus
