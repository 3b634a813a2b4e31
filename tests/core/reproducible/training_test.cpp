#include "small.hpp"
#include "training/precision.hpp"

#include <gtest/gtest.h>

#include <algorithm>

// The same cell gives the same bits, however it is run.
namespace drawlab {
namespace {

using tests::content_of;
using tests::mode;
using tests::Recorder;
using tests::small_cell;
using tests::SmallDigits;
using tests::TemporaryFolder;

/// What a run leaves behind.
struct Outcome {
  std::map<std::string, double> metrics;
  std::string checkpoint;
  std::int64_t total_step = 0;
};

Outcome train(const CellConfig& cell, const Dataset& data, PluginHost& plugins, int threads) {
  const TemporaryFolder folder;
  Trainer trainer(cell, data, plugins, threads);
  Recorder recorder;
  const TrainingResult result = trainer.run(folder.path() / "checkpoint", recorder);
  EXPECT_EQ(result.ending, TrainingResult::Ending::finished);
  return {recorder.metrics, content_of(folder.path() / "checkpoint"), result.total_step};
}

void expect_same(const Outcome& a, const Outcome& b) {
  EXPECT_EQ(a.metrics, b.metrics);
  EXPECT_TRUE(a.checkpoint == b.checkpoint) << "the final checkpoints differ";
}

std::vector<CellConfig> cells() {
  CellConfig classify = small_cell(mode("gaussian", 2), {});
  classify.task = Task::classify;
  CellConfig normalised = small_cell(mode("gaussian", 2), mode("gaussian", 3));
  normalised.model.normalization = ModelOptions::Normalization::layer;
  normalised.training.averaging = 0.9;
  std::vector<CellConfig> all = {small_cell(mode("gaussian", 2), mode("gaussian", 3)),
                                 small_cell(mode("global"), mode("global")), classify, normalised};
  CellConfig in_bf16 = normalised;
  in_bf16.training.precision = TrainingOptions::Precision::bf16;
  if (can_multiply(in_bf16.training)) all.push_back(in_bf16);
  return all;
}

TEST(Training, GivesTheSameBitsWithAnyNumberOfThreads) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  for (const CellConfig& cell : cells()) {
    const Outcome one = train(cell, data, plugins, 1);
    for (const int threads : {2, 3, 7}) {
      SCOPED_TRACE(threads);
      expect_same(train(cell, data, plugins, threads), one);
    }
  }
}

TEST(Training, GivesTheSameBitsWithAnyNumberOfThreadsOnWholeDigits) {
  PluginHost plugins = tests::built_plugins();
  const auto data = tests::open_dataset(plugins, "digits");
  CellConfig cell = small_cell(mode("gaussian", 2), mode("gaussian", 5));
  cell.model = {4, 64, 20, ModelOptions::CanvasStart::data_mean};
  cell.training.batch = 64;
  cell.training.shard = 16;
  cell.training.limit_train = 150;
  cell.training.limit_validation = cell.training.limit_test = 50;
  const Outcome one = train(cell, *data, plugins, 1);
  for (const int threads : {2, 3, 7}) expect_same(train(cell, *data, plugins, threads), one);
}

TEST(Training, StoppedAndRestoredGivesTheBitsOfAnUninterruptedRun) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  for (const CellConfig& cell : cells()) {
    const Outcome whole = train(cell, data, plugins, 1);
    for (std::int64_t stop = 1; stop < whole.total_step; ++stop) {  // in mid-epoch, at epochs' ends
      SCOPED_TRACE(stop);
      const TemporaryFolder folder;
      const auto file = folder.path() / "checkpoint";
      Recorder first(stop);
      EXPECT_EQ(Trainer(cell, data, plugins, 2).run(file, first).ending, TrainingResult::Ending::stopped);
      Trainer second(cell, data, plugins, 1);
      second.restore(file);
      Recorder rest;
      const TrainingResult result = second.run(file, rest);
      EXPECT_EQ(result.ending, TrainingResult::Ending::finished);
      rest.metrics.merge(first.metrics);
      expect_same({rest.metrics, content_of(file), result.total_step}, whole);
    }
  }
}

TEST(Training, StoppedManyTimesGivesTheBitsOfAnUninterruptedRun) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  const CellConfig cell = cells().front();
  const Outcome whole = train(cell, data, plugins, 1);
  const TemporaryFolder folder;
  const auto file = folder.path() / "checkpoint";
  std::map<std::string, double> metrics;
  bool finished = false;
  for (int part = 0; !finished && part < 20; ++part) {
    Trainer trainer(cell, data, plugins, 1 + part % 3);
    if (part > 0) trainer.restore(file);
    Recorder recorder(1);
    finished = trainer.run(file, recorder).ending == TrainingResult::Ending::finished;
    recorder.metrics.merge(metrics);
    metrics = recorder.metrics;
  }
  EXPECT_TRUE(finished);
  expect_same({metrics, content_of(file), whole.total_step}, whole);
}

TEST(Training, RestoredFromItsLastCheckpointOnlyTestsAgain) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  const CellConfig cell = cells().front();
  const Outcome whole = train(cell, data, plugins, 1);
  const TemporaryFolder folder;
  const auto file = folder.path() / "checkpoint";
  tests::write_content(file, whole.checkpoint);
  Trainer trainer(cell, data, plugins, 1);
  trainer.restore(file);
  Recorder recorder;
  EXPECT_EQ(trainer.run(file, recorder).ending, TrainingResult::Ending::finished);
  EXPECT_EQ(recorder.metrics.at("2/test/nll"), whole.metrics.at("2/test/nll"));
  EXPECT_FALSE(recorder.metrics.contains("2/train/nll"));
}

TEST(Training, CheckpointsWithinAnEpochAndLeavesTheSameBits) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  CellConfig cell = cells().front();
  const Outcome whole = train(cell, data, plugins, 1);
  cell.training.checkpoint_seconds = 1e-9;
  const TemporaryFolder folder;
  Trainer trainer(cell, data, plugins, 1);
  Recorder recorder;
  trainer.run(folder.path() / "checkpoint", recorder);
  EXPECT_EQ(recorder.checkpoints, whole.total_step + 2);  // after every step, and at every epoch's end
  expect_same({recorder.metrics, content_of(folder.path() / "checkpoint"), whole.total_step}, whole);
}

TEST(Training, DependsOnItsSeed) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  CellConfig cell = cells().front();
  const Outcome whole = train(cell, data, plugins, 1);
  cell.seed = 4;
  EXPECT_NE(train(cell, data, plugins, 1).metrics, whole.metrics);
}

}  // namespace
}  // namespace drawlab
