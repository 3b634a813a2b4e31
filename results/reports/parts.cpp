#include "results/reports/parts.hpp"

#include "drawlab/error.hpp"

namespace drawlab::results {

std::string report_part(std::string_view name) {
  for (const ReportPart& part : report_parts()) {
    if (part.name == name) return std::string(part.text);
  }
  throw Error("the report's part " + std::string(name) + " was not built into this program");
}

}  // namespace drawlab::results
