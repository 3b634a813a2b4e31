#include "results/store.hpp"

#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace drawlab::results {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class StoreTest : public testing::Test {
 protected:
  TemporaryFolder folder;
  std::filesystem::path path = folder / "drawlab.sqlite";
  Store store{path};
};

TEST_F(StoreTest, GivesBackEverythingThatARunWasMadeWith) {
  NewRun given = new_run("abc");
  given.seed = (std::uint64_t{1} << 63) - 1;
  given.git_dirty = true;
  const RunId id = store.put_run(given);
  const auto row = store.run(id);
  ASSERT_TRUE(row);
  EXPECT_EQ(row->experiment, "ablation");
  EXPECT_EQ(row->label, given.label);
  EXPECT_EQ(row->identity, "abc");
  EXPECT_EQ(row->config, given.config);
  EXPECT_EQ(row->seed, given.seed);
  EXPECT_EQ(row->git_commit, "0123abcd");
  EXPECT_TRUE(row->git_dirty);
  EXPECT_EQ(row->status, Status::pending);
  EXPECT_FALSE(row->interrupted);
  EXPECT_EQ(row->epochs, 0);
  EXPECT_EQ(row->started, "");
  EXPECT_FALSE(row->test_nll);
}

TEST_F(StoreTest, KnowsARunAgainByItsIdentity) {
  const RunId first = store.put_run(new_run("abc"));
  EXPECT_EQ(store.put_run(new_run("abc")), first);
  EXPECT_NE(store.put_run(new_run("abc", "another experiment")), first);
  EXPECT_NE(store.put_run(new_run("def")), first);
  EXPECT_EQ(store.find_run("ablation", "abc")->id, first);
  EXPECT_FALSE(store.find_run("ablation", "xyz"));
  EXPECT_FALSE(store.run(999));
}

TEST_F(StoreTest, MakesAFreshRunBesideTheOldOne) {
  const RunId old = store.put_run(new_run("abc"));
  const RunId fresh = store.put_run(new_run("abc"), true);
  EXPECT_NE(fresh, old);
  EXPECT_EQ(store.find_run("ablation", "abc")->id, fresh);
  EXPECT_EQ(store.put_run(new_run("abc")), fresh);
  EXPECT_TRUE(store.run(old));
}

TEST_F(StoreTest, TakesOverAChangedPathUntilTheRunIsDone) {
  NewRun given = new_run("abc");
  const RunId id = store.put_run(given);
  given.config = R"({"path":"/elsewhere"})";
  store.put_run(given);
  EXPECT_EQ(store.run(id)->config, given.config);
  ASSERT_TRUE(store.acquire(id, "holder", this_machine()));
  store.release(id, "holder", Status::done);
  NewRun later = given;
  later.config = R"({"path":"/nowhere"})";
  store.put_run(later);
  EXPECT_EQ(store.run(id)->config, given.config);
}

TEST_F(StoreTest, ListsTheRunsOfOneExperimentOrOfAll) {
  const RunId first = store.put_run(new_run("a"));
  const RunId second = store.put_run(new_run("b", "other"));
  EXPECT_EQ(store.runs().size(), 2U);
  ASSERT_EQ(store.runs("other").size(), 1U);
  EXPECT_EQ(store.runs("other")[0].id, second);
  EXPECT_EQ(store.runs()[0].id, first);
  EXPECT_TRUE(store.runs("none").empty());
}

TEST_F(StoreTest, KeepsTheExperimentsFileAndBringsItUpToDate) {
  store.put_experiment("ablation", "which half?", "ablation.yaml", "experiment: ablation\n");
  store.put_run(new_run("a"));
  store.put_experiment("ablation", "which half buys the nats?", "ablation.yaml", "experiment: ablation # 2\n");
  EXPECT_THAT(sql(path, "SELECT description || '|' || file || '|' || text FROM experiment"),
              ElementsAre("which half buys the nats?|ablation.yaml|experiment: ablation # 2\n"));
}

TEST_F(StoreTest, StoresPluginsAndDatasetsOnce) {
  NewRun given = new_run("a");
  given.data.sources = {{"mnist", "feed"}};
  store.put_run(given);
  store.put_run(new_run("b"));
  given.plugins.push_back({"dataset", "digits", "1.0", "bb", "/lib/libdrawlab_digits.so"});
  store.put_run(given);
  EXPECT_THAT(sql(path, "SELECT count(*) FROM plugin"), ElementsAre("2"));
  EXPECT_THAT(sql(path, "SELECT count(*) FROM run_plugin"), ElementsAre("3"));
  EXPECT_THAT(sql(path, "SELECT sources FROM dataset"), ElementsAre(R"([{"checksum":"feed","name":"mnist"}])"));
}

TEST_F(StoreTest, LeavesAnEarlierRunsDatasetAsItWasDescribed) {
  NewRun one = new_run("a");
  one.data.provenance = "one digit of mnist";
  NewRun two = new_run("b");
  two.data.provenance = "two digits of mnist";
  store.put_run(one);
  store.put_run(two);
  EXPECT_THAT(sql(path, "SELECT provenance FROM run JOIN dataset ON dataset.id = dataset_id ORDER BY run.id"),
              ElementsAre("one digit of mnist", "two digits of mnist"));
}

TEST_F(StoreTest, ReplacesAMetricThatIsRecordedAgain) {
  const RunId id = store.put_run(new_run("a"));
  store.put_metrics(
      id, std::vector<Metric>{{1, {Split::train, Quantity::nll}, 200}, {1, {Split::validation, Quantity::nll}, 190}});
  store.put_metrics(
      id, std::vector<Metric>{{1, {Split::train, Quantity::nll}, 150}, {2, {Split::validation, Quantity::nll}, 140}});
  const auto rows = store.metrics(id);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].name.split, Split::train);
  EXPECT_EQ(rows[0].value, 150);
  EXPECT_EQ(store.run(id)->best_nll, 140);
  EXPECT_EQ(store.run(id)->epochs, 2);
}

TEST_F(StoreTest, KeepsEveryBitOfAMetric) {
  const RunId id = store.put_run(new_run("a"));
  const std::vector<double> values = {0.1, 1e-310, -0.0, 98.00000000000001, std::numeric_limits<double>::max()};
  for (std::size_t i = 0; i < values.size(); ++i) {
    store.put_metrics(id,
                      std::vector<Metric>{{static_cast<std::int64_t>(i), {Split::train, Quantity::nll}, values[i]}});
  }
  const auto rows = store.metrics(id);
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(rows[i].value, values[i]);
}

TEST_F(StoreTest, KeepsNotANumberAndInfinities) {
  const RunId id = store.put_run(new_run("a"));
  const double infinity = std::numeric_limits<double>::infinity();
  store.put_metrics(id, std::vector<Metric>{{1, {Split::train, Quantity::nll}, std::nan("")},
                                            {2, {Split::train, Quantity::nll}, infinity},
                                            {3, {Split::train, Quantity::nll}, -infinity}});
  const auto rows = store.metrics(id);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_TRUE(std::isnan(rows[0].value));
  EXPECT_EQ(rows[1].value, infinity);
  EXPECT_EQ(rows[2].value, -infinity);
  EXPECT_THAT(sql(path, "SELECT nonfinite FROM metric ORDER BY epoch"), ElementsAre("nan", "inf", "-inf"));
}

TEST_F(StoreTest, ReplacesAnImageOfTheSameKindAndName) {
  const RunId id = store.put_run(new_run("a"));
  store.put_image(id, {"samples", "samples", "png", "early", 1, {1, 2, 3}});
  store.put_image(id, {"samples", "samples", "png", "late", 9, {0, 255}});
  store.put_image(id, {"sequence", "drawing_00", "png", "", 9, {}});
  const auto images = store.images(id);
  ASSERT_EQ(images.size(), 2U);
  EXPECT_EQ(images[0].caption, "late");
  EXPECT_EQ(images[0].epoch, 9);
  EXPECT_THAT(images[0].bytes, ElementsAre(0, 255));
  EXPECT_EQ(images[1].kind, "sequence");
  EXPECT_TRUE(images[1].bytes.empty());
}

TEST_F(StoreTest, StoresACheckpointsPathRelativeToTheDatabasesFolder) {
  const RunId id = store.put_run(new_run("a"));
  EXPECT_EQ(store.checkpoint_folder(), folder / "checkpoints");
  store.put_checkpoint(id, store.checkpoint_folder() / "a.safetensors", "aa", 1, 100);
  store.put_checkpoint(id, store.checkpoint_folder() / "a.safetensors", "bb", 2, 200);
  EXPECT_EQ(store.run(id)->checkpoint, "checkpoints/a.safetensors");
  EXPECT_EQ(store.run(id)->checkpoint_sha256, "bb");
  EXPECT_THAT(sql(path, "SELECT epoch || ' ' || step FROM artifact"), ElementsAre("2 200"));
  EXPECT_EQ(store.relative("/elsewhere/b.safetensors"), "/elsewhere/b.safetensors");
}

TEST_F(StoreTest, RecordsEventsOfARunAndOfTheWholeDatabase) {
  const RunId id = store.put_run(new_run("a"));
  store.put_event(id, "resumed", "from epoch 3");
  store.put_event(0, "runner", "started");
  EXPECT_THAT(sql(path, "SELECT coalesce(run, 0) || ' ' || name || ': ' || text FROM event ORDER BY id"),
              ElementsAre(std::to_string(id) + " resumed: from epoch 3", "0 runner: started"));
}

TEST_F(StoreTest, SaysWhichRunThereIsNot) {
  const std::string expected = path.string() + ": there is no run 42";
  EXPECT_EQ(error_of([&] { store.put_event(42, "lost", ""); }), expected);
  EXPECT_EQ(error_of([&] {
              store.put_metrics(42, std::vector<Metric>{{1, {Split::train, Quantity::nll}, 1}});
            }),
            expected);
  EXPECT_EQ(error_of([&] { store.acquire(42, "holder", this_machine()); }), expected);
}

TEST_F(StoreTest, WritesDurablyAndIsMarkedAsOurs) {
  EXPECT_THAT(sql(path, "PRAGMA journal_mode"), ElementsAre("wal"));
  EXPECT_THAT(sql(path, "PRAGMA application_id"), ElementsAre(std::to_string(0x44524157)));
  EXPECT_THAT(sql(path, "PRAGMA foreign_key_check"), ElementsAre());
  EXPECT_THAT(sql(path,
                  "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND NOT strict "
                  "AND name NOT LIKE 'sqlite_%'"),
              ElementsAre("0"));
}

TEST_F(StoreTest, MakesTheFolderOfANewDatabase) {
  const Store deep(folder / "results/2026/drawlab.sqlite");
  EXPECT_TRUE(std::filesystem::exists(folder / "results/2026/drawlab.sqlite"));
}

TEST_F(StoreTest, KeepsWhatAClassifierTookItsLabelsFor) {
  const RunId id = store.put_run(new_run("abc"));
  EXPECT_TRUE(store.confusion(id, Split::test).empty());
  store.put_confusion(id, Split::test, std::vector<std::int64_t>{5, 0, 1, 0, 7, 0, 2, 0, 9});
  EXPECT_THAT(store.confusion(id, Split::test), ElementsAre(5, 0, 1, 0, 7, 0, 2, 0, 9));
  EXPECT_TRUE(store.confusion(id, Split::validation).empty());
  store.put_confusion(id, Split::test, std::vector<std::int64_t>{1, 2, 3, 4});
  EXPECT_THAT(store.confusion(id, Split::test), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(sql(path, "SELECT label || guess || count FROM confusion"), ElementsAre("001", "012", "103", "114"));
}

TEST_F(StoreTest, KeepsTheLayoutOfASequence) {
  const RunId id = store.put_run(new_run("abc"));
  const SheetLayout layout{true, {4, 104}, {4}, 84, 84, {3}, 3};
  store.put_image(id, {"sequence", "samples", "png", "", 1, {1}, layout});
  store.put_image(id, {"samples", "samples", "png", "", 1, {1}});
  const auto images = store.images(id);
  ASSERT_EQ(images.size(), 2U);
  EXPECT_EQ(images[0].layout, std::nullopt);
  EXPECT_EQ(images[1].layout, layout);
}

TEST_F(StoreTest, ReadsADatabaseFromBeforeThereWereLayouts) {
  const RunId id = store.put_run(new_run("abc"));
  store.put_image(id, {"sequence", "samples", "png", "", 1, {1, 2}});
  sql(path, "ALTER TABLE image DROP COLUMN layout; PRAGMA user_version = 5");
  const auto images = Store(path, Store::Mode::read_only).images(id);
  ASSERT_EQ(images.size(), 1U);
  EXPECT_EQ(images[0].bytes.size(), 2U);
  EXPECT_EQ(images[0].layout, std::nullopt);
}

TEST_F(StoreTest, LeavesOutMetricsThatItDoesNotKnow) {
  const RunId id = store.put_run(new_run("abc"));
  store.put_metrics(id, std::vector<Metric>{{1, {Split::test, Quantity::kl_glimpse, 12}, 5}});
  sql(path, "INSERT INTO metric (run, split, name, epoch, value) VALUES (1, 'test', 'of_tomorrow', 1, 7)");
  const auto metrics = store.metrics(id);
  ASSERT_EQ(metrics.size(), 1U);
  EXPECT_EQ(metrics[0].name, (MetricName{Split::test, Quantity::kl_glimpse, 12}));
}

TEST_F(StoreTest, ReadsADatabaseFromBeforeThereWereConfusions) {
  const RunId id = store.put_run(new_run("abc"));
  sql(path, "DROP TABLE confusion; PRAGMA user_version = 1");
  EXPECT_TRUE(Store(path, Store::Mode::read_only).confusion(id, Split::test).empty());
}

}  // namespace
}  // namespace drawlab::results
