#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drawlab::results {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ViewTest : public testing::Test {
 protected:
  RunId run(const std::string& identity, const std::string& experiment, double test_nll) {
    const RunId id = store.put_run(new_run(identity, experiment));
    store.acquire(id, "holder", this_machine());
    store.heartbeat(id, "holder", 12.34);
    store.put_metrics(id, std::vector<Metric>{{3, {Split::train, Quantity::nll}, 110},
                                              {3, {Split::validation, Quantity::nll}, 105},
                                              {3, {Split::test, Quantity::nll}, test_nll},
                                              {3, {Split::test, Quantity::reconstruction}, test_nll - 20},
                                              {3, {Split::test, Quantity::kl}, 20}});
    store.release(id, "holder", Status::done);
    return id;
  }
  std::vector<std::string> columns(const std::string& view) {
    return sql(path, "SELECT name FROM pragma_table_info('" + view + "')");
  }

  TemporaryFolder folder;
  std::filesystem::path path = folder / "drawlab.sqlite";
  Store store{path};
};

TEST_F(ViewTest, LeaderboardHasTheColumnsThatScriptsRelyOn) {
  EXPECT_THAT(columns("leaderboard"),
              ElementsAre("experiment", "run", "dataset", "task", "read", "write", "seed", "status", "epochs",
                          "test_nll", "test_reconstruction", "test_kl", "test_error", "seconds", "cell"));
}

TEST_F(ViewTest, LeaderboardPutsTheBestFirstWithinItsExperiment) {
  run("worse", "a", 120);
  store.put_run(new_run("never started", "a"));
  run("better", "a", 90.5);
  run("other", "b", 80);
  EXPECT_THAT(sql(path,
                  "SELECT experiment || ' ' || status || ' ' || coalesce(test_nll, '-') || ' ' || epochs || ' ' "
                  "|| seconds FROM leaderboard"),
              ElementsAre("a done 90.5 3 12.3", "a done 120.0 3 12.3", "a pending - 0 0.0", "b done 80.0 3 12.3"));
}

TEST_F(ViewTest, LeaderboardTakesTheLatestTestAndTheBestValidation) {
  const RunId id = run("a", "a", 120);
  store.put_metrics(
      id, std::vector<Metric>{{9, {Split::test, Quantity::nll}, 99}, {9, {Split::validation, Quantity::nll}, 130}});
  EXPECT_EQ(store.run(id)->test_nll, 99);
  EXPECT_EQ(store.run(id)->best_nll, 105);
  EXPECT_EQ(store.run(id)->epochs, 9);
}

TEST_F(ViewTest, LeaderboardSaysInterruptedOnceTheHeartbeatStops) {
  const auto status = [&] { return sql(path, "SELECT status FROM leaderboard"); };
  const RunId id = store.put_run(new_run("a"));
  EXPECT_THAT(status(), ElementsAre("pending"));
  store.acquire(id, "holder", this_machine());
  EXPECT_THAT(status(), ElementsAre("running"));
  sql(path, "UPDATE lease SET heartbeat = heartbeat - " + std::to_string(kLeaseSeconds - 5));
  EXPECT_THAT(status(), ElementsAre("running"));
  sql(path, "UPDATE lease SET heartbeat = heartbeat - 5");
  EXPECT_THAT(status(), ElementsAre("interrupted"));
  store.heartbeat(id, "holder", 1);
  EXPECT_THAT(status(), ElementsAre("running"));
  store.release(id, "holder", Status::stopped);
  EXPECT_THAT(status(), ElementsAre("interrupted"));
  for (const Status ending : {Status::failed, Status::diverged, Status::done}) {
    store.acquire(id, "holder", this_machine());
    store.release(id, "holder", ending);
    EXPECT_THAT(status(), ElementsAre(status_name(ending)));
  }
}

TEST_F(ViewTest, CurveHasARowForEachEpochAndSplit) {
  const RunId id = store.put_run(new_run("a"));
  store.put_metrics(id, std::vector<Metric>{{1, {Split::validation, Quantity::nll}, 150},
                                            {1, {Split::train, Quantity::nll}, 160},
                                            {1, {Split::train, Quantity::kl}, 12},
                                            {1, {Split::train, Quantity::gradient_norm}, 5000},
                                            {2, {Split::train, Quantity::nll}, 140}});
  EXPECT_THAT(sql(path, "SELECT epoch || ' ' || split || ' ' || nll || ' ' || coalesce(kl, '-') FROM curve"),
              ElementsAre("1 train 160.0 12.0", "1 validation 150.0 -", "2 train 140.0 -"));
}

TEST_F(ViewTest, FailuresSayWhereAndWhy) {
  EXPECT_THAT(sql(path, "SELECT * FROM failures"), IsEmpty());
  const RunId diverged = store.put_run(new_run("a"));
  store.acquire(diverged, "holder", this_machine());
  store.release(diverged, "holder", Status::diverged, "the loss was not finite", 17);
  const RunId failed = store.put_run(new_run("b"));
  store.abandon(failed, "holder", Status::failed, "no such plugin");
  EXPECT_THAT(sql(path,
                  "SELECT status || ' ' || coalesce(step, '-') || ' ' || error || ' ' || coalesce(host, '-') "
                  "FROM failures"),
              ElementsAre("diverged 17 the loss was not finite here", "failed - no such plugin -"));
}

}  // namespace
}  // namespace drawlab::results
