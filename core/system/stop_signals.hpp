#pragma once

#include <csignal>
#include <thread>

namespace drawlab {

/// Catches SIGINT and SIGTERM while it lives: the first asks to stop, later ones are counted. SIGPIPE is ignored, and
/// SIGHUP asks to stop like SIGTERM. One at a time in a process, made before its other threads.
///
/// The signals are blocked in the thread that makes this and in all that are started later, and are taken by a thread
/// that does nothing else. No handler may run where matrix products do: some kernels of oneDNN (those for AVX2, on long
/// rows) move the stack pointer into a buffer of theirs, and a handler's frame would lie on what stands before it.
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

 private:
  void listen() const;

  sigset_t blocked_before_{};
  int signals_ = -1;  // readable when a signal is waiting
  int ending_ = -1;   // readable when this is to end
  std::thread listener_;
};

}  // namespace drawlab
