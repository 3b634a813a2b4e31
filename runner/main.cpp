#include "drawlab/config.hpp"
#include "drawlab/version.hpp"

#include "runner/commands/commands.hpp"
#include "runner/exit_code.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace drawlab::runner;

void print_help(std::ostream& out) {
  out << "Usage: drawlab COMMAND [options]\n\nExperiments with DRAW models on a CPU.\n\nCommands\n";
  for (const Command& command : commands()) out << fmt::format("  {:<12}{}\n", command.name, command.summary);
  out << "\n`drawlab COMMAND --help` tells more; `drawlab --version` prints the version.\n";
}

int dispatch(const std::vector<std::string>& words) {
  if (words.empty()) {
    print_help(std::cerr);
    return kUsage;
  }
  const std::string& word = words.front();
  if (word == "--help" || word == "-h" || word == "help") {
    print_help(std::cout);
    return kDone;
  }
  if (word == "--version") {
    std::cout << "drawlab " << drawlab::kVersion << '\n';
    return kDone;
  }
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if (word == command.name) return command.run({words.begin() + 1, words.end()});
    names.emplace_back(command.name);
  }
  std::cerr << fmt::format("drawlab: unknown command '{}'{}\n", word, drawlab::suggestion(word, names));
  return kUsage;
}

}  // namespace

int main(int count, char** words) {
  try {
    return dispatch({words + 1, words + count});
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return exit_code_of(error);
  }
}
