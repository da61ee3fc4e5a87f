#include "crdt/struct_store.hpp"

#include <algorithm>
#include <new>

#include "base/error.hpp"

namespace bossey::crdt {
namespace {

constexpr std::size_t kSlabItemsMax = 4096;

}  // namespace

void ItemPool::SlabDeleter::operator()(std::byte* slab) const {
  ::operator delete (slab, std::align_val_t{alignof(Item)});
}

void ItemPool::add_slab() {
  auto* slab = static_cast<std::byte*>(::operator new (slab_items_ * sizeof(Item), std::align_val_t{alignof(Item)}));
  slabs_.emplace_back(slab);
  for (std::size_t i = slab_items_; i > 0; --i) {
    auto* item = new (slab + (i - 1) * sizeof(Item)) Item;
    item->right = free_;
    free_ = item;
  }
  slab_items_ = std::min(slab_items_ * 2, kSlabItemsMax);
}

Item* ItemPool::make() {
  if (free_ == nullptr) add_slab();
  Item* item = free_;
  free_ = item->right;
  item->right = nullptr;
  return item;
}

void ItemPool::free(Item* item) {
  *item = Item{};
  item->right = free_;
  free_ = item;
}

std::size_t ClientStructs::index_of(std::uint32_t clock) const {
  BOSSEY_CHECK(clock < state());
  std::size_t last = items_.size() - 1;
  if (items_[last]->id.clock <= clock) return last;  // what came last is asked for most
  std::size_t first = 0;
  while (last - first > 1) {
    const std::size_t middle = first + (last - first) / 2;
    if (items_[middle]->id.clock <= clock)
      first = middle;
    else
      last = middle;
  }
  return first;
}

StructStore::~StructStore() {
  // Slabs are raw memory: what items hold is given back here.
  for (const ClientStructs& client : clients_) {
    for (Item* item : client.items()) item->~Item();
  }
}

ClientIndex StructStore::find_client(ClientId client) const {
  if (last_ != kNoClient && clients_[last_].client() == client) return last_;
  const auto found = indices_.find(client);
  if (found == indices_.end()) return kNoClient;
  last_ = found->second;
  return last_;
}

ClientIndex StructStore::index_of(ClientId client) {
  const ClientIndex known = find_client(client);
  if (known != kNoClient) return known;
  const auto index = static_cast<ClientIndex>(clients_.size());
  clients_.emplace_back(client);
  indices_.emplace(client, index);
  return index;
}

std::uint32_t StructStore::state(ClientId client) const {
  const ClientIndex index = find_client(client);
  return index == kNoClient ? 0 : clients_[index].state();
}

const std::string* StructStore::name(std::string_view text) {
  const auto found = names_.find(text);
  return found != names_.end() ? &*found : &*names_.emplace(text).first;
}

const std::string* StructStore::find_name(std::string_view text) const {
  const auto found = names_.find(text);
  return found != names_.end() ? &*found : nullptr;
}

}  // namespace bossey::crdt
