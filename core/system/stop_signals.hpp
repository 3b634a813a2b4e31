#pragma once

#include <csignal>
#include <thread>

namespace drawlab {

/// Receives SIGINT, SIGTERM and SIGHUP while it exists: the first is a request to stop, later ones are counted. SIGPIPE
/// is ignored. A process has one at a time, made before its other threads.
///
/// The signals are blocked in the thread that makes this and in all later threads; a thread of its own receives them.
/// No handler may run in a thread that computes matrix products: some AVX2 kernels of oneDNN move the stack pointer
/// into a buffer, and a handler's frame would overwrite the numbers below it.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// The number of the first signal; 0 before it.
  static int first();
  /// The number of signals so far.
  static int count();
  /// Becomes readable with the first signal.
  static int descriptor();
  /// Has the effect of a signal.
  static void request(int number);

 private:
  void listen() const;

  sigset_t blocked_before_{};
  int signals_ = -1;  // readable when a signal is waiting
  int ending_ = -1;   // readable when this is to end
  std::thread listener_;
};

}  // namespace drawlab
