#include "revisions/revision.hpp"

#include "base/error.hpp"
#include "revisions/git.hpp"

namespace bossey::revisions {

template <class Tag>
std::optional<ObjectId<Tag>> ObjectId<Tag>::from_hex(std::string_view hex) {
  git_oid oid;
  if (hex.size() != GIT_OID_HEXSZ || git_oid_fromstrn(&oid, hex.data(), hex.size()) != 0) return std::nullopt;
  return from_git<ObjectId<Tag>>(oid);
}

template struct ObjectId<struct RevisionTag>;
template struct ObjectId<struct BlobTag>;

std::string_view Revision::trailer(std::string_view key) const {
  for (const auto& each : trailers)
    if (each.key == key) return each.value;
  return {};
}

BlobId blob_id(BytesView bytes) {
  const LibGit2 library;
  git_oid oid;
  BOSSEY_CHECK(git_odb_hash(&oid, bytes.data(), bytes.size(), GIT_OBJECT_BLOB) == 0);
  return from_git<BlobId>(oid);
}

}  // namespace bossey::revisions
