// The real program: starting, signing in, stopping, and everything that can be in its way.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "server/app/process.hpp"
#include "storage/scratch_folder.hpp"

namespace bossey::tests {

namespace {

struct Fixture {
  ScratchFolder folder;
  std::string data = (folder / "data").string();

  Finished command(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--data", data});
    return run(std::move(arguments));
  }
  std::vector<std::string> serve() { return {"serve", "--port", "0", "--data", data}; }
  std::string path_of_link(const std::string& printed) {
    const auto at = printed.find("/sign-in/");
    REQUIRE(at != std::string::npos);
    return printed.substr(at, printed.find_first_of(" \n", at) - at);
  }
};

std::string cookie_of(const std::string& answer) {
  const auto at = answer.find("bossey_session=");
  return at == std::string::npos ? "" : "Cookie: " + answer.substr(at, answer.find(';', at) - at) + "\r\n";
}

bool is_one_sentence(const std::string& words) {
  return words.starts_with("bossey: ") && std::count(words.begin(), words.end(), '\n') == 1;
}

}  // namespace

TEST_SUITE("app/serving") {
  TEST_CASE_FIXTURE(Fixture, "a group and a person made alone are there in the server, and the person gets in") {
    CHECK(command({"group", "create", "wgig", "--name", "WGIG"}).code == 0);
    CHECK(command({"person", "add", "Somebody", "--role", "chair", "--group", "wgig"}).printed == "Added person 1.\n");
    const auto link = path_of_link(command({"person", "link", "1", "--group", "wgig"}).printed);
    Process server(serve());
    const auto port = server.port();
    REQUIRE(port != 0);
    CHECK(http(port, "GET", "/healthz").find("200 OK") != std::string::npos);
    const auto signed_in = http(port, "GET", link);
    CHECK(signed_in.starts_with("HTTP/1.1 303"));
    const auto me = http(port, "GET", "/api/me", cookie_of(signed_in));
    CHECK(me.find("\"Somebody\"") != std::string::npos);
    CHECK(me.find("\"wgig\"") != std::string::npos);
    server.send_signal(SIGTERM);
    CHECK(server.wait() == 0);
    CHECK(server.complained.find("Somebody") == std::string::npos);
    CHECK(server.complained.find(link.substr(9)) == std::string::npos);
    CHECK_FALSE(std::filesystem::exists(std::filesystem::path(data) / "control.sock"));
  }

  TEST_CASE_FIXTURE(Fixture, "commands reach the running server, and their links name it") {
    Process server(serve());
    const auto port = server.port();
    CHECK(command({"group", "create", "wgig", "--name", "WGIG"}).code == 0);
    CHECK(command({"person", "add", "Somebody", "--role", "member", "--group", "wgig"}).code == 0);
    const auto printed = command({"person", "link", "1", "--group", "wgig"}).printed;
    CHECK(printed.starts_with("http://127.0.0.1:" + std::to_string(port) + "/sign-in/"));
    const auto cookie = cookie_of(http(port, "GET", path_of_link(printed)));
    CHECK(command({"person", "role", "1", "chair", "--group", "wgig"}).code == 0);
    CHECK(http(port, "GET", "/api/groups/wgig", cookie).find("\"decide\"") != std::string::npos);
    CHECK(command({"person", "remove", "1", "--group", "wgig"}).code == 0);
    CHECK(http(port, "GET", "/api/me", cookie).starts_with("HTTP/1.1 401"));
  }

  TEST_CASE_FIXTURE(Fixture, "metrics have a port of their own, and neither they nor the log know names or words") {
    REQUIRE(command({"group", "create", "secret-group", "--name", "Hidden Name"}).code == 0);
    REQUIRE(command({"person", "add", "Some Body", "--role", "chair", "--group", "secret-group"}).code == 0);
    const auto file = (folder / "report.md").string();
    std::ofstream(file) << "# Unheard Title\n\n## Opening\n\nConfidential words.\n";
    auto arguments = serve();
    arguments.insert(arguments.end(), {"--metrics-port", "0"});
    Process server(arguments);
    const auto port = server.port();
    const std::string before = "metrics on http://127.0.0.1:";
    const auto at = server.printed.find(before);
    REQUIRE(at != std::string::npos);
    const auto metrics_port = static_cast<std::uint16_t>(std::stoi(server.printed.substr(at + before.size())));
    REQUIRE(command({"import", file, "--group", "secret-group", "--report", "unheard-report"}).code == 0);
    const auto link = path_of_link(command({"person", "link", "1", "--group", "secret-group"}).printed);
    const auto cookie = cookie_of(http(port, "GET", link));
    CHECK(http(port, "GET", "/api/groups/secret-group/reports/unheard-report", cookie).starts_with("HTTP/1.1 200"));
    CHECK(http(port, "GET", "/api/me", "Authorization: Bearer wrong-secret\r\n").starts_with("HTTP/1.1 401"));
    const auto metrics = http(metrics_port, "GET", "/metrics");
    CHECK(metrics.starts_with("HTTP/1.1 200"));
    CHECK(metrics.find("\nbossey_requests_total ") != std::string::npos);
    CHECK(metrics.find("\nbossey_git_commit_seconds_count ") != std::string::npos);
    CHECK(http(metrics_port, "GET", "/healthz").starts_with("HTTP/1.1 200"));
    CHECK(http(metrics_port, "GET", "/readyz").starts_with("HTTP/1.1 200"));
    CHECK(http(metrics_port, "GET", "/api/me", cookie).starts_with("HTTP/1.1 404"));
    CHECK(http(port, "GET", "/metrics", cookie).starts_with("HTTP/1.1 404"));
    CHECK(http(port, "GET", "/readyz").starts_with("HTTP/1.1 200"));
    server.send_signal(SIGTERM);
    CHECK(server.wait() == 0);
    for (const std::string& text : {metrics, server.complained}) {
      for (const auto& secret : {std::string("Some Body"), std::string("Hidden"), std::string("secret-group"),
                                 std::string("Unheard"), std::string("unheard"), std::string("Confidential"),
                                 std::string("wrong-secret"), link.substr(9), cookie.substr(8, 20)}) {
        INFO(secret);
        CHECK(text.find(secret) == std::string::npos);
      }
    }
  }

  TEST_CASE_FIXTURE(Fixture, "SIGTERM and SIGINT end it within five seconds, also while connections are open") {
    for (const int number : {SIGTERM, SIGINT}) {
      Process server(serve());
      const auto port = server.port();
      const int idle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(port);
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      REQUIRE(::connect(idle, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
      const auto begin = std::chrono::steady_clock::now();
      server.send_signal(number);
      CHECK(server.wait() == 0);
      CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
      ::close(idle);
    }
  }

  TEST_CASE_FIXTURE(Fixture, "a port in use, a folder in use and a folder that is none are one clear sentence each") {
    Process server(serve());
    const auto port = std::to_string(server.port());
    const auto second = run({"serve", "--port", "0", "--data", data});
    CHECK(second.code == 1);
    CHECK(is_one_sentence(second.complained));
    const auto taken = run({"serve", "--port", port, "--data", (folder / "elsewhere").string()});
    CHECK(taken.code == 1);
    CHECK(taken.complained.find(port) != std::string::npos);
    std::ofstream(folder / "file") << "words";
    const auto file = run({"serve", "--port", "0", "--data", (folder / "file").string()});
    CHECK(file.code == 1);
    CHECK(is_one_sentence(file.complained));
  }

  TEST_CASE_FIXTURE(Fixture, "foreign files in the folder are refused and left alone") {
    std::filesystem::create_directory(data);
    const auto journal = std::filesystem::path(data) / "journal.sqlite";
    std::ofstream(journal) << std::string(2'000, 'x');
    const auto refused = run(serve());
    CHECK(refused.code == 1);
    CHECK(is_one_sentence(refused.complained));
    CHECK(std::filesystem::file_size(journal) == 2'000);
  }

  TEST_CASE_FIXTURE(Fixture, "the demonstration has one link for each role, and fresh ones for the same people later") {
    const auto first = command({"demo", "--public-url", "http://127.0.0.1:9"});
    REQUIRE(first.code == 0);
    for (const auto* role : {"chair", "secretariat", "member", "observer", "administrator"}) {
      CHECK(first.printed.find(role) != std::string::npos);
    }
    const auto old_link = path_of_link(first.printed);
    Process server(serve());
    const auto port = server.port();
    const auto again = command({"demo"});
    REQUIRE(again.code == 0);
    CHECK(http(port, "GET", old_link).starts_with("HTTP/1.1 401"));
    const auto cookie = cookie_of(http(port, "GET", path_of_link(again.printed)));
    CHECK(http(port, "GET", "/api/me", cookie).find("\"id\":1,") != std::string::npos);
    CHECK(http(port, "GET", "/api/groups/river-data", cookie).find("\"report\"") != std::string::npos);
    CHECK(command({"person", "list", "--group", "river-data"}).printed.find("     5  administrator") !=
          std::string::npos);
  }

  TEST_CASE_FIXTURE(Fixture, "an import from a file is reported, and its name is not overwritten") {
    REQUIRE(command({"group", "create", "wgig", "--name", "WGIG"}).code == 0);
    const auto file = (folder / "report.md").string();
    std::ofstream(file) << "# Final Report\n\n## Opening\n\nWords.\n";
    const auto made = command({"import", file, "--group", "wgig", "--report", "final"});
    CHECK(made.code == 0);
    CHECK(made.printed.find("'final': 1 sections") != std::string::npos);
    const auto again = command({"import", file, "--group", "wgig", "--report", "final"});
    CHECK(again.code == 1);
    CHECK(is_one_sentence(again.complained));
    std::ofstream(file, std::ios::binary) << "# \xff\xfe";
    for (const auto& wrong : {std::vector<std::string>{"import", file, "--group", "wgig", "--report", "bad"},
                              {"import", file + "x", "--group", "wgig", "--report", "bad"},
                              {"import", file, "--group", "none", "--report", "bad"}}) {
      const auto refused = command(wrong);
      CHECK(refused.code == 1);
      CHECK(is_one_sentence(refused.complained));
    }
  }

  TEST_CASE_FIXTURE(Fixture, "wrong usage says so with code 2, and makes nothing") {
    for (const auto& arguments : {std::vector<std::string>{},
                                  {"serve"},
                                  {"fly"},
                                  {"person"},
                                  {"person", "add", "--group", "wgig", "--data", data},
                                  {"serve", "--scratch", "--data", data},
                                  {"serve", "--port", "x", "--data", data}}) {
      CHECK(run(arguments).code == 2);
    }
    CHECK(run({"--help"}).code == 0);
    CHECK(run({"--version"}).printed.starts_with("bossey "));
    CHECK(run({"person", "list", "--group", "g", "--data", data}).code == 1);
    CHECK_FALSE(std::filesystem::exists(data));
  }
}

}  // namespace bossey::tests
