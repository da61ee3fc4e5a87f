#include "crdt/text_edit.hpp"

#include <algorithm>
#include <string>

#include "crdt/formatting.hpp"
#include "crdt/integrate.hpp"
#include "crdt/list_place.hpp"
#include "crdt/shared_type.hpp"

namespace bossey::crdt {
namespace {

/// Walks through a text with the attributes that hold where it stands.
class TextPlace {
 public:
  TextPlace(Transaction& transaction, SharedType& text) : transaction_(transaction), text_(text), right_(text.start) {}

  /// In a text without marks the way there is short; else every mark from the start on counts.
  void move_to(std::uint64_t index) {
    if (!text_.has_formatting) {
      const ListPlace place = find_place(transaction_, text_, index);
      left_ = place.left;
      right_ = place.right;
      return;
    }
    while (right_ != nullptr && index > 0) {
      if (is_content(*right_)) {
        cut_right(index);
        index -= right_->length();
      }
      forward();
    }
  }

  [[nodiscard]] Item* left() const { return left_; }
  [[nodiscard]] const Item* right() const { return right_; }
  [[nodiscard]] const AttributeMap& current() const { return current_; }

  /// Returns the item of the content.
  Item* insert(Content content, Attributes attributes);
  void remove(std::uint64_t length);
  void format(std::uint64_t length, const Attributes& attributes);

 private:
  static bool is_content(const Item& item) { return !item.deleted() && item.kind() != ContentKind::format; }
  static bool is_mark(const Item& item) { return item.kind() == ContentKind::format; }

  static lib0::Any value_or_null(const Attributes& attributes, std::string_view key) {
    const lib0::Any* value = attributes.find(key);
    return value == nullptr || value->is_undefined() ? lib0::Any(lib0::Null{}) : *value;
  }

  void forward() {
    if (is_mark(*right_) && !right_->deleted()) current_.apply(right_->content().mark());
    left_ = right_;
    right_ = right_->right();
  }

  void cut_right(std::uint64_t length) {
    if (length >= right_->length()) return;
    transaction_.item_clean_start({right_->client(), right_->clock() + static_cast<std::uint32_t>(length)});
  }

  Item* put(Content content) {
    right_ = insert_local(transaction_, text_, nullptr, left_, right_, std::move(content));
    Item* item = right_;
    forward();
    return item;
  }

  /// Skips what is deleted and marks that say what is wanted anyway.
  void skip_equal_marks(const Attributes& attributes) {
    while (right_ != nullptr) {
      if (!right_->deleted()) {
        if (!is_mark(*right_)) break;
        const FormatMark& mark = right_->content().mark();
        if (!lib0::Any::same_attribute(value_or_null(attributes, mark.key), mark.value)) break;
      }
      forward();
    }
  }

  /// Starts the marks that do not hold yet; returns what has to be put back behind.
  AttributeMap start_marks(const Attributes& attributes) {
    AttributeMap negated;
    for (const auto& [key, value] : attributes) {
      const lib0::Any before = current_.value_or_null(key);
      if (lib0::Any::same_attribute(before, value)) continue;
      negated.set(key, before);
      put(Content::format({key, value}));
    }
    return negated;
  }

  void end_marks(AttributeMap negated) {
    while (right_ != nullptr) {
      if (!right_->deleted()) {
        if (!is_mark(*right_)) break;
        const FormatMark& mark = right_->content().mark();
        const lib0::Any* wanted = negated.find(mark.key);
        if (wanted == nullptr || !lib0::Any::same_attribute(*wanted, mark.value)) break;
        negated.erase(mark.key);
      }
      forward();
    }
    for (const auto& [key, value] : negated.entries()) put(Content::format({key, value}));
  }

  void pass_mark(const Attributes& attributes, AttributeMap& negated, std::uint64_t length, bool& stop);

  Transaction& transaction_;
  SharedType& text_;
  Item* left_ = nullptr;
  Item* right_;
  AttributeMap current_;
};

Item* TextPlace::insert(Content content, Attributes attributes) {
  for (const auto& [key, value] : current_.entries()) {
    if (const lib0::Any* given = attributes.find(key); given == nullptr || given->is_undefined())
      attributes.set(key, lib0::Null{});
  }
  skip_equal_marks(attributes);
  AttributeMap negated = start_marks(attributes);
  Item* item = put(std::move(content));
  end_marks(std::move(negated));
  return item;
}

void TextPlace::remove(std::uint64_t length) {
  const AttributeMap at_start = current_;
  Item* const start = right_;
  while (length > 0 && right_ != nullptr) {
    const ContentKind kind = right_->kind();
    if (!right_->deleted() &&
        (kind == ContentKind::type || kind == ContentKind::embed || kind == ContentKind::string)) {
      cut_right(length);
      length -= right_->length();
      transaction_.remove(right_);
    }
    forward();
  }
  if (start != nullptr && text_.has_formatting) clean_gap(transaction_, start, right_, at_start, current_);
}

/// A mark inside the formatted range: it is replaced if its key is among the attributes.
void TextPlace::pass_mark(const Attributes& attributes, AttributeMap& negated, std::uint64_t length, bool& stop) {
  const FormatMark& mark = right_->content().mark();
  const lib0::Any* wanted = attributes.find(mark.key);
  if (wanted == nullptr || wanted->is_undefined()) {
    current_.set(mark.key, mark.value);
    return;
  }
  if (lib0::Any::same_attribute(*wanted, mark.value)) {
    negated.erase(mark.key);
  } else if (length == 0) {
    stop = true;  // behind the range: no need to go on
    return;
  } else {
    negated.set(mark.key, mark.value);
  }
  transaction_.remove(right_);
}

void TextPlace::format(std::uint64_t length, const Attributes& attributes) {
  skip_equal_marks(attributes);
  AttributeMap negated = start_marks(attributes);
  while (right_ != nullptr && (length > 0 || (!negated.empty() && (right_->deleted() || is_mark(*right_))))) {
    if (!right_->deleted()) {
      if (is_mark(*right_)) {
        bool stop = false;
        pass_mark(attributes, negated, length, stop);
        if (stop) break;
      } else {
        cut_right(length);
        length -= right_->length();
      }
    }
    forward();
  }
  // As Yjs for Quill: what is formatted beyond the end becomes line ends.
  if (length > 0) put(Content::text(std::string(length, '\n')));
  end_marks(std::move(negated));
}

}  // namespace

void insert_text(Transaction& transaction, SharedType& text, std::uint64_t index, Content content,
                 const Attributes* attributes) {
  TextPlace place(transaction, text);
  index = std::min(index, text.length + 1);
  place.move_to(index);
  Attributes wanted;
  if (attributes != nullptr)
    wanted = *attributes;
  else
    for (const auto& [key, value] : place.current().entries()) wanted.set(key, value);
  const std::uint64_t start = std::min(index, text.length);
  Item* item = place.insert(std::move(content), std::move(wanted));
  if (!text.has_formatting) set_cursor(text, item, start);
}

void remove_text(Transaction& transaction, SharedType& text, std::uint64_t index, std::uint64_t length) {
  TextPlace place(transaction, text);
  // Not to the end of the content only: marks behind it are passed, too, and so are not cleaned, as in Yjs.
  place.move_to(index);
  index = std::min(index, text.length);
  Item* const left = place.left();
  place.remove(length);
  if (!text.has_formatting && left != nullptr && left->visible()) set_cursor(text, left, index - left->length());
}

void format_text(Transaction& transaction, SharedType& text, std::uint64_t index, std::uint64_t length,
                 const Attributes& attributes) {
  TextPlace place(transaction, text);
  place.move_to(index);
  if (place.right() != nullptr) place.format(length, attributes);
}

void apply_text_delta(Transaction& transaction, SharedType& text, const std::vector<DeltaOp>& delta) {
  TextPlace place(transaction, text);
  for (const DeltaOp& op : delta) {
    if (const auto* insert = std::get_if<DeltaOp::Insert>(&op.step)) {
      if (const auto* words = std::get_if<std::string>(&insert->content)) {
        if (!words->empty()) place.insert(Content::text(*words), op.attributes);
      } else {
        place.insert(Content::embed(std::get<lib0::Any>(insert->content)), op.attributes);
      }
    } else if (const auto* retain = std::get_if<DeltaOp::Retain>(&op.step)) {
      place.format(retain->length_utf16, op.attributes);
    } else {
      place.remove(std::get<DeltaOp::Delete>(op.step).length_utf16);
    }
  }
}

}  // namespace bossey::crdt
