#include "revisions/index_file.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>

namespace bossey::revisions {

namespace {

namespace fs = std::filesystem;

// The file: this line, then blocks of a length, a CRC-32 and a body; numbers are little-endian. A body is how
// many revisions come before, then revisions: id, count of changes; a change: 1 if the path is there and 0 if it was
// removed, length of the path, path, blob.
constexpr std::string_view kFirstLine = "bossey-history 1\n";
constexpr std::size_t kBlockHead = 8;
constexpr std::size_t kBodyMax = std::size_t{256} << 20;

void put(std::string& out, std::uint32_t value, int octets) {
  for (int i = 0; i < octets; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xffU));
}

template <class Id>
void put(std::string& out, const Id& id) {
  out.append(reinterpret_cast<const char*>(id.octets.data()), id.octets.size());
}

std::uint32_t crc_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<z_size_t>(bytes.size())));
}

// Reads what put() wrote; false once the end came too early.
class Body {
 public:
  explicit Body(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] bool at_end() const { return bytes_.empty(); }

  bool number(std::uint32_t& value, std::size_t octets) {
    if (bytes_.size() < octets) return false;
    value = 0;
    for (std::size_t i = 0; i < octets; ++i)
      value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes_[i])) << (8 * i);
    bytes_.remove_prefix(octets);
    return true;
  }
  template <class Id>
  bool id(Id& value) {
    if (bytes_.size() < value.octets.size()) return false;
    std::copy_n(bytes_.begin(), value.octets.size(), value.octets.begin());
    bytes_.remove_prefix(value.octets.size());
    return true;
  }
  bool text(std::string& value, std::size_t octets) {
    if (bytes_.size() < octets) return false;
    value.assign(bytes_.substr(0, octets));
    bytes_.remove_prefix(octets);
    return true;
  }

 private:
  std::string_view bytes_;
};

bool read_change(Body& body, IndexedChange& change) {
  std::uint32_t there = 0;
  std::uint32_t length = 0;
  if (!body.number(there, 1) || !body.number(length, 2) || !body.text(change.path, length)) return false;
  if (there == 0) return true;
  change.blob.emplace();
  return body.id(*change.blob);
}

bool read_revision(Body& body, IndexedRevision& revision) {
  std::uint32_t changes = 0;
  if (!body.id(revision.id) || !body.number(changes, 4)) return false;
  for (std::uint32_t i = 0; i < changes; ++i) {
    IndexedChange change;
    if (!read_change(body, change)) return false;
    revision.changes.push_back(std::move(change));
  }
  return true;
}

std::string block_of(std::size_t position, const std::vector<IndexedRevision>& revisions) {
  std::string body;
  put(body, static_cast<std::uint32_t>(position), 4);
  for (const auto& revision : revisions) {
    put(body, revision.id);
    put(body, static_cast<std::uint32_t>(revision.changes.size()), 4);
    for (const auto& change : revision.changes) {
      put(body, change.blob ? 1 : 0, 1);
      put(body, static_cast<std::uint32_t>(change.path.size()), 2);
      body += change.path;
      if (change.blob) put(body, *change.blob);
    }
  }
  std::string block;
  put(block, static_cast<std::uint32_t>(body.size()), 4);
  put(block, crc_of(body), 4);
  return block + body;
}

}  // namespace

void IndexFile::read(const std::function<void(IndexedRevision)>& take) {
  whole_bytes_ = 0;
  std::ifstream stream(file_, std::ios::binary);
  std::string bytes(kFirstLine.size(), '\0');
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream || bytes != kFirstLine) return;
  whole_bytes_ = kFirstLine.size();
  for (std::size_t taken = 0;;) {
    bytes.resize(kBlockHead);
    stream.read(bytes.data(), kBlockHead);
    std::uint32_t length = 0;
    std::uint32_t crc = 0;
    Body head(bytes);
    if (!stream || !head.number(length, 4) || !head.number(crc, 4) || length > kBodyMax) return;
    bytes.resize(length);
    stream.read(bytes.data(), static_cast<std::streamsize>(length));
    if (!stream || crc_of(bytes) != crc) return;
    Body body(bytes);
    std::uint32_t position = 0;
    if (!body.number(position, 4) || position != taken) return;
    for (; !body.at_end(); ++taken) {
      IndexedRevision revision;
      if (!read_revision(body, revision)) return;
      take(std::move(revision));
    }
    whole_bytes_ += kBlockHead + length;
  }
}

Result<void> IndexFile::append(std::size_t position, const std::vector<IndexedRevision>& revisions) {
  if (revisions.empty()) return {};
  if (position == 0) whole_bytes_ = 0;
  auto bytes = block_of(position, revisions);
  if (whole_bytes_ == 0) bytes.insert(0, kFirstLine);
  std::error_code error;
  if (fs::exists(file_, error)) fs::resize_file(file_, whole_bytes_, error);
  std::ofstream stream(file_, std::ios::binary | std::ios::app);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (error || !stream)
    return fail(Errc::unavailable, fmt::format("the history index {} cannot be written", file_.string()));
  whole_bytes_ += bytes.size();
  return {};
}

}  // namespace bossey::revisions
