#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>

#include "app/data_commands.hpp"
#include "app/operator_client.hpp"
#include "app/operator_report.hpp"
#include "app/serving.hpp"
#include "document/markdown_import.hpp"
#include "revisions/verification.hpp"

namespace bossey::app {

namespace {

using nlohmann::json;

/// What the options of all subcommands are read into. An operator's command is JSON from the start.
struct Arguments {
  ServeOptions serve;
  std::string data;
  std::string file;        ///< Of `import`, `backup` and `restore`.
  std::string repository;  ///< Of `verify`.
  json command = json::object();
};

int complain(const std::string& words) {
  std::fprintf(stderr, "bossey: %s\n", words.c_str());
  return 1;
}

void take_data(CLI::App& app, Arguments& arguments) {
  app.add_option("--data", arguments.data, "The data folder")->required()->type_name("DIR");
}

enum class Need : bool { optional, required };

template <class Value>
void take(CLI::App& app, Arguments& arguments, const std::string& option, const std::string& field, Need need,
          const std::string& help) {
  app.add_option_function<Value>(
         option, [&arguments, field](const Value& value) { arguments.command[field] = value; }, help)
      ->required(need == Need::required);
}

void take_text(CLI::App& app, Arguments& arguments, const std::string& option, const std::string& field, Need need,
               const std::string& help) {
  take<std::string>(app, arguments, option, field, need, help);
}

void take_number(CLI::App& app, Arguments& arguments, const std::string& option, const std::string& field, Need need,
                 const std::string& help) {
  take<std::uint64_t>(app, arguments, option, field, need, help);
}

CLI::App& add_verb(CLI::App& parent, Arguments& arguments, const std::string& name, const std::string& command,
                   const std::string& help) {
  auto& verb = *parent.add_subcommand(name, help);
  take_data(verb, arguments);
  verb.callback([&arguments, command] { arguments.command["command"] = command; });
  return verb;
}

void add_serve(CLI::App& app, Arguments& arguments) {
  auto& serve = *app.add_subcommand("serve", "Serve a data folder in the foreground, until SIGTERM");
  auto& options = arguments.serve;
  take_data(serve, arguments);
  serve.add_option("--port", options.port, "TCP port; 0: any free one")->capture_default_str()->type_name("P");
  serve.add_option("--address", options.address, "Address to listen on")->capture_default_str()->type_name("ADDRESS");
  serve.add_option("--client", options.client, "Folder with the page's files")->type_name("DIR");
  serve.add_option("--public-url", options.public_url, "Where people reach this server")->type_name("URL");
  serve.add_option("--trusted-proxy", options.trusted_proxies, "Address of a proxy whose X-Forwarded headers count")
      ->type_name("ADDRESS");
  auto* certificate =
      serve.add_option("--tls-cert", options.tls_certificate, "Certificate chain, PEM: the port speaks TLS")
          ->type_name("FILE");
  auto* key = serve.add_option("--tls-key", options.tls_key, "Its private key, PEM")->type_name("FILE");
  certificate->needs(key);
  key->needs(certificate);
  serve.add_option("--metrics-port", options.metrics_port, "Port at 127.0.0.1 for /metrics; 0: any free one")
      ->type_name("P");
  auto* token = serve.add_option("--token", options.scratch_token, "Secret for scratch documents")->type_name("T");
  serve.add_flag("--scratch", options.scratch, "Also serve documents named scratch/<anything>")->needs(token);
  // Not in the help: only tests of crashes use it.
  serve.add_option("--end-at", options.end_at)->group("");
}

void add_group(CLI::App& app, Arguments& arguments) {
  auto& group = *app.add_subcommand("group", "Working groups");
  group.require_subcommand(1);
  auto& create = add_verb(group, arguments, "create", "group create", "Make a group");
  take_text(create, arguments, "SLUG", "group", Need::required, "Short name for addresses: a-z, 0-9 and '-'");
  take_text(create, arguments, "--name", "name", Need::required, "Name of the group");
  take_text(create, arguments, "--addressee", "addressee", Need::optional, "To whom it reports");
  take_text(create, arguments, "--terms", "terms", Need::optional, "Terms of reference");
  add_verb(group, arguments, "list", "group list", "List the groups");
}

void add_person(CLI::App& app, Arguments& arguments) {
  auto& person = *app.add_subcommand("person", "People of a group, their links and tokens");
  person.require_subcommand(1);
  const auto verb = [&](const std::string& name, const std::string& help) -> CLI::App& {
    auto& made = add_verb(person, arguments, name, "person " + name, help);
    take_text(made, arguments, "--group", "group", Need::required, "The group");
    return made;
  };
  const auto verb_on = [&](const std::string& name, const std::string& help) -> CLI::App& {
    auto& made = verb(name, help);
    take_number(made, arguments, "PERSON", "person", Need::required, "Number of the person, see 'person list'");
    return made;
  };
  const std::string roles = "chair, secretariat, member, observer, speaking observer or administrator";
  auto& add = verb("add", "Add somebody");
  take_text(add, arguments, "NAME", "name", Need::required, "The person's name");
  take_text(add, arguments, "--role", "role", Need::required, roles);
  take_text(add, arguments, "--category", "category", Need::optional, "Stakeholder category");
  verb("list", "List the people");
  take_text(verb_on("role", "Give somebody another role"), arguments, "ROLE", "role", Need::required, roles);
  verb_on("remove", "Take somebody out of the group");
  auto& join = verb_on("join", "Put somebody of another group into this one, too");
  take_text(join, arguments, "--role", "role", Need::required, roles);
  auto& link = verb_on("link", "Make a personal sign-in link and print it");
  take_number(link, arguments, "--days", "days", Need::optional, "How long it works; 90 if not given");
  take_text(link, arguments, "--public-url", "public_url", Need::optional, "Beginning of the link");
  auto& unlink = verb_on("unlink", "End sign-in links");
  take_number(unlink, arguments, "LINK", "link", Need::optional, "Number of the link; all if not given");
  auto& token = verb_on("token", "Make an API token and print it");
  take_number(token, arguments, "--days", "days", Need::optional, "How long it works; 365 if not given");
  token.add_flag_callback(
      "--write", [&arguments] { arguments.command["write"] = 1; }, "May also write text");
  auto& untoken = verb_on("untoken", "End an API token");
  take_number(untoken, arguments, "TOKEN", "token", Need::required, "Number of the token");
}

void add_others(CLI::App& app, Arguments& arguments) {
  auto& import = add_verb(app, arguments, "import", "import", "Make a report of a Markdown file");
  import.add_option("FILE", arguments.file, "The file, UTF-8")->required();
  take_text(import, arguments, "--group", "group", Need::required, "The group");
  take_text(import, arguments, "--report", "report", Need::required, "Short name of the new report");
  auto& demo = add_verb(app, arguments, "demo", "demo", "Make the demonstration group and print its sign-in links");
  take_text(demo, arguments, "--public-url", "public_url", Need::optional, "Beginning of the links");
}

void add_data_commands(CLI::App& app, Arguments& arguments) {
  const auto take_place = [&](CLI::App& verb, const std::string& help) {
    verb.add_option("DATA", arguments.data, help)->required()->type_name("DIR");
  };
  const auto take_file = [&](CLI::App& verb, const std::string& help) {
    verb.add_option("FILE", arguments.file, help)->required();
  };
  auto& check = *app.add_subcommand("check", "Prove a data folder whole, with the server running or not");
  take_place(check, "The data folder");
  check.footer("Exit: 0 whole, 3 something is wrong and named, 1 it could not be looked at.");
  auto& backup = *app.add_subcommand("backup", "Copy a data folder into one file, with the server running or not");
  take_place(backup, "The data folder");
  take_file(backup, "The new file, a tar; it must not exist yet");
  backup.footer("Exit: 0 done, 3 done, but something in the folder is wrong and named, 1 not done.");
  auto& restore = *app.add_subcommand("restore", "Make a data folder from a backup, and prove it whole");
  take_file(restore, "The backup");
  take_place(restore, "The new folder; it must be missing or empty");
  restore.footer("Exit: 0 done, 3 the backup is damaged and left beside the place, 1 not done.");
}

/// Exit code of a command that was done, but found something wrong.
constexpr int kWrong = 3;

int run_data_command(const CLI::App& app, const Arguments& arguments) {
  const auto outcome = app.got_subcommand("check")    ? check_folder(arguments.data)
                       : app.got_subcommand("backup") ? backup_folder(arguments.data, arguments.file)
                                                      : restore_folder(arguments.file, arguments.data);
  if (!outcome) return complain(outcome.error().detail);
  std::fputs(outcome->printed.c_str(), stdout);
  return outcome->whole ? 0 : kWrong;
}

void add_verify(CLI::App& app, Arguments& arguments) {
  auto& verify = *app.add_subcommand("verify", "Prove the decisions of a group from a clone of its repository");
  verify.add_option("REPO", arguments.repository, "The clone, bare or with its files")->required()->type_name("DIR");
  verify.footer("Exit: 0 the record holds, 3 it does not and why is printed, 1 it could not be read.");
}

/// Reads only, so that anybody may run it on anybody's clone, with or without a server.
int run_verify(const std::string& repository) {
  const auto verified = revisions::verify_repository(repository);
  if (!verified) return complain(verified.error().detail);
  for (const std::string& finding : verified->findings) std::printf("%s\n", finding.c_str());
  if (!verified->findings.empty()) {
    complain("this record does not hold. Compare with another member's clone.");
    return kWrong;
  }
  std::printf("The record holds: %llu decisions on %llu texts in %llu revisions, in order and unchanged.\n",
              static_cast<unsigned long long>(verified->decisions), static_cast<unsigned long long>(verified->texts),
              static_cast<unsigned long long>(verified->revisions));
  return 0;
}

Result<std::string> read_markdown(const std::string& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return fail(Errc::io, "Cannot read " + file + ": " + error.message() + ".");
  if (size > document::kMaxImportBytes) {
    return fail(Errc::too_large, file + " is larger than 4 MB. Split it into several reports.");
  }
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) return fail(Errc::io, "Cannot read " + file + ". Check its rights.");
  return text;
}

int run_operator(Arguments& arguments) {
  auto& command = arguments.command;
  if (!arguments.file.empty()) {
    auto markdown = read_markdown(arguments.file);
    if (!markdown) return complain(markdown.error().detail);
    command["markdown"] = *std::move(markdown);
  }
  const std::string name = command["command"];
  const auto answer = do_operator_command(arguments.data, command, name == "group create" || name == "demo");
  if (!answer) return complain(answer.error().detail);
  std::fputs(operator_report(name, *answer).c_str(), stdout);
  return 0;
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  CLI::App app("Bossey: a working group drafts a report together and records what it has agreed.", "bossey");
  app.set_version_flag("--version", std::string("bossey ") + BOSSEY_VERSION);
  app.require_subcommand(1);
  Arguments arguments;
  add_serve(app, arguments);
  add_group(app, arguments);
  add_person(app, arguments);
  add_others(app, arguments);
  add_data_commands(app, arguments);
  add_verify(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  for (const auto* name : {"check", "backup", "restore"})
    if (app.got_subcommand(name)) return run_data_command(app, arguments);
  if (app.got_subcommand("verify")) return run_verify(arguments.repository);
  if (!app.got_subcommand("serve")) return run_operator(arguments);
  arguments.serve.data = arguments.data;
  while (arguments.serve.public_url.ends_with('/')) arguments.serve.public_url.pop_back();
  const auto served = serve(arguments.serve);
  return served ? 0 : complain(served.error().detail);
}

}  // namespace bossey::app
