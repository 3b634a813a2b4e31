#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace drawlab {

/// The parts of a training step whose times `drawlab bench` shows.
enum class Part : std::uint8_t {
  products,   // matrix products of linear layers
  copies,     // gathering their inputs and spreading their gradients
  gates,      // of the LSTMs
  modes,      // read and write without their products
  latent,     // noise, z and its KL
  canvas,     // error image, canvas and reconstruction
  optimiser,  // summing gradients, clipping, Adam, packing
  other,
};
inline constexpr std::size_t kPartCount = 8;

/// Seconds, indexed by Part.
using PartSeconds = std::array<double, kPartCount>;

/// Adds up the time that one thread spends on each part of its work, once switched on.
class PartClock {
 public:
  void switch_on() { on_ = true; }
  bool on() const { return on_; }
  /// Runs the clock for as long as it lives, beginning with `part`.
  class Run {
   public:
    Run(PartClock& clock, Part part) : clock_(clock) { clock_.start(part); }
    ~Run() { clock_.stop(); }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

   private:
    PartClock& clock_;
  };
  /// Stops the clock for as long as it lives.
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
  /// Attributes the time from here on to `part`; returns the previous part.
  Part enter(Part part) {
    const Part before = part_;
    if (on_ && part != before) take();
    part_ = part;
    return before;
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
