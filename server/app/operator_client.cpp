#include "app/operator_client.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "app/control_socket.hpp"
#include "app/core.hpp"
#include "app/operator_commands.hpp"

namespace bossey::app {

namespace {

using nlohmann::json;

constexpr std::chrono::seconds kAnswer{120};
constexpr std::chrono::milliseconds kClose_ms{5'000};
/// Links made without a running server begin with the address that `serve` takes by default.
constexpr const char* kDefaultUrl = "http://127.0.0.1:8480";

Errc code_from(const std::string& name) {
  for (const auto code : {Errc::bad_input, Errc::too_large, Errc::signed_out, Errc::forbidden, Errc::not_found,
                          Errc::conflict, Errc::unavailable, Errc::corrupt}) {
    if (to_string(code) == name) return code;
  }
  return Errc::io;
}

Result<json> unwrap(json answer) {
  if (!answer.is_object()) return fail(Errc::io, "The running server gave an answer that is none. Is it this version?");
  const auto error = answer.find("error");
  if (error == answer.end()) return answer;
  if (!error->is_object()) return fail(Errc::io, "The running server failed.");
  return fail(code_from(error->value("code", "io")), error->value("message", "The running server failed."));
}

Result<json> work_alone(const std::filesystem::path& data, const std::string& line) {
  BOSSEY_TRY(auto core, Core::open(data, {}));
  json answer;
  Result<void> settled;
  core->loop().post([&] {
    run_operator_command(*core, kDefaultUrl, line, [&](json made) {
      answer = std::move(made);
      core->settle([&](Result<void> done) {
        settled = std::move(done);
        core->loop().stop();
      });
    });
  });
  core->loop().run();
  BOSSEY_TRY_VOID(core->close(kClose_ms));
  BOSSEY_TRY_VOID(std::move(settled));
  return unwrap(std::move(answer));
}

}  // namespace

Result<json> do_operator_command(const std::filesystem::path& data, const json& command, bool may_create) {
  std::string line;
  try {
    line = command.dump();
  } catch (const json::exception&) {
    return fail(Errc::bad_input, "A name or text is not UTF-8. Save the file as UTF-8, or set a UTF-8 locale.");
  }
  std::error_code error;
  if (!may_create && !std::filesystem::exists(data, error)) {
    return fail(Errc::not_found, "There is no data folder " + data.string() + ". Check the name after --data.");
  }
  BOSSEY_TRY(auto answer, ask_server(data / "control.sock", line, kAnswer));
  if (answer) return unwrap(json::parse(*answer, nullptr, false));
  return work_alone(data, line);
}

}  // namespace bossey::app
