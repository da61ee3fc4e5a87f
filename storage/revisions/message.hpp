// The message of a commit: title, body and trailers, put together and taken apart (docs/formats/repository.md). Used
// by Repository. Pure functions over text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "revisions/revision.hpp"

namespace bossey::revisions {

/// Errc::bad_input if the title is empty or not one line, or a trailer is not of the form `Key: value`.
[[nodiscard]] Result<std::string> compose_message(std::string_view title, std::string_view body,
                                                  const std::vector<Trailer>& trailers);

struct Message {
  std::string title;
  std::string body;
  std::vector<Trailer> trailers;
};

/// Any text gives a message: the last paragraph is trailers if each of its lines has their form.
[[nodiscard]] Message parse_message(std::string_view text);

/// Errc::bad_input unless the path is one that git can hold everywhere: see FileChange::path.
[[nodiscard]] Result<void> check_path(std::string_view path);

/// Errc::bad_input unless name and e-mail can stand in a commit as they are.
[[nodiscard]] Result<void> check_identity(const Identity& identity);

}  // namespace bossey::revisions
