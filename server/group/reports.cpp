// Making reports: empty, or from an import. All documents and the event go into the journal in one transaction.
#include <algorithm>

#include "group/parts.hpp"
#include "group/repository_files.hpp"

namespace bossey::group {
namespace {

constexpr std::size_t kSlugMax_bytes = 64;

/// [a-z0-9-] from the letters of a title; empty when it has none of these (Arabic, Chinese).
std::string slug_from(const std::string& title) {
  std::string slug;
  for (const char c : title) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter)
      slug += c;
    else if (c >= 'A' && c <= 'Z')
      slug += static_cast<char>(c - 'A' + 'a');
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  slug = slug.substr(0, kSlugMax_bytes);
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug;
}

bool is_slug(const std::string& slug) {
  return !slug.empty() && slug.size() <= kSlugMax_bytes && slug.front() != '-' &&
         std::all_of(slug.begin(), slug.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

Result<ReportId> choose_slug(const GroupState& state, const std::string& wished, const std::string& title) {
  if (!wished.empty() && !is_slug(wished))
    return fail(Errc::bad_input, "Use a-z, 0-9 and '-' for the report's name, at most 64.");
  std::string slug = wished.empty() ? slug_from(title) : wished;
  if (slug.empty())
    for (std::size_t n = state.reports.size() + 1; slug.empty() || state.reports.contains(ReportId{slug}); ++n)
      slug = "report-" + std::to_string(n);
  if (state.reports.contains(ReportId{slug}))
    return fail(Errc::conflict, "A report named '" + slug + "' exists and stays as it is. Choose another name.");
  return ReportId{slug};
}

/// The outline of sections by depth; a step down of more than one level counts as one.
Result<document::Outline> outline_of(Group::Parts& parts, const std::vector<NewSection>& sections) {
  document::Outline outline;
  std::vector<SectionId> above;  // The last section of each level.
  for (const NewSection& section : sections) {
    const std::size_t depth = std::min<std::size_t>(section.depth, above.size());
    document::OutlineEntry entry;
    do entry.id = parts.new_section_id();
    while (document::index_of(outline, entry.id));
    if (depth > 0) entry.parent = above[depth - 1];
    entry.kind = section.kind;
    above.resize(depth);
    above.push_back(entry.id);
    outline.entries.push_back(std::move(entry));
  }
  BOSSEY_TRY_VOID(document::check(outline));
  return outline;
}

void made(const PartsPtr& parts, const NewReport& report, const ReportId& slug, const document::Outline& outline,
          JournalSeq seq) {
  std::vector<SectionId> sections;
  for (std::size_t i = 0; i < outline.entries.size(); ++i) {
    parts->texts.set(outline.entries[i].id, report.sections[i].document.text);
    sections.push_back(outline.entries[i].id);
  }
  const char* verb = report.imported          ? "Import report '"
                     : report.origins.empty() ? "Create report '"
                                              : "Copy into report '";
  commit_shape(parts, verb + one_line(report.title) + "'", secretariat(), seq, sections);
  tell_report(parts, slug);
}

}  // namespace

void make_report(const PartsPtr& parts, const Caller& caller, const NewReport& report, const Done<ReportMade>& done) {
  if (const auto good = check_title(report.title); !good) return done(fail(good.error().code, good.error().detail));
  if (parts->state.reports.size() >= kReportsMax) return done(fail(Errc::too_large, "This group is full of reports."));
  const auto slug = choose_slug(parts->state, report.slug, report.title);
  if (!slug) return done(fail(slug.error().code, slug.error().detail));
  const auto outline = outline_of(*parts, report.sections);
  if (!outline) return done(fail(outline.error().code, outline.error().detail));

  std::vector<journal::Row> rows;
  for (std::size_t i = 0; i < report.sections.size(); ++i)
    rows.emplace_back(journal::UpdateRow{
        document_of(outline->entries[i].id), author(caller), {}, report.sections[i].document.update, 0});
  const std::size_t count = report.sections.size();
  std::map<SectionId, Origin> origins;
  for (std::size_t i = 0; i < report.origins.size(); ++i) origins[outline->entries[i].id] = report.origins[i];
  Event event{ReportAdded{*slug, report.title, report.kind, report.imported, *outline, std::move(origins)},
              key_use(caller, report.key, Answer{report.command, *slug, {}, count})};
  record(parts, std::move(rows), {std::move(event)},
         [parts, report, slug = *slug, outline = *outline, done](Result<JournalSeq> seq) {
           if (!seq) return done(fail(seq.error().code, seq.error().detail));
           made(parts, report, slug, outline, *seq);
           done(ReportMade{slug, report.title, static_cast<std::uint32_t>(report.sections.size())});
         });
}

namespace {

void add_report(const PartsPtr& parts, const Caller& caller, const NewReport& report, const Done<ReportMade>& done) {
  const auto before = answered(*parts, caller, report.key, {"report", ReportId{report.slug}, {}, 0});
  if (!before) return done(fail(before.error().code, before.error().detail));
  if (!*before) return make_report(parts, caller, report, done);
  const Report* made = parts->state.report((*before)->report);
  done(
      ReportMade{(*before)->report, made == nullptr ? "" : made->title, static_cast<std::uint32_t>((*before)->number)});
}

void queue_report(const PartsPtr& parts, const Caller& caller, NewReport report, Done<ReportMade> done) {
  if (const auto good = check_command(caller, consensus::Action::shape_outline, report.key); !good)
    return done(fail(good.error().code, good.error().detail));
  run_command<ReportMade>(parts, std::move(done),
                          [parts, caller, report = std::move(report)](const Done<ReportMade>& finish) {
                            add_report(parts, caller, report, finish);
                          });
}

}  // namespace

void Group::create_report(const Caller& caller, CreateReport command, Done<ReportMade> done) {
  document::Section empty;
  empty.body.push_back(document::paragraph(std::string()));
  auto document = new_document(empty, parts_->client_id());
  if (!document) return done(fail(document.error().code, document.error().detail));
  NewReport report{std::move(command.key), std::move(command.title), std::move(command.slug), false, {}};
  report.sections.push_back({0, document::SectionKind::section, std::move(*document)});
  queue_report(parts_, caller, std::move(report), std::move(done));
}

void Group::import_report(const Caller& caller, ImportReport command, Done<ReportMade> done) {
  if (command.sections.empty()) return done(fail(Errc::bad_input, "The file holds no section."));
  if (command.sections.size() > kSectionsMax) return done(fail(Errc::too_large, "Too many sections. Split the file."));
  queue_report(
      parts_, caller,
      {std::move(command.key), std::move(command.title), std::move(command.slug), true, std::move(command.sections)},
      std::move(done));
}

}  // namespace bossey::group
