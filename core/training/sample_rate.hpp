#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace drawlab {

/// Samples per second over the last five seconds of work.
class SampleRate {
 public:
  void restart() { *this = SampleRate(); }
  void add(std::int64_t samples) {
    samples_ += samples;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    if (value_ == 0 || seconds > 1) value_ = static_cast<double>(samples_) / std::max(seconds, 1e-9);
    if (seconds > 5) {
      start_ = std::chrono::steady_clock::now();
      samples_ = 0;
    }
  }
  double value() const { return value_; }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::int64_t samples_ = 0;
  double value_ = 0;
};

}  // namespace drawlab
