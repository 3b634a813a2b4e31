#include "system/stop_signals.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace drawlab::runner {
namespace {

bool blocks(int number) {
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  return sigismember(&mask, number) == 1;
}

/// Until as many have come; false after ten seconds.
bool wait_for_count(int count) {
  for (int tries = 0; tries < 10'000 && StopSignals::count() < count; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return StopSignals::count() == count;
}

TEST(StopSignals, TakesThemOneAfterTheOther) {
  const StopSignals signals;
  EXPECT_EQ(StopSignals::first(), 0);
  kill(getpid(), SIGTERM);
  ASSERT_TRUE(wait_for_count(1));
  kill(getpid(), SIGINT);
  ASSERT_TRUE(wait_for_count(2));
  EXPECT_EQ(StopSignals::first(), SIGTERM);
  pollfd readable{StopSignals::descriptor(), POLLIN, 0};
  EXPECT_EQ(poll(&readable, 1, 0), 1);
}

TEST(StopSignals, LetsNoHandlerRunInAnyThreadThatWorks) {
  ASSERT_FALSE(blocks(SIGINT));
  {
    const StopSignals signals;
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
      EXPECT_TRUE(blocks(number)) << number;
      bool blocked_in_thread = false;
      std::thread([&] { blocked_in_thread = blocks(number); }).join();
      EXPECT_TRUE(blocked_in_thread) << number;
      struct sigaction action = {};
      sigaction(number, nullptr, &action);
      EXPECT_EQ(action.sa_handler, SIG_DFL) << number;
    }
  }
  EXPECT_FALSE(blocks(SIGINT));
}

TEST(StopSignals, StartsAnewEachTime) {
  {
    const StopSignals signals;
    StopSignals::request(SIGINT);
    EXPECT_EQ(StopSignals::first(), SIGINT);
  }
  const StopSignals signals;
  EXPECT_EQ(StopSignals::first(), 0);
  EXPECT_EQ(StopSignals::count(), 0);
}

}  // namespace
}  // namespace drawlab::runner
