// All groups of the server: opens them at start, makes new ones, and is what rooms know of groups (late edits, changes
// of text). Made by app before the rooms, which need it; `attach` closes the circle.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "group/group.hpp"
#include "room/access.hpp"
#include "room/late_edits.hpp"
#include "room/rooms.hpp"

namespace bossey::group {

/// What a new group is. `name` is the variable {group} of disclaimers.
struct NewGroup {
  GroupId id;             ///< [a-z0-9-], at most 64.
  std::string name;       ///< "WGIG".
  std::string addressee;  ///< To whom it reports; may be empty.
  std::string terms;      ///< Terms of reference; may be empty.
};

class Groups final : public room::LateEdits, public room::RoomListener {
 public:
  explicit Groups(Surroundings surroundings);
  ~Groups() override;
  Groups(const Groups&) = delete;
  Groups& operator=(const Groups&) = delete;

  /// Reads every group of the journal, compares each section's text with head, and commits what is missing. Blocks:
  /// at start-up, before the network thread runs. A group that cannot be read is left out and named in `damaged`: it
  /// must not keep the others from their work. Errors: corrupt, io: the journal gives no list of groups.
  [[nodiscard]] Result<void> open_all();
  /// Groups that could not be opened, and why; whoever starts the server logs them. Their data is left as it is.
  [[nodiscard]] const std::map<GroupId, Error>& damaged() const { return damaged_; }
  /// Why this group could not be opened; null if it was, or if there is none.
  [[nodiscard]] const Error* damage(const GroupId& id) const;
  /// Once, after the rooms were made with this as their LateEdits.
  void attach(room::Rooms& rooms);

  /// Null if there is none.
  [[nodiscard]] Group* find(const GroupId& id) const;
  [[nodiscard]] std::vector<Group*> all() const;
  /// conflict: exists. bad_input: not a slug, no name. Answers when its first event is on disk.
  void create(const NewGroup& group, const Done<void>& done);

  /// The group of a document `section/<id>` or `proposal/<G>/<number>`; null for any other.
  [[nodiscard]] Group* group_of(const DocumentId& document) const;
  /// Whether somebody who writes in the group writes this document, too.
  [[nodiscard]] bool may_write(PersonId person, const DocumentId& document) const;
  /// For room::AccessGate::facts: sections and proposals, with what closed them, and `group/<G>`. Error not_found.
  [[nodiscard]] Result<room::DocumentFacts> facts(const DocumentId& document) const;

  /// Shutdown: commits everything due of all groups.
  void commit_all(Done<void> done);

  // room::LateEdits, room::RoomListener
  [[nodiscard]] Result<room::LateProposal> proposal_for(const room::LateEdit& edit) override;
  void late_edit_kept(const room::LateEdit& edit, const room::LateProposal& proposal, JournalSeq seq) override;
  void on_change(room::Room& room, const std::vector<PersonId>& authors) override;

 private:
  struct Found {
    Group* group = nullptr;
    TextPlace place;
  };
  [[nodiscard]] std::optional<Found> find_text(const DocumentId& document) const;

  Surroundings surroundings_;
  std::map<GroupId, std::unique_ptr<Group>> groups_;
  std::map<GroupId, Error> damaged_;
};

}  // namespace bossey::group
