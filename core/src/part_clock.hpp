#pragma once

#include "drawlab/tape.hpp"

#include <array>
#include <chrono>

namespace drawlab {

/// Seconds by part.
using PartSeconds = std::array<double, kPartCount>;

/// Adds up the time that one thread spends on each part of its work, once switched on.
class PartClock {
 public:
  void switch_on() { on_ = true; }
  /// From here to stop(), time counts.
  void start(Part part) {
    part_ = part;
    if (on_) since_ = Clock::now();
  }
  void stop() {
    if (on_) take();
  }
  /// What follows is `part`.
  void enter(Part part) {
    if (part == part_) return;
    if (on_) take();
    part_ = part;
  }
  Part part() const { return part_; }
  const PartSeconds& seconds() const { return seconds_; }

 private:
  using Clock = std::chrono::steady_clock;
  void take() {
    const Clock::time_point now = Clock::now();
    seconds_[static_cast<std::size_t>(part_)] += std::chrono::duration<double>(now - since_).count();
    since_ = now;
  }
  bool on_ = false;
  Part part_ = Part::other;
  Clock::time_point since_;
  PartSeconds seconds_{};
};

}  // namespace drawlab
