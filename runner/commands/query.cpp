#include "results/query.hpp"

#include "results/canned_query.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/shared_options.hpp"

#include <map>

namespace drawlab::runner {
namespace {

/// The canned queries with their parameters.
results::Table list_queries() {
  results::Table table{{"query", "parameters", "what it shows"}, {}};
  for (const results::CannedQuery& query : results::canned_queries()) {
    std::string parameters;
    for (const auto& parameter : query.parameters) {
      parameters += (parameters.empty() ? "" : " ") + parameter.name;
      if (parameter.standard) parameters += "=" + *parameter.standard;
    }
    table.rows.push_back({query.name, parameters, query.summary});
  }
  return table;
}

struct Query : CommandLine {
  const std::string& query = argument(query_text(), "name of a canned query, or one SQL statement", Need::optional);
  const std::vector<Setting>& parameters = options("param,p", setting(), "value of :KEY in the query");
  DatabaseOption database{*this};
  FormatOption format{*this};

  int run() const override {
    std::map<std::string, std::string> values;
    for (const auto& [name, value] : parameters) values[name] = value;
    format.print(query.empty() ? list_queries() : results::run_query(database.path, query, values));
    return 0;
  }
};

}  // namespace

Command query_command() {
  return command<Query>("query", "runs read-only SQL or a canned query on the results",
                        "Runs a canned query or read-only SQL on the results database. Without an argument it lists "
                        "the canned queries.");
}

}  // namespace drawlab::runner
