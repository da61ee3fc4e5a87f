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

namespace bossey::api {

namespace {

using nlohmann::json;
using revisions::Repository;
using revisions::Revision;
using revisions::RevisionId;

constexpr std::size_t kRevisions_max = 500;
constexpr std::size_t kScanned_max = 20'000;
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

Result<std::vector<Revision>> section_revisions(Repository& repository, const std::string& path,
                                                const std::vector<std::uint64_t>& decisions,
                                                const std::string& before) {
  BOSSEY_TRY(const auto from, resolve_before(repository, before));
  BOSSEY_TRY(auto history, repository.history(path, kRevisions_max, from));
  const bool full = history.size() == kRevisions_max;
  std::vector<Revision> revisions;
  revisions.reserve(history.size());
  for (auto& entry : history) revisions.push_back(std::move(entry.revision));
  std::optional<Revision> limit;
  if (from) {
    BOSSEY_TRY(limit, repository.revision(*from));
  }
  BOSSEY_TRY(auto decided, decision_revisions(repository, decisions));
  for (auto& revision : decided) {
    const bool known = std::any_of(revisions.begin(), revisions.end(),
                                   [&revision](const Revision& other) { return other.id == revision.id; });
    const bool later = limit && !is_newer(*limit, revision);
    const bool next_page = full && is_newer(revisions.back(), revision);
    if (!known && !later && !next_page) revisions.push_back(std::move(revision));
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
                       const std::optional<std::string>& only) {
  Texts texts;
  const auto folder = sections_folder(report);
  if (only) {
    const auto path = folder + "/" + *only + ".md";
    BOSSEY_TRY(const auto blob, repository.find(revision, path));
    if (blob) {
      BOSSEY_TRY(texts[*only], repository.read_blob(*blob));
    }
    return texts;
  }
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
  std::optional<std::string> only;  ///< One section.
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

Result<json> compare(const Ends& ends, const std::vector<std::string>& order) {
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
    BOSSEY_TRY(auto redline, redline_json({id, ends.from, ends.to, std::move(before), std::move(after)}));
    list.push_back(std::move(redline));
    return {};
  };
  for (const auto& id : order) BOSSEY_TRY_VOID(add(id));
  for (const auto& [id, text] : ends.after) BOSSEY_TRY_VOID(add(id));
  for (const auto& [id, text] : ends.before) BOSSEY_TRY_VOID(add(id));
  return list;
}

/// Reads `from` and `to` of the query and, for a living end, the texts of `sections` as of now.
Result<Question> read_question(const Call& call, std::optional<std::string> only,
                               const std::vector<std::string>& sections) {
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

void answer_redline(const CallPtr& call, Question question, std::vector<std::string> order) {
  const bool one = question.only.has_value();
  call->services.revisions.run<Ends>(
      call->group->id(),
      [question = std::move(question)](Repository& repository) { return read_ends(repository, question); },
      [call, order = std::move(order), one](Result<Ends> ends) {
        if (!ends) return call->error(ends.error());
        call->services.pool.ask<json>([ends = *std::move(ends), order] { return compare(ends, order); },
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
    const auto path = call->group->text_path(call->caller, report, SectionId{section});
    if (!path) return call->error(path.error());
    const auto views = call->group->decisions(call->caller, {report, SectionId{section}});
    if (!views) return call->error(views.error());
    std::vector<std::uint64_t> decisions;
    for (const auto& view : *views) decisions.push_back(view.number);
    call->services.revisions.run<std::vector<Revision>>(
        call->group->id(),
        [path = *path, decisions = std::move(decisions), before](Repository& repository) {
          return section_revisions(repository, path, decisions, before);
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
  const auto& section = call->captures.at(2);
  const auto path = call->group->text_path(call->caller, ReportId{call->captures.at(1)}, SectionId{section});
  if (!path) return call->error(path.error());
  auto question = read_question(*call, section, {section});
  if (!question) return call->error(question.error());
  answer_redline(call, *std::move(question), {section});
}

void get_report_redline(CallPtr call) {
  const auto view = call->group->report(call->caller, ReportId{call->captures.at(1)});
  if (!view) return call->error(view.error());
  std::vector<std::string> order;
  for (const auto& section : view->sections) order.push_back(section.id.value);
  auto question = read_question(*call, std::nullopt, order);
  if (!question) return call->error(question.error());
  answer_redline(call, *std::move(question), std::move(order));
}

}  // namespace bossey::api
