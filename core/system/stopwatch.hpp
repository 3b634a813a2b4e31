#pragma once

#include <chrono>
#include <utility>

namespace drawlab {

/// Measures time from its start.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  /// Starts again; returns the seconds until then.
  double restart() {
    const Clock::time_point before = std::exchange(start_, Clock::now());
    return std::chrono::duration<double>(start_ - before).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

}  // namespace drawlab
