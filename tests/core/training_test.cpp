#include "drawlab/ops.hpp"

#include "configuration/model_maker.hpp"
#include "gradient_check.hpp"
#include "small.hpp"
#include "training/evaluation.hpp"
#include "training/safetensors.hpp"
#include "training/schedule.hpp"
#include "training/trained_model.hpp"
#include "training/training_step.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace drawlab {
namespace {

using tests::mode;
using tests::Recorder;
using tests::small_cell;
using tests::SmallDigits;
using tests::TemporaryFolder;

TEST(Schedule, StaysConstant) {
  TrainingOptions options;
  for (const std::int64_t step : {0, 1, 1000}) EXPECT_EQ(learning_rate_at(options, step, 10), options.learning_rate);
}

TEST(Schedule, FallsAsACosineToItsEnd) {
  TrainingOptions options;
  options.schedule = TrainingOptions::Schedule::cosine;
  options.epochs = 10;
  options.learning_rate = 1;
  options.final_learning_rate = 0.2;
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 0, 4), 1);
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 20, 4), 0.6);
  EXPECT_NEAR(learning_rate_at(options, 10, 4), 0.2 + 0.8 * 0.8535533905932737, 1e-12);
  EXPECT_NEAR(learning_rate_at(options, 40, 4), 0.2, 1e-12);
}

TEST(Schedule, FallsInStepsOfEpochs) {
  TrainingOptions options;
  options.schedule = TrainingOptions::Schedule::step;
  options.learning_rate = 1;
  options.step_epochs = 3;
  options.step_factor = 0.1;
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 3 * 4 - 1, 4), 1);
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 3 * 4, 4), 0.1);
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 6 * 4, 4), 0.01);
}

TEST(Schedule, RaisesTheWeightOfTheDivergenceFromZeroToOne) {
  TrainingOptions options;
  options.kl_warmup = 2;
  EXPECT_EQ(kl_weight_at(options, 0, 10), 0);
  EXPECT_DOUBLE_EQ(kl_weight_at(options, 5, 10), 0.25);
  EXPECT_EQ(kl_weight_at(options, 20, 10), 1);
  EXPECT_EQ(kl_weight_at(options, 500, 10), 1);
  options.kl_warmup = 0;
  EXPECT_EQ(kl_weight_at(options, 0, 10), 1);
}

/// A small model with its optimiser, to take steps by hand.
struct Steps {
  explicit Steps(const CellConfig& config)
      : cell(config),
        data(plugins),
        model(make_model(cell, data.info().image, 10, plugins, store)),
        packed((store.initialise(cell.seed), store), cell.training.shard),
        workers(store, &packed, 2),
        step(*model, store, packed, workers, cell.training) {
    packed.pack_all();
  }
  TrainingStep::Result take(std::int64_t number, double kl_weight = 1) {
    std::vector<std::int64_t> samples(static_cast<std::size_t>(cell.training.batch));
    std::iota(samples.begin(), samples.end(), number * cell.training.batch);
    batch.fill(data, samples, cell.training.shard, 0);
    return step.run(batch, {cell.seed, number, cell.training.learning_rate, kl_weight});
  }
  CellConfig cell;
  PluginHost plugins = tests::built_plugins();
  SmallDigits data;
  PreparedBatch batch;
  ParameterStore store;
  std::unique_ptr<Model> model;
  PackedWeights packed;
  Workers workers;
  TrainingStep step;
};

double norm(std::span<const float> numbers) {
  double sum = 0;
  for (const float number : numbers) sum += static_cast<double>(number) * static_cast<double>(number);
  return std::sqrt(sum);
}

void expect_losses(const CellConfig& cell, const std::vector<double>& recorded) {
  Steps steps(cell);
  for (std::size_t i = 0; i < recorded.size(); ++i) {
    const double loss = steps.take(static_cast<std::int64_t>(i)).sums.mean().nll;
    EXPECT_NEAR(loss, recorded[i], 1e-4 * recorded[i]) << "step " << i;
  }
}

TEST(TrainingStep, GivesTheLossesOfTwentyStepsAsRecorded) {
  expect_losses(
      small_cell(mode("gaussian", 2), mode("gaussian", 3)),
      {31.980414, 31.317879, 30.757229, 30.169611, 29.432316, 28.914213, 28.536046, 27.691831, 27.282314, 26.747109,
       26.308335, 25.508860, 25.195897, 24.511213, 24.437119, 23.632482, 22.431848, 22.265579, 21.947096, 21.037667});
}

TEST(TrainingStep, GivesAClassifiersLossesOfTwentyStepsAsRecorded) {
  CellConfig cell = small_cell(mode("gaussian", 2), {});
  cell.task = Task::classify;
  expect_losses(cell,
                {2.295119, 2.161220, 2.360587, 2.343431, 2.186139, 2.280559, 2.332882, 2.267620, 2.259356, 2.306043,
                 2.319057, 2.273491, 2.286562, 2.330253, 2.399310, 2.236427, 2.364029, 2.232666, 2.387731, 2.326148});
  cell.model.normalization = ModelOptions::Normalization::layer;
  expect_losses(cell,
                {2.294539, 2.261946, 2.394449, 2.286812, 2.200107, 2.273531, 2.461414, 2.332011, 2.227321, 2.273705,
                 2.297726, 2.248070, 2.331847, 2.310786, 2.470631, 2.291059, 2.431475, 2.257560, 2.423224, 2.303930});
}

TEST(TrainingStep, ClipsTheNormOfTheWholeGradient) {
  CellConfig cell = small_cell(mode("global"), mode("global"));
  cell.training.clip_norm = 0;
  Steps free(cell);
  cell.training.clip_norm = 0.01;
  Steps clipped(cell);
  const double whole = free.take(0).gradient_norm;
  EXPECT_DOUBLE_EQ(clipped.take(0).gradient_norm, whole);  // reported before clipping
  EXPECT_GT(whole, 0.01);
  EXPECT_NEAR(norm(free.step.first_moment()), 0.1 * whole, 1e-5 * whole);
  EXPECT_NEAR(norm(clipped.step.first_moment()), 0.1 * 0.01, 1e-7);
}

TEST(TrainingStep, FollowsTheGradientOfTheBatchesMean) {
  CellConfig cell = small_cell(mode("gaussian", 2), mode("global"));
  cell.training.clip_norm = 0;
  cell.training.batch = 6;  // the second shard is half padding
  Steps steps(cell);
  (void)steps.store.doubles();
  std::vector<std::int64_t> samples(6);
  std::iota(samples.begin(), samples.end(), std::int64_t{0});
  std::vector<float> images(6 * 42);
  std::vector<std::int32_t> labels(6);
  steps.data.fill(Split::train, samples, 0, images, labels);
  Tape tape(steps.store, Precision::f64);
  const ForwardPass pass =
      steps.model->forward(tape, {images, labels, samples}, {cell.seed, Purpose::latent_training, 0, 1}, 0.5);
  std::vector<double> gradient(static_cast<std::size_t>(steps.store.padded_count()));
  std::vector<double> losses(6);
  tape.read(pass.reconstruction, std::span<double>(losses));
  const Value mean = affine(weighted_sum(pass.loss, std::vector<float>(6, 1.0F)), 1.0 / 6, 0);
  tape.backward(mean, std::span<double>(gradient));

  const TrainingStep::Result result = steps.take(0, 0.5);
  EXPECT_EQ(result.sums.samples, 6);
  EXPECT_NEAR(result.sums.reconstruction, std::accumulate(losses.begin(), losses.end(), 0.0), 1e-3);
  const auto first = steps.step.first_moment();
  std::vector<double> seen(first.begin(), first.end());
  for (double& number : seen) number *= 10;  // 1 − beta1 = 0.1
  EXPECT_LE(tests::relative_error(seen, gradient), 2e-5);
}

TEST(TrainingStep, KeepsARunningMeanOfTheWeightsWhereAsked) {
  CellConfig cell = small_cell(mode("global"), mode("gaussian", 2));
  EXPECT_TRUE(Steps(cell).step.average().empty());
  cell.training.averaging = 0.25;
  Steps steps(cell);
  std::vector<double> mean(steps.store.values().size());
  for (std::int64_t t = 0; t < 6; ++t) {
    steps.take(t);
    // The first weights are the first mean; from t = 3 on the decay is whole.
    const double decay = std::min(0.25, static_cast<double>(t) / static_cast<double>(t + 9));
    const auto values = steps.store.values();
    for (std::size_t i = 0; i < mean.size(); ++i) {
      mean[i] += (1 - decay) * (static_cast<double>(values[i]) - mean[i]);
    }
    const auto average = steps.step.average();
    EXPECT_LE(tests::relative_error(std::vector<double>(average.begin(), average.end()), mean), 1e-6) << t;
  }
  EXPECT_GT(norm(steps.step.average()), 0);
}

TEST(TrainingStep, LeavesTheWeightsAloneWhereSomethingIsNotFinite) {
  Steps steps(small_cell(mode("global"), mode("global")));
  steps.store.values()[static_cast<std::size_t>(steps.store.offset(0))] = std::nanf("");
  steps.packed.pack_all();
  const std::vector<float> before(steps.store.values().begin() + 1, steps.store.values().end());
  EXPECT_FALSE(steps.take(0).finite);
  EXPECT_TRUE(std::equal(before.begin(), before.end(), steps.store.values().begin() + 1));
}

TEST(Trainer, ShufflesTheTrainingDataAnewInEveryEpoch) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  CellConfig cell = small_cell(mode("global"), mode("global"));
  cell.training.limit_train = 24;  // whole shards: no padding
  const TemporaryFolder folder;
  Trainer trainer(cell, data, plugins, 1);
  data.take_log();
  Recorder recorder;
  trainer.run(folder.path() / "checkpoint", recorder);
  const auto log = data.take_log();
  ASSERT_EQ(log.size(), 48U);
  std::vector<std::int64_t> epochs[2];
  for (std::size_t i = 0; i < log.size(); ++i) {
    EXPECT_EQ(log[i].first, i / 24);
    epochs[i / 24].push_back(log[i].second);
  }
  EXPECT_NE(epochs[0], epochs[1]);
  for (auto& order : epochs) {
    EXPECT_FALSE(std::ranges::is_sorted(order));
    std::ranges::sort(order);
    for (std::size_t i = 0; i < 24; ++i) EXPECT_EQ(order[i], static_cast<std::int64_t>(i));
  }
}

TEST(Trainer, TestsTheWeightsThatWereBestOnValidation) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  CellConfig cell = small_cell(mode("global"), mode("global"));
  cell.training.epochs = 6;
  cell.training.learning_rate = 0.2;  // so wild that the last epoch is not the best
  const TemporaryFolder folder;
  const auto checkpoint = folder.path() / "checkpoint";
  Trainer trainer(cell, data, plugins, 2);
  Recorder recorder;
  const TrainingResult result = trainer.run(checkpoint, recorder);
  EXPECT_EQ(result.ending, TrainingResult::Ending::finished);
  double least = 1e9;
  std::int64_t best = 0;
  for (std::int64_t epoch = 1; epoch <= 6; ++epoch) {
    const double nll = recorder.metrics.at(std::to_string(epoch) + "/validation/nll");
    if (nll < least) {
      least = nll;
      best = epoch;
    }
  }
  EXPECT_NE(best, 6);
  EXPECT_EQ(result.best_epoch, best);
  EXPECT_EQ(recorder.metrics.at("6/test/best_epoch"), static_cast<double>(best));
  const TrainedModel model(cell, data.info().image, 10, plugins, checkpoint, 1);
  EXPECT_EQ(model.evaluate(data, Split::validation, 11).nll, least);
  EXPECT_EQ(model.evaluate(data, Split::test, 7).nll, recorder.metrics.at("6/test/nll"));
  const TrainedModel last(cell, data.info().image, 10, plugins, checkpoint, 1, TrainedModel::Weights::last);
  EXPECT_EQ(last.evaluate(data, Split::validation, 11).nll, recorder.metrics.at("6/validation/nll"));
}

TEST(Trainer, JudgesAndKeepsTheRunningMeanOfTheWeightsWhereAsked) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  CellConfig cell = small_cell(mode("gaussian", 2), mode("global"));
  cell.training.epochs = 1;
  cell.training.averaging = 0.5;
  const TemporaryFolder folder;
  const auto file = folder.path() / "checkpoint";
  Trainer trainer(cell, data, plugins, 2);
  Recorder recorder;
  trainer.run(file, recorder);

  const SafeTensors content = SafeTensors::read(file);
  int parameters = 0;
  bool differs = false;
  for (const auto& [name, tensor] : content.tensors) {
    if (!name.starts_with("average.")) continue;
    ++parameters;
    const std::string parameter = name.substr(std::string("average.").size());
    EXPECT_EQ(tensor.bytes, content.tensors.at("best." + parameter).bytes) << parameter;
    differs = differs || tensor.bytes != content.tensors.at("model." + parameter).bytes;
  }
  EXPECT_GT(parameters, 5);
  EXPECT_TRUE(differs);
  const TrainedModel mean(cell, data.info().image, data.info().classes, plugins, file, 1);
  EXPECT_EQ(mean.evaluate(data, Split::validation, cell.training.limit_validation).nll,
            recorder.metrics.at("1/validation/nll"));
  EXPECT_EQ(mean.evaluate(data, Split::test, cell.training.limit_test).nll, recorder.metrics.at("1/test/nll"));
  const TrainedModel last(cell, data.info().image, data.info().classes, plugins, file, 1, TrainedModel::Weights::last);
  EXPECT_NE(last.evaluate(data, Split::validation, cell.training.limit_validation).nll,
            recorder.metrics.at("1/validation/nll"));
}

TEST(Trainer, ReportsTheBoundWithTheDivergenceAtWeightOneThroughTheWarmUp) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  const TemporaryFolder folder;
  Trainer trainer(small_cell(mode("global"), mode("global")), data, plugins, 1);
  Recorder recorder;
  trainer.run(folder.path() / "checkpoint", recorder);
  for (const std::string split : {"train", "validation"}) {
    const auto of = [&](const std::string& name) { return recorder.metrics.at("1/" + split + "/" + name); };
    EXPECT_DOUBLE_EQ(of("nll"), of("reconstruction") + of("kl"));
    EXPECT_NEAR(of("kl"), of("kl_glimpse_1") + of("kl_glimpse_2") + of("kl_glimpse_3"), 1e-5);
  }
  EXPECT_LT(recorder.metrics.at("1/train/kl_weight"), 1);
  EXPECT_EQ(recorder.metrics.at("2/train/kl_weight"), 1);
}

TEST(Trainer, EndsAsDivergedWhereTheLossIsNotFinite) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  CellConfig cell = small_cell(mode("global"), mode("global"));
  cell.training.learning_rate = 1e6;
  cell.training.epochs = 200;
  const TemporaryFolder folder;
  Trainer trainer(cell, data, plugins, 1);
  Recorder recorder;
  const TrainingResult result = trainer.run(folder.path() / "checkpoint", recorder);
  EXPECT_EQ(result.ending, TrainingResult::Ending::diverged);
  EXPECT_THAT(result.message, ::testing::HasSubstr("not finite"));
  EXPECT_GT(result.total_step, 0);
}

TEST(Trainer, WithoutEpochsTestsTheFirstWeights) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  CellConfig cell = small_cell(mode("global"), mode("global"));
  cell.training.epochs = 0;
  const TemporaryFolder folder;
  Trainer trainer(cell, data, plugins, 1);
  Recorder recorder;
  EXPECT_EQ(trainer.run(folder.path() / "checkpoint", recorder).ending, TrainingResult::Ending::finished);
  const TrainedModel model(cell, data.info().image, 10, plugins, folder.path() / "checkpoint", 1);
  EXPECT_EQ(model.evaluate(data, Split::test, 7).nll, recorder.metrics.at("0/test/nll"));
}

TEST(Trainer, LearnsToClassify) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  CellConfig cell = small_cell(mode("gaussian", 3), {});
  cell.task = Task::classify;
  cell.model.hidden = 24;
  cell.training.epochs = 6;
  cell.training.batch = 16;
  cell.training.limit_train = 480;
  const TemporaryFolder folder;
  Trainer trainer(cell, data, plugins, 2);
  Recorder recorder;
  EXPECT_EQ(trainer.run(folder.path() / "checkpoint", recorder).ending, TrainingResult::Ending::finished);
  EXPECT_LT(recorder.metrics.at("6/train/nll"), 0.9 * recorder.metrics.at("1/train/nll"));
  EXPECT_LT(recorder.metrics.at("6/train/error"), recorder.metrics.at("1/train/error"));
  EXPECT_FALSE(recorder.metrics.contains("6/train/kl"));
}

TEST(Trainer, CountsWhatAClassifierTookEachTestLabelFor) {
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  CellConfig cell = small_cell(mode("gaussian", 3), {});
  cell.task = Task::classify;
  cell.training.limit_test = 50;  // the last shard is half padding
  const TemporaryFolder folder;
  const auto checkpoint = folder.path() / "checkpoint";
  Trainer trainer(cell, data, plugins, 2);
  Recorder recorder;
  trainer.run(checkpoint, recorder);
  ASSERT_EQ(recorder.confusion.size(), 100U);

  std::vector<float> images(50 * 42);
  std::vector<std::int32_t> labels(50);
  data.fill(Split::test, first_samples(data.info(), Split::test, 50), 0, images, labels);
  std::int64_t right = 0;
  for (std::int64_t label = 0; label < 10; ++label) {
    const auto row = std::span(recorder.confusion).subspan(static_cast<std::size_t>(10 * label), 10);
    EXPECT_EQ(std::accumulate(row.begin(), row.end(), std::int64_t{0}), std::ranges::count(labels, label));
    right += row[static_cast<std::size_t>(label)];
  }
  EXPECT_DOUBLE_EQ(recorder.metrics.at("2/test/error"), 1 - static_cast<double>(right) / 50);
  const TrainedModel model(cell, data.info().image, 10, plugins, checkpoint, 1);
  EXPECT_EQ(model.evaluate(data, Split::test, 50).confusion, recorder.confusion);
}

TEST(Dataset, CallsGreyLevelsGreyAndBinaryPixelsBinary) {
  PluginHost plugins = tests::built_plugins();
  for (const bool grey : {true, false}) {
    ConfigNode options = ConfigNode::map();
    options.set("binarization", ConfigNode::text(grey ? "none" : "threshold"));
    const auto data = tests::open_dataset(plugins, "digits", options);
    std::vector<std::int64_t> samples = first_samples(data->info(), Split::train, 20);
    std::vector<float> images(20 * 784);
    std::vector<std::int32_t> labels(20);
    data->fill(Split::train, samples, 0, images, labels);
    const std::set<float> levels(images.begin(), images.end());
    EXPECT_EQ(levels.size() > 2, grey);
    EXPECT_EQ(data->info().pixels, grey ? PixelKind::grey : PixelKind::binary);
    EXPECT_TRUE(data->info().values.starts_with(grey ? "grey" : "binary")) << data->info().values;
  }
}

}  // namespace
}  // namespace drawlab
