#include "document/html.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "protocol/document/random_section.hpp"

using namespace bossey::document;

namespace {

Section section_of(std::vector<Block> body) {
  Section section;
  section.title = "T";
  section.body = std::move(body);
  return section;
}

/// Whether every tag is closed in the right order and every `<` begins a tag we write.
bool well_formed(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    if (end == std::string::npos) return false;
    const bool closing = html[at + 1] == '/';
    const std::size_t begin = at + (closing ? 2 : 1);
    const std::string name = html.substr(begin, html.find_first_of(" >", begin) - begin);
    if (name == "br" || name == "hr") continue;
    if (!closing) {
      open.push_back(name);
    } else if (open.empty() || open.back() != name) {
      return false;
    } else {
      open.pop_back();
    }
  }
  return open.empty();
}

}  // namespace

TEST_SUITE("document/html") {
  TEST_CASE("text is escaped and attributes are quoted") {
    Marks link;
    link.link = "https://a.example/?q=\"><script>&x=1";
    const std::string html =
        html_of(section_of({paragraph({text_run("<script>alert('1')</script> & \"x\""), text_run("go", link)})}));
    CHECK(html.find("<script>") == std::string::npos);
    CHECK(html.find("&lt;script&gt;alert(&#39;1&#39;)") != std::string::npos);
    CHECK(html.find("href=\"https://a.example/?q=&quot;&gt;&lt;script&gt;&amp;x=1\"") != std::string::npos);
    Marks bad;
    bad.link = "javascript:alert(1)";
    CHECK(html_of(section_of({paragraph({text_run("go", bad)})})).find("javascript") == std::string::npos);
  }

  TEST_CASE("direction, brackets and footnotes are there to be seen") {
    Block arabic = paragraph("نص");
    arabic.dir = "rtl";
    arabic.lang = "ar";
    Marks bracket;
    bracket.brackets = {"a"};
    HtmlOptions options;
    options.id_prefix = "s1-";
    options.first_footnote = 4;
    const std::string html =
        html_of(section_of({arabic, paragraph({text_run("shall", bracket), footnote({text_run("Why?")})})}), options);
    CHECK(
        html ==
        "<p dir=\"rtl\" lang=\"ar\">نص</p>\n<p dir=\"auto\"><span class=\"bracket\"><span "
        "class=\"bracket-sign\">[</span>shall"
        "<span class=\"bracket-sign\">]</span></span><sup class=\"footnote-mark\"><a href=\"#s1-fn4\">4</a></sup></p>\n"
        "<section class=\"footnotes\"><ol start=\"4\">\n<li id=\"s1-fn4\" dir=\"auto\">Why?</li>\n</ol></section>\n");
  }

  TEST_CASE("any section and any redline gives well-formed HTML") {
    for (std::uint64_t seed = 1; seed < 300; ++seed) {
      CAPTURE(seed);
      testing::RandomSection random(seed);
      const Section before = random.make();
      const Section after = random.change(before);
      REQUIRE(well_formed(html_of(before)));
      const Redline made = redline(before, after);
      REQUIRE(well_formed(html_of(made)));
      REQUIRE(well_formed(side_by_side_html(made)));
    }
  }

  TEST_CASE("the two sides of a comparison stand beside each other") {
    const auto rows = side_by_side_rows(redline(section_of({paragraph("one two three"), paragraph("gone")}),
                                                section_of({paragraph("one 2 three"), paragraph("entirely else")})));
    REQUIRE(rows.size() == 4);
    CHECK(rows[1].before == "<p class=\"changed\" dir=\"auto\">one <del>two</del> three</p>\n");
    CHECK(rows[1].after == "<p class=\"changed\" dir=\"auto\">one <ins>2</ins> three</p>\n");
    CHECK(rows[2].after.empty());
    CHECK(rows[3].before.empty());
  }
}
