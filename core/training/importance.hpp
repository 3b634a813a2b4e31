#pragma once

#include "drawlab/dataset.hpp"

#include "model/model.hpp"
#include "training/trainer.hpp"
#include "training/workers.hpp"

#include <cstdint>
#include <functional>
#include <span>

namespace drawlab {

/// The mean of weights that are known by their logarithms, one after the other and without keeping them.
class LogMean {
 public:
  void add(double log_weight);
  std::int64_t count() const { return count_; }
  /// log (1/K) Σ w_k; −∞ before the first.
  double log_mean() const;
  /// (Σ w)² / Σ w², between 1 and K: how many equal weights would be as certain.
  double effective_count() const;
  /// Of log_mean, to first order: the squared standard error of the mean by the mean squared. Not-a-number where K < 2.
  double variance() const;

 private:
  std::int64_t count_ = 0;
  double greatest_ = 0;  // of the logarithms; what is summed is relative to it
  double sum_ = 0;
  double squares_ = 0;
};

/// Adds log p(x, z_1…T) − log q(z_1…T | x) of one pass, row by row, to as many means as there are; rows beyond them
/// are padding. log q − log p of a latent is Σ_j (½ z_j² − ½ ε_j² − log σ_j). Throws Error where there are no latents.
void add_log_weights(const Model& model, Tape& tape, const Batch& batch, const NoiseKey& noise,
                     std::span<LogMean> means);

/// −log (1/K) Σ_k w_k averaged over samples of a split (Burda, Grosse & Salakhutdinov 2016, equation 8), from the noise
/// keys noise.a … noise.a + draws − 1. Each sample's draws are added in that order, whatever the threads.
ImportanceBound importance_bound(const Model& model, Workers& workers, const Dataset& dataset, Split split,
                                 std::span<const std::int64_t> samples, const NoiseKey& noise, std::int64_t draws,
                                 std::int64_t shard_rows, const std::function<void(double)>& progress);

}  // namespace drawlab
