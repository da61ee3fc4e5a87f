// The part of a check that is about one group: its repository, and that it says what the journal says. Called by
// check_data only.
#pragma once

#include <filesystem>

#include "app/data_check.hpp"
#include "base/ids.hpp"
#include "journal/reader.hpp"

namespace bossey::app {

void check_group(journal::Reader& reader, const GroupId& group, const std::filesystem::path& repository,
                 DataReport& report);

}  // namespace bossey::app
