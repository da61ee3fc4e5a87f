// Proves that the file of the accounts store is whole: its pages, its rows, and that they make a roll. Called by
// `bossey check`, also while a server uses the file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace bossey::accounts {

/// Empty if whole; else what is wrong, one sentence each. Errc::not_found: there is no such file. Others: it cannot be
/// read now.
[[nodiscard]] Result<std::vector<std::string>> check_accounts(const std::filesystem::path& file);

}  // namespace bossey::accounts
