#include "room/rooms.hpp"

#include <algorithm>
#include <utility>

#include "room/rooms_state.hpp"

namespace bossey::room {
namespace {

constexpr std::chrono::milliseconds kTick{1'000};
constexpr std::size_t kNameBytesMax = 200;
constexpr std::string_view kScratch = "scratch/";
/// A room that closes leaves at most so many rows to be read again.
constexpr std::size_t kRowsLeftMax = 50;

Error no_such_document() {
  return {Errc::not_found, "there is no such document, or it is not for you"};
}

/// Takes as long for a wrong first character as for a wrong last one.
bool same_secret(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    difference |= static_cast<unsigned>(static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]));
  return difference == 0;
}

bool is_name_part(std::string_view part) {
  if (part.empty() || part == "." || part == "..") return false;
  return std::none_of(part.begin(), part.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\'; });
}

}  // namespace

bool is_document_name(std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax) return false;
  while (true) {
    const std::size_t slash = name.find('/');
    if (!is_name_part(name.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

bool is_scratch(const DocumentId& document) {
  return document.value.starts_with(kScratch);
}

Result<DocumentFacts> Rooms::State::facts_of(const DocumentId& document) {
  if (!is_document_name(document.value)) return tl::unexpected(no_such_document());
  if (!is_scratch(document)) return gate.facts(document);
  if (!options.scratch) return tl::unexpected(no_such_document());
  return DocumentFacts{DocumentKind::scratch, std::nullopt};
}

void Rooms::State::admit(const DocumentId& document, const Credentials& credentials, OnAdmitted done) {
  if (!is_document_name(document.value) || (is_scratch(document) && !options.scratch))
    return done(tl::unexpected(no_such_document()));
  if (is_scratch(document)) {
    if (!same_secret(credentials.token, options.scratch_token))
      return done(fail(Errc::signed_out, "this token does not open scratch documents"));
    return open(document, [self = shared_from_this(), done = std::move(done)](Result<std::shared_ptr<Room>> room) {
      if (!room) return done(tl::unexpected(std::move(room).error()));
      self->let_in({}, std::move(*room), done);
    });
  }
  gate.authenticate(credentials, [self = shared_from_this(), document, credentials,
                                  done = std::move(done)](Result<Identity> identity) {
    if (!identity) return done(tl::unexpected(std::move(identity).error()));
    if (const auto at = self->rooms.find(document); at != self->rooms.end())
      return self->let_in(std::move(*identity), at->second, done);
    if (self->gate.access(*identity, document) == Access::none) return done(tl::unexpected(no_such_document()));
    self->open(document, [self, credentials, done](Result<std::shared_ptr<Room>> room) {
      if (!room) return done(tl::unexpected(std::move(room).error()));
      self->admit_again(credentials, std::move(*room), done);
    });
  });
}

/// While the journal was read somebody may have been signed out or lost a role, and no session was there to be told.
void Rooms::State::admit_again(const Credentials& credentials, std::shared_ptr<Room> room, OnAdmitted done) {
  gate.authenticate(credentials, [self = shared_from_this(), room = std::move(room),
                                  done = std::move(done)](Result<Identity> identity) {
    if (!identity) return done(tl::unexpected(std::move(identity).error()));
    self->let_in(std::move(*identity), room, done);
  });
}

void Rooms::State::let_in(Identity identity, std::shared_ptr<Room> room, const OnAdmitted& done) {
  const DocumentId& document = room->document();
  const Access access = is_scratch(document) ? Access::write : gate.access(identity, document);
  if (access == Access::none) return done(tl::unexpected(no_such_document()));
  // Nobody writes where there is no text.
  const bool writes = access == Access::write && room->kind() != DocumentKind::events;
  done(Admitted{std::move(identity), writes ? Access::write : Access::read, std::move(room)});
}

void Rooms::State::open(const DocumentId& document, OnRoom done) {
  if (const auto at = rooms.find(document); at != rooms.end()) return done(at->second);
  if (stopping) return done(fail(Errc::unavailable, "the server stops; come back in a moment"));
  if (const auto at = opening.find(document); at != opening.end()) return at->second.push_back(std::move(done));
  if (rooms.size() + opening.size() >= options.documents_open_max)
    return done(fail(Errc::unavailable, "too many documents are open; try again later"));
  const auto facts = facts_of(document);
  if (!facts) return done(tl::unexpected(facts.error()));
  if (facts->kind == DocumentKind::scratch && ++scratch_opened > options.scratch_documents_max)
    return done(fail(Errc::unavailable, "too many scratch documents"));
  opening[document].push_back(std::move(done));
  load(document, *facts);
}

void Rooms::State::load(const DocumentId& document, const DocumentFacts& facts) {
  if (facts.kind == DocumentKind::events) return finish(document, facts, journal::Loaded{}, {});
  journal.load(document, [self = shared_from_this(), document, facts](Result<journal::Loaded> loaded) {
    if (!loaded || facts.kind != DocumentKind::section) return self->finish(document, facts, std::move(loaded), {});
    self->load_late(document, facts, std::move(*loaded));
  });
}

void Rooms::State::load_late(const DocumentId& document, const DocumentFacts& facts, journal::Loaded loaded) {
  using Late = std::vector<journal::StoredLate>;
  const auto kept = std::make_shared<journal::Loaded>(std::move(loaded));
  journal.read<Late>([document](journal::Reader& reader) { return reader.late(document); },
                     [self = shared_from_this(), document, facts, kept](Result<Late> late) {
                       if (!late) return self->finish(document, facts, tl::unexpected(std::move(late).error()), {});
                       self->finish(document, facts, std::move(*kept), *late);
                     });
}

void Rooms::State::finish(const DocumentId& document, const DocumentFacts& facts, Result<journal::Loaded> loaded,
                          const std::vector<journal::StoredLate>& late) {
  if (stopping) return answer(document, fail(Errc::unavailable, "the server stops; come back in a moment"));
  if (!loaded) return answer(document, tl::unexpected(std::move(loaded).error()));
  // Asked again: a decision may have been taken while the journal was read.
  const auto now = facts_of(document);
  auto parts = std::make_unique<RoomParts>(*this, document, facts.kind, now ? now->closed_by : facts.closed_by);
  if (auto read = parts->load(*loaded, late); !read) return answer(document, tl::unexpected(std::move(read).error()));
  const std::shared_ptr<Room> room(new Room(std::move(parts)));
  room->parts_->start(*room);
  rooms.emplace(document, room);
  ++counters.documents_open;
  answer(document, room);
}

void Rooms::State::answer(const DocumentId& document, const Result<std::shared_ptr<Room>>& room) {
  const auto at = opening.find(document);
  const std::vector<OnRoom> waiting = std::move(at->second);
  opening.erase(at);
  for (const OnRoom& done : waiting) done(room);
}

void Rooms::State::count_frame(std::optional<PersonId> person, const std::string& address, std::size_t bytes,
                               net::Outbox& outbox) {
  if (!options.write_limits) return;
  const auto pause = write_limit.take(person, address, bytes, scheduler.now_ms());
  if (pause.count() == 0) return;
  ++counters.slowed;
  outbox.pause_reading(pause);
}

void Rooms::State::tick_later() {
  timer = scheduler.after(kTick, [this] {
    tick();
    tick_later();
  });
}

void Rooms::State::tick() {
  const std::int64_t now_ms = scheduler.now_ms();
  // Copied: a channel may end in its tick.
  const std::vector<Connected*> connected(channels.begin(), channels.end());
  for (Connected* channel : connected)
    if (channels.contains(channel)) channel->tick(now_ms);
  std::erase_if(rooms, [&](const auto& entry) {
    const std::shared_ptr<Room>& room = entry.second;
    RoomParts& parts = *room->parts_;
    parts.tick();
    const bool unused = room.use_count() == 1 && parts.is_idle();
    if (!unused || now_ms - parts.idle_since_ms < options.idle_room.count()) return false;
    parts.snapshot_if_due(kRowsLeftMax);
    --counters.documents_open;
    return true;
  });
}

Rooms::Rooms(net::Scheduler& scheduler, journal::Journal& journal, AccessGate& gate, LateEdits& late_edits,
             RoomsOptions options, std::uint64_t random)
    // 32 bits, as Yjs' own client ids: shorter on the wire.
    : state_(std::make_shared<State>(Surroundings{
          scheduler, journal, gate, late_edits, std::move(options), random & 0xFFFF'FFFF, nullptr, {}, false, {}})) {
  state_->tick_later();
}

Rooms::~Rooms() {
  state_->stopping = true;
  state_->timer.reset();
  state_->listener = nullptr;
}

void Rooms::set_listener(RoomListener* listener) {
  state_->listener = listener;
}

void Rooms::open(const DocumentId& document, OnRoom done) {
  state_->open(document, std::move(done));
}

std::shared_ptr<Room> Rooms::find(const DocumentId& document) const {
  const auto at = state_->rooms.find(document);
  return at == state_->rooms.end() ? nullptr : at->second;
}

void Rooms::set_standing(std::string json) {
  state_->standing = std::move(json);
}

void Rooms::broadcast(const DocumentId& document, const std::string& json) {
  if (const std::shared_ptr<Room> room = find(document)) room->broadcast(json);
}

void Rooms::tell(const DocumentId& document, PersonId person, const std::string& json) {
  if (const std::shared_ptr<Room> room = find(document)) room->tell(person, json);
}

void Rooms::recheck(PersonId person) {
  std::vector<std::pair<std::shared_ptr<Room>, std::shared_ptr<Session>>> theirs;
  for (const auto& [document, room] : state_->rooms)
    for (const std::shared_ptr<Session>& session : room->parts_->sessions)
      if (session->identity.person == person) theirs.emplace_back(room, session);
  for (const auto& [room, session] : theirs) room->parts_->recheck(session);
}

void Rooms::recheck(const DocumentId& document) {
  const std::shared_ptr<Room> room = find(document);
  if (!room) return;
  const std::vector<std::shared_ptr<Session>> sessions = room->parts_->sessions;
  for (const std::shared_ptr<Session>& session : sessions) room->parts_->recheck(session);
}

void Rooms::sign_out(PersonId person) {
  const std::vector<Connected*> connected(state_->channels.begin(), state_->channels.end());
  for (Connected* channel : connected) channel->sign_out(person);
}

void Rooms::stop() {
  state_->stopping = true;
  state_->timer.reset();
  std::vector<std::shared_ptr<Room>> open;
  for (const auto& [document, room] : state_->rooms) open.push_back(room);
  for (const std::shared_ptr<Room>& room : open) room->parts_->flush();
}

const RoomsCounters& Rooms::counters() const {
  return state_->counters;
}

const RoomsOptions& Rooms::options() const {
  return state_->options;
}

}  // namespace bossey::room
