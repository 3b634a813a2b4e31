#pragma once

#include "drawlab/dataset.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"
#include "model/drawing.hpp"
#include "training/evaluation.hpp"
#include "training/importance.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

namespace drawlab {

/// The weights of a finished or unfinished run, for evaluation and for pictures.
class TrainedModel {
 public:
  enum class Weights { best, last };
  /// Loads the weights of a checkpoint. Throws DataError.
  TrainedModel(const CellConfig& cell, const ImageShape& image, int classes, PluginHost& plugins,
               const std::filesystem::path& checkpoint, int threads, Weights which = Weights::best);
  ~TrainedModel();

  /// The mean bound over the first `limit` samples of a split (0: all). `pass` selects the noise; training records
  /// pass 0.
  Evaluation evaluate(const Dataset& dataset, Split split, std::int64_t limit = 0, std::uint64_t pass = 0) const;
  /// The importance-weighted bound (see importance.hpp) over the same samples, with the noise of passes
  /// `first` … first + draws − 1. One draw estimates the plain bound; more draws give a tighter one. Calls
  /// progress(share done) from time to time. Throws Error if the model has no latents.
  ImportanceBound importance_bound(const Dataset& dataset, Split split, std::int64_t limit, std::int64_t draws,
                                   std::uint64_t first, const std::function<void(double)>& progress) const;
  /// Draws `count` images from z ~ N(0, temperature²) (equations 7 and 8).
  Drawing sample(std::int64_t count, std::uint64_t seed, double temperature = 1) const;
  /// Reconstructs the given samples, with the read and write windows. A classifier gives the samples themselves, its
  /// read windows, labels and guesses.
  Drawing reconstruct(const Dataset& dataset, Split split, std::span<const std::int64_t> indices) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace drawlab
