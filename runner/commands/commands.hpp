#pragma once

#include "runner/commands/command.hpp"

#include <vector>

namespace drawlab::runner {

/// All commands, in the order in which the help lists them.
std::vector<Command> commands();

Command run_command();
Command runs_command();
Command show_command();
Command compare_command();
Command watch_command();
Command query_command();
Command report_command();
Command export_command();
Command publish_command();
Command evaluate_command();
Command sample_command();
Command animate_command();
Command neighbours_command();
Command data_command();
Command plugins_command();
Command new_command();
Command bench_command();
Command doctor_command();
Command completion_command();
Command manual_command();
Command cell_command();

}  // namespace drawlab::runner
