#include "runner/schedule/scheduler.hpp"

#include <gtest/gtest.h>

namespace drawlab::runner {
namespace {

/// jobs and threads that `divide_cores` answers.
std::pair<int, int> divided(int cores, int waiting, int running, int busy, int jobs = 0, int threads = 0) {
  ScheduleOptions options;
  options.jobs = jobs;
  options.threads = threads;
  const Division division = divide_cores(cores, waiting, running, busy, options);
  return {division.jobs, division.threads};
}

TEST(DivideCores, RunsCellsSideBySideOnOneThreadEachWhenThereAreAsManyAsCores) {
  EXPECT_EQ(divided(4, 4, 0, 0), std::pair(4, 1));
  EXPECT_EQ(divided(4, 9, 0, 0), std::pair(4, 1));
  EXPECT_EQ(divided(4, 3, 1, 1), std::pair(2, 1));
}

TEST(DivideCores, GivesOneCellAllCoresWhenThereAreFewer) {
  EXPECT_EQ(divided(4, 3, 0, 0), std::pair(1, 4));
  EXPECT_EQ(divided(4, 1, 0, 0), std::pair(1, 4));
  EXPECT_EQ(divided(1, 1, 0, 0), std::pair(1, 1));
}

TEST(DivideCores, StartsNothingBesideACellThatHasAllCores) { EXPECT_EQ(divided(4, 2, 1, 4), std::pair(1, 1)); }

TEST(DivideCores, GivesALateCellTheCoresThatAreFree) {
  EXPECT_EQ(divided(8, 1, 2, 2), std::pair(3, 6));
  EXPECT_EQ(divided(2, 1, 1, 1), std::pair(2, 1));
}

TEST(DivideCores, ObeysJobsAndThreads) {
  EXPECT_EQ(divided(8, 9, 0, 0, 2), std::pair(2, 4));
  EXPECT_EQ(divided(8, 1, 0, 0, 4), std::pair(4, 8));
  EXPECT_EQ(divided(8, 9, 0, 0, 0, 4), std::pair(2, 4));
  EXPECT_EQ(divided(2, 9, 0, 0, 0, 4), std::pair(1, 4));
  EXPECT_EQ(divided(2, 9, 1, 3, 3, 3), std::pair(3, 3));
}

}  // namespace
}  // namespace drawlab::runner
