// The way from handles to types and back, for the files of the engine that need it. Internal to crdt.
#pragma once

#include <initializer_list>
#include <optional>

#include "crdt/doc_state.hpp"
#include "crdt/shared_type.hpp"
#include "crdt/types.hpp"

namespace bossey::crdt {

class HandleFactory {
 public:
  /// A handle of a kind from one of any kind.
  template <class Handle>
  static std::optional<Handle> make(const Shared& shared, std::initializer_list<SharedKind> kinds) {
    SharedType* type = shared.resolve();
    if (type == nullptr) return std::nullopt;
    for (const SharedKind kind : kinds) {
      if (type->kind == kind) return Handle(shared.state_, type);
    }
    return std::nullopt;
  }

  /// nullptr if the type is gone.
  static SharedType* type_of(const Shared& shared) { return shared.resolve(); }
  static DocState& state_of(const Shared& shared) { return *shared.state_; }
};

}  // namespace bossey::crdt
