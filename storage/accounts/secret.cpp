#include "accounts/secret.hpp"

#include <sodium/core.h>
#include <sodium/randombytes.h>
#include <sodium/utils.h>

#include <array>

#include "base/error.hpp"

namespace bossey::accounts {

std::string new_secret() {
  static const int kReady = sodium_init();
  BOSSEY_CHECK(kReady >= 0);
  std::array<unsigned char, 32> octets{};
  randombytes_buf(octets.data(), octets.size());
  std::string text(sodium_base64_encoded_len(octets.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(text.data(), text.size(), octets.data(), octets.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back();  // the terminating NUL
  return text;
}

Sha256 hash_of_secret(std::string_view secret) {
  return sha256(secret);
}

}  // namespace bossey::accounts
