#include "training/evaluation.hpp"

#include <algorithm>
#include <numeric>

namespace drawlab {

void RowSums::add(const RowSums& other) {
  samples += other.samples;
  reconstruction += other.reconstruction;
  kl += other.kl;
  cross_entropy += other.cross_entropy;
  wrong += other.wrong;
  kl_glimpse.resize(std::max(kl_glimpse.size(), other.kl_glimpse.size()));
  for (std::size_t t = 0; t < other.kl_glimpse.size(); ++t) kl_glimpse[t] += other.kl_glimpse[t];
}

void RowSums::clear() {
  samples = 0;
  reconstruction = kl = cross_entropy = wrong = 0;
  std::ranges::fill(kl_glimpse, 0.0);
}

void RowSums::take(const ForwardPass& pass, const Batch& batch, std::int64_t count) {
  clear();
  samples = count;
  const auto sum = [count](Value rows) {
    const float* const numbers = Tape::data<float>(rows);
    double total = 0;
    for (std::int64_t b = 0; b < count; ++b) total += static_cast<double>(numbers[b]);
    return total;
  };
  if (pass.logits.valid()) {
    cross_entropy = sum(pass.loss);
    const std::int64_t classes = pass.logits.shape()[1];
    for (std::int64_t b = 0; b < count; ++b) {
      const float* const row = Tape::data<float>(pass.logits) + b * classes;
      const auto guess = std::max_element(row, row + classes) - row;
      wrong += guess == batch.labels[static_cast<std::size_t>(b)] ? 0 : 1;
    }
    return;
  }
  reconstruction = sum(pass.reconstruction);
  kl = sum(pass.kl);
  kl_glimpse.resize(pass.kl_glimpse.size());
  std::ranges::transform(pass.kl_glimpse, kl_glimpse.begin(), sum);
}

Evaluation RowSums::mean() const {
  const double n = static_cast<double>(std::max<std::int64_t>(samples, 1));
  Evaluation result;
  result.samples = samples;
  result.nll = nll() / n;
  result.reconstruction = reconstruction / n;
  result.kl = kl / n;
  result.error = wrong / n;
  for (const double term : kl_glimpse) result.kl_glimpse.push_back(term / n);
  return result;
}

std::vector<std::int64_t> first_samples(const DatasetInfo& info, Split split, std::int64_t limit) {
  const std::int64_t all = info.count(split);
  std::vector<std::int64_t> samples(static_cast<std::size_t>(limit > 0 ? std::min(limit, all) : all));
  std::iota(samples.begin(), samples.end(), std::int64_t{0});
  return samples;
}

std::optional<RowSums> evaluate_samples(const Model& model, Workers& workers, const Dataset& dataset, Split split,
                                        std::span<const std::int64_t> samples, const NoiseKey& noise,
                                        std::int64_t shard_rows, const std::function<bool(std::int64_t)>& proceed) {
  const std::vector<Shard> shards = cut_into_shards(samples, shard_rows);
  const std::int64_t stride = std::int64_t{8} * workers.threads();  // shards between two questions
  RowSums total;
  for (std::int64_t start = 0; start < static_cast<std::int64_t>(shards.size()); start += stride) {
    const std::int64_t count = std::min(stride, static_cast<std::int64_t>(shards.size()) - start);
    std::vector<RowSums> sums(static_cast<std::size_t>(count));
    workers.run(count, [&](std::int64_t index, Worker& worker) {
      const Shard& shard = shards[static_cast<std::size_t>(start + index)];
      const Batch batch = worker.batch.fill(dataset, split, shard, 0);
      worker.tape.reset();
      worker.tape.set_recording(false);
      const ForwardPass pass = model.forward(worker.tape, batch, noise, 1);
      sums[static_cast<std::size_t>(index)].take(pass, batch, shard.count);
    });
    for (const RowSums& sum : sums) total.add(sum);
    if (!proceed(total.samples)) return std::nullopt;
  }
  return total;
}

}  // namespace drawlab
