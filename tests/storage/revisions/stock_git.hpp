// Runs the stock `git` on a repository and gives back what it prints.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <string>

namespace bossey::tests {

struct Ran {
  int code = -1;
  std::string output;  ///< Standard output and error.
};

/// `arguments` is shell text. Configuration of the user and the machine is left aside.
inline Ran git(const std::filesystem::path& folder, const std::string& arguments) {
  const auto command = "GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null git -c safe.directory='*' -C '" +
                       folder.string() + "' " + arguments + " 2>&1";
  Ran ran;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return ran;
  char buffer[4096];
  for (std::size_t size = 0; (size = ::fread(buffer, 1, sizeof buffer, pipe)) > 0;) ran.output.append(buffer, size);
  const int status = ::pclose(pipe);
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

/// Empty if `git fsck --strict` finds nothing wrong; what it says otherwise. Dangling objects are nothing wrong.
inline std::string fsck(const std::filesystem::path& folder) {
  const auto ran = git(folder, "fsck --full --strict --no-dangling --no-progress");
  return ran.code == 0 && ran.output.empty() ? "" : ran.output + " (" + std::to_string(ran.code) + ")";
}

}  // namespace bossey::tests
