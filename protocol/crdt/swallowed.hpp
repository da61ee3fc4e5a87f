// Words that an update brings into a place that is deleted: as in Yjs they are deleted at once and stand in no text.
// Rooms ask before they apply an update, so that such words are kept elsewhere. Nothing here changes a document.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "crdt/delete_set.hpp"
#include "crdt/doc.hpp"

namespace bossey::crdt {

struct Swallowed {
  Bytes update;      ///< What is swallowed, alone, as an update of the same format; empty if there is none.
  std::string text;  ///< Its words, as `inserted_text` gives them.
};

/// What of the update, new to the document, would be deleted though the update itself does not delete it. To be asked
/// before the update is applied, because what is deleted loses its content. One reading of the update in the usual
/// case. What waits for its predecessors counts as not swallowed. Errors: bad_input, too_large, as apply_update.
[[nodiscard]] Result<Swallowed> swallowed_words(const Doc& doc, BytesView update,
                                                UpdateFormat format = UpdateFormat::v1);

/// The text that an update inserts and does not delete, UTF-8, in order of the text as far as the update tells it;
/// places that the update does not connect are parted by a line break. Errors as above.
[[nodiscard]] Result<std::string> inserted_text(BytesView update, UpdateFormat format = UpdateFormat::v1);

/// Kept words as units, to recognise later deletions of them. Both normalized.
struct WordUnits {
  DeleteSet words;
  DeleteSet place;  ///< What they stand beside or in, as far as it is not of themselves.
};

/// Adds the words of an update to the units, or takes those out that it deletes. Errors as above.
[[nodiscard]] Result<void> add_words(WordUnits& units, BytesView update);

/// An update that deletes, of the words, what `update` deletes, and adds nothing; empty if there is nothing. It is
/// empty, too, if the place is deleted as well: then a page repeats what it heard, and nobody took the words back. The
/// units are afterwards without what is deleted. Errors as above.
[[nodiscard]] Result<Bytes> take_back_words(WordUnits& units, BytesView update);

}  // namespace bossey::crdt
