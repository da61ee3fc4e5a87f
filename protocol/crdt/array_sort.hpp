// The sort of JavaScript as V8 has it (a merge sort of runs, after Tim Peters' for Python), comparison by comparison.
// Used by MergeOrder, whose comparison is not consistent: what comes out then depends on which pairs are compared.
// Internal to crdt; wherever the comparison is consistent, std::stable_sort gives the same.
#pragma once

#include <vector>

namespace bossey::crdt {

struct MergeHead;

/// `comes_before` is V8's "the comparison gave less than 0".
void array_sort(std::vector<MergeHead*>& heads, bool (*comes_before)(const MergeHead&, const MergeHead&));

}  // namespace bossey::crdt
