#include "kernels/noise.hpp"

#include "drawlab/random.hpp"

#include "kernels/targets.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace drawlab {
namespace {

class NoiseKernel : public tests::OnEveryTarget {};

/// Box and Muller in f64 on the same blocks of Philox: the upper 23 bits of each word.
std::vector<double> plain_normals(const StreamAddress& address, std::uint32_t blocks) {
  const auto unit = [](std::uint32_t word) { return (static_cast<double>(word >> 9) + 0.5) * 0x1p-23; };
  std::vector<double> result;
  for (std::uint32_t i = 0; i < blocks; ++i) {
    const auto words = philox({i, address.counter[0], address.counter[1], address.counter[2]}, address.key);
    for (const std::size_t pair : {0U, 2U}) {
      const double radius = std::sqrt(-2 * std::log(unit(words[pair])));
      const double angle = 2 * std::numbers::pi * unit(words[pair + 1]);
      result.push_back(radius * std::cos(angle));
      result.push_back(radius * std::sin(angle));
    }
  }
  return result;
}

TEST_P(NoiseKernel, DrawsTheNormalsOfItsStream) {
  const StreamAddress address = stream_address({7, Purpose::latent_training, 1, 2, 3});
  const std::vector<double> right = plain_normals(address, 1000);
  for (const std::size_t length : {1U, 5U, 127U, 129U, 4000U}) {
    std::vector<float> numbers(length);
    kernels::fill_normal(address, numbers);
    for (std::size_t i = 0; i < length; ++i) {
      ASSERT_NEAR(static_cast<double>(numbers[i]), right[i], 2e-5) << i << " of " << length;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, NoiseKernel, tests::every_target(), tests::target_name);

}  // namespace
}  // namespace drawlab
