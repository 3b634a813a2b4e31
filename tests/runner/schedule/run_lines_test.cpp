#include "runner/schedule/run_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

namespace drawlab::runner {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Sparkline, ShowsTheLowestAsTheLowestBarAndTheHighestAsTheHighest) {
  EXPECT_EQ(sparkline(std::vector<double>{8, 4, 0}, 10), "█▅▁");
  EXPECT_EQ(sparkline(std::vector<double>{3, 3}, 10), "▁▁");
  EXPECT_EQ(sparkline(std::vector<double>{}, 10), "");
}

TEST(Sparkline, KeepsTheFirstAndTheLastOfMany) {
  std::vector<double> falling;
  for (int i = 100; i >= 0; --i) falling.push_back(i);
  const std::string line = sparkline(falling, 5);
  EXPECT_EQ(line, "█▇▅▃▁");
}

TEST(Sparkline, LeavesAGapWhereThereIsNoNumber) {
  EXPECT_EQ(sparkline(std::vector<double>{1, std::nan(""), 2}, 10), "▁ █");
}

TEST(ShareBar, FillsFromTheLeft) {
  EXPECT_EQ(share_bar(0.5, 4), "██░░");
  EXPECT_EQ(share_bar(-1, 2), "░░");
  EXPECT_EQ(share_bar(7, 2), "██");
}

class WatchTest : public testing::Test {
 protected:
  WatchTest() { std::filesystem::remove_all(folder); }
  ~WatchTest() override { std::filesystem::remove_all(folder); }

  results::RunId add(const std::string& label, double nll) {
    results::NewRun run;
    run.experiment = "grid";
    run.label = label;
    run.identity = label;
    run.config = R"({"training":{"epochs":4},"seed":1})";
    run.task = Task::generate;
    run.dataset = "digits";
    const results::RunId id = store.put_run(run);
    EXPECT_TRUE(store.acquire(id, "holder", {"here", "a processor", "AVX2", 1, getpid()}));
    store.put_metrics(id, std::vector<Metric>{{1, {Split::validation, Quantity::nll}, 2 * nll},
                                              {2, {Split::validation, Quantity::nll}, nll}});
    store.heartbeat(id, "holder", 30);
    return id;
  }

  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("drawlab-watch-" + std::to_string(getpid()));
  results::Store store{folder / "drawlab.sqlite"};
};

TEST_F(WatchTest, PutsWhatTrainsFirstAndTellsHowFarItIs) {
  store.release(add("finished", 80), "holder", results::Status::done);
  add("under way", 90);
  const std::string text = watch_text(store, "grid", {200, 24});
  EXPECT_TRUE(text.starts_with("2 runs, 1 done, 1 running\n"));
  EXPECT_LT(text.find("under way"), text.find("finished"));
  EXPECT_THAT(text, HasSubstr("█████░░░░░   2/4   █▁"));
  EXPECT_THAT(text, HasSubstr("90.00  under way  30 s, about 30 s to go"));
  EXPECT_TRUE(is_training(store, "grid"));
  EXPECT_FALSE(is_training(store, "another"));
}

TEST_F(WatchTest, KnowsWhetherThereIsMoreToTrain) {
  EXPECT_FALSE(has_more_to_train(store, "grid"));
  const results::RunId first = add("first", 80);
  EXPECT_TRUE(has_more_to_train(store, "grid"));
  store.release(first, "holder", results::Status::stopped);
  EXPECT_FALSE(is_training(store, "grid"));
  EXPECT_TRUE(has_more_to_train(store, "grid"));
  for (const results::Status end : {results::Status::failed, results::Status::diverged, results::Status::done}) {
    ASSERT_TRUE(store.acquire(first, "holder", {"here", "a processor", "AVX2", 1, getpid()}));
    store.release(first, "holder", end);
    EXPECT_FALSE(has_more_to_train(store, "grid"));
  }
}

TEST_F(WatchTest, FitsTheScreenAndSpeaksToNoTerminal) {
  for (int i = 0; i < 30; ++i) add("cell \033[31m\n\xC2\x9B" + std::to_string(i) + std::string(300, 'x'), 90);
  const std::string text = watch_text(store, "", {60, 14});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 13);
  EXPECT_THAT(text, HasSubstr("and 20 more"));
  EXPECT_THAT(text, Not(HasSubstr("\033")));
  EXPECT_THAT(text, Not(HasSubstr("\xC2\x9B")));
  EXPECT_THAT(text, Not(HasSubstr(std::string(60, 'x'))));
}

}  // namespace
}  // namespace drawlab::runner
