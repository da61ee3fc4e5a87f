#include "document/section_document.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "crdt/doc.hpp"
#include "document/canonical.hpp"
#include "document/content_hash.hpp"
#include "document/section_nodes.hpp"
#include "protocol/document/random_section.hpp"

using namespace bossey;
using namespace bossey::document;

namespace {

crdt::Doc doc_with(const Section& section) {
  crdt::Doc doc(crdt::ClientId{1});
  REQUIRE(write_section(doc, section).has_value());
  return doc;
}

Section section_of(std::vector<Block> body) {
  Section section;
  section.title = "T";
  section.body = std::move(body);
  return section;
}

std::string canonical(crdt::Doc& doc) {
  return write_canonical(read_section(doc));
}

Inline in_brackets(const std::string& text, const std::string& id) {
  Marks marks;
  marks.brackets = {id};
  return text_run(text, marks);
}

/// Number of updates and octets that `edit` sends to others.
template <class Edit>
std::size_t octets_sent(crdt::Doc& doc, Edit&& edit) {
  std::size_t octets = 0;
  doc.on_update([&](const crdt::UpdateEvent& event) { octets += event.encode().size(); });
  edit();
  doc.on_update({});
  return octets;
}

}  // namespace

TEST_SUITE("document/section_document") {
  TEST_CASE("what is written into a document is read from it again") {
    for (std::uint64_t seed = 1; seed < 400; ++seed) {
      CAPTURE(seed);
      const Section section = normalize(testing::RandomSection(seed).make());
      crdt::Doc doc = doc_with(section);
      const Section read = read_section(doc);
      REQUIRE_FALSE(read.has_unknown);
      REQUIRE(write_canonical(read) == write_canonical(section));
      crdt::Doc copy(crdt::ClientId{2});
      REQUIRE(copy.apply_update(doc.encode_state_as_update()).has_value());
      REQUIRE(serialize_content(copy) == serialize_content(doc));
      REQUIRE(canonical(copy) == write_canonical(section));
    }
  }

  TEST_CASE("an empty section gets one paragraph, and a document with text is not written over") {
    crdt::Doc doc = doc_with(Section{});
    CHECK(doc.xml_fragment("body").length() == 1);
    CHECK(canonical(doc) == "#\n");
    CHECK(write_section(doc, section_of({paragraph("a")})).error().code == Errc::conflict);
  }

  TEST_CASE("a living document is made to say any other text") {
    for (std::uint64_t seed = 1; seed < 400; ++seed) {
      CAPTURE(seed);
      testing::RandomSection random(seed);
      const Section before = random.make();
      const Section after = seed % 2 == 0 ? random.make() : random.change(before);
      crdt::Doc doc = doc_with(before);
      REQUIRE(replace_section(doc, after).has_value());
      const Section read = read_section(doc);
      REQUIRE_FALSE(read.has_unknown);
      REQUIRE(write_canonical(read) == write_canonical(after));
      crdt::Doc copy(crdt::ClientId{2});
      REQUIRE(copy.apply_update(doc.encode_state_as_update()).has_value());
      REQUIRE(canonical(copy) == write_canonical(after));
    }
  }

  TEST_CASE("putting back a text that stands there already sends nothing") {
    for (std::uint64_t seed = 1; seed < 200; ++seed) {
      CAPTURE(seed);
      const Section section = testing::RandomSection(seed).make();
      crdt::Doc doc = doc_with(normalize(section));
      REQUIRE(octets_sent(doc, [&] { REQUIRE(replace_section(doc, section).has_value()); }) == 0);
    }
  }

  TEST_CASE("words typed meanwhile elsewhere are kept, and only the words that differ are replaced") {
    crdt::Doc doc =
        doc_with(section_of({paragraph("The group shall meet in May."), paragraph("Second paragraph here.")}));
    crdt::Doc other(crdt::ClientId{2});
    REQUIRE(other.apply_update(doc.encode_state_as_update()).has_value());
    // Another person types in both paragraphs.
    auto body = other.xml_fragment("body");
    const auto first = crdt::XmlElement::from(std::get<crdt::Shared>(body.children()[0]));
    auto words = crdt::XmlText::from(std::get<crdt::Shared>(first->children()[0]));
    REQUIRE(words->insert(words->length_utf16(), " Typed.").has_value());
    const std::size_t sent = octets_sent(doc, [&] {
      REQUIRE(replace_section(
                  doc, section_of({paragraph("The group should meet in May."), paragraph("Second paragraph here.")}))
                  .has_value());
    });
    CHECK(sent < 60);
    REQUIRE(doc.apply_update(other.encode_state_as_update()).has_value());
    CHECK(canonical(doc) == "# T\n\nThe group should meet in May.\nTyped.\n\nSecond paragraph here.\n");
  }

  TEST_CASE("brackets keep their ids where their words stay") {
    crdt::Doc doc = doc_with(section_of({paragraph({text_run("a "), in_brackets("b", "kept"), text_run(" c")})}));
    const Section wanted =
        section_of({paragraph({text_run("new a "), in_brackets("b", "1"), text_run(" c "), in_brackets("d", "2")})});
    REQUIRE(replace_section(doc, wanted).has_value());
    const Section read = read_section(doc);
    std::vector<std::string> ids;
    for (const Inline& one : read.body.front().inlines)
      for (const std::string& id : one.marks.brackets) ids.push_back(id);
    REQUIRE(ids.size() == 2);
    CHECK(ids[0] == "kept");
    CHECK(ids[1] != "2");
    CHECK(ids[1] != "kept");
  }

  TEST_CASE("the title is replaced by as small an edit as can be") {
    crdt::Doc doc = doc_with(section_of({}));
    REQUIRE(replace_title(doc, "Träger der 😀 Aufgaben").has_value());
    REQUIRE(replace_title(doc, "Träger der 😁 Aufgabe").has_value());
    CHECK(read_section(doc).title == "Träger der 😁 Aufgabe");
  }

  TEST_CASE("what the schema does not hold is read as paragraphs with its words, and marked") {
    crdt::Doc doc = doc_with(section_of({paragraph("known")}));
    auto body = doc.xml_fragment("body");
    auto box = body.insert_element(1, "call_out").value();
    auto inner = box.insert_element(0, "paragraph").value();
    REQUIRE(inner.insert_text(0).value().insert(0, "inside").has_value());
    const Section read = read_section(doc);
    CHECK(read.has_unknown);
    CHECK(write_canonical(read) == "# T\n\nknown\n\ninside\n");
    // Restoring makes it known again.
    REQUIRE(replace_section(doc, section_of({paragraph("known")})).has_value());
    CHECK_FALSE(read_section(doc).has_unknown);
  }

  TEST_CASE("a mark, a place or a child that an editor would delete with its words is marked as unknown") {
    const auto unknown_after = [](const auto& edit) {
      crdt::Doc doc = doc_with(section_of({paragraph("known")}));
      auto body = doc.xml_fragment("body");
      edit(body);
      return read_section(doc).has_unknown;
    };
    crdt::Attributes colour;
    colour.set("colour", "red");
    CHECK(unknown_after([&](crdt::XmlFragment& body) {
      auto element = crdt::XmlElement::from(std::get<crdt::Shared>(body.children()[0]));
      auto text = crdt::XmlText::from(std::get<crdt::Shared>(element->children()[0]));
      REQUIRE(text->format(0, 2, colour).has_value());
    }));
    CHECK(unknown_after(
        [](crdt::XmlFragment& body) { REQUIRE(body.insert_text(0).value().insert(0, "loose").has_value()); }));
    CHECK_FALSE(unknown_after([](crdt::XmlFragment& body) { REQUIRE(body.insert_text(0).has_value()); }));
    CHECK(unknown_after([](crdt::XmlFragment& body) {
      auto list = body.insert_element(0, "bullet_list").value();
      auto stray = list.insert_element(0, "paragraph").value();
      REQUIRE(stray.insert_text(0).value().insert(0, "in a list").has_value());
    }));
    CHECK_FALSE(
        unknown_after([](crdt::XmlFragment& body) { REQUIRE(body.insert_element(0, "bullet_list").has_value()); }));
    CHECK(unknown_after([](crdt::XmlFragment& body) {
      auto element = crdt::XmlElement::from(std::get<crdt::Shared>(body.children()[0]));
      REQUIRE(element->insert_element(1, "image").has_value());
    }));
  }

  TEST_CASE("an empty text that a client left between blocks is no block and stays") {
    crdt::Doc doc = doc_with(section_of({}));
    auto body = doc.xml_fragment("body");
    REQUIRE(body.remove(0).has_value());
    REQUIRE(body.insert_text(0).has_value());
    REQUIRE(replace_section(doc, section_of({paragraph("words")})).has_value());
    CHECK(canonical(doc) == "# T\n\nwords\n");
    CHECK_FALSE(read_section(doc).has_unknown);
  }

  TEST_CASE("nodes nested without limit are read, written and hashed") {
    crdt::Doc doc(crdt::ClientId{1});
    crdt::XmlFragment at = doc.xml_fragment("body");
    doc.transact([&] {
      for (int i = 0; i < 500; ++i) at = at.insert_element(0, "blockquote").value();
      auto text = at.insert_element(0, "paragraph").value().insert_text(0).value();
      REQUIRE(text.insert(0, "deep").has_value());
    });
    const Section read = read_section(doc);
    CHECK(read.has_unknown);
    CHECK(write_canonical(read).find("deep") != std::string::npos);
    CHECK(content_hash(doc) == content_hash(doc));
    REQUIRE(replace_section(doc, section_of({paragraph("shallow")})).has_value());
    CHECK(canonical(doc) == "# T\n\nshallow\n");
  }

  TEST_CASE("a key of a mark that may overlap itself loses its suffix and nothing else does") {
    CHECK(mark_name("bracket--aB3x/z0=") == "bracket");
    CHECK(mark_name("bracket--aB3x") == "bracket--aB3x");
    CHECK(mark_name("strong") == "strong");
    CHECK(mark_name("a--b--12345678") == "a--b");
  }

  TEST_CASE("a bracket's key is the one y-prosemirror computes") {
    // From y-prosemirror 1.3.7: hashOfJSON({type: "bracket", attrs: {id: "b1"}}).
    Marks marks;
    marks.brackets = {"b1"};
    CHECK(attributes_of(marks).begin()->first == "bracket--0KRpsgai");
  }

  TEST_CASE("the content hash is taken over a plain serialisation") {
    Marks strong;
    strong.strong = true;
    Block block = paragraph({text_run("Yes", strong), text_run(" no")});
    block.dir = "rtl";
    Section section;
    section.title = "Aim";
    section.body = {block};
    crdt::Doc doc = doc_with(section);
    CHECK(serialize_content(doc) == "bossey-content-1;3:Aime(9:paragraph{3:dirs3:rtl}t(s3:Yes{6:strong{}}s3: no{}))");
    CHECK(content_hash(doc) == sha256(serialize_content(doc)));
  }

  TEST_CASE("the content hash agrees with documents made and hashed by npm yjs") {
    std::ifstream in(std::string(BOSSEY_SOURCE_DIR) + "/tests/vectors/content-hash.json");
    const auto cases = nlohmann::json::parse(in, nullptr, false);
    REQUIRE(cases.is_array());
    CHECK(cases.size() >= 10);
    for (const auto& one : cases) {
      CAPTURE(one["name"].get<std::string>());
      const auto hex = one["update"].get<std::string>();
      Bytes update;
      for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        update.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
      crdt::Doc doc(crdt::ClientId{99});
      REQUIRE(doc.apply_update(update).has_value());
      CHECK(serialize_content(doc) == one["serialized"].get<std::string>());
      CHECK(content_hash(doc).hex() == one["content_hash"].get<std::string>());
      // Whatever it is, it has a canonical text.
      const std::string text = canonical(doc);
      CHECK(write_canonical(read_canonical(text).value()) == text);
    }
  }
}
