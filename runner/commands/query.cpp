#include "results/query.hpp"

#include "drawlab/error.hpp"

#include "results/canned_query.hpp"
#include "results/format.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"

#include <fmt/format.h>

#include <iostream>
#include <map>

namespace drawlab::runner {
namespace po = boost::program_options;
namespace {

/// The queries that the program carries, with what each can be told.
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

std::map<std::string, std::string> parameters_of(const po::variables_map& values) {
  std::map<std::string, std::string> parameters;
  for (const std::string& word : words_of(values, "param")) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw ConfigError(fmt::format("-p: '{}' is no parameter; write name=value", word));
    }
    parameters[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return parameters;
}

}  // namespace

int query_command(const std::vector<std::string>& words) {
  Arguments arguments("query [NAME_OR_SQL] [-p name=value]… [options]",
                      "Runs a canned query or read-only SQL on the results database; lists the canned queries when no "
                      "name is given.");
  add_database_option(arguments);
  add_format_option(arguments);
  arguments.add()("param,p", po::value<std::vector<std::string>>()->value_name("NAME=VALUE"),
                  "the value of :name in the query; may be given several times");
  arguments.positional("NAME_OR_SQL");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const results::Format format = results::format_of((*values)["format"].as<std::string>());
  const auto query = words_of(*values, "NAME_OR_SQL");
  const results::Table table = query.empty()
                                   ? list_queries()
                                   : results::run_query(database_path(*values), query.front(), parameters_of(*values));
  std::cout << results::format_table(table, format);
  return 0;
}

}  // namespace drawlab::runner
