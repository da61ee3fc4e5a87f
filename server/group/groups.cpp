#include "group/groups.hpp"

#include <algorithm>
#include <utility>

#include "group/opening.hpp"
#include "group/parts.hpp"

namespace bossey::group {
namespace {

constexpr std::string_view kSectionPrefix = "section/";
constexpr std::string_view kGroupPrefix = "group/";
constexpr std::size_t kGroupSlugMax_bytes = 64;
constexpr std::size_t kGroupNameMax_bytes = 200;
constexpr std::size_t kTermsMax_bytes = 64 * 1024;

Result<void> check_new(const NewGroup& group) {
  const std::string& slug = group.id.value;
  const bool good = !slug.empty() && slug.size() <= kGroupSlugMax_bytes && slug.front() != '-' &&
                    std::all_of(slug.begin(), slug.end(),
                                [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (!good) return fail(Errc::bad_input, "Use a-z, 0-9 and '-' for the group's short name, at most 64.");
  if (group.name.size() > kGroupNameMax_bytes || group.addressee.size() > kTitleMax_bytes ||
      group.terms.size() > kTermsMax_bytes)
    return fail(Errc::too_large, "Shorten the group's name, addressee or terms of reference.");
  return check_title(group.name);
}

std::optional<SectionId> section_of(const DocumentId& document) {
  if (!document.value.starts_with(kSectionPrefix)) return std::nullopt;
  return SectionId{document.value.substr(kSectionPrefix.size())};
}

}  // namespace

Groups::Groups(Surroundings surroundings) : surroundings_(std::move(surroundings)) {}
Groups::~Groups() = default;

Result<void> Groups::open_all() {
  BOSSEY_TRY(const std::vector<GroupId> ids, surroundings_.journal.read_now<std::vector<GroupId>>(
                                                 [](journal::Reader& reader) { return reader.groups(); }));
  for (const GroupId& id : ids) {
    auto group = open_group(surroundings_, id);
    if (group)
      groups_[id] = std::move(*group);
    else
      damaged_.emplace(id, group.error());
  }
  return {};
}

void Groups::attach(room::Rooms& rooms) {
  surroundings_.rooms = &rooms;
  for (const auto& [id, group] : groups_) group->attach(rooms);
  rooms.set_listener(this);
}

Group* Groups::find(const GroupId& id) const {
  const auto at = groups_.find(id);
  return at == groups_.end() ? nullptr : at->second.get();
}

const Error* Groups::damage(const GroupId& id) const {
  const auto at = damaged_.find(id);
  return at == damaged_.end() ? nullptr : &at->second;
}

std::vector<Group*> Groups::all() const {
  std::vector<Group*> out;
  for (const auto& [id, group] : groups_) out.push_back(group.get());
  return out;
}

void Groups::create(const NewGroup& group, const Done<void>& done) {
  if (const auto good = check_new(group); !good) return done(fail(good.error().code, good.error().detail));
  if (find(group.id) != nullptr) return done(fail(Errc::conflict, "A group of that short name exists."));
  // Its rows are in the journal: a second beginning would make them unreadable for good.
  if (damage(group.id) != nullptr)
    return done(fail(Errc::conflict, "A group of that short name exists, but could not be opened."));
  auto parts = std::make_shared<Group::Parts>(group.id, surroundings_);
  start_writer(*parts);
  // There at once, so that nobody makes it twice; without a report until its first event is on disk.
  groups_[group.id] = std::make_unique<Group>(parts);
  Event event{GroupMade{group.name, group.addressee, group.terms}, std::nullopt};
  record(parts, {}, {std::move(event)}, [this, parts, id = group.id, done](const Result<JournalSeq>& seq) {
    if (!seq) {
      groups_.erase(id);
      return done(fail(seq.error().code, seq.error().detail));
    }
    commit_shape(parts, "Found the group", secretariat(), *seq);
    done({});
  });
}

std::optional<Groups::Found> Groups::find_text(const DocumentId& document) const {
  const auto section = section_of(document);
  for (const auto& [id, group] : groups_) {
    if (section && group->holds(*section)) return Found{group.get(), {*section, 0}};
    if (section) continue;
    if (const auto place = group->amendment_at(document)) return Found{group.get(), *place};
  }
  return std::nullopt;
}

Group* Groups::group_of(const DocumentId& document) const {
  const auto found = find_text(document);
  return found ? found->group : nullptr;
}

bool Groups::may_write(PersonId person, const DocumentId& document) const {
  const auto found = find_text(document);
  return !found || found->place.beside == 0 || found->group->may_write(person, found->place.beside);
}

Result<room::DocumentFacts> Groups::facts(const DocumentId& document) const {
  if (const auto found = find_text(document)) {
    const auto& [section, beside] = found->place;
    return room::DocumentFacts{room::DocumentKind::section,
                               beside == 0 ? found->group->closed_by(section) : found->group->ended(beside)};
  }
  if (document.value.starts_with(kGroupPrefix) && find(GroupId{document.value.substr(kGroupPrefix.size())}) != nullptr)
    return room::DocumentFacts{room::DocumentKind::events, std::nullopt};
  return fail(Errc::not_found, "No such document.");
}

void Groups::commit_all(Done<void> done) {
  struct Waiting {
    std::size_t groups;
    Result<void> result;
    Done<void> done;
  };
  if (groups_.empty()) return done({});
  auto waiting = std::make_shared<Waiting>(Waiting{groups_.size(), {}, std::move(done)});
  for (const auto& [id, group] : groups_)
    group->commit_all([waiting](const Result<void>& result) {
      if (!result) waiting->result = result;
      if (--waiting->groups == 0) waiting->done(waiting->result);
    });
}

Result<room::LateProposal> Groups::proposal_for(const room::LateEdit& edit) {
  const auto found = find_text(edit.document);
  if (!found) return fail(Errc::not_found, "No such section.");
  return found->group->late_proposal(found->place, edit);
}

void Groups::late_edit_kept(const room::LateEdit& edit, const room::LateProposal& proposal, JournalSeq) {
  if (Group* group = group_of(edit.document); group != nullptr) group->late_edit_kept(edit, proposal);
}

void Groups::on_change(room::Room& room, const std::vector<PersonId>&) {
  const auto found = find_text(room.document());
  if (!found) return;
  if (found->place.beside == 0)
    found->group->text_changed(found->place.section, room);
  else
    found->group->amendment_changed(found->place.beside, room);
}

}  // namespace bossey::group
