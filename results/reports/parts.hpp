#pragma once

#include <span>
#include <string>
#include <string_view>

namespace drawlab::results {

/// A template, style sheet, script or licence that a report is made of, carried in the program.
struct ReportPart {
  std::string_view name;  // its path below results/reports: `parts/report.mustache`
  std::string_view text;
};

std::span<const ReportPart> report_parts();
/// The text of one of them.
std::string report_part(std::string_view name);

}  // namespace drawlab::results
