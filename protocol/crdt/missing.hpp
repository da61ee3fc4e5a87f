// What must come before an update can be applied whole. Rooms ask before they take an update, so that nothing that is
// acknowledged waits inside a document. Nothing here changes a document.
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "crdt/doc.hpp"
#include "crdt/id.hpp"

namespace bossey::crdt {

/// The client and the clock that it must have reached in the document before all structs of the update find what they
/// name: the struct before them, their neighbours, their parent. Nothing if they find it now, in the document or in the
/// update itself. Deletions of what nobody has are not looked at. Errors: bad_input, too_large, as apply_update.
[[nodiscard]] Result<std::optional<Id>> missing_before(const Doc& doc, BytesView update,
                                                       UpdateFormat format = UpdateFormat::v1);

}  // namespace bossey::crdt
