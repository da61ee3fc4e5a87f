#include "app/control_socket.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>

#include "storage/scratch_folder.hpp"

namespace bossey::app {

namespace {

constexpr std::chrono::seconds kPatience{5};

Result<std::unique_ptr<ControlSocket>> echo(const std::filesystem::path& path) {
  return ControlSocket::open(path, [](std::string line, const auto& answer) { answer("<" + line + ">"); });
}

}  // namespace

TEST_SUITE("app/control_socket") {
  TEST_CASE("a line goes in and one comes out, also when the folder's name is very long") {
    tests::ScratchFolder folder;
    const auto deep = folder.path() / std::string(150, 'd');
    std::filesystem::create_directory(deep);
    const auto socket = echo(deep / "control.sock").value();
    CHECK(ask_server(deep / "control.sock", "hello", kPatience).value() == "<hello>");
    const std::string large(2u << 20, 'x');
    CHECK(ask_server(deep / "control.sock", large, kPatience).value() == "<" + large + ">");
    const auto mode = std::filesystem::status(deep / "control.sock").permissions();
    CHECK(mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  }

  TEST_CASE("without a server there is no answer, and a socket that was left behind is no obstacle") {
    tests::ScratchFolder folder;
    const auto path = folder / "control.sock";
    CHECK_FALSE(ask_server(path, "hello", kPatience).value().has_value());
    std::ofstream(path) << "left behind";
    const auto socket = echo(path).value();
    CHECK(ask_server(path, "hello", kPatience).value() == "<hello>");
    socket->stop();
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK_FALSE(ask_server(path, "hello", kPatience).value().has_value());
  }

  TEST_CASE("stopping does not wait for an answer that never comes") {
    tests::ScratchFolder folder;
    const auto path = folder / "control.sock";
    std::atomic<bool> asked = false;
    auto socket = ControlSocket::open(path, [&asked](const std::string&, const auto&) {
                    asked = true;
                    asked.notify_all();
                  }).value();
    std::thread stopping([&] {
      asked.wait(false);
      socket->stop();
    });
    const auto answer = ask_server(path, "hello", kPatience);
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().code == Errc::unavailable);
    stopping.join();
  }
}

}  // namespace bossey::app
