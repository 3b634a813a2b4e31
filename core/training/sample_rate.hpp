#pragma once

#include "system/stopwatch.hpp"

#include <algorithm>
#include <cstdint>

namespace drawlab {

/// Samples per second over the last five seconds of work.
class SampleRate {
 public:
  void restart() { *this = SampleRate(); }
  void add(std::int64_t samples) {
    samples_ += samples;
    const double seconds = watch_.seconds();
    if (value_ == 0 || seconds > 1) value_ = static_cast<double>(samples_) / std::max(seconds, 1e-9);
    if (seconds > 5) {
      watch_.restart();
      samples_ = 0;
    }
  }
  double value() const { return value_; }

 private:
  Stopwatch watch_;
  std::int64_t samples_ = 0;
  double value_ = 0;
};

}  // namespace drawlab
