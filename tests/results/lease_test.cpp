#include "support.hpp"
#include "system/process_name.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace drawlab::results {
namespace {

using testing::ElementsAre;

class LeaseTest : public testing::Test {
 protected:
  // A process that takes the lease and then sits there until it is killed.
  pid_t start_holder(RunId run, const std::string& holder) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    const pid_t child = start_process([&] {
      Store mine(path);
      const char taken = mine.acquire(run, holder, this_machine()) ? 'y' : 'n';
      if (write(ends[1], &taken, 1) != 1) return 1;
      for (;;) pause();
    });
    char taken = '?';
    EXPECT_EQ(read(ends[0], &taken, 1), 1);
    EXPECT_EQ(taken, 'y');
    close(ends[0]);
    close(ends[1]);
    return child;
  }
  // As if the holder's heartbeat had stopped so long ago.
  void age_lease(int seconds) { sql(path, "UPDATE lease SET heartbeat = heartbeat - " + std::to_string(seconds)); }
  // As if the holder sat on another machine, of whose processes nothing is known here.
  void move_session_elsewhere() { sql(path, "UPDATE session SET machine = 'another boot', host = 'there'"); }

  TemporaryFolder folder;
  std::filesystem::path path = folder / "drawlab.sqlite";
  RunId id = Store(path).put_run(new_run("a"));
};

TEST_F(LeaseTest, IsWonByExactlyOneOfManyProcesses) {
  constexpr int kProcesses = 12;
  constexpr int kRounds = 5;
  for (int round = 0; round < kRounds; ++round) {
    const RunId run = Store(path).put_run(new_run("race " + std::to_string(round)));
    int gate[2];
    int answers[2];
    int end[2];
    ASSERT_TRUE(pipe(gate) == 0 && pipe(answers) == 0 && pipe(end) == 0);
    std::vector<pid_t> children;
    for (int i = 0; i < kProcesses; ++i) {
      children.push_back(start_process([&] {
        close(gate[1]);
        close(end[1]);
        Store mine(path);
        char wait = 0;
        // All start at once, when the other end of the pipe closes.
        if (read(gate[0], &wait, 1) != 0) return 1;
        const char won = mine.acquire(run, "holder " + std::to_string(i), this_machine()) ? 'y' : 'n';
        if (write(answers[1], &won, 1) != 1) return 1;
        // A winner that ended now would rightly lose its lease to the next.
        return read(end[0], &wait, 1) == 0 ? 0 : 1;
      }));
    }
    close(gate[0]);
    close(end[0]);
    close(answers[1]);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    close(gate[1]);
    int winners = 0;
    for (int i = 0; i < kProcesses; ++i) {
      char won = '?';
      ASSERT_EQ(read(answers[0], &won, 1), 1);
      winners += won == 'y';
    }
    close(end[1]);
    close(answers[0]);
    for (const pid_t child : children) EXPECT_EQ(wait_for(child), 0);
    EXPECT_EQ(winners, 1);
  }
}

TEST_F(LeaseTest, IsFreeAtOnceWhenItsHolderIsKilled) {
  const pid_t child = start_holder(id, "first");
  Store store(path);
  EXPECT_FALSE(store.acquire(id, "second", this_machine()));
  EXPECT_FALSE(store.run(id)->interrupted);
  kill(child, SIGKILL);
  EXPECT_EQ(wait_for(child), -SIGKILL);
  EXPECT_TRUE(store.run(id)->interrupted);
  EXPECT_TRUE(store.acquire(id, "second", this_machine()));
  EXPECT_FALSE(store.heartbeat(id, "first", 1));
  EXPECT_TRUE(store.heartbeat(id, "second", 1));
  EXPECT_THAT(sql(path, "SELECT holder || ' ' || coalesce(ending, 'open') FROM session ORDER BY id"),
              ElementsAre("first lost", "second open"));
}

TEST_F(LeaseTest, IsFreeWhenItsHolderIsAZombieThatNobodyReaped) {
  const pid_t child = start_holder(id, "first");
  kill(child, SIGKILL);
  siginfo_t ended{};
  waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT);
  Store store(path);
  EXPECT_TRUE(store.acquire(id, "second", this_machine()));
  wait_for(child);
}

TEST_F(LeaseTest, IsNotLeftToALaterProcessOfTheSameNumber) {
  Store store(path);
  ASSERT_TRUE(store.acquire(id, "first", this_machine()));
  sql(path, "UPDATE session SET process_start = process_start - 1");
  EXPECT_TRUE(store.acquire(id, "second", this_machine()));
}

TEST_F(LeaseTest, StaysWithALiveProcessOfThisMachineHoweverLate) {
  const pid_t child = start_holder(id, "first");
  age_lease(1000);
  Store store(path);
  EXPECT_FALSE(store.acquire(id, "second", this_machine()));
  kill(child, SIGKILL);
  wait_for(child);
}

TEST_F(LeaseTest, OfAnotherMachineLapsesWithoutHeartbeat) {
  Store store(path);
  ASSERT_TRUE(store.acquire(id, "first", this_machine()));
  move_session_elsewhere();
  EXPECT_FALSE(store.acquire(id, "second", this_machine()));
  age_lease(kLeaseSeconds);
  EXPECT_TRUE(store.run(id)->interrupted);
  EXPECT_TRUE(store.acquire(id, "second", this_machine()));
}

TEST_F(LeaseTest, ThatLapsedIsKeptByAHeartbeatWhileNobodyTookIt) {
  Store store(path);
  ASSERT_TRUE(store.acquire(id, "first", this_machine()));
  move_session_elsewhere();
  age_lease(kLeaseSeconds + 5);
  EXPECT_TRUE(store.heartbeat(id, "first", 0));
  EXPECT_FALSE(store.acquire(id, "second", this_machine()));
}

TEST_F(LeaseTest, OfADoneRunIsNeverGivenOut) {
  Store store(path);
  ASSERT_TRUE(store.acquire(id, "first", this_machine()));
  store.release(id, "first", Status::done);
  EXPECT_FALSE(store.acquire(id, "second", this_machine()));
}

TEST_F(LeaseTest, CanBeTakenAgainAfterEveryOtherEnding) {
  Store store(path);
  for (const Status status : {Status::stopped, Status::failed, Status::diverged}) {
    ASSERT_TRUE(store.acquire(id, "first", this_machine()));
    store.release(id, "first", status, "why", 7);
    EXPECT_EQ(store.run(id)->status, status);
    EXPECT_EQ(store.run(id)->error, "why");
    EXPECT_EQ(store.run(id)->diverged_step, 7);
    EXPECT_EQ(store.run(id)->interrupted, status == Status::stopped);
    EXPECT_NE(store.run(id)->finished, "");
  }
  ASSERT_TRUE(store.acquire(id, "first", this_machine()));
  EXPECT_EQ(store.run(id)->error, "");
  EXPECT_EQ(store.run(id)->diverged_step, 0);
  EXPECT_EQ(store.run(id)->finished, "");
}

TEST_F(LeaseTest, AddsUpTheSecondsOfAllSessions) {
  Store store(path);
  ASSERT_TRUE(store.acquire(id, "first", this_machine()));
  store.heartbeat(id, "first", 2);
  store.heartbeat(id, "first", 1.5);
  store.release(id, "first", Status::stopped);
  ASSERT_TRUE(store.acquire(id, "second", this_machine()));
  store.heartbeat(id, "second", 4);
  store.release(id, "second", Status::done);
  EXPECT_EQ(store.run(id)->seconds, 7.5);
  EXPECT_THAT(sql(path, "SELECT seconds || ' ' || ending FROM session ORDER BY id"),
              ElementsAre("3.5 stopped", "4.0 done"));
}

TEST_F(LeaseTest, ThatWasLostIsNotReleasedByItsFormerHolder) {
  const pid_t child = start_holder(id, "first");
  kill(child, SIGKILL);
  wait_for(child);
  Store store(path);
  ASSERT_TRUE(store.acquire(id, "second", this_machine()));
  store.release(id, "first", Status::failed, "too late");
  store.abandon(id, "first", Status::failed, "too late");
  EXPECT_EQ(store.run(id)->status, Status::running);
  EXPECT_FALSE(store.run(id)->interrupted);
}

TEST_F(LeaseTest, OfAProcessThatDiedIsAbandonedByWhoeverStartedIt) {
  const pid_t child = start_holder(id, "first");
  kill(child, SIGKILL);
  wait_for(child);
  Store store(path);
  store.abandon(id, "first", Status::failed, "killed by signal 9 (out of memory?)");
  EXPECT_EQ(store.run(id)->status, Status::failed);
  EXPECT_EQ(store.run(id)->error, "killed by signal 9 (out of memory?)");
  EXPECT_THAT(sql(path, "SELECT ending FROM session"), ElementsAre("died"));
}

TEST_F(LeaseTest, ThatWasNeverTakenIsAbandonedToo) {
  Store store(path);
  store.abandon(id, "first", Status::failed, "could not start");
  EXPECT_EQ(store.run(id)->error, "could not start");
}

TEST_F(LeaseTest, ThatItsHolderReleasedKeepsTheHoldersWord) {
  Store store(path);
  ASSERT_TRUE(store.acquire(id, "first", this_machine()));
  store.release(id, "first", Status::failed, "the learning rate is too high");
  store.abandon(id, "first", Status::failed, "exit code 1");
  EXPECT_EQ(store.run(id)->error, "the learning rate is too high");
}

TEST(ProcessName, IsAliveForThisProcessAndUnknownForAnotherMachines) {
  ProcessName own = process_name(getpid());
  EXPECT_EQ(liveness(own), Liveness::alive);
  own.machine = "another boot";
  EXPECT_EQ(liveness(own), Liveness::unknown);
  EXPECT_EQ(liveness({}), Liveness::unknown);
}

}  // namespace
}  // namespace drawlab::results
