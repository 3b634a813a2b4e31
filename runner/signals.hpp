#pragma once

namespace drawlab::runner {

/// Catches SIGINT and SIGTERM while it lives: the first asks to stop, later ones are counted. SIGPIPE is ignored, and
/// SIGHUP asks to stop like SIGTERM. One at a time in a process.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// 0 until one comes, then the first one's number.
  static int first();
  /// How many have come.
  static int count();
  /// Becomes readable when one comes.
  static int descriptor();
  /// As if the signal had come.
  static void request(int number);
};

/// The exit code for a program that a signal stopped: 130 for SIGINT, 143 for SIGTERM.
int exit_code_of(int signal);

}  // namespace drawlab::runner
