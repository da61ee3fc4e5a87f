#include "house.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include <sys/wait.h>

#include "document/body.hpp"
#include "document/section_document.hpp"

namespace bossey::test {

House::House() {
  std::string pattern = (std::filesystem::temp_directory_path() / "bossey-group-XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  folder_ = pattern;
  start();
  const auto made = wait<void>([this](group::Done<void> done) {
    groups->create({GroupId{"wgig"}, "WGIG", "The Secretary-General", "Develop a working definition."}, done);
  });
  REQUIRE(made);
}

House::~House() {
  stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void House::start() {
  auto folder = journal::DataFolder::open(folder_);
  REQUIRE(folder);
  data_.emplace(std::move(*folder));
  journal::Options options;
  options.post = [this](std::function<void()> f) { scheduler.post(std::move(f)); };
  auto opened = journal::Journal::open(data_->journal(), options);
  REQUIRE(opened);
  journal = std::move(*opened);
  revisions::StoreOptions store_options;
  store_options.post = options.post;
  store_options.path_of = [this](const GroupId& id) { return data_->repository(id); };
  store = std::make_unique<revisions::RevisionStore>(std::move(store_options));
  groups = std::make_unique<group::Groups>(
      group::Surroundings{scheduler, *journal, *store, *this, [this] { return random_(); }, nullptr});
  const auto read = groups->open_all();
  if (!read) FAIL(read.error().detail);
  for (const auto& [id, error] : groups->damaged()) FAIL(error.detail);
  rooms = std::make_unique<room::Rooms>(scheduler, *journal, *this, *groups, room::RoomsOptions{}, random_());
  groups->attach(*rooms);
}

void House::stop() {
  // As in the server: the rooms outlive what the stores still answer.
  rooms->stop();
  static_cast<void>(journal->close(std::chrono::seconds(5)));
  store->stop();
  scheduler.run_posted();
  rooms.reset();
  groups.reset();
  store.reset();
  journal.reset();
  data_.reset();
}

void House::restart(const std::function<void(const std::filesystem::path&)>& before_opening) {
  stop();
  if (before_opening) before_opening(folder_);
  start();
}

std::vector<SectionId> House::make_report(const std::string& slug, const std::vector<std::string>& titles) {
  group::ImportReport command{new_key(), "The " + slug + " report", slug, {}};
  for (const std::string& title : titles) {
    document::Section section;
    section.title = title;
    section.body.push_back(document::paragraph("Words of " + title + ". They bind nobody."));
    section.body.push_back(document::paragraph("A second paragraph."));
    auto made = group::new_document(section, random_() & 0xFFFF'FFFFU);
    REQUIRE(made);
    command.sections.push_back({0, document::SectionKind::section, std::move(*made)});
  }
  const auto made = wait<group::ReportMade>(
      [&](auto done) { group().import_report(person(kSecretariat), std::move(command), done); });
  if (!made) FAIL(made.error().detail);
  std::vector<SectionId> ids;
  const auto view = group().report(person(kChair), ReportId{slug});
  REQUIRE(view);
  for (const group::SectionView& section : view->sections) ids.push_back(section.id);
  return ids;
}

group::SectionView House::view(const SectionId& section, std::uint64_t who) {
  scheduler.run_posted();  // Changes of text are told once a turn.
  auto found = group().section(person(who), report, section);
  if (!found) FAIL(found.error().detail);
  return std::move(*found);
}

Result<group::Decided> House::decide(const SectionId& section, consensus::DecisionKind kind, const std::string& reason,
                                     std::uint64_t who) {
  group::Decide command;
  command.key = new_key();
  command.report = report;
  command.section = section;
  command.kind = kind;
  command.asked_aloud = true;
  command.reason = reason;
  const group::SectionView shown = view(section);
  command.text_id = shown.text_id;
  command.content_hash = shown.content_hash;
  return wait<group::Decided>([&](auto done) { group().decide(person(who), command, done); });
}

Result<group::OutlineChanged> House::outline(decltype(group::OutlineCommand::what) what, std::uint64_t who) {
  const auto shown = group().report(person(kChair), report);
  REQUIRE(shown);
  group::OutlineCommand command{new_key(), report, shown->version, std::move(what)};
  return wait<group::OutlineChanged>([&](auto done) { group().change_outline(person(who), command, done); });
}

void House::commit_all() {
  scheduler.run_posted();
  const auto done = wait<void>([this](group::Done<void> finish) { groups->commit_all(std::move(finish)); });
  if (!done) FAIL(done.error().detail);
}

std::shared_ptr<room::Room> House::open(const SectionId& section) {
  auto room =
      wait<std::shared_ptr<room::Room>>([&](auto done) { rooms->open(DocumentId{"section/" + section.value}, done); });
  if (!room) FAIL(room.error().detail);
  return *room;
}

std::string House::git(const std::string& arguments) const {
  const std::string command = "git -C '" + repository().string() + "' " + arguments + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  std::array<char, 4096> buffer{};
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), n);
  const int status = pclose(pipe);
  if (status != 0) out += "\n(exit status " + std::to_string(WEXITSTATUS(status)) + ")";
  return out;
}

void House::authenticate(room::Credentials credentials, std::function<void(Result<room::Identity>)> done) {
  const std::uint64_t number = std::strtoull(credentials.token.c_str(), nullptr, 10);
  if (number == 0) return done(fail(Errc::signed_out, "Sign in first."));
  room::Identity identity;
  identity.person = PersonId{number};
  identity.name = "Person " + credentials.token;
  done(identity);
}

room::Access House::access(const room::Identity& identity, const DocumentId& document) {
  if (!groups->facts(document) || !identity.person) return room::Access::none;
  const group::Caller caller = person(identity.person->value);
  if (may(caller.roles, consensus::Action::write_text) && groups->may_write(*identity.person, document))
    return room::Access::write;
  return may(caller.roles, consensus::Action::read) ? room::Access::read : room::Access::none;
}

Typist::Typist(House& house, const SectionId& section, std::uint64_t number)
    : Typist(house, DocumentId{"section/" + section.value}, number) {}

Typist::Typist(House& house, const DocumentId& document, std::uint64_t number)
    : doc(crdt::ClientId{house.new_client_id()}), house_(house), self_(this, [](Typist*) {}) {
  doc.on_update([this](const crdt::UpdateEvent& event) {
    if (receiving_) return;
    Bytes frame = sync::encode_plain(sync::SyncUpdate{event.encode()});
    if (offline_)
      kept_.push_back(std::move(frame));
    else
      peer_->on_frame(frame);
  });
  room::SocketDoor door(*house.rooms);
  net::HttpRequest request;
  request.method = "GET";
  request.path = {"y"};
  for (std::size_t at = 0; at < document.value.size();) {
    const std::size_t end = std::min(document.value.find('/', at), document.value.size());
    request.path.push_back(document.value.substr(at, end - at));
    at = end + 1;
  }
  request.query = {{"token", std::to_string(number)}};
  auto peer = door.accept(request, self_);
  if (!peer) FAIL(peer.error().detail);
  peer_ = *peer;
  peer_->on_frame(sync::encode_plain(sync::SyncStep1{doc.encode_state_vector()}));
  const bool synced = house_.scheduler.run_until([this] { return !title().empty(); });
  REQUIRE(synced);
}

Typist::~Typist() {
  open_ = false;
  peer_->on_closed();
}

void Typist::type(const std::string& words) {
  crdt::Text text = doc.text("title");
  REQUIRE(text.insert(text.length_utf16(), words));
}

void Typist::send_kept(std::size_t count) {
  count = std::min(count, kept_.size());
  for (std::size_t i = 0; i < count; ++i)
    if (open_) peer_->on_frame(kept_[i]);
  kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(count));
  offline_ = !kept_.empty();
}

crdt::XmlText Typist::paragraph_text(std::size_t paragraph) {
  const auto block = crdt::XmlElement::from(std::get<crdt::Shared>(doc.xml_fragment("body").children().at(paragraph)));
  REQUIRE(block);
  auto text = crdt::XmlText::from(std::get<crdt::Shared>(block->children().at(0)));
  REQUIRE(text);
  return *text;
}

void Typist::take_back(std::size_t paragraph, std::size_t count) {
  crdt::XmlText text = paragraph_text(paragraph);
  REQUIRE(text.remove(text.length_utf16() - count, count));
}

std::string Typist::words_of(std::size_t paragraph) {
  return paragraph_text(paragraph).plain();
}

void Typist::replace(std::size_t paragraph, const std::string& from, const std::string& to) {
  crdt::XmlText text = paragraph_text(paragraph);
  const std::size_t at = text.plain().find(from);
  REQUIRE(at != std::string::npos);
  doc.transact([&] {
    REQUIRE(text.remove(at, from.size()));
    if (!to.empty()) REQUIRE(text.insert(at, to));
  });
}

void Typist::send(std::shared_ptr<const Bytes> message) {
  const auto decoded = sync::decode_plain(*message);
  if (!decoded) return;
  receiving_ = true;
  if (const auto* step = std::get_if<sync::SyncStep2>(&*decoded)) static_cast<void>(doc.apply_update(step->update));
  if (const auto* update = std::get_if<sync::SyncUpdate>(&*decoded))
    static_cast<void>(doc.apply_update(update->update));
  receiving_ = false;
}

}  // namespace bossey::test
