#pragma once

#include <exception>

namespace drawlab::runner {

// The program's exit codes; scripts rely on them. A signal that stops it gives 128 + its number.
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
