#pragma once

#include "aligned_buffer.hpp"
#include "training/batch_ahead.hpp"
#include "training/evaluation.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace drawlab {

/// What a training step depends on beside the minibatch.
struct StepSettings {
  std::uint64_t seed;
  std::int64_t total_step;  // 0-based
  double learning_rate;
  double kl_weight;
};

/// One minibatch after the other: forward and backward by shards, gradients summed in a fixed order, clipping, Adam.
class TrainingStep {
 public:
  TrainingStep(const Model& model, ParameterStore& store, PackedWeights& packed, Workers& workers,
               const TrainingOptions& options);

  struct Result {
    RowSums sums;
    double gradient_norm = 0;  // before clipping
    bool finite = false;       // loss and gradient; if not, the weights are unchanged
  };
  /// The result is valid until the next step.
  const Result& run(const PreparedBatch& batch, const StepSettings& settings);

  /// Adam's running means of the gradient and of its square, laid out as the store's arrays.
  std::span<float> first_moment() { return first_.span(); }
  std::span<float> second_moment() { return second_.span(); }
  /// The running mean of the weights (Polyak and Juditsky 1992, with exponential weights): after step t = 0, 1, … it
  /// moves towards the weights by 1 − min(averaging, t/(t + 9)) of the way, so that it soon forgets the first steps.
  /// Empty if `averaging` is 0.
  std::span<float> average() { return average_.span(); }

 private:
  double sum_gradients(std::size_t shards);
  void update(const StepSettings& settings, double scale);

  const Model& model_;
  ParameterStore& store_;
  PackedWeights& packed_;
  Workers& workers_;
  TrainingOptions options_;
  std::vector<AlignedBuffer<float>> gradients_;  // by shard
  std::vector<RowSums> shard_sums_;
  std::vector<double> squares_;  // of the gradient, by block
  Result result_;
  AlignedBuffer<float> first_;
  AlignedBuffer<float> second_;
  AlignedBuffer<float> average_;
};

}  // namespace drawlab
