#include "drawlab/error.hpp"

#include "runner/commands/command.hpp"

#include <gmock/gmock.h>

namespace drawlab::runner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

/// One option of each shape.
struct Example : CommandLine {
  const std::filesystem::path& input = argument(file(), "file to read");
  const std::vector<std::string>& rest = arguments(text("WORD"), "further words", Need::optional);
  const std::filesystem::path& output = option("output,o", file(), "file to write", "", Need::required);
  const int& jobs = option("jobs", integer<int>(1, 4096), "cells side by side");
  const double& temperature = option("temperature", real(0, 100, "X"), "how wild", "1");
  const bool& offline = flag("offline", "download nothing");
  const std::string& style = option("style", one_of({"auto", "plain", "none"}, "STYLE"), "how to print", "auto");
  const std::vector<std::pair<std::string, std::string>>& sets = options("set", setting(), "set a value");
  const std::vector<int>& threads = option("threads", list(integer<int>(1, 64)), "numbers of threads", "1,2");
  const std::optional<std::int64_t>& seed = optional("seed", any_integer(), "seed");
  const std::int64_t& id = option("run", run_number(), "run");
};

std::string mistake(const std::vector<std::string>& words) {
  try {
    Example().parse("drawlab example", words);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

/// The mistake of these words beside what is required.
std::string mistake_of(std::vector<std::string> words) {
  words.insert(words.begin(), {"in", "-o", "out"});
  return mistake(words);
}

TEST(CommandLine, HasTheDefaultsOfItsDeclarations) {
  Example line;
  EXPECT_TRUE(line.parse("drawlab example", {"in", "-o", "out"}));
  EXPECT_EQ(line.input, "in");
  EXPECT_EQ(line.output, "out");
  EXPECT_EQ(line.jobs, 0);
  EXPECT_EQ(line.temperature, 1);
  EXPECT_FALSE(line.offline);
  EXPECT_EQ(line.style, "auto");
  EXPECT_THAT(line.threads, ElementsAre(1, 2));
  EXPECT_FALSE(line.seed.has_value());
}

TEST(CommandLine, SetsTheMembersByTheWords) {
  Example line;
  EXPECT_TRUE(
      line.parse("drawlab example",
                 {"in",        "--set",   "a=1",  "more",  "--output=out", "--jobs",    "3",   "--temperature=0.5",
                  "--offline", "--style", "none", "--set", "b=x=y",        "--threads", "4,8", "--seed",
                  "-7",        "--run",   "12",   "end"}));
  EXPECT_EQ(line.input, "in");
  EXPECT_THAT(line.rest, ElementsAre("more", "end"));
  EXPECT_EQ(line.jobs, 3);
  EXPECT_EQ(line.temperature, 0.5);
  EXPECT_TRUE(line.offline);
  EXPECT_EQ(line.style, "none");
  EXPECT_THAT(line.sets, ElementsAre(Pair("a", "1"), Pair("b", "x=y")));
  EXPECT_THAT(line.threads, ElementsAre(4, 8));
  EXPECT_EQ(line.seed, -7);
  EXPECT_EQ(line.id, 12);
}

TEST(CommandLine, KeepsTheCommandAsAShellTakesIt) {
  Example line;
  line.parse("drawlab example", {"in", "-o", "a b", "--set", "x={y: 'z'}"});
  EXPECT_EQ(line.typed_command(), R"(drawlab example in -o 'a b' --set 'x={y: '\''z'\''}')");
}

TEST(CommandLine, NamesTheNearestOption) {
  EXPECT_EQ(mistake_of({"--ofline"}), "drawlab example: unknown option '--ofline'; did you mean '--offline'?");
}

TEST(CommandLine, NamesTheRangeOfANumber) {
  EXPECT_EQ(mistake_of({"--jobs", "0"}), "--jobs: 0 is outside 1..4096");
  EXPECT_EQ(mistake_of({"--jobs", "4097"}), "--jobs: 4097 is outside 1..4096");
  EXPECT_EQ(mistake_of({"--jobs", "two"}), "--jobs: 'two' is no whole number in 1..4096");
  EXPECT_EQ(mistake_of({"--jobs", "2.5"}), "--jobs: '2.5' is no whole number in 1..4096");
  EXPECT_EQ(mistake_of({"--temperature", "101"}), "--temperature: 101 is outside 0..100");
  EXPECT_EQ(mistake_of({"--temperature", "nan"}), "--temperature: nan is outside 0..100");
  EXPECT_EQ(mistake_of({"--threads", "1,65"}), "--threads: 65 is outside 1..64");
  EXPECT_EQ(mistake_of({"--run", "x"}), "--run: 'x' is no run's number; `drawlab runs` lists them");
}

TEST(CommandLine, NamesTheWordsThatAreAllowedAndTheNearest) {
  EXPECT_EQ(mistake_of({"--style", "plian"}), "--style: 'plian' is none of auto, plain, none; did you mean 'plain'?");
  EXPECT_EQ(mistake_of({"--set", "epochs"}), "--set: 'epochs' is no setting; write key=value");
}

TEST(CommandLine, SaysWhatIsMissingOrTooMuch) {
  EXPECT_EQ(mistake({"-o", "out"}), "drawlab example: FILE is missing: file to read");
  EXPECT_EQ(mistake({"in"}), "drawlab example: --output is missing: file to write");
  EXPECT_EQ(mistake_of({"--jobs", "1", "--jobs", "2"}), "--jobs: given twice");
  EXPECT_THAT(mistake_of({"--jobs"}), HasSubstr("--jobs"));
  EXPECT_EQ(Example().usage(), "FILE [WORD…] -o FILE [options]");
}

TEST(CommandLine, AsksForNothingElseBesideHelp) { EXPECT_FALSE(Example().parse("drawlab example", {"--help"})); }

TEST(Command, OfAGroupIsNamedWithItsNearest) {
  const Command group{"data", "", "", {command<Example>("fetch", "", ""), command<Example>("list", "", "")}};
  EXPECT_EQ(execute(group, {"list", "in", "-o", "out"}, "drawlab data"), 0);
  EXPECT_EQ(execute(group, {"-o", "out", "list", "in"}, "drawlab data"), 0) << "an option may come first";
  const auto mistake = [&](const std::vector<std::string>& words) {
    try {
      execute(group, words, "drawlab data");
    } catch (const ConfigError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(mistake({"lits"}), "drawlab data: unknown command 'lits'; did you mean 'list'?");
  EXPECT_EQ(mistake({}), "drawlab data: a command is missing; known: fetch, list");
  EXPECT_EQ(mistake({"list"}), "drawlab data list: FILE is missing: file to read");
}

}  // namespace
}  // namespace drawlab::runner
