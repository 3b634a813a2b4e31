#pragma once

#include "drawlab/dataset.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace drawlab {

/// The parts of a training step, in the order of StepTimes::parts.
inline constexpr std::array<const char*, 8> kPartNames = {"products", "copies", "gates",     "modes",
                                                          "latent",   "canvas", "optimiser", "other"};

/// The times of some whole training steps: data, forward, backward, clipping and Adam.
struct StepTimes {
  double seconds = 0;
  std::int64_t steps = 0;
  std::int64_t samples = 0;
  double operations = 0;  // multiplications and additions of matrix products, padding counted
  /// Seconds per part, summed over all threads.
  std::array<double, kPartNames.size()> parts{};
  double fetching = 0;  // seconds of the thread that fetches images
  double starved = 0;   // seconds that the step waited for it

  /// Adds the other times, or subtracts them if `sign` is −1.
  void add(const StepTimes& other, int sign = 1);
};

/// Measures one cell's training steps beside the product rate of this machine, in one process.
class SpeedProbe {
 public:
  /// `dataset` must outlive the probe. `composed`: custom operations in their composed form. Runs two steps, so that
  /// everything made on first use exists.
  SpeedProbe(const CellConfig& cell, const Dataset& dataset, PluginHost& plugins, int threads, bool composed = false);
  ~SpeedProbe();

  int threads() const;
  /// The machine's limit in GFLOP/s: every thread repeats the packed forward product of an LSTM of the model, the
  /// faster one, on the rows of a shard.
  double product_limit(double seconds);
  /// Runs whole steps until `seconds` have passed.
  StepTimes measure(double seconds);

  std::int64_t parameters() const;
  /// Bytes that the tapes of all threads hold.
  std::size_t tape_bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace drawlab
