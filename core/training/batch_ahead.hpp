#pragma once

#include "drawlab/dataset.hpp"

#include "training/workers.hpp"

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace drawlab {

/// A minibatch of training images, fetched and cut into shards.
class PreparedBatch {
 public:
  void fill(const Dataset& dataset, std::span<const std::int64_t> samples, std::int64_t shard_rows,
            std::uint64_t epoch);
  std::int64_t samples() const { return samples_; }
  std::size_t shards() const { return shard_count_; }
  const Shard& shard(std::size_t index) const { return shards_[index]; }
  const Batch& numbers(std::size_t index) const { return batches_[index]; }

 private:
  std::int64_t samples_ = 0;
  std::size_t shard_count_ = 0;  // in use; the vectors keep the size of the largest minibatch so far
  std::vector<Shard> shards_;
  std::vector<BatchBuffer> buffers_;
  std::vector<Batch> batches_;
};

/// Prefetches the next minibatch on a separate thread while the current one trains. The content of a minibatch depends
/// on the epoch and its position there alone.
class BatchAhead {
 public:
  BatchAhead(const Dataset& dataset, std::int64_t batch, std::int64_t shard_rows);
  ~BatchAhead();
  BatchAhead(const BatchAhead&) = delete;
  BatchAhead& operator=(const BatchAhead&) = delete;

  /// Starts at minibatch `step` of an epoch that visits the training images in `order`.
  void begin(std::vector<std::int64_t> order, std::uint64_t epoch, std::int64_t step);
  /// The next minibatch, valid until the next call. Rethrows an exception of the dataset.
  const PreparedBatch& next();

  /// Seconds spent on fetching, and seconds that next() waited, so far.
  double seconds_fetching() const {
    const std::lock_guard lock(mutex_);
    return fetching_;
  }
  double seconds_waited() const { return waited_; }

 private:
  void fetch_in_background();
  void request();      // minibatch step_, if the epoch has one
  void await_fetch();  // until nothing is being fetched

  const Dataset& dataset_;
  const std::int64_t batch_;
  const std::int64_t shard_rows_;
  std::vector<std::int64_t> order_;
  std::uint64_t epoch_ = 0;
  std::int64_t step_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::span<const std::int64_t> requested_;  // empty: nothing to fetch
  bool ending_ = false;
  std::exception_ptr failure_;
  PreparedBatch batches_[2];
  int fetched_ = 0;  // which of the two is fetched next
  double fetching_ = 0;
  double waited_ = 0;
  std::thread thread_;
};

}  // namespace drawlab
