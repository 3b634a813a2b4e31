#include "kernels/optimiser.hpp"

#include "kernels/targets.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

// The f32 kernels on every instruction set against f64.
namespace drawlab {
namespace {

namespace k = kernels;
using tests::Numbers;

class OptimiserKernel : public tests::OnEveryTarget {};

TEST_P(OptimiserKernel, SumsSquaresOfManyBlocks) {
  const Numbers x(10'001, 1);
  const double right = std::inner_product(x.f64.begin(), x.f64.end(), x.f64.begin(), 0.0);
  EXPECT_NEAR(k::sum_of_squares(x.f32.data(), 10'001), right, 1e-5 * right);
  EXPECT_EQ(k::sum_of_squares(x.f32.data(), 0), 0);
}

void expect_steps_of_adam(double beta2) {
  // Kingma & Ba's algorithm 1, first two steps, in f64.
  const double rate = 0.01;
  const double beta1 = 0.9;
  const double epsilon = 1e-8;
  constexpr std::size_t kCount = 17;
  std::vector<float> first(kCount);
  std::vector<float> second(kCount);
  std::vector<float> values(kCount, 1.0F);
  std::vector<double> m(kCount);
  std::vector<double> v(kCount);
  std::vector<double> w(kCount, 1.0);
  for (int t = 1; t <= 2; ++t) {
    const Numbers gradient(kCount, static_cast<std::uint64_t>(t));
    const double scale = 0.5;
    const double correction = std::sqrt(1 - std::pow(beta2, t));
    k::adam({static_cast<float>(rate * correction / (1 - std::pow(beta1, t))), static_cast<float>(beta1),
             static_cast<float>(beta2), static_cast<float>(1 - beta1), static_cast<float>(1 - beta2),
             static_cast<float>(epsilon * correction), static_cast<float>(scale)},
            gradient.f32.data(), first.data(), second.data(), values.data(), kCount);
    for (std::size_t i = 0; i < kCount; ++i) {
      const double g = scale * gradient.f64[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g * g;
      const double mean = m[i] / (1 - std::pow(beta1, t));
      const double square = v[i] / (1 - std::pow(beta2, t));
      w[i] -= rate * mean / (std::sqrt(square) + epsilon);
      EXPECT_NEAR(static_cast<double>(values[i]), w[i], 1e-6);
      EXPECT_NEAR(static_cast<double>(first[i]), m[i], 1e-6);
      EXPECT_NEAR(static_cast<double>(second[i]), v[i], 1e-6 * v[i]);
    }
  }
}

TEST_P(OptimiserKernel, StepsAdamAsComputedByHand) {
  for (const double beta2 : {0.9, 0.999, 0.9999999, 0.999999999}) {  // the last one is 1 in f32
    SCOPED_TRACE(beta2);
    expect_steps_of_adam(beta2);
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, OptimiserKernel, tests::every_target(), tests::target_name);

}  // namespace
}  // namespace drawlab
