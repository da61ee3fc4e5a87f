// Runs the script of docs/formats/verify.md, as it stands there, on a repository.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "storage/revisions/stock_git.hpp"

namespace bossey::tests {

/// The script: the page's block of shell.
inline std::string verify_script() {
  std::ifstream page(std::string(BOSSEY_SOURCE_DIR) + "/docs/formats/verify.md");
  const std::string text{std::istreambuf_iterator<char>(page), {}};
  const std::string fence = "```sh\n";
  const auto begin = text.find(fence);
  const auto end = text.find("\n```\n", begin);
  return begin == std::string::npos ? "" : text.substr(begin + fence.size(), end + 1 - begin - fence.size());
}

inline Ran run_verify_script(const std::filesystem::path& repository) {
  const auto script = repository.parent_path() / "verify.sh";
  std::ofstream(script) << verify_script();
  const std::string command = "GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null sh '" + script.string() + "' '" +
                              repository.string() + "' 2>&1";
  Ran ran;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return ran;
  char buffer[4096];
  for (std::size_t size = 0; (size = ::fread(buffer, 1, sizeof buffer, pipe)) > 0;) ran.output.append(buffer, size);
  const int status = ::pclose(pipe);
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

}  // namespace bossey::tests
