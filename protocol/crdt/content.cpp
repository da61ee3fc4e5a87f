#include "crdt/content.hpp"

#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "crdt/shared_type.hpp"
#include "lib0/utf8.hpp"

namespace bossey::crdt {
Content Content::text(std::string_view utf8) {
  Content content(ContentKind::string);
  content.payload_.words = utf8.data();
  content.size_ = static_cast<std::uint32_t>(utf8.size());
  return content;
}

Content Content::own_text(const std::string& utf8) {
  auto* words = new char[utf8.size()];
  std::memcpy(words, utf8.data(), utf8.size());
  Content content = text({words, utf8.size()});
  content.owns_words_ = true;
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

void Content::destroy() {
  switch (kind()) {
    case ContentKind::string:
      if (owns_words_) delete[] payload_.words;
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

Content Content::split(std::uint64_t units) {
  switch (kind()) {
    case ContentKind::string: {
      const std::string_view whole = text();
      const lib0::Utf8Place cut = lib0::place_of_utf16(whole, units);
      const std::string_view left = whole.substr(0, cut.byte);
      const std::string_view right = whole.substr(cut.byte + (cut.splits_pair ? 4 : 0));
      if (!cut.splits_pair && !owns_words_) {
        *this = text(left);
        return text(right);
      }
      const std::string_view half = cut.splits_pair ? lib0::kReplacement : std::string_view();
      Content behind = own_text(std::string(half).append(right));
      *this = own_text(std::string(left).append(half));
      return behind;
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

void Content::append(Content&& right) {
  payload_.elements->insert(payload_.elements->end(), std::make_move_iterator(right.payload_.elements->begin()),
                            std::make_move_iterator(right.payload_.elements->end()));
}

}  // namespace bossey::crdt
