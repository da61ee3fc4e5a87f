// A report as one HTML page for paper or PDF: paged CSS, a disclaimer before each text that is not agreed and its short
// form at the foot of every page. Called by the API's print route. Pure; everything it needs is in the view.
#pragma once

#include <string>

#include "export/report_view.hpp"

namespace bossey::exporting {

/// A whole document, UTF-8, that loads nothing from anywhere.
[[nodiscard]] std::string print_page(const ReportView& view);

}  // namespace bossey::exporting
