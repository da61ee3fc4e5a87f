// Secrets that a person carries: sign-in links, session cookies, API tokens. Made here, stored only as their SHA-256.
// Used by the store and by whoever looks a secret up.
#pragma once

#include <string>
#include <string_view>

#include "base/sha256.hpp"

namespace bossey::accounts {

/// A new secret of 256 random bits from the operating system: 43 characters of URL-safe base64.
[[nodiscard]] std::string new_secret();

/// What is stored of a secret. Secrets are random and long, so that no salt or slow hash is needed.
[[nodiscard]] Sha256 hash_of_secret(std::string_view secret);

}  // namespace bossey::accounts
