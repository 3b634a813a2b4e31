#pragma once

#include "drawlab/dataset.hpp"

#include "model/model.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace drawlab {

class Workers;

/// A bound averaged over samples.
struct Evaluation {
  std::int64_t samples = 0;
  double nll = 0;  // reconstruction + kl (generate) or cross-entropy (classify), nats per image
  double reconstruction = 0;
  double kl = 0;
  double error = 0;                     // share of wrong labels (classify)
  std::vector<double> kl_glimpse;       // [T]
  std::vector<std::int64_t> confusion;  // [K,K], label by guess (classify)
};

/// Sums over samples. They are always added in the order of the samples' shards, so that the bits do not depend on
/// threads.
struct RowSums {
  std::int64_t samples = 0;
  double reconstruction = 0;
  double kl = 0;
  double cross_entropy = 0;
  double wrong = 0;
  std::vector<double> kl_glimpse;       // [T], empty for classification
  std::vector<std::int64_t> confusion;  // [K,K], label by guess; counted by evaluations of a classifier only

  void add(const RowSums& other);
  /// Replaces the sums by those of one shard's pass, over its first `count` rows (the others are padding).
  void assign(const ForwardPass& pass, const Batch& batch, std::int64_t count);
  /// Sets everything to zero and keeps the memory.
  void clear();
  /// Adds the guesses of one shard's pass to `confusion`. Does nothing if the pass has no logits.
  void count_guesses(const ForwardPass& pass, const Batch& batch, std::int64_t count);
  /// reconstruction + kl, or the cross-entropy: the training loss with the KL at weight 1.
  double nll() const { return reconstruction + kl + cross_entropy; }
  Evaluation mean() const;
};

/// The most likely class of sample b; logits [B,K].
std::int64_t guess_of(Value logits, std::int64_t b);

/// The samples 0 … limit − 1 of a split (0: all).
std::vector<std::int64_t> first_samples(const DatasetInfo& info, Split split, std::int64_t limit);

/// Runs the model over samples of a split. Calls proceed(samples done) from time to time and returns nothing if it
/// says false.
std::optional<RowSums> evaluate_samples(const Model& model, Workers& workers, const Dataset& dataset, Split split,
                                        std::span<const std::int64_t> samples, const NoiseKey& noise,
                                        std::int64_t shard_rows, const std::function<bool(std::int64_t)>& proceed);

}  // namespace drawlab
