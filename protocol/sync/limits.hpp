// Every bound of the live channel's messages, in one place; docs/formats/limits.md prints the same table.
// Used by the decoders here and by server/room.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bossey::sync {

inline constexpr std::size_t kAddressBytesMax = 512;     ///< Document name, NUL and session id together.
inline constexpr std::size_t kTokenBytesMax = 4 * 1024;  ///< Token of an Auth message.
inline constexpr std::size_t kVersionBytesMax = 64;      ///< Provider version of an Auth message.
inline constexpr std::size_t kReasonBytesMax = 1024;     ///< Reason of a refusal or of CLOSE.
inline constexpr std::size_t kStateVectorBytesMax = 1024 * 1024;
inline constexpr std::size_t kUpdateBytesMax = 16 * 1024 * 1024;
inline constexpr std::size_t kStatelessBytesMax = 64 * 1024;
inline constexpr std::size_t kAwarenessBytesMax = 1024 * 1024;     ///< One awareness message.
inline constexpr std::size_t kAwarenessEntriesMax = 4 * 1024;      ///< Entries of one awareness message.
inline constexpr std::size_t kAwarenessStateBytesMax = 16 * 1024;  ///< JSON of one state.
inline constexpr std::size_t kAwarenessDepthMax = 16;              ///< Nesting of one state.
inline constexpr std::uint64_t kClientIdMax = (std::uint64_t{1} << 53) - 1;
inline constexpr std::uint64_t kClockMax = (std::uint64_t{1} << 53) - 1;

}  // namespace bossey::sync
