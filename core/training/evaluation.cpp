#include "training/evaluation.hpp"

#include "training/workers.hpp"

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
  confusion.resize(std::max(confusion.size(), other.confusion.size()));
  for (std::size_t i = 0; i < other.confusion.size(); ++i) confusion[i] += other.confusion[i];
}

std::int64_t guess_of(Value logits, std::int64_t b) {
  const std::int64_t classes = logits.shape()[1];
  const float* const row = Tape::data<float>(logits) + b * classes;
  return std::max_element(row, row + classes) - row;
}

void RowSums::clear() {
  samples = 0;
  reconstruction = kl = cross_entropy = wrong = 0;
  std::ranges::fill(kl_glimpse, 0.0);
  std::ranges::fill(confusion, 0);
}

void RowSums::assign(const ForwardPass& pass, const Batch& batch, std::int64_t count) {
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
    for (std::int64_t b = 0; b < count; ++b) {
      wrong += guess_of(pass.logits, b) == batch.labels[static_cast<std::size_t>(b)] ? 0 : 1;
    }
    return;
  }
  reconstruction = sum(pass.reconstruction);
  kl = sum(pass.kl);
  kl_glimpse.resize(pass.kl_glimpse.size());
  std::ranges::transform(pass.kl_glimpse, kl_glimpse.begin(), sum);
}

void RowSums::count_guesses(const ForwardPass& pass, const Batch& batch, std::int64_t count) {
  if (!pass.logits.valid()) return;
  const std::int64_t classes = pass.logits.shape()[1];
  confusion.resize(static_cast<std::size_t>(classes * classes));
  for (std::int64_t b = 0; b < count; ++b) {
    const std::int64_t label = batch.labels[static_cast<std::size_t>(b)];
    if (label >= 0 && label < classes) {
      ++confusion[static_cast<std::size_t>(label * classes + guess_of(pass.logits, b))];
    }
  }
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
  result.confusion = confusion;
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
      RowSums& sum = sums[static_cast<std::size_t>(index)];
      sum.assign(pass, batch, shard.count);
      sum.count_guesses(pass, batch, shard.count);
    });
    for (const RowSums& sum : sums) total.add(sum);
    if (!proceed(total.samples)) return std::nullopt;
  }
  return total;
}

}  // namespace drawlab
