#include <doctest/doctest.h>

#include <string>

#include "document/markdown_import.hpp"
#include "export/markdown_report.hpp"
#include "export/print_page.hpp"
#include "export/report_view.hpp"

using namespace bossey;
using namespace bossey::exporting;
using document::footnote;
using document::paragraph;
using document::text_run;

namespace {

SectionView draft(std::string number, std::string title, std::vector<document::Block> body) {
  SectionView view;
  view.number = std::move(number);
  view.section.title = std::move(title);
  view.section.body = std::move(body);
  view.status = "Draft";
  view.mark = "D";
  view.disclaimer = "This paper is a draft.";
  view.short_disclaimer = "Draft, not agreed";
  return view;
}

SectionView agreed(std::string number, std::string title, std::vector<document::Block> body) {
  SectionView view = draft(std::move(number), std::move(title), std::move(body));
  view.status = "Agreed";
  view.mark = "\xE2\x9C\x93";
  view.status_line = "Agreed 17 June 2005, 22:14";
  view.agreed = true;
  view.disclaimer.clear();
  view.short_disclaimer.clear();
  return view;
}

ReportView sample() {
  ReportView view;
  view.group_name = "River Group";
  view.title = "Final <Report>";
  view.addressee = "The Basin Council";
  view.short_disclaimer = "Draft, not agreed";
  document::Block heading = paragraph("Inner");
  heading.kind = document::BlockKind::heading;
  view.sections = {
      draft("1", "Aims", {paragraph({text_run("First"), footnote({text_run("Note one")})})}),
      agreed("1.1", "Scope", {heading, paragraph({text_run("Second"), footnote({text_run("Note two")})})})};
  view.sections[1].depth = 1;
  return view;
}

std::size_t occurrences(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_SUITE("export") {
  TEST_CASE("a text that is not agreed is printed after its disclaimer, and every page says so") {
    const std::string page = print_page(sample());
    CHECK(page.find("This paper is a draft.") < page.find("First"));
    CHECK(page.find("<tfoot>") != std::string::npos);
    CHECK(page.find("Draft, not agreed", page.find("<tfoot>")) < page.find("</tfoot>"));
    CHECK(page.find("Final &lt;Report&gt;") != std::string::npos);
    CHECK(page.find("<Report>") == std::string::npos);
  }

  TEST_CASE("no text that is not agreed leaves without a disclaimer, even if the caller forgot it") {
    ReportView view = sample();
    view.short_disclaimer.clear();
    view.sections[0].disclaimer.clear();
    view.sections[0].short_disclaimer.clear();
    CHECK_FALSE(disclaimer_before(view.sections[0], "River Group").empty());
    CHECK(disclaimer_before(view.sections[1], "River Group").empty());
    CHECK_FALSE(short_disclaimer_of(view).empty());
    const std::string words = disclaimer_before(view.sections[0], "River Group");
    CHECK(print_page(view).find("draft working paper") < print_page(view).find("First"));
    CHECK(markdown_report(view).find("draft working paper") < markdown_report(view).find("First"));
    CHECK(words.find("River Group") != std::string::npos);
  }

  TEST_CASE("equal disclaimers of neighbours print once in full, and each section keeps the short form") {
    ReportView view = sample();
    view.sections.insert(view.sections.begin() + 1, draft("2", "More", {paragraph("Third")}));
    const std::string page = print_page(view);
    CHECK(occurrences(page, "This paper is a draft.") == 1);
    CHECK(page.find("Draft, not agreed", page.find(">More<")) < page.find("Third"));
    view.sections.insert(view.sections.begin() + 1, agreed("1a", "Between", {paragraph("Fourth")}));
    CHECK(occurrences(print_page(view), "This paper is a draft.") == 2);
  }

  TEST_CASE("footnotes are numbered through the whole report") {
    const std::string page = print_page(sample());
    CHECK(page.find("id=\"fn1\"") != std::string::npos);
    CHECK(page.find("id=\"fn2\"") != std::string::npos);
    const std::string text = markdown_report(sample());
    CHECK(text.find("First[^1]") != std::string::npos);
    CHECK(text.find("Second[^2]") != std::string::npos);
    CHECK(text.find("[^2]: Note two") != std::string::npos);
  }

  TEST_CASE("the Markdown download is a report that can be read again") {
    const std::string text = markdown_report(sample());
    CHECK(text.starts_with("# Final \\<Report>\n\nRiver Group\n\nTo: The Basin Council\n\n> **Draft, not agreed**\n"));
    CHECK(text.find("\n## 1 Aims\n\n> **D Draft**\n>\n> This paper is a draft.\n\nFirst[^1]\n\n[^1]: Note one\n") !=
          std::string::npos);
    CHECK(text.find("\n### 1.1 Scope\n\n> **\xE2\x9C\x93 Agreed 17 June 2005, 22:14**\n\n#### Inner\n") !=
          std::string::npos);
    const auto again = document::import_markdown(as_bytes(text));
    REQUIRE(again.has_value());
    CHECK(again->sections.size() == 3);
    CHECK(again->footnotes == 2);
  }

  TEST_CASE("an escaped bracket before a caret is no footnote to be numbered") {
    ReportView view = sample();
    view.sections[1].section.body.push_back(paragraph("see [^1] and \\[^2]"));
    const std::string text = markdown_report(view);
    CHECK(text.find("see \\[^1\\] and \\\\\\[^2\\]") != std::string::npos);
  }

  TEST_CASE("headings of the text stand below the heading of their section") {
    const std::string page = print_page(sample());
    CHECK(page.find("<h2 dir=\"auto\"><bdi>1</bdi> Aims</h2>") != std::string::npos);
    CHECK(page.find("<h3 dir=\"auto\"><bdi>1.1</bdi> Scope</h3>") != std::string::npos);
    CHECK(page.find("<h4 dir=\"auto\">Inner</h4>") != std::string::npos);
  }
}
