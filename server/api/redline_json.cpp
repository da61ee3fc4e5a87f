#include "api/redline_json.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "document/canonical.hpp"
#include "document/html.hpp"
#include "document/redline.hpp"

namespace bossey::api {

namespace {

using nlohmann::json;

std::string_view name_of(document::RunOp op) {
  switch (op) {
    case document::RunOp::same:
      return "same";
    case document::RunOp::inserted:
      return "insert";
    case document::RunOp::deleted:
      return "delete";
  }
  return "same";
}

/// The four names of the contract; a moved block also says that it moved.
std::string_view name_of(document::BlockChange change) {
  switch (change) {
    case document::BlockChange::same:
      return "same";
    case document::BlockChange::changed:
      return "changed";
    case document::BlockChange::inserted:
    case document::BlockChange::moved_to:
      return "inserted";
    case document::BlockChange::deleted:
    case document::BlockChange::moved_from:
      return "deleted";
  }
  return "same";
}

json runs_json(const std::vector<document::RedlineRun>& runs);

json run_json(const document::RedlineRun& run) {
  auto marks = json::array();
  if (run.strong) marks.push_back("strong");
  if (run.em) marks.push_back("em");
  if (!run.link.empty()) marks.push_back("link");
  json value = {{"op", name_of(run.op)}, {"text", run.text}};
  switch (run.kind) {
    case document::RunKind::text:
      break;
    case document::RunKind::bracket:
      marks.push_back("bracket");
      break;
    case document::RunKind::hard_break:
      value["text"] = "\n";
      break;
    case document::RunKind::footnote:
      marks.push_back("footnote");
      value["note"] = runs_json(run.note);
      break;
  }
  value["marks"] = std::move(marks);
  if (!run.link.empty()) value["link"] = run.link;
  if (run.format_only) value["format_only"] = true;
  return value;
}

json runs_json(const std::vector<document::RedlineRun>& runs) {
  auto list = json::array();
  for (const auto& run : runs) list.push_back(run_json(run));
  return list;
}

std::string type_of(const document::RedlineBlock& block) {
  if (block.kind == document::BlockKind::table_row) return "row";
  const bool in_item = std::any_of(block.containers.begin(), block.containers.end(), [](const auto& container) {
    return container.kind == document::BlockKind::list_item;
  });
  if (in_item && block.kind == document::BlockKind::paragraph) return "list_item";
  return std::string(document::name_of(block.kind));
}

int depth_of(const document::RedlineBlock& block) {
  return static_cast<int>(std::count_if(block.containers.begin(), block.containers.end(), [](const auto& container) {
    return container.kind == document::BlockKind::bullet_list || container.kind == document::BlockKind::ordered_list ||
           container.kind == document::BlockKind::blockquote;
  }));
}

json block_json(const document::RedlineBlock& block) {
  json value = {{"change", name_of(block.change)},
                {"type", type_of(block)},
                {"depth", depth_of(block)},
                {"runs", runs_json(block.runs)}};
  if (block.kind == document::BlockKind::heading) value["level"] = block.level;
  if (!block.dir.empty()) value["dir"] = block.dir;
  if (block.change == document::BlockChange::moved_from || block.change == document::BlockChange::moved_to) {
    value["moved"] = true;
  }
  if (!block.cells.empty()) {
    auto cells = json::array();
    for (const auto& cell : block.cells) {
      // `runs` of a row holds the words of all cells, for readers that know nothing of tables.
      if (!cells.empty()) value["runs"].push_back({{"op", "same"}, {"text", " | "}, {"marks", json::array()}});
      auto runs = runs_json(cell.runs);
      value["runs"].insert(value["runs"].end(), runs.begin(), runs.end());
      cells.push_back(std::move(runs));
    }
    value["cells"] = std::move(cells);
  }
  return value;
}

Result<document::Section> read(const std::string& canonical) {
  auto section = document::read_canonical(canonical);
  if (!section) return fail(Errc::corrupt, "A stored text is not canonical: " + section.error().detail);
  return section;
}

Result<document::Redline> compare(const Comparison& comparison) {
  if (!comparison.before && !comparison.after) return fail(Errc::not_found, "The section is in neither revision.");
  if (!comparison.before) {
    BOSSEY_TRY(const auto after, read(*comparison.after));
    return document::inserted_all(after);
  }
  BOSSEY_TRY(const auto before, read(*comparison.before));
  if (!comparison.after) return document::deleted_all(before);
  BOSSEY_TRY(const auto after, read(*comparison.after));
  return document::redline(before, after);
}

/// Empty when each end that is there is the agreed text.
std::string disclaimer_of(const Comparison& comparison) {
  for (const auto* end : {&comparison.before, &comparison.after}) {
    if (*end && comparison.agreement.text_id != document::text_id(**end)) return comparison.agreement.short_form;
  }
  return {};
}

}  // namespace

Agreement agreement_of(const group::SectionView& section) {
  Agreement agreement;
  if (section.status.settled) agreement.text_id = section.text_id;
  if (!section.disclaimer.short_form.empty()) agreement.short_form = section.disclaimer.short_form;
  return agreement;
}

std::string disclaimer_html(const std::string& disclaimer) {
  return disclaimer.empty() ? "" : "<p class=\"disclaimer\">" + document::escape_html(disclaimer) + "</p>\n";
}

Result<json> redline_json(const Comparison& comparison) {
  const auto disclaimer = disclaimer_of(comparison);
  BOSSEY_TRY(const auto redline, compare(comparison));
  auto blocks = json::array();
  for (const auto& block : redline.blocks) blocks.push_back(block_json(block));
  return json{{"section", comparison.section},
              {"from", comparison.from},
              {"to", comparison.to},
              {"title", runs_json(redline.title)},
              {"blocks", std::move(blocks)},
              {"words_inserted", redline.words_inserted},
              {"words_deleted", redline.words_deleted},
              {"words_changed", redline.words_changed},
              {"differs", redline.differs},
              {"disclaimer", disclaimer.empty() ? json(nullptr) : json(disclaimer)},
              {"html", disclaimer_html(disclaimer) + document::html_of(redline)},
              {"side_by_side_html", disclaimer_html(disclaimer) + document::side_by_side_html(redline)}};
}

}  // namespace bossey::api
