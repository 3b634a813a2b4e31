#include "results/format.hpp"
#include "runner/commands/columns.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/doctor_checks.hpp"
#include "runner/commands/shared_options.hpp"

#include <fmt/format.h>

#include <iostream>

namespace drawlab::runner {
namespace {

/// For people: a line per finding, its remedy below.
void print_lines(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    std::cout << results::terminal_text(
                     fmt::format("{:<5}  {:<11}  {}", state_word(finding.state), finding.part, finding.found))
              << "\n";
    if (finding.state != Finding::State::fine && !finding.remedy.empty()) {
      std::cout << fmt::format("{:<20}-> {}\n", "", results::terminal_text(finding.remedy));
    }
  }
}

struct Doctor : CommandLine {
  DatabaseOption database{*this};
  PluginPathOption plugins{*this};
  FormatOption format{*this};

  int run() const override {
    const std::vector<Finding> findings = examine(database.path, plugins.absolute_folders());
    if (format.format == results::Format::table) {
      print_lines(findings);
    } else {
      format.print(table_of<Finding>(findings, {{"part", &Finding::part},
                                                {"state", [](const Finding& each) { return state_word(each.state); }},
                                                {"found", &Finding::found},
                                                {"remedy", &Finding::remedy}}));
    }
    for (const Finding& finding : findings) {
      if (finding.exit_code != 0) return finding.exit_code;
    }
    return 0;
  }
};

}  // namespace

Command doctor_command() {
  return command<Doctor>("doctor", "finds what is wrong here and says how to mend it",
                         "Checks the program, plugins, datasets, database and checkpoints, and says how to mend what "
                         "is wrong. Changes nothing.\n\nExit code: 0, or that of the first problem.");
}

}  // namespace drawlab::runner
