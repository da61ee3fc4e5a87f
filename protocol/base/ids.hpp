// Ids as types, so that two of them cannot be exchanged by mistake. Each is a plain value.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace bossey {

/// A named text. `Tag` makes each id its own type: `using GroupId = NamedText<struct GroupTag>`.
template <class Tag>
struct NamedText {
  std::string value;

  friend auto operator<=>(const NamedText&, const NamedText&) = default;
};

/// A named number.
template <class Tag, class Number = std::uint64_t>
struct NamedNumber {
  Number value{};

  friend auto operator<=>(const NamedNumber&, const NamedNumber&) = default;
};

using GroupId = NamedText<struct GroupTag>;      ///< Slug of a group: [a-z0-9-], at most 64.
using ReportId = NamedText<struct ReportTag>;    ///< Slug of a report within its group, same form.
using SectionId = NamedText<struct SectionTag>;  ///< 12 characters [a-z0-9], unique in the data folder.
using DocumentId =
    NamedText<struct DocumentTag>;               ///< Name on the wire: `section/<id>`, `proposal/<n>`, `scratch/<any>`.
using PersonId = NamedNumber<struct PersonTag>;  ///< Row of a person in the accounts store. Never in git.
using JournalSeq = NamedNumber<struct JournalSeqTag>;  ///< Position in the journal; grows by one with each row.

}  // namespace bossey

template <class Tag>
struct std::hash<bossey::NamedText<Tag>> {
  std::size_t operator()(const bossey::NamedText<Tag>& id) const noexcept { return std::hash<std::string>{}(id.value); }
};
template <class Tag, class Number>
struct std::hash<bossey::NamedNumber<Tag, Number>> {
  std::size_t operator()(const bossey::NamedNumber<Tag, Number>& id) const noexcept {
    return std::hash<Number>{}(id.value);
  }
};
