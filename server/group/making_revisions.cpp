#include "consensus/decision.hpp"
#include "group/parts.hpp"
#include "group/repository_files.hpp"

namespace bossey::group {
namespace {

/// Of a larger import the first ones are named; its files name all.
constexpr std::size_t kSectionTrailersMax = 500;

revisions::Trailer trailer_of_section(const SectionId& section) {
  return {"Section", section.value};
}
revisions::Trailer trailer_of_seq(JournalSeq seq) {
  return {"Journal-Seq", std::to_string(seq.value)};
}

void add_texts(const ReportId& report, const std::vector<DecidedText>& texts, revisions::Commit& commit) {
  for (const DecidedText& text : texts) {
    commit.changes.push_back({text_path(report, text.section), text.canonical});
    if (commit.trailers.size() >= 2 * kSectionTrailersMax) continue;
    commit.trailers.push_back(trailer_of_section(text.section));
    commit.trailers.push_back(trailer_of_seq(text.seq));
  }
}

std::string commit_title(const std::string& words, const std::string& title) {
  const std::string shown = one_line(title);
  return words +
         (shown.find_first_not_of(' ') == std::string::npos ? " a section without a title" : " '" + shown + "'");
}

}  // namespace

revisions::Identity drafting_team() {
  return {"drafting team", "drafting-team@bossey.invalid"};
}
revisions::Identity secretariat() {
  return {"secretariat", "secretariat@bossey.invalid"};
}
revisions::Identity chair() {
  return {"chair", "chair@bossey.invalid"};
}

revisions::Identity author_of_text(const GroupState& state, const SectionId& section) {
  const consensus::Team* const team = state.room.team(section);
  if (team == nullptr) return drafting_team();
  const consensus::RoomIdentity room = consensus::identity_of_room(team->room);
  return {room.name, room.email};
}

std::vector<revisions::FileChange> write_files(Group::Parts& parts, FileMap files) {
  std::vector<revisions::FileChange> changes;
  for (auto& [path, bytes] : files) {
    const Sha256 hash = sha256(bytes);
    const auto [at, is_new] = parts.files_written.try_emplace(path, hash);
    if (!is_new && at->second == hash) continue;
    at->second = hash;
    changes.push_back({path, std::move(bytes)});
  }
  return changes;
}

std::uint64_t shape_of(const Report& report) {
  return report.version * consensus::kPhases.size() + static_cast<std::uint64_t>(report.phase);
}

namespace {

/// Files of outlines and proposals that changed since the last commit. Looks at what changed alone: a group may hold
/// thousands of sections.
std::vector<revisions::FileChange> shape_changes(Group::Parts& parts) {
  FileMap files;
  if (parts.files_written.empty()) files = generated_files(parts.overview());
  const auto has = [&parts](const std::string& path) { return parts.files_written.contains(path); };
  for (const auto& [slug, report] : parts.state.reports) {
    std::uint64_t& written = parts.versions_written[slug];
    const std::uint64_t shape = shape_of(report);
    if (std::exchange(written, shape) != shape) add_report_files(report, has, files);
  }
  for (const auto& [number, proposal] : parts.state.proposals) {
    const auto [at, is_new] = parts.proposals_written.try_emplace(number, proposal.state);
    if (!is_new && std::exchange(at->second, proposal.state) == proposal.state) continue;
    if (!parts.state.amendments.contains(number)) add_proposal_file(proposal, files);
  }
  for (const std::uint64_t number : std::exchange(parts.amendments_due, {}))
    add_amendment_files(parts.overview(), number, files);
  return write_files(parts, std::move(files));
}

constexpr std::chrono::milliseconds kReadmePause{500};

}  // namespace

void readme_soon(const PartsPtr& parts) {
  if (parts->readme_due != nullptr) return;
  parts->readme_due = parts->around.scheduler.after(kReadmePause, [weak = parts->weak_from_this()] {
    if (const PartsPtr self = weak.lock()) commit_readme(self);
  });
}

void commit_readme(const PartsPtr& parts) {
  if (parts->readme_due == nullptr) return;
  parts->readme_due.reset();
  revisions::Commit commit;
  commit.author = secretariat();
  commit.title = "List the sections with their status";
  commit.time_s = parts->now_s();
  commit.changes = write_files(*parts, {{"README.md", readme_of(parts->overview())}});
  if (!commit.changes.empty()) parts->writer->add(std::move(commit));
}

revisions::Commit decision_commit(const GroupState& state, std::size_t index) {
  const consensus::Decision& decision = state.chain[index];
  const DecisionRecord& record = state.records[index];
  revisions::Commit commit;
  commit.author = decision.basis == consensus::Basis::editorial ? secretariat() : chair();
  if (!record.room.empty()) {
    const consensus::RoomIdentity room = consensus::identity_of_room(record.room);
    commit.author = {room.name, room.email};
  }
  commit.title = one_line(consensus::sentence(decision));
  commit.body = consensus::sentence(decision);
  for (char& c : commit.body)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  commit.time_s = decision.at_s;
  commit.changes.push_back({consensus::decision_path(decision.no), record.bytes});
  commit.trailers.push_back({"Decision", std::to_string(decision.no)});
  add_texts(decision.report, record.texts, commit);
  // A closing and a carried correction make a version: one revision says both.
  if (const auto closing = state.closings.find(decision.report); closing != state.closings.end())
    for (const ReleaseRecord& made : closing->second.releases)
      if (made.release.decision == decision.no && !made.made.alone)
        commit.changes.push_back({consensus::release_path(made.release), made.made.bytes});
  return commit;
}

revisions::Commit release_commit(const ReleaseRecord& record) {
  revisions::Commit commit;
  commit.author = secretariat();
  commit.title = "Version " + record.release.id + " of '" + one_line(record.made.title) + "'";
  commit.time_s = record.release.at_s;
  add_texts(record.release.report, record.made.texts, commit);
  commit.changes.push_back({consensus::release_path(record.release), record.made.bytes});
  return commit;
}

void commit_release(const PartsPtr& parts, const ReleaseRecord& record) {
  for (const DecidedText& text : record.made.texts) ++parts->texts_queued[text.section];
  parts->writer->add(release_commit(record));
  readme_soon(parts);
}

void commit_decision(const PartsPtr& parts, std::size_t index) {
  revisions::Commit commit = decision_commit(parts->state, index);
  for (const DecidedText& text : parts->state.records[index].texts) ++parts->texts_queued[text.section];
  parts->writer->add(std::move(commit));
  readme_soon(parts);
}

void commit_shape(const PartsPtr& parts, std::string title, revisions::Identity author, JournalSeq seq,
                  const std::vector<SectionId>& texts) {
  revisions::Commit commit;
  commit.author = std::move(author);
  commit.title = std::move(title);
  commit.time_s = parts->now_s();
  for (const SectionId& section : texts) {
    const Report* report = parts->state.report_with(section);
    const SectionText* text = parts->texts.find(section);
    if (report == nullptr || text == nullptr) continue;
    commit.changes.push_back({text_path(report->slug, section), text->canonical});
    if (commit.trailers.size() < kSectionTrailersMax) commit.trailers.push_back(trailer_of_section(section));
    ++parts->texts_queued[section];
  }
  commit.trailers.push_back(trailer_of_seq(seq));
  for (revisions::FileChange& change : shape_changes(*parts)) commit.changes.push_back(std::move(change));
  parts->writer->add(std::move(commit));
  readme_soon(parts);
}

namespace {

/// The commit of an amendment's words as they stand, when all of them are in the journal.
void prepare_amendment(const PartsPtr& parts, std::uint64_t number, const RevisionWriter::OnCommit& done) {
  const std::shared_ptr<room::Room> room = parts->amendments.room(number);
  if (room == nullptr) return done(std::nullopt);
  room->when_durable([parts, number, done](const Result<JournalSeq>& durable) {
    if (!durable) return done(fail(durable.error().code, durable.error().detail));
    FileMap files;
    add_amendment_files(parts->overview(), number, files);
    revisions::Commit commit;
    commit.author = drafting_team();
    commit.title = "Edit proposal " + std::to_string(number);
    commit.time_s = parts->now_s();
    commit.changes = write_files(*parts, std::move(files));
    commit.trailers.push_back(trailer_of_seq(*durable));
    if (commit.changes.empty()) return done(std::nullopt);
    done(std::move(commit));
  });
}

/// The commit of a section as it stands, when all of it is in the journal.
void prepare_section(const PartsPtr& parts, const SectionId& section, const RevisionWriter::OnCommit& done) {
  const Report* report = parts->state.report_with(section);
  const SectionText* text = parts->texts.find(section);
  const std::shared_ptr<room::Room> room = parts->texts.room(section);
  if (report == nullptr || text == nullptr || room == nullptr) {
    done(fail(Errc::not_found, "no open text of section " + section.value));
    return;
  }
  revisions::Commit commit;
  commit.author = author_of_text(parts->state, section);
  commit.title = commit_title("Edit", text->title);
  commit.changes.push_back({text_path(report->slug, section), text->canonical});
  commit.trailers = {trailer_of_section(section), trailer_of_seq(room->last_seq())};
  const std::uint64_t queued = parts->texts_queued[section];
  room->when_durable([parts, section, queued, commit = std::move(commit), done](Result<JournalSeq> durable) mutable {
    if (!durable) {
      done(fail(durable.error().code, durable.error().detail));
      return;
    }
    // Behind a decision, these older words would stand in git under a section that is agreed with other ones.
    if (parts->texts_queued[section] != queued) {
      done(std::nullopt);
      return;
    }
    commit.time_s = consensus::rounded(parts->now_s(), parts->state.rules.attribution);
    readme_soon(parts);
    done(std::move(commit));
  });
}

}  // namespace

void start_writer(Group::Parts& parts) {
  const std::weak_ptr<Group::Parts> weak = parts.weak_from_this();
  parts.writer = std::make_shared<RevisionWriter>(
      parts.state.id, parts.around.scheduler, parts.around.revisions,
      [weak](const SectionId& section, const RevisionWriter::OnCommit& done) {
        const PartsPtr self = weak.lock();
        if (self == nullptr) return;
        if (const auto number = number_of_key(section)) return prepare_amendment(self, *number, done);
        prepare_section(self, section, done);
      },
      RevisionWriter::Listener{[weak](const SectionId& section) {
                                 const PartsPtr self = weak.lock();
                                 if (self == nullptr) return;
                                 if (const auto number = number_of_key(section)) {
                                   self->amendments.let_go(*number);
                                   return;
                                 }
                                 self->texts.let_go(section);
                                 tell_section(self, section);
                               },
                               [weak](const Error& error) {
                                 if (const PartsPtr self = weak.lock())
                                   tell_trouble(self, "Saved, but not yet in the history: " + error.detail);
                               }});
}

}  // namespace bossey::group
