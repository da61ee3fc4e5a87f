#include "base/sha256.hpp"

#include <sodium/crypto_hash_sha256.h>

namespace bossey {

Sha256 sha256(BytesView bytes) {
  Sha256 digest;
  crypto_hash_sha256(digest.octets.data(), bytes.data(), bytes.size());
  return digest;
}

}  // namespace bossey
