#pragma once

#include <span>
#include <string>
#include <vector>

namespace drawlab::runner {

/// One word after `drawlab`.
struct Command {
  const char* name;
  const char* summary;
  /// Gets the words that follow; returns the exit code.
  int (*run)(const std::vector<std::string>& words);
};

/// All commands, in the order in which the help lists them.
std::span<const Command> commands();

int run_command(const std::vector<std::string>& words);
int cell_command(const std::vector<std::string>& words);
int runs_command(const std::vector<std::string>& words);
int show_command(const std::vector<std::string>& words);
int compare_command(const std::vector<std::string>& words);
int query_command(const std::vector<std::string>& words);
int export_command(const std::vector<std::string>& words);
int publish_command(const std::vector<std::string>& words);
int evaluate_command(const std::vector<std::string>& words);
int sample_command(const std::vector<std::string>& words);
int bench_command(const std::vector<std::string>& words);
int doctor_command(const std::vector<std::string>& words);
int animate_command(const std::vector<std::string>& words);
int neighbours_command(const std::vector<std::string>& words);
int report_command(const std::vector<std::string>& words);
int watch_command(const std::vector<std::string>& words);
int completion_command(const std::vector<std::string>& words);
int manual_command(const std::vector<std::string>& words);
int plugins_command(const std::vector<std::string>& words);
int new_command(const std::vector<std::string>& words);

}  // namespace drawlab::runner
