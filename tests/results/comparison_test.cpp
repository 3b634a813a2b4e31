#include "results/comparison.hpp"

#include "drawlab/error.hpp"

#include "results/format.hpp"
#include "results/pivot.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace drawlab::results {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A grid of two reads and two writes over seeds, some of it done.
class ComparisonTest : public testing::Test {
 protected:
  RunId add(const std::string& read, const std::string& write, std::uint64_t seed, double nll,
            Status status = Status::done) {
    NewRun run = new_run(read + write + std::to_string(seed));
    run.label = "read=" + read + " write=" + write;
    run.config = R"({"read":{)" + read + R"(},"write":{)" + write + R"(},"training":{"learning_rate":0.001},"seed":)" +
                 std::to_string(seed) + "}";
    run.seed = seed;
    const RunId id = store.put_run(run);
    EXPECT_TRUE(store.acquire(id, "holder", this_machine()));
    store.put_metrics(id, std::vector<Metric>{{1, {Split::validation, Quantity::nll}, nll + 1},
                                              {2, {Split::validation, Quantity::nll}, nll + 2},
                                              {1, {Split::train, Quantity::kl}, 5},
                                              {2, {Split::train, Quantity::kl}, static_cast<double>(seed)},
                                              {2, {Split::test, Quantity::nll}, nll}});
    store.release(id, "holder", status);
    return id;
  }
  static constexpr const char* kGlobal = R"("global":{})";
  static constexpr const char* kTwo = R"("gaussian":{"fused":true,"size":2})";
  static constexpr const char* kFive = R"("gaussian":{"fused":true,"size":5})";

  TemporaryFolder folder;
  Store store{folder / "results.sqlite"};
};

TEST_F(ComparisonTest, GroupsRunsThatDifferInTheirSeedOnly) {
  add(kGlobal, kGlobal, 1, 10);
  add(kTwo, kGlobal, 1, 30);
  add(kGlobal, kGlobal, 2, 14);
  const auto runs = store.runs();
  const auto groups = group_by_cell(runs);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].runs.size(), 2U);
  const Spread spread = spread_of(groups[0], metric_of(store, runs, "test_nll"));
  EXPECT_DOUBLE_EQ(*spread.mean, 12);
  EXPECT_DOUBLE_EQ(*spread.deviation, std::sqrt(8.0));
  EXPECT_EQ(spread_text(spread, 1), "12.0 ± 2.8");
  EXPECT_EQ(spread_of(groups[1], metric_of(store, runs, "test_nll")).deviation, std::nullopt);
}

TEST_F(ComparisonTest, LetsTheLatestOfSeveralAttemptsSpeakThatIsDone) {
  const RunId first = add(kGlobal, kGlobal, 1, 10);
  const auto speaking = [&] {
    const auto groups = group_by_cell(store.runs());
    EXPECT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].runs.size(), 1U);
    return groups[0].runs[0].id;
  };
  NewRun again = new_run(std::string(kGlobal) + kGlobal + "1");
  again.config = store.run(first)->config;
  const RunId waiting = store.put_run(again, true);
  EXPECT_EQ(speaking(), first) << "the numbers that there are, for as long as the new run has none";
  store.acquire(waiting, "holder", this_machine());
  store.release(waiting, "holder", Status::failed);
  EXPECT_EQ(speaking(), first);
  store.acquire(waiting, "holder", this_machine());
  store.release(waiting, "holder", Status::done);
  EXPECT_EQ(speaking(), waiting);
}

TEST_F(ComparisonTest, TakesTheLatestAttemptWhereNoneIsDone) {
  add(kGlobal, kGlobal, 1, 10, Status::diverged);
  NewRun again = new_run(std::string(kGlobal) + kGlobal + "1");
  again.config = store.runs()[0].config;
  const RunId id = store.put_run(again, true);
  EXPECT_EQ(group_by_cell(store.runs())[0].runs[0].id, id);
}

TEST_F(ComparisonTest, CountsASeedOnceThatAnotherBuildTrainedAgain) {
  const RunId first = add(kGlobal, kGlobal, 1, 10);
  add(kGlobal, kGlobal, 2, 14);
  NewRun rebuilt = new_run("the identity of another build");
  rebuilt.config = store.run(first)->config;
  const RunId id = store.put_run(rebuilt);
  store.acquire(id, "holder", this_machine());
  store.put_metrics(id, std::vector<Metric>{{2, {Split::test, Quantity::nll}, 12}});
  store.release(id, "holder", Status::done);
  const auto runs = store.runs();
  const auto groups = group_by_cell(runs);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].runs.size(), 2U);
  const Spread spread = spread_of(groups[0], metric_of(store, runs, "test_nll"));
  EXPECT_EQ(spread.count, 2);
  EXPECT_EQ(spread.mean, 13);
}

TEST_F(ComparisonTest, PairsSeedsThatBothCellsHave) {
  add(kGlobal, kGlobal, 1, 10);
  add(kGlobal, kGlobal, 2, 20);
  add(kGlobal, kGlobal, 3, 40);
  add(kTwo, kGlobal, 2, 21);
  add(kTwo, kGlobal, 3, 44);
  add(kTwo, kGlobal, 4, 1000);
  const auto runs = store.runs();
  const auto groups = group_by_cell(runs);
  const auto difference = paired_difference(groups[0], groups[1], metric_of(store, runs, "test_nll"));
  EXPECT_EQ(difference.pairs, 2);
  EXPECT_DOUBLE_EQ(difference.mean, 2.5);
  EXPECT_DOUBLE_EQ(*difference.standard_error, 1.5);
}

TEST_F(ComparisonTest, KnowsEveryMetricByItsName) {
  const RunId id = add(kGlobal, kGlobal, 7, 10);
  const auto runs = store.runs();
  EXPECT_THAT(metric_of(store, runs, "validation_nll"), ElementsAre(testing::Pair(id, 11)));
  EXPECT_THAT(metric_of(store, runs, "train_kl"), ElementsAre(testing::Pair(id, 7)));
  EXPECT_THAT(metric_of(store, runs, "epochs"), ElementsAre(testing::Pair(id, 2)));
  EXPECT_THAT(metric_of(store, runs, "importance_nll"), ElementsAre());
  try {
    metric_of(store, runs, "tran_kl");
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'train_kl'?"));
  }
}

TEST_F(ComparisonTest, LeavesOutWhatIsNotDone) {
  add(kGlobal, kGlobal, 1, 10);
  add(kGlobal, kGlobal, 2, 99, Status::diverged);
  const auto runs = store.runs();
  EXPECT_EQ(metric_of(store, runs, "test_nll").size(), 1U);
}

TEST_F(ComparisonTest, PivotsForPeopleAndForPrograms) {
  add(kGlobal, kGlobal, 1, 10);
  add(kGlobal, kGlobal, 2, 14);
  add(kTwo, kGlobal, 1, 30);
  add(kFive, kTwo, 1, 7);
  const auto runs = store.runs();
  const auto numbers = metric_of(store, runs, "test_nll");
  EXPECT_EQ(format_table(pivot(runs, {"read", "write"}, numbers, "test_nll", true), Format::markdown),
            "| read             |   write=global | write=gaussian |\n"
            "| ---------------- | -------------: | -------------: |\n"
            "| global           | 12.000 ± 2.828 |                |\n"
            "| gaussian(size=2) |         30.000 |                |\n"
            "| gaussian(size=5) |                |          7.000 |\n");
  EXPECT_THAT(format_table(pivot(runs, {"read", "write"}, numbers, "test_nll", true), Format::latex),
              HasSubstr("\\begin{tabular}{lrr}"));
  EXPECT_EQ(format_table(pivot(runs, {"read"}, numbers, "test_nll", false), Format::csv),
            "read,runs,done,metric,mean,sd\n"
            "global,2,2,test_nll,12,2.8284271247461903\n"
            "gaussian(size=2),1,1,test_nll,30,\n"
            "gaussian(size=5),1,1,test_nll,7,\n");
  EXPECT_THAT(settings_of(runs, "training.learning_rate"), testing::Each("0.001"));
  try {
    settings_of(runs, "training.learning_rat");
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'training.learning_rate'?"));
  }
}

EvaluationRow evaluation(BoundKind kind, std::int64_t draws, double nll) {
  EvaluationRow row;
  row.split = Split::test;
  row.samples = 100;
  row.kind = kind;
  row.importance_samples = draws;
  row.nll = nll;
  row.checkpoint_sha256 = "ab";
  row.version = "0.1.0";
  return row;
}

TEST_F(ComparisonTest, KeepsEvaluationsAsWhatTheyAreAndReplacesEqualOnes) {
  const RunId id = add(kGlobal, kGlobal, 1, 10);
  EvaluationRow plain = evaluation(BoundKind::plain, 1, 10);
  plain.kl = 3;
  store.put_evaluation(id, plain);
  store.put_evaluation(id, evaluation(BoundKind::importance, 5, 9.5));
  store.put_evaluation(id, evaluation(BoundKind::importance, 50, 9.25));
  EvaluationRow better = evaluation(BoundKind::importance, 50, 9);
  better.standard_error = 0.5;
  store.put_evaluation(id, better);
  const auto rows = store.evaluations(id);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].kind, BoundKind::plain);
  EXPECT_EQ(rows[0].kl, 3);
  EXPECT_EQ(rows[0].standard_error, std::nullopt);
  EXPECT_EQ(rows[2].nll, 9);
  EXPECT_EQ(rows[2].standard_error, 0.5);
  EXPECT_NE(rows[2].evaluated, "");
  EXPECT_THAT(metric_of(store, store.runs(), "importance_nll"), ElementsAre(testing::Pair(id, 9)));
}

TEST_F(ComparisonTest, ComparesImportanceBoundsOfOneKindOnly) {
  const RunId a = add(kGlobal, kGlobal, 1, 10);
  const RunId b = add(kTwo, kGlobal, 1, 10);
  const RunId c = add(kFive, kGlobal, 1, 10);
  const auto record = [&](RunId run, std::int64_t samples, std::int64_t draws, double nll, std::int64_t passes = 1) {
    EvaluationRow row = evaluation(BoundKind::importance, draws, nll);
    row.samples = samples;
    row.passes = passes;
    store.put_evaluation(run, row);
  };
  record(a, 100, 500, 5);
  record(a, 1000, 50, 9);
  record(b, 1000, 50, 8.5, 4);
  record(b, 1000, 50, 8);
  record(c, 1000, 5, 7);
  const ImportanceBounds bounds = importance_bounds(store, store.runs());
  EXPECT_EQ(bounds.samples, 1000);
  EXPECT_EQ(bounds.importance_samples, 50);
  EXPECT_THAT(bounds.numbers, ElementsAre(testing::Pair(a, 9), testing::Pair(b, 8.5)));
  EXPECT_THAT(metric_of(store, store.runs(), "importance_nll"), testing::ContainerEq(bounds.numbers));
}

TEST_F(ComparisonTest, LeavesOutBoundsOfWeightsThatTheRunNoLongerHas) {
  const RunId id = add(kGlobal, kGlobal, 1, 10);
  store.put_evaluation(id, evaluation(BoundKind::importance, 50, 9));
  EXPECT_EQ(importance_bounds(store, store.runs()).numbers.size(), 1U) << "published runs have no checkpoint";
  store.put_checkpoint(id, folder / "checkpoint", "cd", 2, 2);
  EXPECT_EQ(importance_bounds(store, store.runs()).numbers.size(), 0U);
  store.put_checkpoint(id, folder / "checkpoint", "ab", 2, 2);
  EXPECT_EQ(importance_bounds(store, store.runs()).numbers.size(), 1U);
}

TEST_F(ComparisonTest, NamesTheSettingsThatAMeanIsOverBesideSeeds) {
  add(kGlobal, kGlobal, 1, 10);
  add(kGlobal, kGlobal, 2, 10);
  add(kTwo, kGlobal, 1, 10);
  add(kFive, kGlobal, 1, 10);
  const auto runs = store.runs();
  const auto numbers = metric_of(store, runs, "test_nll");
  EXPECT_THAT(mixed_settings(runs, {"read"}, numbers), ElementsAre());
  EXPECT_THAT(mixed_settings(runs, {"write"}, numbers), ElementsAre("read", "read.gaussian.size"));
}

TEST_F(ComparisonTest, RefusesToRecordABoundThatIsNoNumber) {
  const RunId id = add(kGlobal, kGlobal, 1, 10);
  EXPECT_THROW(store.put_evaluation(id, evaluation(BoundKind::plain, 1, std::numeric_limits<double>::infinity())),
               DatabaseError);
  EXPECT_TRUE(store.evaluations(id).empty());
}

}  // namespace
}  // namespace drawlab::results
