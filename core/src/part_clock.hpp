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
  /// Time counts for as long as it lives, beginning with `part`.
  class Run {
   public:
    Run(PartClock& clock, Part part) : clock_(clock) { clock_.start(part); }
    ~Run() { clock_.stop(); }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

   private:
    PartClock& clock_;
  };
  /// No time counts for as long as it lives; then it does again.
  class Pause {
   public:
    explicit Pause(PartClock& clock) : clock_(clock), part_(clock.part()) { clock_.stop(); }
    ~Pause() { clock_.start(part_); }
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    PartClock& clock_;
    Part part_;
  };
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
  void start(Part part) {
    part_ = part;
    if (on_) since_ = Clock::now();
  }
  void stop() {
    if (on_) take();
  }
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
