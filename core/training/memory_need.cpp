#include "training/memory_need.hpp"

#include "drawlab/ops.hpp"

#include "configuration/model_maker.hpp"
#include "training/workers.hpp"

#include <algorithm>
#include <vector>

namespace drawlab {

namespace {

constexpr std::size_t kProgram = std::size_t{64} << 20;  // code, libraries, plugins, one dataset of MNIST's size

/// Bytes of a tape after one shard's forward and backward pass with the cell's number of glimpses.
std::size_t tape_bytes(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins) {
  ParameterStore store;
  const auto model = make_model(cell, data.image, data.classes, plugins, store);
  store.initialise(cell.seed);
  const auto packed = pack_weights(store, cell.training);
  Workers workers(store, packed.get(), 1);
  const auto rows = static_cast<std::size_t>(cell.training.shard);
  const std::vector<float> images(rows * static_cast<std::size_t>(data.image.count()));
  const std::vector<std::int32_t> labels(rows);
  const std::vector<std::int64_t> samples(rows);
  const std::vector<float> weights(rows, 1.0F);
  std::vector<float> gradients(static_cast<std::size_t>(store.padded_count()));
  std::size_t bytes = 0;
  workers.run(1, [&](std::int64_t, Worker& worker) {
    const ForwardPass pass = model->forward(worker.tape, {images, labels, samples}, NoiseKey{}, 1);
    worker.tape.backward(weighted_sum(pass.loss, weights), std::span<float>(gradients));
    bytes = worker.tape.bytes_used();
  });
  return bytes;
}

}  // namespace

MemoryNeed training_memory(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins) {
  // Linear layers allocate room for 512 rows at once: 16 glimpses of a shard of 32.
  constexpr int kFew = 16;
  constexpr int kMore = 32;
  CellConfig trial = cell;
  MemoryNeed need;
  if (cell.model.glimpses <= kMore) {
    need.per_thread = tape_bytes(cell, data, plugins);
  } else {
    trial.model.glimpses = kFew;
    const std::size_t few = tape_bytes(trial, data, plugins);
    trial.model.glimpses = kMore;
    const std::size_t more = tape_bytes(trial, data, plugins);
    const auto rest = static_cast<std::size_t>(cell.model.glimpses - kMore);
    need.per_thread = more + (more - std::min(few, more)) * rest / (kMore - kFew);
  }
  ParameterStore store;
  (void)make_model(cell, data.image, data.classes, plugins, store);
  const auto count = static_cast<std::size_t>(store.padded_count());
  const auto shards = static_cast<std::size_t>((cell.training.batch + cell.training.shard - 1) / cell.training.shard);
  // Weights, best weights, two moments and perhaps an average, all of them again while a checkpoint is written; packed
  // weights twice; one gradient per shard; one array of reserve.
  const std::size_t kept = 4 + (cell.training.averaging > 0 ? 1 : 0);
  need.fixed = kProgram + count * sizeof(float) * (2 * kept + 1 + 2 + shards);
  return need;
}

}  // namespace drawlab
