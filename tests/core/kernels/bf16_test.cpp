#include "kernels/bf16.hpp"

#include "kernels/targets.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

namespace drawlab {
namespace {

namespace k = kernels;

class Bf16Kernel : public tests::OnEveryTarget {};

TEST_P(Bf16Kernel, RoundsToBf16) {
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  // 1 + 2⁻⁸ lies in the middle of two: the even one is 1, of 1 + 3·2⁻⁸ it is 1 + 2⁻⁶.
  const std::vector<float> numbers = {0.0F,
                                      -0.0F,
                                      1.0F,
                                      1.00390625F,
                                      1.01171875F,
                                      1.00390637F,
                                      -3.0F,
                                      inf,
                                      -inf,
                                      nan,
                                      std::bit_cast<float>(0x7fffffffU),
                                      3.4e38F,
                                      1e-3F};
  const std::vector<std::uint16_t> right = {0x0000, 0x8000, 0x3f80, 0x3f80, 0x3f82, 0x3f81, 0xc040,
                                            0x7f80, 0xff80, 0x7fc0, 0x7fc0, 0x7f80, 0x3a83};
  // At every place of a vector, and in the last, partial one.
  for (std::size_t before = 0; before < 20; ++before) {
    std::vector<float> x(before, 1.0F);
    x.insert(x.end(), numbers.begin(), numbers.end());
    std::vector<k::Bf16> y(x.size());
    k::to_bf16(x.data(), y.data(), static_cast<std::int64_t>(x.size()));
    for (std::size_t i = 0; i < right.size(); ++i) {
      EXPECT_EQ(y[before + i].bits, right[i]) << numbers[i] << " after " << before;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, Bf16Kernel, tests::every_target(), tests::target_name);

}  // namespace
}  // namespace drawlab
