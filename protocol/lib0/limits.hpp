// Every cap on what comes from outside, for lib0 values, Yjs updates and pending structs.
// Read by the decoders and by the documents; whoever needs another bound adds it here, so that one page shows them all.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bossey::limits {

/// JavaScript's Number.MAX_SAFE_INTEGER: the largest varuint Yjs reads; also the largest client id.
inline constexpr std::uint64_t kSafeIntegerMax = (std::uint64_t{1} << 53) - 1;

/// Clocks and lengths of structs. A client that types 100 characters a second for a year stays below.
inline constexpr std::uint64_t kClockMax = 0xFFFF'FFFE;

/// Units of one struct that has content. Neighbours that would be longer stay apart.
inline constexpr std::uint32_t kStructUnitsMax = (std::uint32_t{1} << 27U) - 1;

/// One update, in octets (256 MiB). Frames of the network have a smaller bound of their own.
inline constexpr std::size_t kUpdateBytesMax = std::size_t{256} << 20U;

/// One string, in octets of UTF-8.
inline constexpr std::size_t kStringBytesMax = std::size_t{64} << 20U;

/// Objects and arrays within one another, in `any` values and JSON.
inline constexpr int kNestingMax = 256;

/// Client sections of one update, delete set or state vector.
inline constexpr std::size_t kClientsMax = 1U << 20U;

/// Structs of one update: this many, and kStructsPerByteMax more for each octet. In v2 a run of equal structs takes no
/// octets.
inline constexpr std::uint64_t kStructsFreeMax = 100'000;
inline constexpr std::uint64_t kStructsPerByteMax = 16;

/// Types within one another that reading (to_string, to_delta, tree walks) follows.
inline constexpr int kTypeDepthMax = 256;

/// Structs of a document that wait for others. An update that would bring more is refused as too_large; one
/// update on a document without pending structs may bring any number within kUpdateBytesMax.
inline constexpr std::size_t kPendingStructsMax = 200'000;

/// Octets of the updates that brought structs that wait, per document. The first such update may be larger.
inline constexpr std::size_t kPendingBytesMax = std::size_t{64} << 20U;

/// Clients of which structs wait, per document: trying again looks at each. An update of more clients is taken if none
/// of it has to wait.
inline constexpr std::size_t kPendingClientsMax = 4096;

/// Ranges of deletes that wait for their structs, per document.
inline constexpr std::size_t kPendingDeletesMax = 200'000;

/// Comparisons spent, in one merge of over 63 updates, on finding the order in which Yjs takes a collected (GC) struct
/// and an item at one clock. Beyond that either may come first. A tenth of a second.
inline constexpr std::uint64_t kMergeComparisonsMax = std::uint64_t{1} << 24U;

/// Reservation made on the word of a count alone, before its elements are read.
inline constexpr std::size_t kReserveMax = 1024;

}  // namespace bossey::limits
