#include "training/workers.hpp"

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace drawlab {

#if defined(__x86_64__)
namespace {
constexpr unsigned kFlushToZero = 0x8000;
constexpr unsigned kDenormalsAreZero = 0x0040;
}  // namespace
FlushDenormals::FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | kFlushToZero | kDenormalsAreZero); }
FlushDenormals::~FlushDenormals() { _mm_setcsr(before_); }
#else
FlushDenormals::FlushDenormals() : before_(0) {}
FlushDenormals::~FlushDenormals() = default;
#endif

void Shard::take(std::span<const std::int64_t> part, std::int64_t rows) {
  samples.assign(part.begin(), part.end());
  samples.resize(static_cast<std::size_t>(rows), part.front());
  count = static_cast<std::int64_t>(part.size());
}

std::vector<Shard> cut_into_shards(std::span<const std::int64_t> samples, std::int64_t rows) {
  std::vector<Shard> shards;
  const auto size = static_cast<std::size_t>(rows);
  for (std::size_t start = 0; start < samples.size(); start += size) {
    shards.emplace_back().take(samples.subspan(start, std::min(size, samples.size() - start)), rows);
  }
  return shards;
}

struct Workers::Impl final : Helpers {
  explicit Impl(int threads) : arena(threads) {
    // TBB would start no more threads than processors, and say so on stderr.
    if (threads > tbb::info::default_concurrency()) {
      more_threads.emplace(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads));
    }
  }
  /// The calling thread's worker. Call it only inside the arena.
  Worker& mine() const {
    const int place = tbb::this_task_arena::current_thread_index();
    DRAWLAB_ASSERT(place >= 0 && static_cast<std::size_t>(place) < workers.size());
    return *workers[static_cast<std::size_t>(place)];
  }

  void share_each(std::int64_t count, const HelperTask& task) override {
    PartClock& clock = mine().tape.engine().clock;
    const Part part = clock.part();
    const PartClock::Pause pause(clock);  // the time that this thread waits belongs to no part
    tbb::parallel_for(
        std::int64_t{0}, count, std::int64_t{1},
        [&](std::int64_t index) {
          const FlushDenormals flush;
          use_one_product_thread();
          Engine& engine = mine().tape.engine();
          const PartClock::Run run(engine.clock, part);
          task.call(task.task, index, engine);
        },
        tbb::simple_partitioner());
  }

  std::optional<tbb::global_control> more_threads;
  tbb::task_arena arena;
  std::vector<std::unique_ptr<Worker>> workers;  // by the thread's place in the arena
  std::mutex failure_mutex;
  std::exception_ptr failure;
  std::int64_t failed_index = 0;
};

Workers::Workers(const ParameterStore& store, const PackedWeights* packed, int threads) : threads_(threads) {
  const FlushDenormals flush;  // the arena copies the floating-point mode of the thread that makes it
  impl_ = std::make_unique<Impl>(threads);
  impl_->arena.initialize();
  use_one_product_thread();
  for (int i = 0; i < threads; ++i) {
    impl_->workers.push_back(std::make_unique<Worker>(store));
    Engine& engine = impl_->workers.back()->tape.engine();
    engine.packed = packed;
    if (threads > 1) engine.helpers = impl_.get();
  }
}

Workers::~Workers() = default;

void Workers::run_each(std::int64_t count, const Call& task) {
  impl_->failure = nullptr;
  const auto one = [&](std::int64_t index) {
    const FlushDenormals flush;
    use_one_product_thread();
    Worker& worker = impl_->mine();
    const PartClock::Run run(worker.tape.engine().clock, Part::other);
    try {
      // A task that waits for work of its own (a plugin's, say) must not take up another shard meanwhile.
      tbb::this_task_arena::isolate([&] { task.call(task.task, index, worker); });
    } catch (...) {
      const std::lock_guard lock(impl_->failure_mutex);
      if (impl_->failure == nullptr || index < impl_->failed_index) {
        impl_->failure = std::current_exception();
        impl_->failed_index = index;
      }
    }
  };
  impl_->arena.execute([&] {
    if (threads_ == 1) {
      for (std::int64_t i = 0; i < count; ++i) one(i);
    } else {
      tbb::parallel_for(std::int64_t{0}, count, std::int64_t{1}, one, tbb::simple_partitioner());
    }
  });
  if (impl_->failure != nullptr) std::rethrow_exception(impl_->failure);
}

std::unique_ptr<PackedWeights> pack_weights(const ParameterStore& store, const TrainingOptions& options) {
  const bool bf16 = options.precision == TrainingOptions::Precision::bf16;
  return std::make_unique<PackedWeights>(store, options.shard, bf16 ? ProductPrecision::bf16 : ProductPrecision::f32);
}

void Workers::set_composed() {
  for (const auto& worker : impl_->workers) worker->tape.set_composed(true);
}

std::size_t Workers::tape_bytes() const {
  std::size_t bytes = 0;
  for (const auto& worker : impl_->workers) bytes += worker->tape.bytes_held();
  return bytes;
}

void Workers::measure_parts() {
  for (const auto& worker : impl_->workers) worker->tape.engine().clock.switch_on();
}

PartSeconds Workers::part_seconds() const {
  PartSeconds sum{};
  for (const auto& worker : impl_->workers) {
    const PartSeconds& seconds = worker->tape.engine().clock.seconds();
    for (std::size_t i = 0; i < kPartCount; ++i) sum[i] += seconds[i];
  }
  return sum;
}

double Workers::product_operations() const {
  double sum = 0;
  for (const auto& worker : impl_->workers) sum += worker->tape.engine().products.operations();
  return sum;
}

Batch BatchBuffer::fill(const Dataset& dataset, Split split, const Shard& shard, std::uint64_t epoch) {
  images.resize(shard.samples.size() * static_cast<std::size_t>(dataset.info().image.count()));
  labels.resize(shard.samples.size());
  dataset.fill(split, shard.samples, epoch, images, labels);
  return {images, labels, shard.samples};
}

}  // namespace drawlab
