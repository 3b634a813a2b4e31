#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/tape.hpp"

#include "configuration/cell_config.hpp"
#include "engine.hpp"
#include "model/model.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace drawlab {

/// Flushes denormal numbers to zero in the calling thread for as long as it lives: far-away filters make many, and each
/// takes a processor a hundred times as long as an ordinary number.
class FlushDenormals {
 public:
  FlushDenormals();
  ~FlushDenormals();
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  unsigned before_;
};

/// The samples that one thread computes at once. Every shard of a run has the same number of rows: the last one is
/// padded with its first sample at weight 0, because a product's bits may depend on its number of rows.
struct Shard {
  std::vector<std::int64_t> samples;  // `rows` of them
  std::int64_t count = 0;             // without padding

  /// Holds at most `rows` samples, padded to `rows`.
  void take(std::span<const std::int64_t> part, std::int64_t rows);
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

/// The tape and the buffers of one thread.
struct Worker {
  explicit Worker(const ParameterStore& store) : tape(store, Precision::f32) {}
  Tape tape;
  BatchBuffer batch;
  std::vector<float> row_weights;
};

/// Threads with a tape each. What a task computes depends on its index alone, never on the thread that runs it.
class Workers {
 public:
  Workers(const ParameterStore& store, const PackedWeights* packed, int threads);
  ~Workers();

  int threads() const { return threads_; }
  /// Calls task(index, worker) for every index below `count`, spread over the threads, and waits. Rethrows the
  /// exception of the task with the lowest index.
  template <class Task>
  void run(std::int64_t count, const Task& task) {
    run_each(count, {&task, [](const void* called, std::int64_t index, Worker& worker) {
                       (*static_cast<const Task*>(called))(index, worker);
                     }});
  }
  /// Bytes that all tapes hold.
  std::size_t tape_bytes() const;

  // ---- measuring ----
  /// Computes every custom_op in its composed form from here on.
  void set_composed();
  /// Starts measuring the time spent on each part.
  void measure_parts();
  /// Sums over all threads.
  PartSeconds part_seconds() const;
  /// Multiplications and additions of all threads' matrix products.
  double product_operations() const;

 private:
  /// A task without the memory that a std::function would take for each call.
  struct Call {
    const void* task;
    void (*call)(const void* task, std::int64_t index, Worker& worker);
  };
  void run_each(std::int64_t count, const Call& task);

  struct Impl;
  int threads_;
  std::unique_ptr<Impl> impl_;
};

/// A store's weights, packed for the products of a run. Throws ConfigError if the processor lacks the precision.
std::unique_ptr<PackedWeights> pack_weights(const ParameterStore& store, const TrainingOptions& options);

}  // namespace drawlab
