#pragma once

#include <exception>

namespace drawlab::runner {

/// What the program's exit codes mean; scripts rely on them. 128 + the signal's number where a signal stopped it.
enum ExitCode : int {
  kDone = 0,
  kSomeFailed = 1,
  kUsage = 2,
  kNothingMatched = 3,
  kDatabase = 4,
  kDataset = 5,
  kPlugin = 6,
};

/// The exit code of an error that ended a command.
int exit_code_of(const std::exception& error);

}  // namespace drawlab::runner
