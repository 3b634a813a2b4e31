#include "drawlab/version.hpp"

#include "runner/commands/commands.hpp"
#include "runner/exit_code.hpp"

#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace drawlab::runner;

int dispatch(const std::vector<std::string>& words) {
  const Command program{"drawlab", "", "Experiments with DRAW models on a CPU.", commands()};
  if (words.empty()) {
    std::cerr << help_text(program, program.name);
    return kUsage;
  }
  if (words.front() == "--version") {
    std::cout << "drawlab " << drawlab::kVersion << '\n';
    return kDone;
  }
  if (words.front() == "help") {
    std::cout << help_text(program, program.name);
    return kDone;
  }
  return execute(program, words, program.name);
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
