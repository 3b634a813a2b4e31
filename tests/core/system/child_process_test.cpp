#include "system/child_process.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace drawlab::runner {
namespace {

TEST(Process, TellsItsOutputAndItsExitCode) {
  Process process({"sh", "-c", "echo said; echo complained >&2; exit 7"});
  const ProcessEnd end = process.wait();
  EXPECT_EQ(end.exit_code, 7);
  EXPECT_EQ(end.signal, 0);
  EXPECT_EQ(end.sentence(), "ended with exit code 7");
  std::string output;
  std::string errors;
  EXPECT_FALSE(read_available(process.output(), output));
  EXPECT_FALSE(read_available(process.errors(), errors));
  EXPECT_EQ(output, "said\n");
  EXPECT_EQ(errors, "complained\n");
}

TEST(Process, NamesTheSignalThatEndedIt) {
  Process process({"sleep", "60"});
  EXPECT_FALSE(process.poll());
  process.signal(SIGABRT);
  EXPECT_EQ(process.wait().sentence(), "was killed by signal 6 (SIGABRT, Aborted)");
}

TEST(Process, ThatIsForgottenIsEnded) {
  pid_t id = 0;
  {
    const Process process({"sleep", "60"});
    id = process.id();
    EXPECT_EQ(kill(id, 0), 0);
  }
  EXPECT_NE(kill(id, 0), 0);
}

TEST(Process, OfAProgramThatDoesNotExistEndsWith127) {
  Process process({"/nowhere/at/all"});
  EXPECT_EQ(process.wait().exit_code, 127);
}

TEST(OutputOf, GivesWhatACommandPrintsOrNothingWhenItFails) {
  EXPECT_EQ(output_of({"echo", "word"}), "word\n");
  EXPECT_EQ(output_of({"sh", "-c", "echo word; exit 1"}), std::nullopt);
}

}  // namespace
}  // namespace drawlab::runner
