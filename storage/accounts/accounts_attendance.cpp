// Who was at which meeting: the private list, until it is deleted.
#include "accounts/accounts_store.hpp"
#include "accounts/transaction.hpp"

namespace bossey::accounts {

Result<void> AccountsStore::load_attendance(Roll& roll) {
  BOSSEY_TRY(auto rows,
             sqlite::Statement::prepare(database_.get(), "SELECT group_slug, meeting, person FROM attendance"));
  for (;;) {
    BOSSEY_TRY(const bool row, rows.step("reading the accounts"));
    if (!row) return {};
    const GroupId group{rows.text(0)};
    const auto meeting = static_cast<std::uint64_t>(rows.number(1));
    roll.attendance_[{group, meeting}].insert(PersonId{static_cast<std::uint64_t>(rows.number(2))});
  }
}

Result<void> AccountsStore::set_present(const GroupId& group, std::uint64_t meeting, PersonId person, bool here,
                                        std::int64_t now_s) {
  BOSSEY_TRY_VOID(require_member(group, person));
  if (roll_->present_at(group, meeting).contains(person) == here) return {};
  return transact([&](Roll& next) -> Result<void> {
    const auto number = static_cast<std::int64_t>(meeting);
    const auto id = static_cast<std::int64_t>(person.value);
    if (here) {
      next.attendance_[{group, meeting}].insert(person);
      BOSSEY_TRY(auto came, sqlite::Statement::prepare(
                                database_.get(),
                                "INSERT INTO attendance (group_slug, meeting, person, made_s) VALUES (?, ?, ?, ?)"));
      came.bind(group.value).bind(number).bind(id).bind(now_s);
      return run(std::move(came));
    }
    next.attendance_[{group, meeting}].erase(person);
    BOSSEY_TRY(auto went,
               sqlite::Statement::prepare(
                   database_.get(), "DELETE FROM attendance WHERE group_slug = ? AND meeting = ? AND person = ?"));
    went.bind(group.value).bind(number).bind(id);
    return run(std::move(went));
  });
}

Result<std::size_t> AccountsStore::forget_attendance(const GroupId& group, std::int64_t until_s) {
  std::size_t gone = 0;
  auto forgotten = transact([&](Roll& next) -> Result<void> {
    BOSSEY_TRY(auto forget, sqlite::Statement::prepare(database_.get(),
                                                       "DELETE FROM attendance WHERE group_slug = ? AND made_s <= ?"));
    forget.bind(group.value).bind(until_s);
    BOSSEY_TRY_VOID(run(std::move(forget)));
    gone = static_cast<std::size_t>(sqlite3_changes(database_.get()));
    next.attendance_.clear();
    return load_attendance(next);
  });
  if (!forgotten) return tl::unexpected(std::move(forgotten).error());
  return gone;
}

}  // namespace bossey::accounts
