#include "system/stopwatch.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace drawlab {
namespace {

TEST(Stopwatch, CountsSecondsFromItsLastStart) {
  Stopwatch watch;
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const double first = watch.restart();
  EXPECT_GE(first, 0.02);
  EXPECT_GE(watch.seconds(), 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const double before = watch.seconds();
  EXPECT_GE(before, 0.001);
  EXPECT_GE(watch.seconds(), before);
}

}  // namespace
}  // namespace drawlab
