// PROPOSAL of docs/formats/http.md, with its redline. Pure and slow enough for the pool; used by the routes on
// proposals.
#pragma once

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "group/views.hpp"

namespace bossey::api {

/// With `redline` where there is something to compare: of an amendment the text as it stands with what is proposed, or,
/// where that has overtaken it, its own words with those that it departed from.
[[nodiscard]] Result<nlohmann::json> proposal_json(const group::ProposalView& view);

}  // namespace bossey::api
