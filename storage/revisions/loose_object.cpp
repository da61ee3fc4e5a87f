#include "revisions/loose_object.hpp"

#include <fmt/format.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <memory>
#include <system_error>
#include <utility>

namespace bossey::revisions {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHexDigits = GIT_OID_HEXSZ - 2;  // Of a loose object's file name; two are its folder.
constexpr std::size_t kHeaderBytesMax = 64;
constexpr std::size_t kPlainBytesMax = kFileBytesMax + kHeaderBytesMax;
// libgit2's own order: packs are asked first.
constexpr int kLoosePriority = 1;
constexpr int kPackPriority = 2;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// The first octets of a file, at most `bytes_max`; empty if it cannot be read.
std::string read_file(const fs::path& file, std::size_t bytes_max) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  std::string bytes(error ? 0 : std::min<std::size_t>(size, bytes_max), '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return bytes;
}

// At most `plain_max` octets, and whether that is all; none if the stream is cut or damaged before.
struct Inflated {
  std::string plain;
  bool whole = false;
};
std::optional<Inflated> inflate_up_to(const std::string& packed, std::size_t plain_max) {
  std::string plain(std::min(plain_max, std::max<std::size_t>(packed.size() * 4, 4096)), '\0');
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return std::nullopt;
  // zlib's interface takes a pointer to what it only reads.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  int code = Z_OK;
  while (code == Z_OK && stream.total_out < plain_max) {
    if (stream.total_out == plain.size()) plain.resize(std::min(plain_max, plain.size() * 2));
    stream.next_out = reinterpret_cast<Bytef*>(plain.data()) + stream.total_out;
    stream.avail_out = static_cast<uInt>(plain.size() - stream.total_out);
    code = inflate(&stream, Z_NO_FLUSH);
  }
  plain.resize(stream.total_out);
  inflateEnd(&stream);
  if (code != Z_STREAM_END && plain.size() < plain_max) return std::nullopt;
  return Inflated{std::move(plain), code == Z_STREAM_END};
}

struct Header {
  git_object_t type = GIT_OBJECT_INVALID;
  std::size_t size = 0;
  std::size_t bytes = 0;  ///< Of the header itself, with the NUL.
};

// "<type> <size>\0<content>": git's "Git Objects", section "Object Storage".
std::optional<Header> parse_header(const std::string& plain) {
  const auto end = plain.find('\0');
  const auto space = plain.find(' ');
  if (end == std::string::npos || space >= end || end > kHeaderBytesMax) return std::nullopt;
  Header header{git_object_string2type(plain.substr(0, space).c_str()), 0, end + 1};
  const auto digits = plain.substr(space + 1, end - space - 1);
  if (digits.empty() || digits.size() > 12) return std::nullopt;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    header.size = header.size * 10 + static_cast<std::size_t>(digit - '0');
  }
  if (digits != std::to_string(header.size) || header.type == GIT_OBJECT_INVALID) return std::nullopt;
  return header;
}

struct Content {
  Header header;
  std::string plain;  ///< With the header.
};

// The object of this name, checked against it; none if the file does not hold it whole.
std::optional<Content> read_whole(const fs::path& file, const git_oid& id) {
  const auto packed = read_file(file, kPlainBytesMax);
  auto inflated = inflate_up_to(packed, kPlainBytesMax);
  if (!inflated || !inflated->whole) return std::nullopt;
  const auto header = parse_header(inflated->plain);
  if (!header || header->size != inflated->plain.size() - header->bytes) return std::nullopt;
  git_oid named;
  if (git_odb_hash(&named, inflated->plain.data() + header->bytes, header->size, header->type) != 0 ||
      git_oid_equal(&named, &id) == 0)
    return std::nullopt;
  return Content{*header, std::move(inflated->plain)};
}

std::optional<Header> read_header(const fs::path& file) {
  const auto inflated = inflate_up_to(read_file(file, 1024), kHeaderBytesMax);
  return inflated ? parse_header(inflated->plain) : std::nullopt;
}

// libgit2 calls through C function pointers; `parent` stands first so that both pointers are one.
struct CheckedFiles {
  git_odb_backend parent;
  git_odb_backend* files;  ///< libgit2's own, owned.
  fs::path folder;

  static CheckedFiles& of(git_odb_backend* backend) { return *reinterpret_cast<CheckedFiles*>(backend); }
  [[nodiscard]] fs::path file_of(const git_oid& id) const {
    const auto hex = from_git<RevisionId>(id).hex();
    return folder / hex.substr(0, 2) / hex.substr(2);
  }
};

int damaged(const fs::path& file) {
  git_error_set_str(GIT_ERROR_ODB, fmt::format("the object {} is damaged", file.string()).c_str());
  return GIT_EMISMATCH;
}

int read_object(void** data, std::size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* id) {
  const auto file = CheckedFiles::of(backend).file_of(*id);
  std::error_code error;
  if (!fs::exists(file, error)) return GIT_ENOTFOUND;
  const auto content = read_whole(file, *id);
  if (!content) return damaged(file);
  // libgit2 expects a NUL behind the content.
  void* copy = git_odb_backend_data_alloc(backend, content->header.size + 1);
  if (copy == nullptr) return -1;
  std::memcpy(copy, content->plain.data() + content->header.bytes, content->header.size);
  static_cast<char*>(copy)[content->header.size] = '\0';
  *data = copy;
  *size = content->header.size;
  *type = content->header.type;
  return 0;
}

int read_by_prefix(git_oid* found, void** data, std::size_t* size, git_object_t* type, git_odb_backend* backend,
                   const git_oid* prefix, std::size_t length) {
  auto* files = CheckedFiles::of(backend).files;
  const int code = files->exists_prefix(found, files, prefix, length);
  return code != 0 ? code : read_object(data, size, type, backend, found);
}

int read_object_header(std::size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* id) {
  const auto file = CheckedFiles::of(backend).file_of(*id);
  std::error_code error;
  if (!fs::exists(file, error)) return GIT_ENOTFOUND;
  const auto header = read_header(file);
  if (!header) return damaged(file);
  *size = header->size;
  *type = header->type;
  return 0;
}

Result<git_odb_backend*> make_checked(const fs::path& repository) {
  auto made = std::make_unique<CheckedFiles>();
  made->folder = repository / "objects";
  BOSSEY_TRY_VOID(check_git(git_odb_backend_loose(&made->files, made->folder.c_str(), -1, 0, 0, 0), "opening objects"));
  auto& parent = made->parent;
  git_odb_init_backend(&parent, GIT_ODB_BACKEND_VERSION);
  parent.read = read_object;
  parent.read_prefix = read_by_prefix;
  parent.read_header = read_object_header;
  parent.write = [](git_odb_backend* backend, const git_oid* id, const void* data, std::size_t size,
                    git_object_t type) {
    auto* files = CheckedFiles::of(backend).files;
    return files->write(files, id, data, size, type);
  };
  parent.exists = [](git_odb_backend* backend, const git_oid* id) {
    auto* files = CheckedFiles::of(backend).files;
    return files->exists(files, id);
  };
  parent.exists_prefix = [](git_oid* found, git_odb_backend* backend, const git_oid* prefix, std::size_t length) {
    auto* files = CheckedFiles::of(backend).files;
    return files->exists_prefix(found, files, prefix, length);
  };
  parent.foreach = [](git_odb_backend* backend, git_odb_foreach_cb visit, void* payload) {
    auto* files = CheckedFiles::of(backend).files;
    return files->foreach (files, visit, payload);
  };
  parent.freshen = [](git_odb_backend* backend, const git_oid* id) {
    auto& self = CheckedFiles::of(backend);
    // A file of this name that is damaged would be taken for the object when the same bytes are written again.
    std::error_code error;
    if (const auto file = self.file_of(*id); fs::exists(file, error) && !read_whole(file, *id)) {
      fs::remove(file, error);
      return static_cast<int>(GIT_ENOTFOUND);
    }
    return self.files->freshen(self.files, id);
  };
  parent.free = [](git_odb_backend* backend) {
    const std::unique_ptr<CheckedFiles> owned(&CheckedFiles::of(backend));
    owned->files->free(owned->files);
  };
  return &made.release()->parent;
}

Result<void> add_backend(git_odb* objects, git_odb_backend* backend, int priority) {
  const int code = git_odb_add_backend(objects, backend, priority);
  if (code < 0) backend->free(backend);
  return check_git(code, "opening objects");
}

}  // namespace

std::vector<LooseObject> loose_objects(const fs::path& repository) {
  std::vector<LooseObject> found;
  std::error_code error;
  for (auto folder = fs::directory_iterator(repository / "objects", error);
       !error && folder != fs::directory_iterator(); folder.increment(error)) {
    const auto first = folder->path().filename().string();
    if (first.size() != 2 || !is_hex(first)) continue;
    std::error_code inner;
    for (auto entry = fs::directory_iterator(folder->path(), inner); !inner && entry != fs::directory_iterator();
         entry.increment(inner)) {
      const auto name = entry->path().filename().string();
      if (name.size() != kHexDigits || !is_hex(name)) continue;
      LooseObject object{{}, entry->path()};
      git_oid_fromstr(&object.id, (first + name).c_str());
      found.push_back(std::move(object));
    }
  }
  return found;
}

bool is_whole(const LooseObject& object) {
  return read_whole(object.file, object.id).has_value();
}

Result<Git<git_odb>> open_loose_objects(const fs::path& repository) {
  BOSSEY_TRY(auto objects, make_git<git_odb>("opening objects", git_odb_new));
  BOSSEY_TRY(auto* files, make_checked(repository));
  BOSSEY_TRY_VOID(add_backend(objects.get(), files, kLoosePriority));
  return objects;
}

Result<Git<git_odb>> open_objects(const fs::path& repository) {
  BOSSEY_TRY(auto objects, open_loose_objects(repository));
  git_odb_backend* packs = nullptr;
  BOSSEY_TRY_VOID(check_git(git_odb_backend_pack(&packs, (repository / "objects").c_str()), "opening packs"));
  BOSSEY_TRY_VOID(add_backend(objects.get(), packs, kPackPriority));
  return objects;
}

Result<Git<git_repository>> open_handle(const fs::path& repository) {
  const auto attempt = "opening the repository " + repository.string();
  BOSSEY_TRY(auto handle, make_git<git_repository>(attempt, git_repository_open_bare, repository.c_str()));
  BOSSEY_TRY(const auto objects, open_objects(repository));
  BOSSEY_TRY_VOID(check_git(git_repository_set_odb(handle.get(), objects.get()), attempt));
  return handle;
}

}  // namespace bossey::revisions
