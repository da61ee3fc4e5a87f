// The revisions of a report or section, and redlines between any two of them or the living text. git is read on the
// store's thread, texts are compared on the pool.
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "api/redline_json.hpp"
#include "api/routes.hpp"
#include "consensus/decision.hpp"
#include "consensus/moment.hpp"
#include "group/state.hpp"

namespace bossey::api {

namespace {

using nlohmann::json;
using revisions::Repository;
using revisions::Revision;
using revisions::RevisionId;

constexpr std::size_t kRevisions_max = 500;
constexpr std::size_t kScanned_max = 20'000;
constexpr std::size_t kHolders_max = 100;
constexpr std::string_view kLive = "live";

std::uint64_t number_in(const Revision& revision, std::string_view trailer) {
  std::uint64_t number = 0;
  const auto text = revision.trailer(trailer);
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

json revision_json(const Revision& revision) {
  const auto decision = number_in(revision, "Decision");
  const auto sections = std::count_if(revision.trailers.begin(), revision.trailers.end(),
                                      [](const auto& trailer) { return trailer.key == "Section"; });
  // The title may be cut to a line's length; the body of a decision begins with the whole sentence.
  const auto sentence = revision.body.empty() ? revision.title : revision.body.substr(0, revision.body.find('\n'));
  return {{"id", revision.id.hex()},
          {"at", consensus::iso_utc(revision.time_s)},
          {"title", revision.title},
          {"author", revision.author.name},
          {"section", sections == 1 ? json(revision.trailer("Section")) : json(nullptr)},
          {"sentence", decision == 0 ? json(nullptr) : json(sentence)},
          {"decision", decision == 0 ? json(nullptr) : json(decision)}};
}

json revisions_json(const std::vector<Revision>& revisions) {
  auto list = json::array();
  for (const auto& revision : revisions) list.push_back(revision_json(revision));
  return {{"revisions", std::move(list)}};
}

std::string sections_folder(const ReportId& report) {
  return "reports/" + report.value + "/sections";
}

/// "abc" of "reports/r/sections/abc.md"; nothing for other files.
std::optional<std::string> section_of_path(std::string_view path) {
  if (!path.ends_with(".md")) return std::nullopt;
  path.remove_suffix(3);
  return std::string(path.substr(path.rfind('/') + 1));
}

Result<std::optional<RevisionId>> resolve_before(Repository& repository, const std::string& before) {
  if (before.empty()) return std::nullopt;
  BOSSEY_TRY(const auto id, repository.resolve(before));
  return id;
}

/// Newest first. Within one second a decision stands above the words it is about.
bool is_newer(const Revision& a, const Revision& b) {
  const auto key = [](const Revision& revision) {
    return std::tuple(revision.time_s, number_in(revision, "Decision"), number_in(revision, "Journal-Seq"));
  };
  return key(a) > key(b);
}

/// The revisions that made `decisions`, which change no text and so are not in its history.
Result<std::vector<Revision>> decision_revisions(Repository& repository, const std::vector<std::uint64_t>& decisions) {
  std::vector<Revision> revisions;
  for (const auto number : decisions) {
    BOSSEY_TRY(auto history, repository.history(consensus::decision_path(number), 1));
    if (!history.empty()) revisions.push_back(std::move(history.front().revision));
  }
  return revisions;
}

/// A section, or one that held its words before a split.
struct Holder {
  std::string id;
  std::uint64_t decisions_max = UINT64_MAX;  ///< The number of the last that is of the past of all that follow.
  std::string path = {};
  std::vector<std::uint64_t> decisions = {};
};

/// The section first, then what it was split off from, and so on: both halves of a split keep the past.
std::vector<Holder> holders_of(const Call& call, const ReportId& report, const std::string& section) {
  std::vector<Holder> holders{{section}};
  const auto* of = call.group->state().report(report);
  while (of != nullptr && holders.size() < kHolders_max) {
    const auto from = of->split_from.find(SectionId{holders.back().id});
    if (from == of->split_from.end()) break;
    const std::uint64_t decisions_max = std::min(holders.back().decisions_max, from->second.decisions);
    holders.push_back({from->second.section.value, decisions_max});
  }
  return holders;
}

/// Adds the decisions that belong between `newest` (if any) and, when the page is full, the last of `revisions`.
Result<void> add_decisions(Repository& repository, const Holder& holder, const std::optional<Revision>& newest,
                           bool full, std::vector<Revision>& revisions) {
  const auto last = revisions.empty() ? std::nullopt : std::optional(revisions.back());
  BOSSEY_TRY(auto decided, decision_revisions(repository, holder.decisions));
  for (auto& revision : decided) {
    const bool known = std::any_of(revisions.begin(), revisions.end(),
                                   [&revision](const Revision& other) { return other.id == revision.id; });
    const bool later = newest && !is_newer(*newest, revision);
    const bool next_page = full && last && is_newer(*last, revision);
    if (!known && !later && !next_page) revisions.push_back(std::move(revision));
  }
  return {};
}

Result<std::vector<Revision>> section_revisions(Repository& repository, const std::vector<Holder>& holders,
                                                const std::string& before) {
  BOSSEY_TRY(auto from, resolve_before(repository, before));
  std::vector<Revision> revisions;
  std::optional<Revision> newest;
  if (from) {
    BOSSEY_TRY(newest, repository.revision(*from));
  }
  std::size_t left = kRevisions_max;
  for (const auto& holder : holders) {
    BOSSEY_TRY(auto history, repository.history(holder.path, left, from));
    left -= history.size();
    std::optional<Revision> oldest;
    if (!history.empty()) oldest = history.back().revision;
    for (auto& entry : history) revisions.push_back(std::move(entry.revision));
    BOSSEY_TRY_VOID(add_decisions(repository, holder, newest, left == 0, revisions));
    if (left == 0) break;
    // What the other half lived through since the split is not the past of this one. Its decisions are chosen by
    // number: one made in the second of the split is before or after it all the same.
    if (oldest) {
      from = oldest->id;
      newest.reset();
    }
  }
  std::stable_sort(revisions.begin(), revisions.end(), is_newer);
  return revisions;
}

Result<std::set<std::string, std::less<>>> sections_at_head(Repository& repository, const ReportId& report) {
  std::set<std::string, std::less<>> sections;
  BOSSEY_TRY(const auto head, repository.head());
  if (!head) return sections;
  auto entries = repository.list(*head, sections_folder(report));
  if (!entries) return sections;  // the report has no revision yet
  for (const auto& entry : *entries) {
    if (auto section = section_of_path(entry.path)) sections.insert(*std::move(section));
  }
  return sections;
}

/// A revision that names its section is known by that; the others by the files they changed.
Result<bool> touches(Repository& repository, const Revision& revision, const ReportId& report,
                     const std::set<std::string, std::less<>>& sections) {
  const auto named = revision.trailer("Section");
  if (!named.empty()) return sections.contains(named);
  BOSSEY_TRY(const auto changed, repository.changed_paths(revision.parent, revision.id));
  const auto folder = "reports/" + report.value + "/";
  return std::any_of(changed.begin(), changed.end(), [&](const auto& path) { return path.path.starts_with(folder); });
}

Result<std::vector<Revision>> report_revisions(Repository& repository, const ReportId& report,
                                               const std::string& before) {
  BOSSEY_TRY(auto from, resolve_before(repository, before));
  BOSSEY_TRY(const auto sections, sections_at_head(repository, report));
  std::vector<Revision> found;
  for (std::size_t scanned = 0; scanned < kScanned_max && found.size() < kRevisions_max;) {
    BOSSEY_TRY(auto page, repository.log(kRevisions_max, from));
    if (page.empty()) break;
    scanned += page.size();
    from = page.back().id;
    for (auto& revision : page) {
      BOSSEY_TRY(const bool touched, touches(repository, revision, report, sections));
      if (touched && found.size() < kRevisions_max) found.push_back(std::move(revision));
    }
  }
  return found;
}

/// Texts of sections by id, as of one revision.
using Texts = std::map<std::string, std::string>;

struct Ends {
  std::string from, to;  ///< As shown: full ids, or "live".
  Texts before, after;
};

Result<Texts> texts_at(Repository& repository, const RevisionId& revision, const ReportId& report,
                       const std::vector<Holder>& only) {
  Texts texts;
  const auto folder = sections_folder(report);
  for (const auto& holder : only) {
    BOSSEY_TRY(const auto blob, repository.find(revision, folder + "/" + holder.id + ".md"));
    if (!blob) continue;
    BOSSEY_TRY(texts[only.front().id], repository.read_blob(*blob));
    break;
  }
  if (!only.empty()) return texts;
  auto entries = repository.list(revision, folder);
  if (!entries && entries.error().code == Errc::not_found) return texts;  // no such report at that time
  if (!entries) return tl::unexpected(entries.error());
  for (const auto& entry : *entries) {
    const auto section = section_of_path(entry.path);
    if (section) {
      BOSSEY_TRY(texts[*section], repository.read_blob(entry.blob));
    }
  }
  return texts;
}

struct Question {
  ReportId report;
  std::vector<Holder> only;  ///< One section, and what held its words before a split.
  std::string from, to;
  Texts live;  ///< Filled when `to` is live.
};

Result<Ends> read_ends(Repository& repository, const Question& question) {
  Ends ends;
  BOSSEY_TRY(const auto from, repository.resolve(question.from));
  ends.from = from.hex();
  BOSSEY_TRY(ends.before, texts_at(repository, from, question.report, question.only));
  if (question.to == kLive) {
    ends.to = kLive;
    ends.after = question.live;
    return ends;
  }
  BOSSEY_TRY(const auto to, repository.resolve(question.to));
  ends.to = to.hex();
  BOSSEY_TRY(ends.after, texts_at(repository, to, question.report, question.only));
  return ends;
}

/// Of each section that the report has now.
using Agreements = std::map<std::string, Agreement>;

Result<json> compare(const Ends& ends, const std::vector<std::string>& order, const Agreements& agreements) {
  auto list = json::array();
  const auto find = [](const Texts& texts, const std::string& id) {
    const auto found = texts.find(id);
    return found == texts.end() ? std::nullopt : std::optional(found->second);
  };
  std::set<std::string> done;
  const auto add = [&](const std::string& id) -> Result<void> {
    if (!done.insert(id).second) return {};
    auto before = find(ends.before, id);
    auto after = find(ends.after, id);
    if (!before && !after) return {};
    const auto agreed = agreements.find(id);
    BOSSEY_TRY(auto redline, redline_json({id, ends.from, ends.to, std::move(before), std::move(after),
                                           agreed == agreements.end() ? Agreement{} : agreed->second}));
    list.push_back(std::move(redline));
    return {};
  };
  for (const auto& id : order) BOSSEY_TRY_VOID(add(id));
  for (const auto& [id, text] : ends.after) BOSSEY_TRY_VOID(add(id));
  for (const auto& [id, text] : ends.before) BOSSEY_TRY_VOID(add(id));
  return list;
}

/// Reads `from` and `to` of the query and, for a living end, the texts of `sections` as of now.
Result<Question> read_question(const Call& call, std::vector<Holder> only, const std::vector<std::string>& sections) {
  Question question{ReportId{call.captures.at(1)},
                    std::move(only),
                    std::string(call.request.query_value("from")),
                    std::string(call.request.query_value("to")),
                    {}};
  if (question.from.empty() || question.to.empty()) {
    return fail(Errc::bad_input, "Name both ends: from=<revision>&to=<revision or live>.");
  }
  if (question.to != kLive) return question;
  for (const auto& id : sections) {
    BOSSEY_TRY(question.live[id], call.group->canonical(call.caller, question.report, SectionId{id}));
  }
  return question;
}

void answer_redline(const CallPtr& call, Question question, std::vector<std::string> order, Agreements agreements) {
  const bool one = !question.only.empty();
  call->services.revisions.run<Ends>(
      call->group->id(),
      [question = std::move(question)](Repository& repository) { return read_ends(repository, question); },
      [call, order = std::move(order), agreements = std::move(agreements), one](Result<Ends> ends) {
        if (!ends) return call->error(ends.error());
        call->services.pool.ask<json>(
            [ends = *std::move(ends), order, agreements] { return compare(ends, order, agreements); },
            [call, one](Result<json> list) {
              if (!list) return call->error(list.error());
              if (!one) return call->json(200, *list);
              if (!list->empty()) return call->json(200, list->front());
              call->error({Errc::not_found, "This section is in neither of the two."});
            });
      });
}

}  // namespace

void get_revisions(CallPtr call) {
  const ReportId report{call->captures.at(1)};
  const std::string before(call->request.query_value("before"));
  const auto answer = [call](const Result<std::vector<Revision>>& found) { call->answer(found, revisions_json); };
  if (const std::string section(call->request.query_value("section")); !section.empty()) {
    auto holders = holders_of(*call, report, section);
    for (auto& holder : holders) {
      auto path = call->group->text_path(call->caller, report, SectionId{holder.id});
      if (!path) return call->error(path.error());
      holder.path = *std::move(path);
      group::DecisionFilter filter;
      filter.report = report;
      filter.section = SectionId{holder.id};
      const auto views = call->group->decisions(call->caller, filter);
      if (!views) return call->error(views.error());
      for (const auto& view : *views)
        if (view.number <= holder.decisions_max) holder.decisions.push_back(view.number);
    }
    call->services.revisions.run<std::vector<Revision>>(
        call->group->id(),
        [holders = std::move(holders), before](Repository& repository) {
          return section_revisions(repository, holders, before);
        },
        answer);
    return;
  }
  if (const auto view = call->group->report(call->caller, report); !view) return call->error(view.error());
  call->services.revisions.run<std::vector<Revision>>(
      call->group->id(),
      [report, before](Repository& repository) { return report_revisions(repository, report, before); }, answer);
}

void get_section_redline(CallPtr call) {
  const ReportId report{call->captures.at(1)};
  const auto& section = call->captures.at(2);
  const auto view = call->group->section(call->caller, report, SectionId{section});
  if (!view) return call->error(view.error());
  auto question = read_question(*call, holders_of(*call, report, section), {section});
  if (!question) return call->error(question.error());
  answer_redline(call, *std::move(question), {section}, {{section, agreement_of(*view)}});
}

void get_report_redline(CallPtr call) {
  const auto view = call->group->report(call->caller, ReportId{call->captures.at(1)});
  if (!view) return call->error(view.error());
  std::vector<std::string> order;
  Agreements agreements;
  for (const auto& section : view->sections) {
    order.push_back(section.id.value);
    agreements.emplace(section.id.value, agreement_of(section));
  }
  auto question = read_question(*call, {}, order);
  if (!question) return call->error(question.error());
  answer_redline(call, *std::move(question), std::move(order), std::move(agreements));
}

}  // namespace bossey::api
