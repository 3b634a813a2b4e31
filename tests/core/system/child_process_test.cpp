#include "system/child_process.hpp"

#include "drawlab/error.hpp"

#include "system/isolated.hpp"
#include "system/stop_signals.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <stdexcept>

namespace drawlab {
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

TEST(RunProgram, PassesOutputOnAndKeepsErrors) {
  std::string output;
  const ProgramResult result = run_program({"sh", "-c", "echo a; echo complained >&2; echo b; exit 3"}, {},
                                           std::chrono::seconds(0), [&](std::string_view piece) { output += piece; });
  EXPECT_EQ(output, "a\nb\n");
  EXPECT_EQ(result.errors, "complained\n");
  EXPECT_EQ(result.end.exit_code, 3);
  EXPECT_FALSE(result.was_silent);
}

TEST(RunProgram, EndsAProgramThatIsSilentForTooLong) {
  const ProgramResult result = run_program({"sleep", "60"}, {}, std::chrono::seconds(1), [](std::string_view) {});
  EXPECT_TRUE(result.was_silent);
  EXPECT_EQ(result.end.signal, SIGKILL);
}

TEST(RunProgram, LimitsProcessorTimeAndMemory) {
  const auto end_of = [](const std::string& command, const ProcessLimits& limits) {
    return run_program({"sh", "-c", command}, limits, std::chrono::seconds(60), [](std::string_view) {}).end;
  };
  const int signal = end_of("while :; do :; done", {std::chrono::seconds(1), 0}).signal;
  EXPECT_TRUE(signal == SIGXCPU || signal == SIGKILL) << signal;
#ifndef __SANITIZE_ADDRESS__
  EXPECT_TRUE(end_of("ulimit -v | grep -qx 1048576", {std::chrono::seconds(0), std::uint64_t{1} << 30U}).succeeded());
#endif
}

TEST(RunProgram, PassesTheRequestToStopOn) {
  const StopSignals signals;
  StopSignals::request(SIGINT);
  const ProgramResult result = run_program({"sleep", "60"}, {}, std::chrono::seconds(60), [](std::string_view) {});
  EXPECT_EQ(result.end.signal, SIGINT);
}

TEST(RunProgram, RefusesWhatCannotBeExecuted) {
  EXPECT_THROW(run_program({"/nowhere/at/all"}, {}, std::chrono::seconds(1), [](std::string_view) {}), SystemError);
}

TEST(RunIsolated, GivesTheResultOfTheCopyAndSurvivesItsCrash) {
  const SharedMemory<int> number;
  EXPECT_EQ(*number, 0);
  EXPECT_EQ(run_isolated([&] { return *number = 7; }).exit_code, 7);
  EXPECT_EQ(*number, 7);
  EXPECT_EQ(run_isolated([]() -> int { throw std::runtime_error("no"); }).exit_code, 1);
  EXPECT_EQ(run_isolated([] { return ::raise(SIGKILL); }).signal, SIGKILL);
}

}  // namespace
}  // namespace drawlab
