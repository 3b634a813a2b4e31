#include "training/training_step.hpp"

#include "drawlab/ops.hpp"

#include "engine.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab {

namespace {

constexpr std::int64_t kBlock = 16384;  // parameters that one task sums or updates

std::int64_t block_count(std::int64_t n) { return (n + kBlock - 1) / kBlock; }

/// The share of the way that the running mean of the weights moves towards the weights after step `t`.
float averaging_share(double decay, double t) {
  constexpr double kFirst = 9;
  return static_cast<float>(1 - std::min(decay, t / (t + kFirst)));
}

}  // namespace

TrainingStep::TrainingStep(const Model& model, ParameterStore& store, PackedWeights& packed, Workers& workers,
                           const TrainingOptions& options)
    : model_(model),
      store_(store),
      packed_(packed),
      workers_(workers),
      options_(options),
      first_(static_cast<std::size_t>(store.padded_count())),
      second_(static_cast<std::size_t>(store.padded_count())),
      average_(options.averaging > 0 ? static_cast<std::size_t>(store.padded_count()) : 0) {}

const TrainingStep::Result& TrainingStep::run(const PreparedBatch& batch, const StepSettings& settings) {
  const std::size_t shards = batch.shards();
  while (gradients_.size() < shards) gradients_.emplace_back(static_cast<std::size_t>(store_.padded_count()));
  if (shard_sums_.size() < shards) shard_sums_.resize(shards);
  const NoiseKey noise{settings.seed, Purpose::latent_training, static_cast<std::uint64_t>(settings.total_step), 1};
  const float weight = 1.0F / static_cast<float>(batch.samples());
  workers_.run(static_cast<std::int64_t>(shards), [&](std::int64_t index, Worker& worker) {
    const auto i = static_cast<std::size_t>(index);
    const std::int64_t count = batch.shard(i).count;
    Tape& tape = worker.tape;
    tape.reset();
    tape.set_recording(true);
    const ForwardPass pass = model_.forward(tape, batch.numbers(i), noise, settings.kl_weight);
    shard_sums_[i].assign(pass, batch.numbers(i), count);
    worker.row_weights.assign(batch.shard(i).samples.size(), 0.0F);
    std::fill_n(worker.row_weights.begin(), count, weight);
    tape.backward(weighted_sum(pass.loss, worker.row_weights), gradients_[i].span());
  });

  result_.sums.clear();
  for (std::size_t i = 0; i < shards; ++i) result_.sums.add(shard_sums_[i]);
  result_.gradient_norm = sum_gradients(shards);
  result_.finite = std::isfinite(result_.sums.nll()) && std::isfinite(result_.gradient_norm);
  if (!result_.finite) return result_;
  const bool clip = options_.clip_norm > 0 && result_.gradient_norm > options_.clip_norm;
  update(settings, clip ? options_.clip_norm / result_.gradient_norm : 1);
  return result_;
}

/// Adds all shards' gradients to the first shard's, always in the shards' order, and returns the norm.
double TrainingStep::sum_gradients(std::size_t shards) {
  const std::int64_t n = store_.padded_count();
  squares_.resize(static_cast<std::size_t>(block_count(n)));
  workers_.run(block_count(n), [&](std::int64_t block, Worker& worker) {
    const WorkScope work(worker.tape.engine(), Part::optimiser);
    const std::int64_t start = block * kBlock;
    const std::int64_t count = std::min(kBlock, n - start);
    float* const total = gradients_[0].data() + start;
    for (std::size_t s = 1; s < shards; ++s) kernels::pass_on(gradients_[s].data() + start, {total, false}, count);
    squares_[static_cast<std::size_t>(block)] = kernels::sum_of_squares(total, count);
  });
  double sum = 0;
  for (const double square : squares_) sum += square;
  return std::sqrt(sum);
}

void TrainingStep::update(const StepSettings& settings, double scale) {
  const double t = static_cast<double>(settings.total_step + 1);
  const double correction = std::sqrt(1 - std::pow(options_.beta2, t));
  const kernels::AdamStep step{
      static_cast<float>(settings.learning_rate * correction / (1 - std::pow(options_.beta1, t))),
      static_cast<float>(options_.beta1),
      static_cast<float>(options_.beta2),
      static_cast<float>(1 - options_.beta1),
      static_cast<float>(1 - options_.beta2),
      static_cast<float>(options_.epsilon * correction),
      static_cast<float>(scale)};
  const float share = averaging_share(options_.averaging, static_cast<double>(settings.total_step));
  const std::int64_t n = store_.padded_count();
  workers_.run(block_count(n), [&](std::int64_t block, Worker& worker) {
    const WorkScope work(worker.tape.engine(), Part::optimiser);
    const std::int64_t start = block * kBlock;
    const std::int64_t count = std::min(kBlock, n - start);
    float* const values = store_.values().data() + start;
    kernels::adam(step, gradients_[0].data() + start, first_.data() + start, second_.data() + start, values, count);
    if (average_.size() == 0) return;
    float* const average = average_.data() + start;
    for (std::int64_t i = 0; i < count; ++i) average[i] += share * (values[i] - average[i]);
  });
  workers_.run(packed_.count(), [&](std::int64_t index, Worker& worker) {
    const WorkScope work(worker.tape.engine(), Part::optimiser);
    packed_.pack(index);
  });
}

}  // namespace drawlab
