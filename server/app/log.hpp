// One line a happening on stderr: time, level, event, and facts as key=value. Called from any thread by server/app.
// Never give it a person's name, document text, a secret, or an address in full.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace bossey::app {

enum class LogLevel { info, warning, error };

using LogFact = std::pair<std::string_view, std::string>;

/// "2005-06-18T00:41:07Z info started port=8480". Values with spaces are quoted, control characters become '?'.
void log(LogLevel level, std::string_view event, std::initializer_list<LogFact> facts = {});

/// The line without its end, for a given time (seconds since 1970, UTC).
[[nodiscard]] std::string log_line(std::int64_t at_s, LogLevel level, std::string_view event,
                                   std::initializer_list<LogFact> facts);

}  // namespace bossey::app
