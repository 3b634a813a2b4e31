#pragma once

#include "drawlab/dataset.hpp"

#include "model/model.hpp"
#include "training/trainer.hpp"
#include "training/workers.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace drawlab {

/// Sums over samples, always added in the order of the samples' shards.
struct RowSums {
  std::int64_t samples = 0;
  double reconstruction = 0;
  double kl = 0;
  double cross_entropy = 0;
  double wrong = 0;
  std::vector<double> kl_glimpse;       // [T], empty for classification
  std::vector<std::int64_t> confusion;  // [K,K], by label and guess; only evaluations of a classifier count it

  void add(const RowSums& other);
  /// Becomes the sums of one shard's pass; padding rows are left out.
  void take(const ForwardPass& pass, const Batch& batch, std::int64_t count);
  /// All zero; keeps its room.
  void clear();
  /// Adds the guesses of one shard's pass to `confusion`; nothing where the pass has no logits.
  void count_guesses(const ForwardPass& pass, const Batch& batch, std::int64_t count);
  /// reconstruction + kl, or the cross-entropy: what is minimised, with the KL at weight 1.
  double nll() const { return reconstruction + kl + cross_entropy; }
  Evaluation mean() const;
};

/// The most likely class of sample b; logits [B,K].
std::int64_t guess_of(Value logits, std::int64_t b);

/// The samples 0 … limit − 1 of a split (all where limit is 0).
std::vector<std::int64_t> first_samples(const DatasetInfo& info, Split split, std::int64_t limit);

/// Runs the model over samples of a split. `proceed(done)` is asked now and then; false stops, and nothing comes back.
std::optional<RowSums> evaluate_samples(const Model& model, Workers& workers, const Dataset& dataset, Split split,
                                        std::span<const std::int64_t> samples, const NoiseKey& noise,
                                        std::int64_t shard_rows, const std::function<bool(std::int64_t)>& proceed);

}  // namespace drawlab
