// A report as one Markdown file to download: CommonMark with GFM tables and footnotes, each text that is not agreed
// after its disclaimer. Called by the API's download route. It is no canonical text and is not read back.
#pragma once

#include <string>

#include "export/report_view.hpp"

namespace bossey::exporting {

/// UTF-8, LF. Footnotes are numbered through the whole report.
[[nodiscard]] std::string markdown_report(const ReportView& view);

}  // namespace bossey::exporting
