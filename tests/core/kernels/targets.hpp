#pragma once

#include "gradient_check.hpp"
#include "kernels/elementwise.hpp"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace drawlab::tests {

/// A test that runs once on each instruction set that the processor has and the kernels are compiled for. It fails if
/// no kernel ran, or if kernels ran on another instruction set.
class OnEveryTarget : public testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()); }
  void TearDown() override {
    EXPECT_TRUE(hwy::GetChosenTarget().IsInitialized()) << "no kernel ran";
    EXPECT_STREQ(kernels::instruction_set(), hwy::TargetName(GetParam()));
    hwy::SetSupportedTargetsForTest(0);
  }
};

inline std::string target_name(const testing::TestParamInfo<std::int64_t>& info) { return hwy::TargetName(info.param); }

/// The targets of OnEveryTarget.
inline auto every_target() { return testing::ValuesIn(hwy::SupportedAndGeneratedTargets()); }

/// Lengths of rows: below, at and above whole vectors of every target.
inline const std::vector<std::int64_t> kLengths = {1, 7, 16, 17, 100};

/// The same numbers in both precisions.
struct Numbers {
  std::vector<float> f32;
  std::vector<double> f64;

  Numbers(std::int64_t n, std::uint64_t stream, double low = -2, double high = 2) {
    f64 = random_array({n}, stream, low, high).numbers;
    f32.assign(f64.begin(), f64.end());
  }
  explicit Numbers(std::vector<float> numbers) : f32(std::move(numbers)), f64(f32.begin(), f32.end()) {}
};

/// Each number within `tolerance`, relative above 1 and absolute below.
inline void expect_near(const Numbers& numbers, double tolerance = 3e-6) {
  for (std::size_t i = 0; i < numbers.f64.size(); ++i) {
    const double scale = std::max(1.0, std::abs(numbers.f64[i]));
    ASSERT_NEAR(static_cast<double>(numbers.f32[i]), numbers.f64[i], tolerance * scale) << "number " << i;
  }
}

}  // namespace drawlab::tests
