#include "drawlab/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

namespace drawlab {
namespace {

using Counter = std::array<std::uint32_t, 4>;

// The known answers that come with Random123 (Salmon et al. 2011).
TEST(Philox, GivesItsPublishedKnownAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

struct Moments {
  double mean, variance, skewness, kurtosis;
};

Moments moments(const std::vector<float>& numbers) {
  const double n = static_cast<double>(numbers.size());
  const double mean = std::accumulate(numbers.begin(), numbers.end(), 0.0) / n;
  double second = 0;
  double third = 0;
  double fourth = 0;
  for (const float number : numbers) {
    const double d = static_cast<double>(number) - mean;
    second += d * d / n;
    third += d * d * d / n;
    fourth += d * d * d * d / n;
  }
  return {mean, second, third / std::pow(second, 1.5), fourth / (second * second)};
}

void expect_standard_normal(const std::vector<float>& numbers) {
  const Moments m = moments(numbers);
  const double error = 1 / std::sqrt(static_cast<double>(numbers.size()));  // five standard errors of each moment
  EXPECT_NEAR(m.mean, 0, 5 * error);
  EXPECT_NEAR(m.variance, 1, 5 * std::sqrt(2.0) * error);
  EXPECT_NEAR(m.skewness, 0, 5 * std::sqrt(6.0) * error);
  EXPECT_NEAR(m.kurtosis, 3, 5 * std::sqrt(24.0) * error);
}

TEST(FillNormal, DrawsStandardNormals) {
  std::vector<float> numbers(400'000);
  fill_normal({7, Purpose::latent_training, 1, 2, 3}, numbers);
  expect_standard_normal(numbers);
  const auto within = [&](float bound) {
    return static_cast<double>(std::ranges::count_if(numbers, [bound](float x) { return std::abs(x) < bound; })) / 4e5;
  };
  EXPECT_NEAR(within(1), 0.6826895, 0.004);
  EXPECT_NEAR(within(2), 0.9544997, 0.002);
  EXPECT_NEAR(within(3), 0.9973002, 0.001);
}

TEST(FillNormal, DrawsStandardNormalsAcrossManyShortStreams) {
  std::vector<float> numbers(100'000);
  for (std::size_t i = 0; i < 10'000; ++i) {
    fill_normal({7, Purpose::latent_training, 5, i, 3}, std::span(numbers).subspan(10 * i, 10));
  }
  expect_standard_normal(numbers);
}

TEST(FillNormal, GivesAPositionTheSameNumberWhateverTheLength) {
  std::vector<float> whole(300);
  fill_normal({1, Purpose::generation, 2, 3, 4}, whole);
  for (const std::size_t length : {1U, 4U, 5U, 100U, 127U, 128U, 129U}) {
    std::vector<float> part(length);
    fill_normal({1, Purpose::generation, 2, 3, 4}, part);
    EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin())) << length;
  }
}

TEST(FillNormal, DrawsAnotherStreamForEveryPartOfTheKey) {
  const RandomKey base{1, Purpose::latent_training, 2, 3, 4};
  std::vector<RandomKey> keys(8, base);
  keys[1].seed = 2;
  keys[2].purpose = Purpose::latent_evaluation;
  keys[3].a = 3;
  keys[4].b = 4;
  keys[5].c = 5;
  keys[6].a = base.b;
  keys[6].b = base.a;
  keys[7].b = base.b + (std::uint64_t{1} << 32);
  std::set<float> seen;
  for (const RandomKey& key : keys) {
    std::vector<float> numbers(64);
    fill_normal(key, numbers);
    seen.insert(numbers.begin(), numbers.end());
  }
  EXPECT_GE(seen.size(), 8U * 64U - 2);  // 23-bit numbers: a chance meeting of two is possible
}

TEST(Random, DrawsUniformlyBelowACount) {
  Random random(3, Purpose::order);
  std::vector<int> counts(7);
  for (int i = 0; i < 70'000; ++i) ++counts[random.below(7)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
  EXPECT_EQ(random.below(1), 0U);
}

TEST(Random, RepeatsItsStream) {
  Random first(5, Purpose::data, 1, 2, 3);
  Random second(5, Purpose::data, 1, 2, 3);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(first.next(), second.next());
  for (int i = 0; i < 20; ++i) {
    const double u = first.uniform();
    EXPECT_TRUE(u >= 0 && u < 1);
    EXPECT_EQ(u, second.uniform());
    EXPECT_EQ(first.normal(), second.normal());
  }
}

TEST(Random, DrawsStandardNormals) {
  Random random(5, Purpose::data);
  std::vector<float> numbers(100'000);
  std::ranges::generate(numbers, [&] { return static_cast<float>(random.normal()); });
  expect_standard_normal(numbers);
}

}  // namespace
}  // namespace drawlab
