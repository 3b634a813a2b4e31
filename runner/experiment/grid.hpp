#pragma once

#include "drawlab/config.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace drawlab::runner {

/// One `--set key=value`.
struct Override {
  std::string key;  // dotted: training.learning_rate
  ConfigNode value;
};

/// One combination of settings, not yet checked.
struct GridCell {
  ConfigNode settings;  // keys task, dataset, model, read, write, training, seed
  std::string label;    // the varied settings without the seed: "read=gaussian(size=2) write=global"; "base" if none
  std::int64_t repeat = 0;  // 0 … repeats − 1
};

struct Grid {
  std::string experiment;
  std::string description;
  std::vector<GridCell> cells;
};

/// Expands an experiment's tree into its cells: the product of `grid` and `zip`, without `exclude`, with `include`,
/// times `repeats`. Reads no file; mistakes go to `diagnostics`.
Grid expand_grid(const ConfigNode& tree, std::span<const Override> overrides, Diagnostics& diagnostics);

}  // namespace drawlab::runner
