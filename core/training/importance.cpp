#include "training/importance.hpp"

#include "drawlab/error.hpp"

#include "training/workers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace drawlab {

void LogMean::add(double log_weight) {
  if (count_ == 0 || log_weight > greatest_) {
    const double shrink = count_ == 0 ? 0 : std::exp(greatest_ - log_weight);
    sum_ *= shrink;
    squares_ *= shrink * shrink;
    greatest_ = log_weight;
  }
  const double weight = std::exp(log_weight - greatest_);
  sum_ += weight;
  squares_ += weight * weight;
  ++count_;
}

double LogMean::log_mean() const {
  if (count_ == 0) return -std::numeric_limits<double>::infinity();
  return greatest_ + std::log(sum_) - std::log(static_cast<double>(count_));
}

double LogMean::effective_count() const { return count_ == 0 ? 0 : sum_ * sum_ / squares_; }

double LogMean::variance() const {
  if (count_ < 2) return std::numeric_limits<double>::quiet_NaN();
  const auto n = static_cast<double>(count_);
  return std::max(0.0, n / effective_count() - 1) / (n - 1);
}

void add_log_weights(const Model& model, Tape& tape, const Batch& batch, const NoiseKey& noise,
                     std::span<LogMean> means) {
  tape.reset();
  tape.set_recording(false);
  Trace trace;
  const ForwardPass pass = model.forward(tape, batch, noise, 1, &trace);
  if (trace.latents.empty()) throw Error("an importance-weighted bound needs latents, and this model has none");
  tape.visit([&]<class T>(T) {
    for (std::size_t b = 0; b < means.size(); ++b) {
      double log_weight = -static_cast<double>(Tape::data<T>(pass.reconstruction)[b]);
      for (const LatentDraw& latent : trace.latents) {
        const auto D = static_cast<std::size_t>(latent.z.shape().row_size());
        const T* const log_sigma = Tape::data<T>(latent.mu_log_sigma) + b * 2 * D + D;
        const T* const epsilon = Tape::data<T>(latent.noise) + b * D;
        const T* const z = Tape::data<T>(latent.z) + b * D;
        for (std::size_t j = 0; j < D; ++j) {
          const auto drawn = static_cast<double>(epsilon[j]);
          const auto at = static_cast<double>(z[j]);
          log_weight += (drawn * drawn - at * at) / 2 + static_cast<double>(log_sigma[j]);
        }
      }
      means[b].add(log_weight);
    }
  });
}

namespace {

/// Draws per shard before the next shard, so that the progress moves.
constexpr std::int64_t kDrawsAtOnce = 16;

ImportanceBound summary(std::span<const LogMean> means, std::int64_t draws) {
  ImportanceBound bound;
  bound.samples = static_cast<std::int64_t>(means.size());
  bound.draws = draws;
  double variance = 0;
  for (const LogMean& mean : means) {
    bound.nll -= mean.log_mean();
    bound.effective_draws += mean.effective_count();
    variance += mean.variance();
  }
  const auto n = static_cast<double>(std::max<std::size_t>(means.size(), 1));
  bound.nll /= n;
  bound.effective_draws /= n;
  bound.standard_error = std::sqrt(variance) / n;
  return bound;
}

}  // namespace

ImportanceBound importance_bound(const Model& model, Workers& workers, const Dataset& dataset, Split split,
                                 std::span<const std::int64_t> samples, const NoiseKey& noise, std::int64_t draws,
                                 std::int64_t shard_rows, const std::function<void(double)>& progress) {
  const std::vector<Shard> shards = cut_into_shards(samples, shard_rows);
  const auto all = static_cast<std::int64_t>(shards.size());
  const std::int64_t stride = std::int64_t{4} * workers.threads();
  std::vector<LogMean> means(samples.size());
  for (std::int64_t start = 0; start < all; start += stride) {
    const std::int64_t count = std::min(stride, all - start);
    for (std::int64_t draw = 0; draw < draws; draw += kDrawsAtOnce) {
      const std::int64_t end = std::min(draws, draw + kDrawsAtOnce);
      workers.run(count, [&](std::int64_t index, Worker& worker) {
        const Shard& shard = shards[static_cast<std::size_t>(start + index)];
        const auto own = std::span(means).subspan(static_cast<std::size_t>((start + index) * shard_rows),
                                                  static_cast<std::size_t>(shard.count));
        const Batch batch = worker.batch.fill(dataset, split, shard, 0);
        for (std::int64_t k = draw; k < end; ++k) {
          NoiseKey key = noise;
          key.a += static_cast<std::uint64_t>(k);
          add_log_weights(model, worker.tape, batch, key, own);
        }
      });
      progress((static_cast<double>(start) + static_cast<double>(count * end) / static_cast<double>(draws)) /
               static_cast<double>(all));
    }
  }
  return summary(means, draws);
}

}  // namespace drawlab
