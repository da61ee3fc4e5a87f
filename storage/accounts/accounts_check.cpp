#include "accounts/accounts_check.hpp"

#include <system_error>

#include "accounts/accounts_store.hpp"
#include "sqlite/database.hpp"
#include "sqlite/upkeep.hpp"

namespace bossey::accounts {

Result<std::vector<std::string>> check_accounts(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return fail(Errc::not_found, file.string() + " is missing");
  BOSSEY_TRY(const auto database, sqlite::open_database(file, false));
  auto findings = sqlite::check_database(database.get());
  if (!findings && findings.error().code == Errc::corrupt) return std::vector<std::string>{findings.error().detail};
  if (!findings || !findings->empty()) return findings;
  // The rows themselves: known roles, whole hashes.
  const auto store = AccountsStore::open(file);
  if (!store && store.error().code == Errc::corrupt) return std::vector<std::string>{store.error().detail};
  if (!store) return tl::unexpected<Error>(store.error());
  return findings;
}

}  // namespace bossey::accounts
