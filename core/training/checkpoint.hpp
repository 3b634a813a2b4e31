#pragma once

#include "drawlab/parameters.hpp"

#include "system/write_file.hpp"
#include "training/evaluation.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace drawlab {

/// The counters and sums of a run; its arrays are in Checkpoint.
struct TrainingState {
  std::int64_t epoch = 0;       // finished
  std::int64_t step = 0;        // optimiser steps taken in the epoch under way
  std::int64_t total_step = 0;  // since the start
  std::int64_t best_epoch = 0;  // 0: none yet
  double best_nll = 0;          // validation bound of the best weights
  RowSums sums;                 // of the epoch under way
  double gradient_norm_sum = 0;
};

/// Everything that a run needs to continue, and its best weights; docs/checkpoint.md names every tensor.
struct Checkpoint {
  ParameterStore& store;
  std::span<float> best;  // padded like the store's arrays
  std::span<float> first_moment;
  std::span<float> second_moment;
  std::span<float> average;  // the running mean of the weights; empty if none is kept

  /// `configuration` is JSON and kept in the file. Returns the SHA-256 of the file's bytes. Throws SystemError.
  std::string write(FileWriter& file, const TrainingState& state, const std::string& configuration) const;
  /// Throws DataError if the file is cut, damaged, or of another model; the sentence names the first tensor that
  /// differs.
  TrainingState read(const std::filesystem::path& file) const;
};

/// Reads only the weights into `store`: the best on validation (the last ones before the first validation), or the
/// last.
void read_weights(const std::filesystem::path& file, bool best, ParameterStore& store);

}  // namespace drawlab
