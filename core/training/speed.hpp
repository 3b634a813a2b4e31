#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/tape.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace drawlab {

/// `products`, `copies`, …
const char* part_name(Part part);

/// What a stretch of whole training steps took: data, forward, backward, clipping and Adam.
struct StepTimes {
  double seconds = 0;
  std::int64_t steps = 0;
  std::int64_t samples = 0;
  double operations = 0;  // multiplications and additions of matrix products, padding counted
  /// Seconds of all threads together, by Part.
  std::array<double, kPartCount> parts{};
  double fetching = 0;  // seconds of the thread that fetches images
  double starved = 0;   // seconds that the step waited for it

  StepTimes operator-(const StepTimes& before) const;
  void add(const StepTimes& other);
};

/// Measures one cell's training steps beside the product rate of this machine, in one process.
class SpeedProbe {
 public:
  /// `dataset` must outlive the probe. `composed`: custom operations in their composed form. Runs two steps, so that
  /// everything that is made on first use exists.
  SpeedProbe(const CellConfig& cell, const Dataset& dataset, PluginHost& plugins, int threads, bool composed = false);
  ~SpeedProbe();

  int threads() const;
  /// The machine's limit in GFLOP/s: every thread repeats the packed forward product of one of the model's LSTMs, the
  /// quicker of the two, on a shard's rows.
  double product_limit(double seconds);
  /// Whole steps until `seconds` have passed.
  StepTimes measure(double seconds);

  std::int64_t parameters() const;
  /// Bytes of the tapes of all threads.
  std::size_t tape_bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace drawlab
