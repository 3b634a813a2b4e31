#include "results/format.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/doctor_checks.hpp"

#include <fmt/format.h>

#include <iostream>

namespace drawlab::runner {
namespace {

/// For people: a line for each finding, what to do about it below.
void print_lines(const std::vector<Finding>& findings, std::ostream& out) {
  for (const Finding& finding : findings) {
    out << results::terminal_text(
               fmt::format("{:<5}  {:<11}  {}", state_word(finding.state), finding.part, finding.found))
        << "\n";
    if (finding.state != Finding::State::fine && !finding.remedy.empty()) {
      out << fmt::format("{:<20}-> {}\n", "", results::terminal_text(finding.remedy));
    }
  }
}

int exit_code_for(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    if (finding.exit_code != 0) return finding.exit_code;
  }
  return 0;
}

}  // namespace

int doctor_command(const std::vector<std::string>& words) {
  Arguments arguments("doctor [options]",
                      "What is wrong here and how to mend it: program, plugins, datasets, database and checkpoints.\n"
                      "Changes nothing. Exit code 0, or that of the first thing that is wrong.");
  add_database_option(arguments);
  add_plugin_path_option(arguments);
  add_format_option(arguments);
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const results::Format format = results::format_of((*values)["format"].as<std::string>());
  const std::vector<Finding> findings = examine(database_path(*values), plugin_folders(*values));
  if (format == results::Format::table) {
    print_lines(findings, std::cout);
    return exit_code_for(findings);
  }
  results::Table table{{"part", "state", "found", "remedy"}, {}};
  for (const Finding& finding : findings) {
    table.rows.push_back({finding.part, state_word(finding.state), finding.found, finding.remedy});
  }
  std::cout << results::format_table(table, format);
  return exit_code_for(findings);
}

}  // namespace drawlab::runner
