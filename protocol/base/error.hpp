// What can go wrong, as values. Every layer returns Result<T>; nothing here throws.
// An Error's detail is for people who run or use the server: what was attempted, on which id, and what to do.
// It never holds document text, names of persons or secrets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace bossey {

/// Kinds a caller acts on. The HTTP layer maps each to a status code, the socket layer to a close code.
enum class Errc : std::uint8_t {
  bad_input,    ///< Malformed bytes, JSON, Markdown or arguments.
  too_large,    ///< Over a documented limit.
  signed_out,   ///< Nobody is signed in, or the link or session has ended.
  forbidden,    ///< This person may not do this.
  not_found,    ///< No such thing, or none that this person may know of.
  conflict,     ///< The text, version or state moved since the caller looked.
  unavailable,  ///< Try again later: the disk is full, a lock is held, the server stops.
  corrupt,      ///< Stored data is not what was written.
  io,           ///< The operating system or a library refused.
};

struct [[nodiscard]] Error {
  Errc code;
  std::string detail;

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = tl::expected<T, Error>;

/// An error result: `return fail(Errc::not_found, "no section 'x'");`
[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string detail) {
  return tl::unexpected<Error>(Error{code, std::move(detail)});
}

/// Stable lower-case name of a code, as in the JSON of an HTTP error.
[[nodiscard]] std::string_view to_string(Errc code);

/// Ends the process with the place and the words. For broken invariants only; input must never reach one.
[[noreturn]] void check_failed(const char* file, int line, const char* condition);

}  // namespace bossey

#define BOSSEY_JOIN_(a, b) a##b
#define BOSSEY_JOIN(a, b) BOSSEY_JOIN_(a, b)

/// `BOSSEY_TRY(auto x, f());` declares x from the value, or returns the error. A declaration and not a
/// statement expression: GCC 12 crashes on the latter around co_await.
#define BOSSEY_TRY(declaration, ...)                                                               \
  auto BOSSEY_JOIN(bossey_try_, __LINE__) = (__VA_ARGS__);                                         \
  if (!BOSSEY_JOIN(bossey_try_, __LINE__))                                                         \
    return tl::unexpected<::bossey::Error>(std::move(BOSSEY_JOIN(bossey_try_, __LINE__)).error()); \
  declaration = std::move(*BOSSEY_JOIN(bossey_try_, __LINE__))

/// The same for Result<void>.
#define BOSSEY_TRY_VOID(...)                                  \
  if (auto bossey_try_void = (__VA_ARGS__); !bossey_try_void) \
  return tl::unexpected<::bossey::Error>(std::move(bossey_try_void).error())

/// BOSSEY_TRY in a coroutine.
#define BOSSEY_CO_TRY(declaration, ...)                                                               \
  auto BOSSEY_JOIN(bossey_try_, __LINE__) = (__VA_ARGS__);                                            \
  if (!BOSSEY_JOIN(bossey_try_, __LINE__))                                                            \
    co_return tl::unexpected<::bossey::Error>(std::move(BOSSEY_JOIN(bossey_try_, __LINE__)).error()); \
  declaration = std::move(*BOSSEY_JOIN(bossey_try_, __LINE__))

/// On in release, too.
#define BOSSEY_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::bossey::check_failed(__FILE__, __LINE__, #condition))
