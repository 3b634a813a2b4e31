#include "results/canned_query.hpp"

#include "drawlab/error.hpp"

#include "results/embedded_sql.hpp"

#include <sstream>

namespace drawlab::results {

namespace {

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// `:limit [10]: rows at most`, or `:run: the run's number` where there is no default.
CannedQuery::Parameter parse_parameter(const std::string& line) {
  CannedQuery::Parameter parameter;
  const auto name_end = line.find_first_of(" :[", 1);
  DRAWLAB_ASSERT(name_end != std::string::npos);
  parameter.name = line.substr(1, name_end - 1);
  auto text_begin = line.find(':', name_end);
  if (const auto open = line.find_first_not_of(' ', name_end); line[open] == '[') {
    const auto close = line.find(']', open);
    DRAWLAB_ASSERT(close != std::string::npos);
    parameter.standard = line.substr(open + 1, close - open - 1);
    text_begin = line.find(':', close);
  }
  DRAWLAB_ASSERT(text_begin != std::string::npos);
  parameter.text = trimmed(line.substr(text_begin + 1));
  return parameter;
}

}  // namespace

std::vector<CannedQuery> canned_queries() {
  std::vector<CannedQuery> queries;
  for (const EmbeddedSql& file : embedded_queries()) {
    CannedQuery query;
    query.name = std::string(file.name);
    query.sql = std::string(file.text);
    std::istringstream lines(query.sql);
    for (std::string line; std::getline(lines, line) && line.starts_with("--");) {
      const std::string text = trimmed(line.substr(2));
      if (text.starts_with(':')) {
        query.parameters.push_back(parse_parameter(text));
      } else {
        query.summary += (query.summary.empty() ? "" : " ") + text;
      }
    }
    queries.push_back(std::move(query));
  }
  return queries;
}

}  // namespace drawlab::results
