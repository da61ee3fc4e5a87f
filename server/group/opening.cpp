#include "group/opening.hpp"

#include <iterator>

#include "document/content_hash.hpp"
#include "group/calls.hpp"
#include "group/parts.hpp"
#include "group/repository_files.hpp"

namespace bossey::group {
namespace {

using revisions::Repository;

Error in_group(const GroupId& id, const Error& error) {
  return {error.code, "group '" + id.value + "': " + error.detail};
}

Result<void> fold_events(Group::Parts& parts) {
  BOSSEY_TRY(const std::vector<journal::StoredEvent> events,
             parts.around.journal.read_now<std::vector<journal::StoredEvent>>(
                 [id = parts.state.id](journal::Reader& reader) { return reader.events(id); }));
  for (const journal::StoredEvent& stored : events) {
    BOSSEY_TRY(const Event event, parse_event(stored.kind, stored.json));
    if (const auto folded = apply(parts.state, event, stored.time_ms); !folded)
      return fail(Errc::corrupt, "journal row " + std::to_string(stored.seq.value) + ": " + folded.error().detail);
  }
  return {};
}

struct ReadText {
  SectionText text;
  JournalSeq seq;  ///< The last row in it.
};

Result<ReadText> read_document(Group::Parts& parts, const DocumentId& document) {
  BOSSEY_TRY(const journal::Loaded loaded, parts.around.journal.load_now(document));
  crdt::Doc doc(crdt::ClientId{1});
  // Typed before anything is applied, as in rooms, so that both read the same from the same rows.
  static_cast<void>(doc.text(document::kTitleRoot));
  static_cast<void>(doc.xml_fragment(document::kBodyRoot));
  if (loaded.snapshot) BOSSEY_TRY_VOID(doc.apply_update(loaded.snapshot->bytes, crdt::UpdateFormat::v2));
  // What the document refused when it came was never acknowledged, and is refused again.
  for (const journal::StoredUpdate& update : loaded.updates) static_cast<void>(doc.apply_update(update.bytes));
  return ReadText{text_of(doc), loaded.last_seq()};
}

Result<void> read_amendments(Group::Parts& parts) {
  for (const auto& [number, record] : parts.state.amendments) {
    auto read = read_document(parts, fork_document(parts.state.id, number));
    if (!read && read.error().code == Errc::io) return tl::unexpected(std::move(read).error());
    // As with late edits: one that cannot be read must not keep a group from its work.
    if (read) parts.amendments.set(number, std::move(read->text), read->seq.value);
  }
  return {};
}

Result<void> read_proposals(Group::Parts& parts) {
  for (const auto& entry : parts.state.proposals) {
    const Proposal& proposal = entry.second;
    auto words = parts.around.journal.read_now<ProposalWords>(
        [&](journal::Reader& reader) { return words_of_proposal(reader, parts.state.id, proposal); });
    if (!words && words.error().code == Errc::io) return tl::unexpected(std::move(words).error());
    // One proposal that cannot be read must not keep a group from its work. Its rows stay in the journal.
    if (words) parts.proposal_words[proposal.number] = std::move(*words);
  }
  return {};
}

/// Path -> blob of everything at head.
Result<std::map<std::string, revisions::BlobId>> files_at_head(const Repository& repository) {
  std::map<std::string, revisions::BlobId> files;
  BOSSEY_TRY(const std::optional<revisions::RevisionId> head, repository.head());
  if (!head) return files;
  BOSSEY_TRY(const std::vector<revisions::TreeEntry> entries, repository.list(*head, {}, true));
  for (const revisions::TreeEntry& entry : entries) files[entry.path] = entry.blob;
  return files;
}

using Files = std::map<std::string, revisions::BlobId>;

bool holds(const Files& files, const std::string& path, const std::string& bytes) {
  const auto at = files.find(path);
  return at != files.end() && at->second == revisions::blob_id(as_bytes(bytes));
}

using Commits = std::vector<revisions::Commit>;

/// Versions without a decision of their own that came after decision `no` and before the next.
void add_missing_releases(const GroupState& state, std::uint64_t no, Files& files, Commits& commits) {
  for (const auto& [report, closing] : state.closings) {
    for (const ReleaseRecord& record : closing.releases) {
      const std::string path = consensus::release_path(record.release);
      if (!record.made.alone || record.release.decision != no || files.contains(path)) continue;
      commits.push_back(release_commit(record));
      for (const DecidedText& text : record.made.texts)
        files[text_path(report, text.section)] = revisions::blob_id(as_bytes(text.canonical));
    }
  }
}

/// Decisions that head lacks, in order. Those that it has must be the journal's, byte for byte.
Result<void> add_missing_decisions(const GroupState& state, Files& files, Commits& commits) {
  const std::string next = consensus::decision_path(state.records.size() + 1);
  if (files.contains(next))
    return fail(Errc::corrupt, "the repository holds " + next + ", which the journal lacks: restore both together");
  for (std::size_t i = 0; i < state.records.size(); ++i) {
    const std::string path = consensus::decision_path(i + 1);
    if (files.contains(path)) {
      if (!holds(files, path, state.records[i].bytes))
        return fail(Errc::corrupt, path + " in the repository differs from the journal");
    } else {
      commits.push_back(decision_commit(state, i));
      for (const DecidedText& text : state.records[i].texts)
        files[text_path(state.chain[i].report, text.section)] = revisions::blob_id(as_bytes(text.canonical));
    }
    add_missing_releases(state, i + 1, files, commits);
  }
  return {};
}

/// Sections whose text is not that of head.
void add_missing_texts(const Group::Parts& parts, const std::map<SectionId, JournalSeq>& seqs, const Files& files,
                       Commits& commits) {
  for (const auto& [section, report] : parts.state.report_of) {
    const SectionText& text = *parts.texts.find(section);
    const std::string path = text_path(report, section);
    if (holds(files, path, text.canonical)) continue;
    revisions::Commit commit;
    commit.author = author_of_text(parts.state, section);
    commit.title = "Edit '" + one_line(text.title) + "'";
    commit.time_s = parts.now_s();
    commit.changes.push_back({path, text.canonical});
    commit.trailers = {{"Section", section.value}, {"Journal-Seq", std::to_string(seqs.at(section).value)}};
    commits.push_back(std::move(commit));
  }
}

void add_missing_files(Group::Parts& parts, const Files& files, Commits& commits) {
  revisions::Commit commit;
  commit.author = secretariat();
  commit.title = "Files as of the last start";
  commit.time_s = parts.now_s();
  for (revisions::FileChange& file : write_files(parts, generated_files(parts.overview())))
    if (!holds(files, file.path, *file.bytes)) commit.changes.push_back(std::move(file));
  for (const auto& [slug, report] : parts.state.reports) parts.versions_written[slug] = shape_of(report);
  for (const auto& [number, proposal] : parts.state.proposals) parts.proposals_written[number] = proposal.state;
  if (!commit.changes.empty()) commits.push_back(std::move(commit));
}

/// Commits what head lacks. The answer is what a full disk left over: it must not keep anybody from reading.
Result<Commits> catch_up(Group::Parts& parts, const std::map<SectionId, JournalSeq>& seqs) {
  return parts.around.revisions.run_now<Commits>(
      parts.state.id, [&parts, &seqs](Repository& repository) -> Result<Commits> {
        BOSSEY_TRY(Files files, files_at_head(repository));
        Commits missing;
        BOSSEY_TRY_VOID(add_missing_decisions(parts.state, files, missing));
        add_missing_texts(parts, seqs, files, missing);
        add_missing_files(parts, files, missing);
        for (auto next = missing.begin(); next != missing.end(); ++next) {
          const auto made = repository.commit(*next);
          if (made) continue;
          if (made.error().code != Errc::unavailable) return tl::unexpected<Error>(made.error());
          return Commits(std::make_move_iterator(next), std::make_move_iterator(missing.end()));
        }
        return Commits{};
      });
}

Result<Commits> open_parts(Group::Parts& parts) {
  BOSSEY_TRY_VOID(fold_events(parts));
  std::map<SectionId, JournalSeq> seqs;
  for (const auto& [section, report] : parts.state.report_of) {
    auto read = read_document(parts, document_of(section));
    if (!read) return fail(read.error().code, "section " + section.value + ": " + read.error().detail);
    parts.texts.set(section, std::move(read->text));
    seqs[section] = read->seq;
  }
  BOSSEY_TRY_VOID(read_amendments(parts));
  BOSSEY_TRY_VOID(read_proposals(parts));
  BOSSEY_TRY_VOID(read_last_alive(parts));
  return catch_up(parts, seqs);
}

}  // namespace

Result<std::unique_ptr<Group>> open_group(const Surroundings& surroundings, const GroupId& id) {
  auto parts = std::make_shared<Group::Parts>(id, surroundings);
  auto left = open_parts(*parts);
  if (!left) return tl::unexpected<Error>(in_group(id, left.error()));
  start_writer(*parts);
  // The writer tries again until there is room.
  for (auto& commit : *left) parts->writer->add(std::move(commit));
  return std::make_unique<Group>(std::move(parts));
}

}  // namespace bossey::group
