#include "document/redline.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "document/block_pairs.hpp"
#include "document/canonical.hpp"
#include "document/diff.hpp"
#include "document/redline_words.hpp"

namespace bossey::document {

namespace {

/// A block that holds words, with the containers around it.
struct Leaf {
  const Block* block;
  std::vector<Container> containers;
  std::string key;
};

class Flattener {
 public:
  explicit Flattener(std::size_t first_key) : next_key_(first_key) {}

  std::vector<Leaf> run(const std::vector<Block>& body) {
    blocks(body);
    return std::move(out_);
  }
  [[nodiscard]] std::size_t next_key() const { return next_key_; }

 private:
  void blocks(const std::vector<Block>& blocks) {
    for (const Block& block : blocks) {
      switch (block.kind) {
        case BlockKind::paragraph:
        case BlockKind::heading:
        case BlockKind::horizontal_rule:
        case BlockKind::table_row:
        case BlockKind::table_header:
        case BlockKind::table_cell:
          out_.push_back({&block, open_, block_key(block)});
          break;
        case BlockKind::bullet_list:
        case BlockKind::ordered_list:
        case BlockKind::list_item:
        case BlockKind::blockquote:
        case BlockKind::table:
          open_.push_back({block.kind, next_key_++, block.order});
          // An item without words is a line, too.
          if (block.children.empty()) out_.push_back({&kEmpty, open_, "empty"});
          this->blocks(block.children);
          open_.pop_back();
          break;
      }
    }
  }

  static inline const Block kEmpty{};
  std::vector<Container> open_;
  std::vector<Leaf> out_;
  std::size_t next_key_;
};

bool same_kinds(const std::vector<Container>& a, const std::vector<Container>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](const Container& x, const Container& y) { return x.kind == y.kind; });
}

/// Whether two leaves that say the same look the same.
bool same_shape(const Leaf& a, const Leaf& b) {
  const bool orders = std::equal(a.containers.begin(), a.containers.end(), b.containers.begin(), b.containers.end(),
                                 [](const Container& x, const Container& y) { return x.order == y.order; });
  return a.block->kind == b.block->kind && a.block->level == b.block->level && a.block->dir == b.block->dir &&
         a.block->lang == b.block->lang && same_kinds(a.containers, b.containers) && orders;
}

bool differs(const std::vector<RedlineRun>& runs) {
  return std::any_of(runs.begin(), runs.end(),
                     [](const RedlineRun& run) { return run.op != RunOp::same || differs(run.note); });
}

class Comparison {
 public:
  Comparison(const Section& before, const Section& after) {
    Flattener old(1);
    before_ = old.run(before.body);
    after_ = Flattener(old.next_key()).run(after.body);
    redline_.title = words_.compare({text_run(before.title)}, {text_run(after.title)});
  }

  Redline run() {
    align();
    find_moves();
    map_containers();
    emit();
    const WordCounts& counts = words_.counts();
    redline_.words_inserted = counts.inserted;
    redline_.words_deleted = counts.deleted;
    redline_.words_changed = counts.changed;
    redline_.coarse = words_.bounded();
    redline_.differs =
        differs(redline_.title) || std::any_of(redline_.blocks.begin(), redline_.blocks.end(),
                                               [](const auto& block) { return block.change != BlockChange::same; });
    return std::move(redline_);
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  /// Equal blocks first, then in the gaps those that are most alike.
  void align() {
    partner_of_old_.assign(before_.size(), kNone);
    partner_of_new_.assign(after_.size(), kNone);
    std::unordered_map<std::string, std::uint32_t> numbers;
    const auto ids = [&](const std::vector<Leaf>& leaves) {
      std::vector<std::uint32_t> out;
      out.reserve(leaves.size());
      for (const Leaf& leaf : leaves)
        out.push_back(numbers.try_emplace(leaf.key, static_cast<std::uint32_t>(numbers.size())).first->second);
      return out;
    };
    const std::vector<std::uint32_t> old_ids = ids(before_);
    const std::vector<std::uint32_t> new_ids = ids(after_);
    for (const DiffPart& part : diff(old_ids, new_ids)) {
      if (part.equal) {
        for (std::size_t i = 0; i < part.a_end - part.a_begin; ++i) pair(part.a_begin + i, part.b_begin + i);
        continue;
      }
      std::vector<BlockWords> old;
      std::vector<BlockWords> fresh;
      for (std::size_t i = part.a_begin; i < part.a_end; ++i) old.push_back(block_words(*before_[i].block));
      for (std::size_t i = part.b_begin; i < part.b_end; ++i) fresh.push_back(block_words(*after_[i].block));
      for (const auto& [a, b] : pair_blocks(old, fresh)) pair(part.a_begin + a, part.b_begin + b);
    }
  }

  void pair(std::size_t old, std::size_t fresh) {
    partner_of_old_[old] = fresh;
    partner_of_new_[fresh] = old;
  }

  /// A block of some length that is gone here and new there has moved.
  void find_moves() {
    constexpr std::size_t kLeastWords = 5;
    std::unordered_map<std::string, std::size_t> gone;
    for (std::size_t i = 0; i < before_.size(); ++i)
      if (partner_of_old_[i] == kNone && block_words(*before_[i].block).words.size() >= kLeastWords)
        gone.try_emplace(before_[i].key, i);
    for (std::size_t j = 0; j < after_.size(); ++j) {
      if (partner_of_new_[j] != kNone) continue;
      const auto found = gone.find(after_[j].key);
      if (found == gone.end()) continue;
      moved_old_.insert(found->second);
      moved_new_.insert(j);
      gone.erase(found);
    }
  }

  /// Containers of the old text are those of the new where a pair of blocks says so.
  void map_containers() {
    std::set<std::size_t> taken;
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if (partner_of_old_[i] == kNone) continue;
      const auto& old = before_[i].containers;
      const auto& fresh = after_[partner_of_old_[i]].containers;
      for (std::size_t level = 0; level < std::min(old.size(), fresh.size()); ++level) {
        if (old[level].kind != fresh[level].kind) break;
        if (container_.contains(old[level].key) || taken.contains(fresh[level].key)) continue;
        container_[old[level].key] = fresh[level];
        taken.insert(fresh[level].key);
      }
    }
  }

  /// Between two pairs, what went comes before what came.
  void emit() {
    std::vector<std::size_t> next_partner(after_.size() + 1, before_.size());
    for (std::size_t i = after_.size(); i-- > 0;)
      next_partner[i] = partner_of_new_[i] != kNone ? partner_of_new_[i] : next_partner[i + 1];
    std::size_t old = 0;
    for (std::size_t fresh = 0; fresh < after_.size(); ++fresh) {
      for (; old < next_partner[fresh]; ++old) add_deleted(old);
      if (partner_of_new_[fresh] == kNone) {
        add_inserted(fresh);
      } else {
        add_pair(old++, fresh);
      }
    }
    for (; old < before_.size(); ++old) add_deleted(old);
  }

  static RedlineBlock shape_of(const Leaf& leaf) {
    RedlineBlock made;
    made.kind = leaf.block->kind;
    made.level = leaf.block->level;
    made.dir = leaf.block->dir;
    made.lang = leaf.block->lang;
    made.containers = leaf.containers;
    return made;
  }

  void add_whole(const Leaf& leaf, RunOp op, bool moved) {
    RedlineBlock made = shape_of(leaf);
    made.runs = words_.whole(leaf.block->inlines, op, !moved);
    for (const Block& cell : leaf.block->children)
      made.cells.push_back({cell.kind == BlockKind::table_header, cell.align, words_.whole(cell.inlines, op, !moved)});
    made.change = op == RunOp::inserted ? (moved ? BlockChange::moved_to : BlockChange::inserted)
                                        : (moved ? BlockChange::moved_from : BlockChange::deleted);
    redline_.blocks.push_back(std::move(made));
  }

  void add_inserted(std::size_t fresh) { add_whole(after_[fresh], RunOp::inserted, moved_new_.contains(fresh)); }

  void add_deleted(std::size_t old) {
    Leaf leaf = before_[old];
    for (Container& container : leaf.containers) {
      const auto mapped = container_.find(container.key);
      if (mapped != container_.end()) container = mapped->second;
    }
    add_whole(leaf, RunOp::deleted, moved_old_.contains(old));
  }

  void add_pair(std::size_t old, std::size_t fresh) {
    const Leaf& a = before_[old];
    const Leaf& b = after_[fresh];
    RedlineBlock made = shape_of(b);
    made.shape_changed = !same_shape(a, b);
    made.runs = a.key == b.key ? words_.whole(b.block->inlines, RunOp::same)
                               : words_.compare(a.block->inlines, b.block->inlines);
    bool changed = made.shape_changed || differs(made.runs);
    if (b.block->kind == BlockKind::table_row) {
      changed = add_cells(a.block->children, b.block->children, made) || changed;
    }
    made.change = changed ? BlockChange::changed : BlockChange::same;
    redline_.blocks.push_back(std::move(made));
  }

  /// Cells by their place; if there are more on one side, by what they say.
  bool add_cells(const std::vector<Block>& old, const std::vector<Block>& fresh, RedlineBlock& made) {
    std::vector<std::pair<const Block*, const Block*>> pairs;
    if (old.size() == fresh.size()) {
      for (std::size_t i = 0; i < old.size(); ++i) pairs.emplace_back(&old[i], &fresh[i]);
    } else {
      pairs = cells_by_words(old, fresh);
    }
    bool changed = false;
    for (const auto& [a, b] : pairs) {
      const Block& shape = b != nullptr ? *b : *a;
      RedlineCell cell{shape.kind == BlockKind::table_header, shape.align, {}};
      if (a != nullptr && b != nullptr) {
        cell.runs = words_.compare(a->inlines, b->inlines);
        changed = changed || differs(cell.runs) || a->align != b->align;
        made.shape_changed = made.shape_changed || a->align != b->align;
      } else {
        cell.runs = words_.whole(shape.inlines, a == nullptr ? RunOp::inserted : RunOp::deleted);
        changed = true;
      }
      made.cells.push_back(std::move(cell));
    }
    return changed;
  }

  static std::vector<std::pair<const Block*, const Block*>> cells_by_words(const std::vector<Block>& old,
                                                                           const std::vector<Block>& fresh) {
    std::unordered_map<std::string, std::uint32_t> numbers;
    const auto ids = [&](const std::vector<Block>& cells) {
      std::vector<std::uint32_t> out;
      out.reserve(cells.size());
      for (const Block& cell : cells) {
        Block words = paragraph(cell.inlines);
        out.push_back(numbers.try_emplace(block_key(words), static_cast<std::uint32_t>(numbers.size())).first->second);
      }
      return out;
    };
    const std::vector<std::uint32_t> old_ids = ids(old);
    const std::vector<std::uint32_t> new_ids = ids(fresh);
    std::vector<std::pair<const Block*, const Block*>> pairs;
    for (const DiffPart& part : diff(old_ids, new_ids)) {
      const std::size_t most = std::max(part.a_end - part.a_begin, part.b_end - part.b_begin);
      for (std::size_t i = 0; i < most; ++i)
        pairs.emplace_back(part.a_begin + i < part.a_end ? &old[part.a_begin + i] : nullptr,
                           part.b_begin + i < part.b_end ? &fresh[part.b_begin + i] : nullptr);
    }
    return pairs;
  }

  WordComparison words_;
  std::vector<Leaf> before_;
  std::vector<Leaf> after_;
  std::vector<std::size_t> partner_of_old_;
  std::vector<std::size_t> partner_of_new_;
  std::set<std::size_t> moved_old_;
  std::set<std::size_t> moved_new_;
  std::map<std::size_t, Container> container_;
  Redline redline_;
};

}  // namespace

bool operator==(const RedlineRun& a, const RedlineRun& b) {
  return a.op == b.op && a.kind == b.kind && a.text == b.text && a.strong == b.strong && a.em == b.em &&
         a.link == b.link && a.format_only == b.format_only && a.note == b.note;
}

Redline redline(const Section& before, const Section& after) {
  const Section a = normalize(before);
  const Section b = normalize(after);
  return Comparison(a, b).run();
}

Redline inserted_all(const Section& after) {
  return redline(Section{}, after);
}

Redline deleted_all(const Section& before) {
  return redline(before, Section{});
}

}  // namespace bossey::document
