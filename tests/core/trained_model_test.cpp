#include "training/trained_model.hpp"

#include "drawlab/ops.hpp"

#include "small.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace drawlab {
namespace {

using tests::mode;
using tests::Recorder;
using tests::small_cell;
using tests::SmallDigits;
using tests::TemporaryFolder;

TEST(TrainedModel, ShowsHowAClassifierLookedAndWhatItTookTheImagesFor) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  CellConfig cell = small_cell(mode("gaussian", 3), {});
  cell.task = Task::classify;
  const TemporaryFolder folder;
  const auto checkpoint = folder.path() / "checkpoint";
  Trainer trainer(cell, data, plugins, 1);
  Recorder recorder;
  trainer.run(checkpoint, recorder);
  const TrainedModel model(cell, data.info().image, 10, plugins, checkpoint, 1);
  const std::vector<std::int64_t> indices = {4, 0, 2, 6, 1};
  const Drawing drawing = model.reconstruct(data, Split::test, indices);
  EXPECT_TRUE(drawing.frames.empty());
  EXPECT_EQ(drawing.originals.size(), 5U * 42U);
  EXPECT_EQ(drawing.read_windows.size(), 15U);
  EXPECT_EQ(drawing.read_filters, 3);
  std::vector<float> images(5 * 42);
  std::vector<std::int32_t> labels(5);
  data.fill(Split::test, indices, 0, images, labels);
  EXPECT_EQ(drawing.labels, labels);
  const Evaluation seen = model.evaluate(data, Split::test, 7);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_GT(seen.confusion[static_cast<std::size_t>(10 * drawing.labels[i] + drawing.guesses[i])], 0);
  }
}

/// A model after a moment of training.
struct Trained {
  Trained() : data(plugins), cell(small_cell(mode("gaussian", 2), mode("gaussian", 2))) {
    Trainer trainer(cell, data, plugins, 1);
    Recorder recorder;
    trainer.run(folder.path() / "checkpoint", recorder);
  }
  TrainedModel model(int threads = 1) {
    return {cell, data.info().image, 10, plugins, folder.path() / "checkpoint", threads};
  }
  TemporaryFolder folder;
  PluginHost plugins = tests::built_plugins();
  SmallDigits data;
  CellConfig cell;
};

TEST(TrainedModel, EvaluatesTheSameWithAnyNumberOfThreadsAndAnotherWithOtherNoise) {
  Trained trained;
  const Evaluation one = trained.model(1).evaluate(trained.data, Split::test, 50);
  const Evaluation three = trained.model(3).evaluate(trained.data, Split::test, 50);
  EXPECT_EQ(one.samples, 50);
  EXPECT_EQ(one.nll, three.nll);
  EXPECT_EQ(one.kl_glimpse, three.kl_glimpse);
  EXPECT_NE(trained.model().evaluate(trained.data, Split::test, 50, 1).nll, one.nll);
}

TEST(TrainedModel, CountsPaddingOfTheLastShardAsNothing) {
  Trained trained;
  const TrainedModel model = trained.model();
  const Evaluation whole = model.evaluate(trained.data, Split::test, 6);
  const Evaluation first = model.evaluate(trained.data, Split::test, 4);
  const Evaluation five = model.evaluate(trained.data, Split::test, 5);
  EXPECT_EQ(five.samples, 5);
  EXPECT_GT(6 * whole.nll, 5 * five.nll);
  EXPECT_GT(5 * five.nll, 4 * first.nll);
}

TEST(TrainedModel, ShowsReconstructionsBesideOriginalsAndSamplesWithout) {
  Trained trained;
  const TrainedModel model = trained.model();
  const std::vector<std::int64_t> indices = {0, 1, 2, 3, 4};
  const Drawing reconstructed = model.reconstruct(trained.data, Split::test, indices);
  const Drawing sampled = model.sample(5, 1);
  EXPECT_EQ(reconstructed.originals.size(), 5U * 42U);
  EXPECT_TRUE(sampled.originals.empty());
  EXPECT_TRUE(sampled.read_windows.empty());
  EXPECT_EQ(reconstructed.read_windows.size(), 15U);
  EXPECT_EQ(sampled.write_windows.size(), 15U);
  EXPECT_EQ(sampled.frames.size(), 3U * 5U * 42U);
  EXPECT_NE(sampled.frames, reconstructed.frames);
  for (const float mean : sampled.frames) EXPECT_TRUE(mean >= 0 && mean <= 1);
  EXPECT_EQ(model.sample(5, 1).frames, sampled.frames);
  EXPECT_NE(model.sample(5, 2).frames, sampled.frames);
  EXPECT_NE(model.sample(5, 1, 0.5).frames, sampled.frames);
  const Drawing fewer = model.sample(2, 1);
  EXPECT_TRUE(std::equal(fewer.frame(2, 1), fewer.frame(2, 1) + 42, sampled.frame(2, 1)));
}

}  // namespace
}  // namespace drawlab
