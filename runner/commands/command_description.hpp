#pragma once

#include <span>
#include <string>
#include <vector>

namespace drawlab::runner {

struct Command;

/// A command as its own option table tells it.
struct CommandDescription {
  struct Option {
    std::string long_name;   // without dashes
    std::string short_name;  // one letter or empty
    std::string value;       // "FILE", with the default where there is one; empty: it takes none
    std::string text;
  };
  std::string name;
  std::string usage;    // what follows `drawlab `
  std::string summary;  // sentences
  std::vector<Option> options;
};

/// Asks each command for its option table.
std::vector<CommandDescription> describe_commands(std::span<const Command> commands);

/// A completion script for bash: commands, options, and what options and arguments take, run ids and the names of
/// experiments and plugins among it.
std::string bash_completion(const std::vector<CommandDescription>& commands);
/// A manual page of section 1.
std::string manual_page(const std::vector<CommandDescription>& commands);

}  // namespace drawlab::runner
