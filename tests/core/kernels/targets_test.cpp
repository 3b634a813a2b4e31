#include "kernels/targets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace drawlab {
namespace {

#if defined(__x86_64__)
// By the processor's own word, not Highway's: a kernel test that skips an instruction set would find no mistake in it.
TEST(Targets, AreAllThatTheProcessorHas) {
  std::vector<std::string> names;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) names.emplace_back(hwy::TargetName(target));
  std::vector<std::string> right = {hwy::TargetName(HWY_STATIC_TARGET)};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) right.emplace_back("AVX2");
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) right.emplace_back("AVX3");
  EXPECT_THAT(names, testing::UnorderedElementsAreArray(right));
}
#endif

TEST(Targets, BestOneIsWhatKernelsRunOn) {
  EXPECT_STREQ(kernels::instruction_set(), hwy::TargetName(hwy::SupportedAndGeneratedTargets().front()));
}

}  // namespace
}  // namespace drawlab
