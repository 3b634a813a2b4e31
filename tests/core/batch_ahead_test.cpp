#include "training/batch_ahead.hpp"

#include "drawlab/error.hpp"

#include "small.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace drawlab {
namespace {

using tests::SmallDigits;

std::vector<std::int64_t> backwards(std::int64_t n) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) order[static_cast<std::size_t>(i)] = n - 1 - i;
  return order;
}

void expect_batch(const PreparedBatch& batch, const Dataset& data, std::span<const std::int64_t> samples,
                  std::uint64_t epoch) {
  ASSERT_EQ(batch.samples(), static_cast<std::int64_t>(samples.size()));
  std::size_t next = 0;
  for (std::size_t i = 0; i < batch.shards(); ++i) {
    const Batch& shard = batch.numbers(i);
    std::vector<float> images(shard.images.size());
    std::vector<std::int32_t> labels(shard.labels.size());
    data.fill(Split::train, shard.samples, epoch, images, labels);
    EXPECT_TRUE(std::equal(images.begin(), images.end(), shard.images.begin()));
    for (std::int64_t b = 0; b < batch.shard(i).count; ++b) {
      EXPECT_EQ(shard.samples[static_cast<std::size_t>(b)], samples[next++]);
    }
  }
  EXPECT_EQ(next, samples.size());
}

TEST(BatchAhead, GoesThroughAnEpochInItsOrderAndEndsWithASmallerBatch) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  BatchAhead ahead(data, 8, 4);
  const std::vector<std::int64_t> order = backwards(21);
  for (const std::uint64_t epoch : {0U, 1U}) {
    ahead.begin(order, epoch, 0);
    for (std::size_t start = 0; start < order.size(); start += 8) {
      const auto samples = std::span(order).subspan(start, std::min<std::size_t>(8, order.size() - start));
      expect_batch(ahead.next(), data, samples, epoch);
    }
  }
}

TEST(BatchAhead, BeginsInTheMiddleAndAnewWhileSomethingIsFetched) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  BatchAhead ahead(data, 8, 4);
  const std::vector<std::int64_t> order = backwards(24);
  ahead.begin(order, 3, 1);
  expect_batch(ahead.next(), data, std::span(order).subspan(8, 8), 3);
  ahead.begin(order, 4, 2);  // the third minibatch of epoch 3 was on its way
  expect_batch(ahead.next(), data, std::span(order).subspan(16, 8), 4);
}

/// Fails on one sample.
class Torn final : public Dataset {
 public:
  explicit Torn(const Dataset& whole) : whole_(whole) {}
  const DatasetInfo& info() const override { return whole_.info(); }
  void fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
            std::span<std::int32_t> labels) const override {
    for (const std::int64_t index : indices) {
      if (index == 12) throw DataError("sample 12 is torn");
    }
    whole_.fill(split, indices, epoch, images, labels);
  }

 private:
  const Dataset& whole_;
};

TEST(BatchAhead, HandsOnTheDatasetsErrorWithItsMinibatchAndNotBefore) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits whole(plugins);
  const Torn data(whole);
  BatchAhead ahead(data, 8, 4);
  std::vector<std::int64_t> order(24);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  ahead.begin(order, 0, 0);
  EXPECT_NO_THROW(ahead.next());
  EXPECT_THROW(ahead.next(), DataError);
  ahead.begin(order, 0, 2);
  EXPECT_NO_THROW(ahead.next());
}

}  // namespace
}  // namespace drawlab
