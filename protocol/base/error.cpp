#include "base/error.hpp"

#include <cstdio>
#include <cstdlib>

namespace bossey {

std::string_view to_string(Errc code) {
  switch (code) {
    case Errc::bad_input:
      return "bad_input";
    case Errc::too_large:
      return "too_large";
    case Errc::signed_out:
      return "signed_out";
    case Errc::forbidden:
      return "forbidden";
    case Errc::not_found:
      return "not_found";
    case Errc::conflict:
      return "conflict";
    case Errc::unavailable:
      return "unavailable";
    case Errc::corrupt:
      return "corrupt";
    case Errc::io:
      return "io";
  }
  return "unknown";
}

void check_failed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, condition);
  std::abort();
}

}  // namespace bossey
