#pragma once

#include "drawlab/dataset.hpp"

#include "model/model.hpp"

#include <cstdint>
#include <functional>
#include <span>

namespace drawlab {

class Workers;

/// The importance-weighted bound averaged over samples.
struct ImportanceBound {
  std::int64_t samples = 0;
  std::int64_t draws = 0;      // K, latents drawn per sample
  double nll = 0;              // nats per image
  double standard_error = 0;   // of nll, from the draws alone; not-a-number if K is 1
  double effective_draws = 0;  // (Σw)²/Σw² averaged over the samples, 1…K
};

/// Mean of weights given by their logarithms. Weights are added one at a time and not stored.
class LogMean {
 public:
  void add(double log_weight);
  std::int64_t count() const { return count_; }
  /// log (1/K) Σ w_k; −∞ before the first weight.
  double log_mean() const;
  /// (Σ w)² / Σ w², between 1 and K: the number of equal weights that would be as certain.
  double effective_count() const;
  /// Variance of log_mean to first order: the squared standard error of the mean over the squared mean. Not-a-number
  /// if K < 2.
  double variance() const;

 private:
  std::int64_t count_ = 0;
  double greatest_ = 0;  // logarithm; the sums are relative to it
  double sum_ = 0;
  double squares_ = 0;
};

/// Runs one pass and adds log p(x, z_1…T) − log q(z_1…T | x) of row b to means[b]; further rows are padding.
/// log q − log p of a latent is Σ_j (½ z_j² − ½ ε_j² − log σ_j). Throws Error if the model has no latents.
void add_log_weights(const Model& model, Tape& tape, const Batch& batch, const NoiseKey& noise,
                     std::span<LogMean> means);

/// −log (1/K) Σ_k w_k averaged over samples of a split (Burda, Grosse & Salakhutdinov 2016, equation 8), with the noise
/// keys noise.a … noise.a + draws − 1. Each sample's draws are added in that order with any number of threads.
ImportanceBound importance_bound(const Model& model, Workers& workers, const Dataset& dataset, Split split,
                                 std::span<const std::int64_t> samples, const NoiseKey& noise, std::int64_t draws,
                                 std::int64_t shard_rows, const std::function<void(double)>& progress);

}  // namespace drawlab
