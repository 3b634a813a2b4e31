#include "training/workers.hpp"

#include "engine.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <stdexcept>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace drawlab {
namespace {

TEST(Workers, RunEveryIndexOnce) {
  const ParameterStore store;
  for (const int threads : {1, 2, 7}) {
    Workers workers(store, nullptr, threads);
    EXPECT_EQ(workers.threads(), threads);
    std::vector<std::atomic<int>> runs(100);
    workers.run(100, [&](std::int64_t index, Worker&) { ++runs[static_cast<std::size_t>(index)]; });
    for (const auto& count : runs) EXPECT_EQ(count, 1);
    workers.run(0, [](std::int64_t, Worker&) { FAIL(); });
  }
}

TEST(Workers, ThrowTheFailureOfTheLowestIndex) {
  const ParameterStore store;
  for (const int threads : {1, 3}) {
    Workers workers(store, nullptr, threads);
    try {
      workers.run(20, [](std::int64_t index, Worker&) {
        if (index >= 4) throw std::runtime_error(std::to_string(index));
      });
      ADD_FAILURE();
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "4");
    }
    int runs = 0;
    workers.run(1, [&](std::int64_t, Worker&) { ++runs; });
    EXPECT_EQ(runs, 1);
  }
}

TEST(Workers, ShareBlocksOfATaskAndThrowAFailureOfOne) {
  const ParameterStore store;
  for (const int threads : {2, 5}) {
    Workers workers(store, nullptr, threads);
    workers.measure_parts();
    std::vector<std::atomic<int>> runs(300);
    workers.run(3, [&](std::int64_t index, Worker& worker) {
      worker.tape.engine().helpers->share(
          100, [&](std::int64_t block, Engine&) { ++runs[static_cast<std::size_t>(100 * index + block)]; });
    });
    for (const auto& count : runs) EXPECT_EQ(count, 1);
    const auto fails = [](std::int64_t, Worker& worker) {
      worker.tape.engine().helpers->share(9, [](std::int64_t block, Engine&) {
        if (block == 5) throw std::runtime_error("5");
      });
    };
    EXPECT_THROW(workers.run(1, fails), std::runtime_error);
    int after = 0;
    workers.run(1, [&](std::int64_t, Worker&) { ++after; });
    EXPECT_EQ(after, 1);
  }
  Workers alone(store, nullptr, 1);
  alone.run(1, [](std::int64_t, Worker& worker) { EXPECT_EQ(worker.tape.engine().helpers, nullptr); });
}

#if defined(__x86_64__)
constexpr unsigned kFlushToZeroAndDenormalsAreZero = 0x8040;

TEST(Workers, FlushDenormalsInEveryTaskAndNowhereElse) {
  const ParameterStore store;
  const unsigned before = _mm_getcsr();
  EXPECT_EQ(before & kFlushToZeroAndDenormalsAreZero, 0U);
  for (const int threads : {1, 2}) {
    Workers workers(store, nullptr, threads);
    std::vector<unsigned> modes(64);
    std::vector<float> halves(64);
    workers.run(64, [&](std::int64_t index, Worker&) {
      const auto i = static_cast<std::size_t>(index);
      modes[i] = _mm_getcsr();
      volatile float smallest = 1.17549435e-38F;
      halves[i] = smallest * 0.5F;
    });
    for (const unsigned mode : modes) {
      EXPECT_EQ(mode & kFlushToZeroAndDenormalsAreZero, kFlushToZeroAndDenormalsAreZero);
    }
    for (const float half : halves) EXPECT_EQ(half, 0.0F);
    EXPECT_EQ(_mm_getcsr() & kFlushToZeroAndDenormalsAreZero, 0U);
  }
}
#endif

TEST(Shards, HaveTheSameRowsAndPadTheLastOne) {
  std::vector<std::int64_t> samples(10);
  std::iota(samples.begin(), samples.end(), std::int64_t{100});
  const std::vector<Shard> shards = cut_into_shards(samples, 4);
  ASSERT_EQ(shards.size(), 3U);
  EXPECT_EQ(shards[1].samples, (std::vector<std::int64_t>{104, 105, 106, 107}));
  EXPECT_EQ(shards[1].count, 4);
  EXPECT_EQ(shards[2].samples, (std::vector<std::int64_t>{108, 109, 108, 108}));
  EXPECT_EQ(shards[2].count, 2);
  EXPECT_TRUE(cut_into_shards({}, 4).empty());
}

}  // namespace
}  // namespace drawlab
