#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/tape.hpp"

#include "kernels/products.hpp"
#include "model/model.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace drawlab {

/// Flushes denormal numbers to zero in the calling thread for as long as it lives: far-away filters make many, and each
/// costs a processor a hundred times an ordinary number.
class FlushDenormals {
 public:
  FlushDenormals();
  ~FlushDenormals();
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  unsigned before_;
};

/// A few samples that one thread carries through the model. Every shard of a run has the same number of rows: the last
/// one is padded with its first sample at weight 0, because a product's bits may depend on its number of rows.
struct Shard {
  std::vector<std::int64_t> samples;  // `rows` of them
  std::int64_t count = 0;             // that are not padding
};

/// Cuts `samples` into shards of `rows`.
std::vector<Shard> cut_into_shards(std::span<const std::int64_t> samples, std::int64_t rows);

/// The numbers of a batch, filled from a dataset.
struct BatchBuffer {
  std::vector<float> images;
  std::vector<std::int32_t> labels;
  /// Fetches the shard's samples; the view is valid until the next call.
  Batch fill(const Dataset& dataset, Split split, const Shard& shard, std::uint64_t epoch);
};

/// What one thread works with.
struct Worker {
  explicit Worker(const ParameterStore& store) : tape(store, Precision::f32) {}
  Tape tape;
  BatchBuffer batch;
  std::vector<float> row_weights;
};

/// Threads with a tape each. What a task computes depends on its index alone, never on the thread that runs it.
class Workers {
 public:
  Workers(const ParameterStore& store, const kernels::PackedWeights* packed, int threads);
  ~Workers();

  int threads() const { return threads_; }
  /// Calls task(index, worker) for every index below `count`, spread over the threads, and waits. An exception of a
  /// task is thrown here (that of the lowest index).
  void run(std::int64_t count, const std::function<void(std::int64_t, Worker&)>& task);
  /// Bytes that all tapes hold.
  std::size_t tape_bytes() const;

 private:
  struct Impl;
  int threads_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace drawlab
