#include "runner/commands/arguments.hpp"
#include "runner/commands/command_description.hpp"
#include "runner/commands/commands.hpp"

#include <iostream>

namespace drawlab::runner {

int completion_command(const std::vector<std::string>& words) {
  Arguments arguments(
      "completion [options]",
      "Prints a completion script for bash. To use it at once: eval \"$(drawlab completion)\"; for good, "
      "write it to\n~/.local/share/bash-completion/completions/drawlab.");
  if (!arguments.parse(words, std::cout)) return 0;
  std::cout << bash_completion(describe_commands(commands()));
  return 0;
}

int manual_command(const std::vector<std::string>& words) {
  Arguments arguments("manual [options]", "Prints the manual page: drawlab manual | man -l -");
  if (!arguments.parse(words, std::cout)) return 0;
  std::cout << manual_page(describe_commands(commands()));
  return 0;
}

}  // namespace drawlab::runner
