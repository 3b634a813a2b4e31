#pragma once

#include "runner/commands/command_line.hpp"

#include <memory>
#include <string>
#include <vector>

namespace drawlab::runner {

/// A command, or a group of commands, as data. `execute` runs it; help, completion and the manual page print it.
struct Command {
  std::string name;
  std::string summary;                 // a line in the list of commands
  std::string description;             // sentences for its own help, paragraphs separated by an empty line
  std::vector<Command> commands = {};  // of a group; one of them follows
  /// The command with fresh values of its options; null for a group.
  std::unique_ptr<CommandLine> (*make)() = nullptr;
};

template <class Line>
Command command(std::string name, std::string summary, std::string description) {
  const auto make = []() -> std::unique_ptr<CommandLine> { return std::make_unique<Line>(); };
  return {std::move(name), std::move(summary), std::move(description), {}, make};
}

/// Runs the command by the words that follow its name; returns the exit code. `path` is what was typed up to and
/// including that name: "drawlab data". Throws ConfigError for mistakes in the words, and what the command throws.
int execute(const Command& command, std::vector<std::string> words, const std::string& path);

/// What `--help` prints, at most 80 columns wide.
std::string help_text(const Command& command, const std::string& path);

}  // namespace drawlab::runner
