#include "training/training_step.hpp"

#include "drawlab/ops.hpp"

#include "kernels/elementwise.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab {

namespace {

constexpr std::int64_t kBlock = 16384;  // parameters that one task sums or updates

std::int64_t block_count(std::int64_t n) { return (n + kBlock - 1) / kBlock; }

}  // namespace

TrainingStep::TrainingStep(const Model& model, ParameterStore& store, kernels::PackedWeights& packed, Workers& workers,
                           const TrainingOptions& options)
    : model_(model),
      store_(store),
      packed_(packed),
      workers_(workers),
      options_(options),
      first_(static_cast<std::size_t>(store.padded_count())),
      second_(static_cast<std::size_t>(store.padded_count())) {}

TrainingStep::Result TrainingStep::run(const Dataset& dataset, std::span<const std::int64_t> samples,
                                       const StepSettings& settings) {
  const std::vector<Shard> shards = cut_into_shards(samples, options_.shard);
  while (gradients_.size() < shards.size()) {
    gradients_.emplace_back(static_cast<std::size_t>(store_.padded_count()));
  }
  const NoiseKey noise{settings.seed, Purpose::latent_training, static_cast<std::uint64_t>(settings.total_step), 1};
  const float weight = 1.0F / static_cast<float>(samples.size());
  std::vector<RowSums> sums(shards.size());
  workers_.run(static_cast<std::int64_t>(shards.size()), [&](std::int64_t index, Worker& worker) {
    const auto i = static_cast<std::size_t>(index);
    const Shard& shard = shards[i];
    const Batch batch = worker.batch.fill(dataset, Split::train, shard, settings.epoch);
    Tape& tape = worker.tape;
    tape.reset();
    tape.set_recording(true);
    const ForwardPass pass = model_.forward(tape, batch, noise, settings.kl_weight);
    sums[i] = RowSums::of(pass, batch, shard.count);
    worker.row_weights.assign(shard.samples.size(), 0.0F);
    std::fill_n(worker.row_weights.begin(), shard.count, weight);
    tape.backward(weighted_sum(pass.loss, worker.row_weights), gradients_[i].span());
  });

  Result result{};
  for (const RowSums& sum : sums) result.sums.add(sum);
  result.gradient_norm = sum_gradients(shards.size());
  result.finite = std::isfinite(result.sums.nll()) && std::isfinite(result.gradient_norm);
  if (!result.finite) return result;
  const bool clip = options_.clip_norm > 0 && result.gradient_norm > options_.clip_norm;
  update(settings, clip ? options_.clip_norm / result.gradient_norm : 1);
  return result;
}

/// Adds all shards' gradients to the first shard's, always in the shards' order, and returns the norm.
double TrainingStep::sum_gradients(std::size_t shards) {
  const std::int64_t n = store_.padded_count();
  std::vector<double> squares(static_cast<std::size_t>(block_count(n)));
  workers_.run(block_count(n), [&](std::int64_t block, Worker&) {
    const std::int64_t start = block * kBlock;
    const std::int64_t count = std::min(kBlock, n - start);
    float* const total = gradients_[0].data() + start;
    for (std::size_t s = 1; s < shards; ++s) kernels::pass_on(gradients_[s].data() + start, total, count, false);
    squares[static_cast<std::size_t>(block)] = kernels::sum_of_squares(total, count);
  });
  double sum = 0;
  for (const double square : squares) sum += square;
  return std::sqrt(sum);
}

void TrainingStep::update(const StepSettings& settings, double scale) {
  const double t = static_cast<double>(settings.total_step + 1);
  const double correction = std::sqrt(1 - std::pow(options_.beta2, t));
  const kernels::AdamStep step{
      static_cast<float>(settings.learning_rate * correction / (1 - std::pow(options_.beta1, t))),
      static_cast<float>(options_.beta1), static_cast<float>(options_.beta2),
      static_cast<float>(options_.epsilon * correction), static_cast<float>(scale)};
  const std::int64_t n = store_.padded_count();
  workers_.run(block_count(n), [&](std::int64_t block, Worker&) {
    const std::int64_t start = block * kBlock;
    kernels::adam(step, gradients_[0].data() + start, first_.data() + start, second_.data() + start,
                  store_.values().data() + start, std::min(kBlock, n - start));
  });
  workers_.run(packed_.count(), [&](std::int64_t index, Worker&) { packed_.pack(index); });
}

}  // namespace drawlab
