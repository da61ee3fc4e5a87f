#include "crdt/content.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "base/error.hpp"
#include "crdt/shared_type.hpp"
#include "lib0/utf8.hpp"

namespace bossey::crdt {
namespace {

constexpr std::size_t kInside = 8;
constexpr std::size_t kTextOctetsMax = std::size_t{512} << 20U;  // of one item; neighbours beyond stay apart

}  // namespace

Content Content::text(std::string_view utf8) {
  Content content(ContentKind::string);
  content.append_text(utf8);
  return content;
}

Content Content::list(ContentKind any_or_json, lib0::AnyArray elements) {
  Content content(any_or_json);
  content.payload_.elements = new lib0::AnyArray(std::move(elements));
  return content;
}

Content Content::binary(Bytes octets) {
  Content content(ContentKind::binary);
  content.payload_.octets = new Bytes(std::move(octets));
  return content;
}

Content Content::embed(lib0::Any value) {
  Content content(ContentKind::embed);
  content.payload_.embed = new lib0::Any(std::move(value));
  return content;
}

Content Content::format(FormatMark mark) {
  Content content(ContentKind::format);
  content.payload_.mark = new FormatMark(std::move(mark));
  return content;
}

Content Content::type(std::unique_ptr<SharedType> type) {
  Content content(ContentKind::type);
  content.payload_.type = type.release();
  return content;
}

Content Content::subdocument(Subdocument doc) {
  Content content(ContentKind::doc);
  content.payload_.subdocument = new Subdocument(std::move(doc));
  return content;
}

Content& Content::operator=(Content&& other) noexcept {
  if (this == &other) return *this;
  destroy();
  payload_ = other.payload_;
  size_ = other.size_;
  kind_ = other.kind_;
  capacity_ = other.capacity_;
  other.forget();
  return *this;
}

void Content::destroy() {
  switch (kind()) {
    case ContentKind::string:
      if (capacity_ != 0) std::free(payload_.outside);
      break;
    case ContentKind::json:
    case ContentKind::any:
      delete payload_.elements;
      break;
    case ContentKind::binary:
      delete payload_.octets;
      break;
    case ContentKind::embed:
      delete payload_.embed;
      break;
    case ContentKind::format:
      delete payload_.mark;
      break;
    case ContentKind::type:
      delete payload_.type;
      break;
    case ContentKind::doc:
      delete payload_.subdocument;
      break;
    case ContentKind::gc:
    case ContentKind::deleted:
    case ContentKind::skip:
      break;
  }
}

std::uint64_t Content::length() const {
  switch (kind()) {
    case ContentKind::string:
      return lib0::utf16_length(text());
    case ContentKind::json:
    case ContentKind::any:
      return elements().size();
    case ContentKind::gc:
    case ContentKind::deleted:
    case ContentKind::skip:
      return 0;
    default:
      return 1;
  }
}

void Content::reserve_text(std::size_t octets) {
  const std::size_t capacity = capacity_ == 0 ? kInside : std::size_t{capacity_} * 8;
  if (octets <= capacity) return;
  const std::size_t rounded = (octets + 7) / 8 * 8;
  auto* block = static_cast<char*>(capacity_ == 0 ? std::malloc(rounded) : std::realloc(payload_.outside, rounded));
  if (block == nullptr) throw std::bad_alloc();
  if (capacity_ == 0) std::memcpy(block, payload_.inside, size_);
  payload_.outside = block;
  capacity_ = static_cast<std::uint32_t>(rounded / 8) & 0x7FF'FFFFU;
}

void Content::append_text(std::string_view utf8) {
  const std::size_t capacity = capacity_ == 0 ? kInside : std::size_t{capacity_} * 8;
  if (size_ + utf8.size() > capacity)
    reserve_text(std::max(size_ + utf8.size(), size_ == 0 ? 0 : capacity + capacity / 2));
  if (!utf8.empty())
    std::memcpy((capacity_ == 0 ? payload_.inside : payload_.outside) + size_, utf8.data(), utf8.size());
  size_ += static_cast<std::uint32_t>(utf8.size());
}

void Content::shorten_text(std::size_t octets) {
  size_ = static_cast<std::uint32_t>(octets);
  if (capacity_ == 0) return;
  if (octets <= kInside) {
    char* block = payload_.outside;
    std::memcpy(payload_.inside, block, octets);
    std::free(block);
    capacity_ = 0;
  } else if (const std::size_t rounded = (octets + 7) / 8; rounded * 2 <= capacity_) {
    if (auto* block = static_cast<char*>(std::realloc(payload_.outside, rounded * 8)); block != nullptr) {
      payload_.outside = block;
      capacity_ = static_cast<std::uint32_t>(rounded) & 0x7FF'FFFFU;
    }
  }
}

Content Content::split(std::uint64_t units) {
  switch (kind()) {
    case ContentKind::string: {
      const std::string_view whole = text();
      const lib0::Utf8Place cut = lib0::place_of_utf16(whole, units);
      if (!cut.splits_pair) {
        Content right = Content::text(whole.substr(cut.byte));
        shorten_text(cut.byte);
        return right;
      }
      Content right = Content::text(lib0::kReplacement);
      right.append_text(whole.substr(cut.byte + 4));
      shorten_text(cut.byte);
      append_text(lib0::kReplacement);
      return right;
    }
    case ContentKind::any:
    case ContentKind::json: {
      auto& left = *payload_.elements;
      const auto at = left.begin() + static_cast<std::ptrdiff_t>(units);
      lib0::AnyArray right(std::make_move_iterator(at), std::make_move_iterator(left.end()));
      left.erase(at, left.end());
      return Content::list(kind(), std::move(right));
    }
    default:
      BOSSEY_CHECK(kind() == ContentKind::deleted || kind() == ContentKind::gc || kind() == ContentKind::skip);
      return Content(kind());
  }
}

bool Content::can_append(const Content& right) const {
  if (kind() != right.kind()) return false;
  switch (kind()) {
    case ContentKind::string:
      return std::size_t{size_} + right.size_ <= kTextOctetsMax;
    case ContentKind::any:
    case ContentKind::json:
    case ContentKind::deleted:
    case ContentKind::gc:
      return true;
    default:
      return false;
  }
}

void Content::append(Content&& right) {
  if (kind() == ContentKind::string) {
    append_text(right.text());
  } else if (kind() == ContentKind::any || kind() == ContentKind::json) {
    payload_.elements->insert(payload_.elements->end(), std::make_move_iterator(right.payload_.elements->begin()),
                              std::make_move_iterator(right.payload_.elements->end()));
  }
}

}  // namespace bossey::crdt
