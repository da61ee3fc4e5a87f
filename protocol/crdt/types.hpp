// Handles on the shared types of a document: text, array, map and XML. Read by protocol/document and export, edited by
// import and restore. A handle is small and is copied freely; it must not outlive its document. If its type
// is deleted and collected, the handle reads as empty and refuses edits with not_found.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "crdt/id.hpp"
#include "lib0/any.hpp"

namespace bossey::crdt {

class DocState;
struct SharedType;

/// What a type is. `untyped` is a root that came over the wire and has not been asked for by kind yet.
enum class SharedKind : std::uint8_t { array, map, text, xml_element, xml_fragment, xml_hook, xml_text, untyped };

/// A subdocument as its parent holds it: its name and options, not its content.
struct Subdocument {
  std::string guid;
  lib0::Any options;  ///< Object with gc, autoLoad, meta as far as they are not the default.
};

class Shared;
/// What a list or a map can hold.
using Element = std::variant<lib0::Any, Subdocument, Shared>;
/// What a local edit can put into a list or a map. A kind makes an empty shared type (not the two that need a name).
using NewElement = std::variant<lib0::Any, Subdocument, SharedKind>;

/// Any shared type.
class Shared {
 public:
  /// untyped also if the type is gone.
  [[nodiscard]] SharedKind kind() const;
  /// Whether the type is neither deleted nor collected.
  [[nodiscard]] bool alive() const;
  /// The item that holds the type; nullopt for a root.
  [[nodiscard]] std::optional<Id> item_id() const;
  /// The value of JavaScript's toJSON(). Subdocuments become null.
  [[nodiscard]] lib0::Any to_json() const;
  /// JavaScript's toString(), UTF-8.
  [[nodiscard]] std::string to_string() const;
  /// Values by key, also those that are types: entries of a map, attributes of an element or text. In the order in
  /// which the keys were first set.
  [[nodiscard]] std::vector<std::pair<std::string, Element>> keyed_elements() const;
  /// Two handles on one type.
  friend bool operator==(const Shared& a, const Shared& b) {
    return a.state_ == b.state_ && a.resolve() == b.resolve();
  }

 protected:
  friend class DocState;
  friend class HandleFactory;
  Shared(DocState* state, SharedType* type);
  /// nullptr if the type is gone.
  [[nodiscard]] SharedType* resolve() const;
  [[nodiscard]] Result<SharedType*> editable() const;

  DocState* state_;

 private:
  mutable SharedType* type_;
  mutable std::uint64_t epoch_;
  std::optional<Id> item_;
};

using Attributes = lib0::AnyObject;

/// One piece of a text with the marks on it.
struct DeltaInsert {
  std::variant<std::string, lib0::Any, Shared> insert;  ///< Text (UTF-8), an embed, or a shared type.
  Attributes attributes;
};

/// One step of a change to a text; lengths in UTF-16 code units.
struct DeltaOp {
  struct Insert {
    std::variant<std::string, lib0::Any> content;
  };
  struct Retain {
    std::uint64_t length_utf16;
  };
  struct Delete {
    std::uint64_t length_utf16;
  };
  std::variant<Insert, Retain, Delete> step;
  Attributes attributes;
};

/// Y.Text. All positions and lengths are UTF-16 code units. A position behind the end means the end.
class Text : public Shared {
 public:
  /// nullopt if it is neither a text nor an XML text.
  [[nodiscard]] static std::optional<Text> from(const Shared& shared);

  [[nodiscard]] std::uint64_t length_utf16() const;
  /// The words without marks and embeds, UTF-8. (Y.XmlText.toString() is Shared::to_string().)
  [[nodiscard]] std::string plain() const;
  [[nodiscard]] std::vector<DeltaInsert> to_delta() const;
  [[nodiscard]] Attributes attributes() const;

  /// With attributes: exactly these marks. Without: the marks of the place. `text` must be UTF-8, else bad_input.
  Result<void> insert(std::uint64_t index_utf16, std::string_view text);
  Result<void> insert(std::uint64_t index_utf16, std::string_view text, const Attributes& attributes);
  Result<void> insert_embed(std::uint64_t index_utf16, const lib0::Any& embed, const Attributes& attributes = {});
  Result<void> remove(std::uint64_t index_utf16, std::uint64_t length_utf16);
  /// A null value takes the mark away.
  Result<void> format(std::uint64_t index_utf16, std::uint64_t length_utf16, const Attributes& attributes);
  Result<void> apply_delta(const std::vector<DeltaOp>& delta);
  Result<void> set_attribute(std::string_view name, const lib0::Any& value);
  Result<void> remove_attribute(std::string_view name);

 protected:
  friend class DocState;
  friend class HandleFactory;
  using Shared::Shared;
};

class XmlText : public Text {
 public:
  [[nodiscard]] static std::optional<XmlText> from(const Shared& shared);

 protected:
  friend class DocState;
  friend class HandleFactory;
  using Text::Text;
};

/// Y.Array. Edits beyond the length fail with bad_input and change nothing.
class Array : public Shared {
 public:
  [[nodiscard]] static std::optional<Array> from(const Shared& shared);

  [[nodiscard]] std::uint64_t length() const;
  [[nodiscard]] std::vector<Element> elements() const;
  [[nodiscard]] std::optional<Element> at(std::uint64_t index) const;

  Result<void> insert(std::uint64_t index, const std::vector<NewElement>& elements);
  Result<void> push(const std::vector<NewElement>& elements);
  Result<void> remove(std::uint64_t index, std::uint64_t length = 1);

 protected:
  friend class DocState;
  friend class HandleFactory;
  using Shared::Shared;
};

/// Y.Map, and Y.XmlHook (which is a map with a name).
class Map : public Shared {
 public:
  [[nodiscard]] static std::optional<Map> from(const Shared& shared);

  /// In the order in which the keys were first set.
  [[nodiscard]] std::vector<std::pair<std::string, Element>> entries() const { return keyed_elements(); }
  [[nodiscard]] std::optional<Element> get(std::string_view key) const;
  /// Name of a hook; empty for a map.
  [[nodiscard]] std::string hook_name() const;

  Result<void> set(std::string_view key, const NewElement& value);
  Result<void> remove(std::string_view key);

 protected:
  friend class DocState;
  friend class HandleFactory;
  using Shared::Shared;
};

class XmlElement;

/// Y.XmlFragment: a list of elements and texts. Edits beyond the length fail with bad_input and change nothing.
class XmlFragment : public Shared {
 public:
  /// Also from an element.
  [[nodiscard]] static std::optional<XmlFragment> from(const Shared& shared);

  [[nodiscard]] std::uint64_t length() const;
  /// Elements, texts, hooks; whatever another client put there, too.
  [[nodiscard]] std::vector<Element> children() const;

  Result<XmlElement> insert_element(std::uint64_t index, std::string_view node_name);
  Result<XmlText> insert_text(std::uint64_t index);
  Result<void> remove(std::uint64_t index, std::uint64_t length = 1);

 protected:
  friend class DocState;
  friend class HandleFactory;
  using Shared::Shared;
};

/// Y.XmlElement.
class XmlElement : public XmlFragment {
 public:
  [[nodiscard]] static std::optional<XmlElement> from(const Shared& shared);

  [[nodiscard]] std::string node_name() const;
  /// Values that are shared types or subdocuments are left out.
  [[nodiscard]] Attributes attributes() const;
  [[nodiscard]] std::optional<lib0::Any> attribute(std::string_view name) const;

  Result<void> set_attribute(std::string_view name, const lib0::Any& value);
  Result<void> remove_attribute(std::string_view name);

 protected:
  friend class DocState;
  friend class HandleFactory;
  using XmlFragment::XmlFragment;
};

}  // namespace bossey::crdt
