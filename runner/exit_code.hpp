#pragma once

#include <exception>

namespace drawlab::runner {

// What the program's exit codes mean; scripts rely on them. 128 + the signal's number where a signal stopped it.
inline constexpr int kDone = 0;
inline constexpr int kSomeFailed = 1;
inline constexpr int kUsage = 2;
inline constexpr int kNothingMatched = 3;
inline constexpr int kDatabase = 4;
inline constexpr int kDataset = 5;
inline constexpr int kPlugin = 6;

/// The exit code of an error that ended a command.
int exit_code_of(const std::exception& error);
/// The exit code of a program that a signal stopped: 130 for SIGINT, 143 for SIGTERM.
int exit_code_of(int signal);

}  // namespace drawlab::runner
