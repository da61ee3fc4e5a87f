#include "crdt/type_changes.hpp"

#include <algorithm>
#include <utility>

#include "crdt/doc_state.hpp"
#include "crdt/formatting.hpp"
#include "crdt/read_types.hpp"
#include "crdt/shared_type.hpp"

namespace bossey::crdt {
namespace {

/// Added or deleted by this transaction; what came and went within it is both.
bool adds(const Transaction& transaction, const Item& item) {
  return item.clock() >= transaction.state_before(item.client());
}
bool deletes(const Transaction& transaction, const Item& item) {
  return item.deleted() && transaction.deletes.contains(transaction.store.global(item.id()));
}

/// Gathers steps of one kind into one.
class StepList {
 public:
  template <class Step>
  void lengthen(std::uint64_t units) {
    if (steps_.empty() || !std::holds_alternative<Step>(steps_.back().step)) steps_.push_back({Step{0}, {}});
    std::get<Step>(steps_.back().step).length += units;
  }
  std::vector<Element>& elements() {
    if (steps_.empty() || !std::holds_alternative<ChangeStep::InsertElements>(steps_.back().step))
      steps_.push_back({ChangeStep::InsertElements{}, {}});
    return std::get<ChangeStep::InsertElements>(steps_.back().step).elements;
  }
  [[nodiscard]] std::vector<ChangeStep> take() {
    if (!steps_.empty() && std::holds_alternative<ChangeStep::Retain>(steps_.back().step)) steps_.pop_back();
    return std::move(steps_);
  }

 private:
  std::vector<ChangeStep> steps_;
};

std::vector<ChangeStep> array_changes(const Transaction& transaction, const SharedType& list) {
  StepList steps;
  for (const Item* item = list.start; item != nullptr; item = item->right()) {
    if (item->deleted()) {
      if (!adds(transaction, *item) && deletes(transaction, *item)) steps.lengthen<ChangeStep::Delete>(item->length());
    } else if (!adds(transaction, *item)) {
      steps.lengthen<ChangeStep::Retain>(item->length());
    } else {
      std::vector<Element>& elements = steps.elements();
      if (!item->countable()) continue;
      for (std::uint64_t i = 0; i < item->length(); ++i) elements.push_back(element_at(transaction.doc, *item, i));
    }
  }
  return steps.take();
}

/// What Yjs takes for an embed worth telling of: not numbers, booleans and the empty text.
bool is_told(const Element& element) {
  const auto* value = std::get_if<lib0::Any>(&element);
  if (value == nullptr) return true;
  if (const std::string* text = value->as_string()) return !text->empty();
  return value->as_number() == nullptr && value->as_bool() == nullptr && value->as_bigint() == nullptr;
}

/// Walks through a text and says what changed. The order of the questions is that of Yjs.
class TextChanges {
 public:
  explicit TextChanges(const Transaction& transaction) : transaction_(transaction) {}

  void pass(const Item& item) {
    switch (item.kind()) {
      case ContentKind::type:
      case ContentKind::embed:
        pass_embed(item);
        break;
      case ContentKind::string:
        pass_content(item, [&] { item.text().append_to(words_); });
        break;
      case ContentKind::format:
        pass_mark(item);
        break;
      default:
        break;
    }
  }

  [[nodiscard]] std::vector<ChangeStep> take() {
    flush();
    while (!steps_.empty() && std::holds_alternative<ChangeStep::Retain>(steps_.back().step) &&
           steps_.back().attributes.empty()) {
      steps_.pop_back();
    }
    return std::move(steps_);
  }

 private:
  enum class Action : std::uint8_t { none, insert, retain, remove };

  void start(Action action) {
    if (action_ == action) return;
    flush();
    action_ = action;
  }

  void flush() {
    const Action action = std::exchange(action_, Action::none);
    if (action == Action::insert) {
      if (!words_.empty()) add(ChangeStep::InsertText{std::exchange(words_, {})}, as_object(current_));
    } else if (action == Action::retain) {
      add(ChangeStep::Retain{std::exchange(length_, 0)}, as_object(attributes_));
    } else if (action == Action::remove) {
      add(ChangeStep::Delete{std::exchange(length_, 0)}, {});
    }
  }

  /// Filled in place: GCC 12 warns of moves between variants when sanitizers are on.
  template <class Step>
  void add(Step step, Attributes attributes) {
    ChangeStep& next = steps_.emplace_back();
    next.step = std::move(step);
    next.attributes = std::move(attributes);
  }

  static Attributes as_object(const AttributeMap& marks) {
    return Attributes::from_entries({marks.entries().begin(), marks.entries().end()});
  }

  template <class OnInsert>
  void pass_content(const Item& item, OnInsert&& on_insert) {
    const bool deleted = deletes(transaction_, item);
    if (adds(transaction_, item)) {
      if (deleted) return;
      start(Action::insert);
      on_insert();
    } else if (deleted) {
      start(Action::remove);
      length_ += item.length();
    } else if (!item.deleted()) {
      start(Action::retain);
      length_ += item.length();
    }
  }

  void pass_embed(const Item& item) {
    pass_content(item, [&] {
      flush();  // an insertion of its own, even next to another
      Element element = element_at(transaction_.doc, item, 0);
      if (is_told(element)) steps_.push_back({ChangeStep::InsertElements{{std::move(element)}}, as_object(current_)});
    });
  }

  void pass_mark(const Item& item) {
    const FormatMark& mark = item.content().mark();
    bool has_effect = !item.deleted();
    if (adds(transaction_, item)) {
      if (!deletes(transaction_, item)) has_effect = has_effect && added_mark(mark);
    } else if (deletes(transaction_, item)) {
      deleted_mark(mark);
    } else if (!item.deleted()) {
      has_effect = kept_mark(mark);
    }
    if (!has_effect) return;
    if (action_ == Action::insert) flush();
    current_.apply(mark);
  }

  void end_retain() {
    if (action_ == Action::retain) flush();
  }

  /// These two: false for a mark without effect, which the clean-up of Yjs deletes at this point.
  bool added_mark(const FormatMark& mark) {
    if (lib0::Any::same_attribute(current_.value_or_null(mark.key), mark.value)) return mark.value.is_null();
    end_retain();
    if (lib0::Any::same_attribute(mark.value, old_.value_or_null(mark.key)))
      attributes_.erase(mark.key);
    else
      attributes_.set(mark.key, mark.value);
    return true;
  }
  bool kept_mark(const FormatMark& mark) {
    old_.set(mark.key, mark.value);
    const lib0::Any* attribute = attributes_.find(mark.key);
    if (attribute == nullptr) return true;
    if (lib0::Any::same_attribute(*attribute, mark.value)) return attribute->is_null();
    end_retain();
    if (mark.value.is_null())
      attributes_.erase(mark.key);
    else
      attributes_.set(mark.key, mark.value);
    return true;
  }

  void deleted_mark(const FormatMark& mark) {
    old_.set(mark.key, mark.value);
    const lib0::Any now = current_.value_or_null(mark.key);
    if (lib0::Any::same_attribute(now, mark.value)) return;
    end_retain();
    attributes_.set(mark.key, now);
  }

  const Transaction& transaction_;
  std::vector<ChangeStep> steps_;
  Action action_ = Action::none;
  std::string words_;
  std::uint64_t length_ = 0;
  AttributeMap current_;     // what holds here now
  AttributeMap old_;         // what held here before, of what was looked at
  AttributeMap attributes_;  // what a retain has to say
};

}  // namespace

std::vector<SharedType*> changed_types(const Transaction& transaction) {
  std::vector<SharedType*> types;
  for (SharedType* type : transaction.changed) {
    if (type->changed_in == transaction.number && !type->gone()) types.push_back(type);
  }
  return types;
}

bool lies_in(const SharedType& type, const SharedType& outer) {
  for (const SharedType* at = &type;; at = at->item->parent()) {
    if (at == &outer) return true;
    if (at->item == nullptr) return false;
  }
}

std::vector<KeyChange> key_changes(const Transaction& transaction, const SharedType& type) {
  std::vector<KeyChange> changes;
  // Of any key, not only those touched: where the last item neither came nor went there is nothing to tell.
  for (const auto& [key, last] : type.map.entries()) {
    const Item* before = last;
    while (before != nullptr && adds(transaction, *before)) before = before->left();
    const bool had = before != nullptr && deletes(transaction, *before);
    const auto value = [&] { return element_at(transaction.doc, *before, before->length() - 1); };
    const bool came = before != last && !deletes(transaction, *last);
    if (came)
      changes.push_back({*key, had ? KeyChange::Action::update : KeyChange::Action::add, had ? value() : Element()});
    else if (had)
      changes.push_back({*key, KeyChange::Action::remove, value()});
  }
  return changes;
}

std::vector<ChangeStep> list_changes(const Transaction& transaction, const SharedType& type) {
  if (!type.is_text()) return array_changes(transaction, type);
  TextChanges changes(transaction);
  for (const Item* item = type.start; item != nullptr; item = item->right()) changes.pass(*item);
  return changes.take();
}

std::vector<PathStep> path_to(const SharedType& type, const SharedType& outer) {
  std::vector<PathStep> path;
  for (const SharedType* at = &type; at != &outer; at = at->item->parent()) {
    if (at->item->parent_sub() != nullptr) {
      path.emplace_back(*at->item->parent_sub());
      continue;
    }
    std::uint64_t index = 0;
    for (const Item* left = at->item->left(); left != nullptr; left = left->left())
      index += left->visible() ? left->length() : 0;
    path.emplace_back(index);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace bossey::crdt
