#include "runner/schedule/scheduler.hpp"

#include <gtest/gtest.h>

namespace drawlab::runner {
namespace {

/// jobs and threads that `split_cores` answers.
std::pair<int, int> divided(int cores, int waiting, int running, int busy, int jobs = 0, int threads = 0) {
  ScheduleOptions options;
  options.jobs = jobs;
  options.threads = threads;
  const CoreSplit split = split_cores(cores, waiting, running, busy, options);
  return {split.jobs, split.threads};
}

TEST(SplitCores, RunsCellsSideBySideOnOneThreadEachWhenThereAreAsManyAsCores) {
  EXPECT_EQ(divided(4, 4, 0, 0), std::pair(4, 1));
  EXPECT_EQ(divided(4, 9, 0, 0), std::pair(4, 1));
  EXPECT_EQ(divided(4, 3, 1, 1), std::pair(2, 1));
}

TEST(SplitCores, GivesOneCellAllCoresWhenThereAreFewer) {
  EXPECT_EQ(divided(4, 3, 0, 0), std::pair(1, 4));
  EXPECT_EQ(divided(4, 1, 0, 0), std::pair(1, 4));
  EXPECT_EQ(divided(1, 1, 0, 0), std::pair(1, 1));
}

TEST(SplitCores, StartsNothingBesideACellThatHasAllCores) { EXPECT_EQ(divided(4, 2, 1, 4), std::pair(1, 1)); }

TEST(SplitCores, GivesALateCellTheCoresThatAreFree) {
  EXPECT_EQ(divided(8, 1, 2, 2), std::pair(3, 6));
  EXPECT_EQ(divided(2, 1, 1, 1), std::pair(2, 1));
}

TEST(SplitCores, ObeysJobsAndThreads) {
  EXPECT_EQ(divided(8, 9, 0, 0, 2), std::pair(2, 4));
  EXPECT_EQ(divided(8, 1, 0, 0, 4), std::pair(4, 8));
  EXPECT_EQ(divided(8, 9, 0, 0, 0, 4), std::pair(2, 4));
  EXPECT_EQ(divided(2, 9, 0, 0, 0, 4), std::pair(1, 4));
  EXPECT_EQ(divided(2, 9, 1, 3, 3, 3), std::pair(3, 3));
}

}  // namespace
}  // namespace drawlab::runner
