#include "preparation.hpp"

#include "drawlab/error.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <sstream>

namespace drawlab::svhn {

namespace {

/// Signals that a program gets when its input crashes it.
bool is_crash(int signal) {
  constexpr std::array<int, 6> kCrashes = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGXCPU};
  return std::ranges::find(kCrashes, signal) != kCrashes.end();
}

[[noreturn]] void throw_signal(Format format, const std::string& input, int signal) {
  const std::string which = "(signal " + std::to_string(signal) + ", " + ::strsignal(signal) + ")";
  if (signal == SIGKILL) {
    // This is how the system ends a program when memory runs out.
    throw DataError(input + ": the program that reads it was killed " + which +
                    ", as happens where memory runs out; the file is probably damaged, or too large for this machine");
  }
  if (!is_crash(signal)) throw SystemError(input + ": the program that reads it was ended " + which);
  throw DataError(input + ": brought down the program that reads it " + which + "; the file" +
                  (format == Format::numbers ? ", or an image beside it," : "") + " is damaged or not what it seems");
}

}  // namespace

void prepare(Format format, const std::filesystem::path& input, const std::filesystem::path& output,
             const DatasetContext& context, const PreparationLimits& limits,
             const std::function<void(double)>& progress) {
  HelperProgram program;
  program.command = {limits.program, format == Format::numbers ? "numbers" : "digits", input, output};
  program.output = output;
  program.silence = limits.silence;
  const ProgramEnd end = context.run(program, [&](const std::string& line) {
    std::istringstream counts(line);
    double done = 0;
    double all = 0;
    if (progress && counts >> done >> all && all > 0) progress(std::min(done / all, 1.0));
  });
  const std::string file = input.string();
  if (end.was_silent) {
    throw DataError(file + ": reading it made no progress for " + std::to_string(limits.silence.count()) +
                    " s and was ended; the file is probably damaged");
  }
  if (end.signal != 0) throw_signal(format, file, end.signal);
  if (end.exit_code == 0) return;
  if (end.exit_code == kDataExit && !end.errors.empty()) throw DataError(end.errors);
  if (!end.errors.empty()) throw SystemError(end.errors);
  throw DataError(file + ": the program that reads it ended with status " + std::to_string(end.exit_code));
}

}  // namespace drawlab::svhn
