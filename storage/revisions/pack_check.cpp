#include "revisions/pack_check.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "base/bytes.hpp"

namespace bossey::revisions {

namespace {

namespace fs = std::filesystem;

// Pack index version 2: magic and version, 256 counts, then tables of names, CRCs, offsets and large offsets, then two
// checksums: of the pack and of the index.
constexpr std::array<std::uint8_t, 8> kMagic = {0xff, 't', 'O', 'c', 0, 0, 0, 2};
constexpr std::array<std::uint8_t, 8> kHeader = {'P', 'A', 'C', 'K', 0, 0, 0, 2};
constexpr std::size_t kFanOutBytes = 256 * 4;
constexpr std::size_t kNameBytes = 20;
constexpr std::uint32_t kLargeOffset = 0x80000000;
constexpr std::size_t kPiece = std::size_t{1} << 20;

struct Packed {
  std::uint64_t offset = 0;
  std::uint32_t crc = 0;
};

struct Index {
  std::vector<Packed> objects;  ///< In order of offset.
  std::array<std::uint8_t, kNameBytes> pack_sum{};
};

std::uint64_t number_at(BytesView bytes, std::size_t at, std::size_t octets) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < octets; ++i) value = value << 8U | bytes[at + i];
  return value;
}

std::optional<Bytes> read_all(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) return std::nullopt;
  Bytes bytes(size);
  std::ifstream stream(file, std::ios::binary);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (static_cast<std::uintmax_t>(stream.gcount()) != size) return std::nullopt;
  return bytes;
}

std::optional<Index> read_index(const fs::path& file) {
  const auto bytes = read_all(file);
  if (!bytes || bytes->size() < kMagic.size() + kFanOutBytes + 2 * kNameBytes ||
      !std::equal(kMagic.begin(), kMagic.end(), bytes->begin()))
    return std::nullopt;
  const std::uint64_t count = number_at(*bytes, kMagic.size() + kFanOutBytes - 4, 4);
  const std::uint64_t names = kMagic.size() + kFanOutBytes;
  const std::uint64_t sums = names + count * kNameBytes;
  const std::uint64_t offsets = sums + count * 4;
  const std::uint64_t large = offsets + count * 4;
  const std::uint64_t end = bytes->size() - 2 * kNameBytes;
  if (large > end || (end - large) % 8 != 0) return std::nullopt;
  Index index;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t offset = number_at(*bytes, offsets + i * 4, 4);
    if ((offset & kLargeOffset) != 0) {
      const std::uint64_t at = large + (offset & ~std::uint64_t{kLargeOffset}) * 8;
      if (at + 8 > end) return std::nullopt;
      offset = number_at(*bytes, at, 8);
    }
    index.objects.push_back({offset, static_cast<std::uint32_t>(number_at(*bytes, sums + i * 4, 4))});
  }
  std::sort(index.objects.begin(), index.objects.end(),
            [](const Packed& a, const Packed& b) { return a.offset < b.offset; });
  std::copy_n(bytes->begin() + static_cast<std::ptrdiff_t>(end), kNameBytes, index.pack_sum.begin());
  return index;
}

// Nothing if the file ends before.
std::optional<std::uint32_t> crc_of(std::ifstream& stream, std::uint64_t from, std::uint64_t to, Bytes& buffer) {
  stream.seekg(static_cast<std::streamoff>(from));
  auto crc = crc32(0, nullptr, 0);
  for (std::uint64_t left = to - from; left > 0;) {
    const auto piece = std::min<std::uint64_t>(left, buffer.size());
    stream.read(reinterpret_cast<char*>(buffer.data()), static_cast<std::streamsize>(piece));
    if (static_cast<std::uint64_t>(stream.gcount()) != piece) return std::nullopt;
    crc = crc32(crc, buffer.data(), static_cast<uInt>(piece));
    left -= piece;
  }
  return static_cast<std::uint32_t>(crc);
}

// The next four octets, big-endian.
std::uint64_t number_in(std::ifstream& stream) {
  std::array<std::uint8_t, 4> octets{};
  stream.read(reinterpret_cast<char*>(octets.data()), octets.size());
  return number_at(octets, 0, octets.size());
}

// What is wrong with one pack; empty if nothing.
std::string fault_of(const fs::path& index_file) {
  auto pack = index_file;
  pack.replace_extension(".pack");
  std::error_code error;
  const auto size = fs::file_size(pack, error);
  if (error) return fmt::format("the pack {} is missing, but its index is there", pack.string());
  const auto index = read_index(index_file);
  if (!index) return fmt::format("the index of a pack, {}, is damaged", index_file.string());
  const std::uint64_t end = size < kNameBytes ? 0 : size - kNameBytes;
  std::ifstream stream(pack, std::ios::binary);
  Bytes buffer(kPiece);
  stream.read(reinterpret_cast<char*>(buffer.data()), kHeader.size());
  if (!std::equal(kHeader.begin(), kHeader.end(), buffer.begin()) || number_in(stream) != index->objects.size())
    return fmt::format("the pack {} is damaged at its beginning", pack.string());
  for (std::size_t i = 0; i < index->objects.size(); ++i) {
    const auto from = index->objects[i].offset;
    const auto to = i + 1 < index->objects.size() ? index->objects[i + 1].offset : end;
    if (from >= to || to > end) return fmt::format("the pack {} is cut short", pack.string());
    if (crc_of(stream, from, to, buffer) != index->objects[i].crc)
      return fmt::format("the pack {} is damaged at octet {} or after", pack.string(), from);
  }
  std::array<std::uint8_t, kNameBytes> sum{};
  stream.seekg(static_cast<std::streamoff>(end));
  stream.read(reinterpret_cast<char*>(sum.data()), sum.size());
  if (!stream || sum != index->pack_sum) return fmt::format("the pack {} is not the one of its index", pack.string());
  return {};
}

}  // namespace

std::vector<std::string> check_packs(const fs::path& repository) {
  std::vector<std::string> findings;
  std::vector<fs::path> files;
  std::error_code error;
  for (auto entry = fs::directory_iterator(repository / "objects" / "pack", error);
       !error && entry != fs::directory_iterator(); entry.increment(error))
    files.push_back(entry->path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    if (file.extension() != ".idx") continue;
    if (auto fault = fault_of(file); !fault.empty()) findings.push_back(std::move(fault));
  }
  return findings;
}

}  // namespace bossey::revisions
