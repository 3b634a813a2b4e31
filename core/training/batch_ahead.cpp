#include "training/batch_ahead.hpp"

#include "system/stopwatch.hpp"

#include <algorithm>
#include <utility>

namespace drawlab {

void PreparedBatch::fill(const Dataset& dataset, std::span<const std::int64_t> samples, std::int64_t shard_rows,
                         std::uint64_t epoch) {
  const auto rows = static_cast<std::size_t>(shard_rows);
  samples_ = static_cast<std::int64_t>(samples.size());
  shard_count_ = (samples.size() + rows - 1) / rows;
  if (shard_count_ > shards_.size()) {
    shards_.resize(shard_count_);
    buffers_.resize(shard_count_);
    batches_.resize(shard_count_);
  }
  for (std::size_t i = 0; i < shard_count_; ++i) {
    const auto part = samples.subspan(i * rows, std::min(rows, samples.size() - i * rows));
    shards_[i].take(part, shard_rows);
    batches_[i] = buffers_[i].fill(dataset, Split::train, shards_[i], epoch);
  }
}

BatchAhead::BatchAhead(const Dataset& dataset, std::int64_t batch, std::int64_t shard_rows)
    : dataset_(dataset), batch_(batch), shard_rows_(shard_rows), thread_([this] { fetch_in_background(); }) {}

BatchAhead::~BatchAhead() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void BatchAhead::fetch_in_background() {
  const FlushDenormals flush;
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !requested_.empty(); });
    if (ending_) return;
    PreparedBatch& batch = batches_[fetched_];
    std::exception_ptr failure;
    lock.unlock();
    const Stopwatch watch;
    try {
      batch.fill(dataset_, requested_, shard_rows_, epoch_);
    } catch (...) {
      failure = std::current_exception();
    }
    const double seconds = watch.seconds();
    lock.lock();
    fetching_ += seconds;
    failure_ = failure;
    requested_ = {};
    changed_.notify_all();
  }
}

void BatchAhead::await_fetch() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return requested_.empty(); });
}

void BatchAhead::request() {
  const auto size = static_cast<std::int64_t>(order_.size());
  const std::int64_t start = step_ * batch_;
  if (start >= size) return;
  {
    const std::lock_guard lock(mutex_);
    requested_ = std::span(order_).subspan(static_cast<std::size_t>(start),
                                           static_cast<std::size_t>(std::min(batch_, size - start)));
  }
  changed_.notify_all();
}

void BatchAhead::begin(std::vector<std::int64_t> order, std::uint64_t epoch, std::int64_t step) {
  await_fetch();
  order_ = std::move(order);
  epoch_ = epoch;
  step_ = step;
  failure_ = nullptr;
  request();
}

const PreparedBatch& BatchAhead::next() {
  const Stopwatch watch;
  await_fetch();
  waited_ += watch.seconds();
  if (failure_ != nullptr) std::rethrow_exception(std::exchange(failure_, nullptr));
  const PreparedBatch& ready = batches_[fetched_];
  fetched_ = 1 - fetched_;
  ++step_;
  request();
  return ready;
}

}  // namespace drawlab
