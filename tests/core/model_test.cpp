#include "drawlab/ops.hpp"

#include "configuration/model_maker.hpp"
#include "engine.hpp"
#include "gradient_check.hpp"
#include "small.hpp"
#include "training/evaluation.hpp"
#include "training/training_step.hpp"
#include "training/workers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <numeric>

namespace drawlab {
namespace {

using tests::mode;
using tests::small_cell;
using tests::SmallDigits;
using tests::Values;

/// A model of its own with some samples to run on.
struct Fixture {
  explicit Fixture(const CellConfig& config, std::int64_t count = 3)
      : cell(config), data(plugins), model(make_model(cell, data.info().image, 10, plugins, store)) {
    samples.resize(static_cast<std::size_t>(count));
    std::iota(samples.begin(), samples.end(), std::int64_t{40});
    images.resize(samples.size() * static_cast<std::size_t>(data.info().image.count()));
    labels.resize(samples.size());
    data.fill(Split::train, samples, 0, images, labels);
    store.initialise(cell.seed);
  }
  Batch batch() const { return {images, labels, samples}; }
  tests::Function loss(double kl_weight = 1) const {
    return [this, kl_weight](Tape& tape, Values) { return model->forward(tape, batch(), noise, kl_weight).loss; };
  }
  /// One of the values of a pass, summed over samples, in f64.
  template <class Pick>
  double sum(Pick pick) {
    std::ranges::copy(store.values(), store.doubles().begin());
    Tape tape(store, Precision::f64);
    tape.set_recording(false);
    std::vector<double> numbers(samples.size());
    tape.read(pick(model->forward(tape, batch(), noise, 1)), std::span<double>(numbers));
    return std::accumulate(numbers.begin(), numbers.end(), 0.0);
  }
  std::span<float> parameter(const std::string& name) {
    for (std::size_t i = 0; i < store.count(); ++i) {
      if (store.name(i) == name) return store.values_of(store.at(i));
    }
    throw std::runtime_error("no parameter " + name);
  }

  CellConfig cell;
  PluginHost plugins = tests::built_plugins();
  SmallDigits data;
  ParameterStore store;
  std::unique_ptr<Model> model;
  NoiseKey noise{5, Purpose::latent_training, 2, 1};
  std::vector<std::int64_t> samples;
  std::vector<float> images;
  std::vector<std::int32_t> labels;
};

std::vector<PluginChoice> every_choice() { return {mode("global"), mode("gaussian", 2)}; }

TEST(DrawModel, HasTheGradientOfItsWholeLossForEveryReadAndWrite) {
  for (const PluginChoice& read : every_choice()) {
    for (const PluginChoice& write : every_choice()) {
      SCOPED_TRACE(read.name + to_json(read.options) + " " + write.name + to_json(write.options));
      Fixture fixture(small_cell(read, write), 2);
      tests::randomise(fixture.store, 0.4);
      for (const tests::Function& loss : {fixture.loss(), tests::composed(fixture.loss())}) {
        tests::expect_gradient(loss, {}, fixture.store);
        tests::expect_precisions_agree(loss, {}, fixture.store, 2e-5);
      }
    }
  }
}

TEST(DrawModel, HasTheGradientOfItsWholeLossWhereItsLstmsAreNormalised) {
  CellConfig cell = small_cell(mode("gaussian", 2), mode("gaussian", 3));
  cell.model.normalization = ModelOptions::Normalization::layer;
  Fixture fixture(cell, 2);
  tests::randomise(fixture.store, 0.4);
  tests::expect_gradient(fixture.loss(), {}, fixture.store);
  tests::expect_precisions_agree(fixture.loss(), {}, fixture.store, 5e-5);
}

TEST(DrawModel, HasTheSameLossAndGradientFusedAndComposed) {
  Fixture fixture(small_cell(mode("gaussian", 3), mode("gaussian", 2)));
  tests::randomise(fixture.store, 0.4);
  const auto a = tests::run(fixture.loss(), {}, fixture.store, Precision::f64);
  const auto b = tests::run(tests::composed(fixture.loss()), {}, fixture.store, Precision::f64);
  EXPECT_LE(tests::relative_error(a.value, b.value), 1e-12);
  EXPECT_LE(tests::relative_error(a.parameters, b.parameters), 1e-10);
}

TEST(DrawModel, WeighsTheDivergenceInItsLossOnly) {
  const Fixture fixture(small_cell(mode("gaussian", 2), mode("gaussian", 2)));
  Tape tape(fixture.store, Precision::f32);
  tape.set_recording(false);
  const ForwardPass full = fixture.model->forward(tape, fixture.batch(), fixture.noise, 1);
  const ForwardPass warm = fixture.model->forward(tape, fixture.batch(), fixture.noise, 0.25);
  for (std::size_t b = 0; b < fixture.samples.size(); ++b) {
    const auto of = [b](Value value) { return Tape::data<float>(value)[b]; };
    EXPECT_EQ(of(full.kl), of(warm.kl));
    EXPECT_EQ(of(full.reconstruction), of(warm.reconstruction));
    EXPECT_FLOAT_EQ(of(full.loss), of(full.reconstruction) + of(full.kl));
    EXPECT_FLOAT_EQ(of(warm.loss), of(warm.reconstruction) + 0.25F * of(warm.kl));
    float sum = 0;
    for (const Value& term : full.kl_glimpse) sum += of(term);
    EXPECT_FLOAT_EQ(sum, of(full.kl));
  }
}

TEST(DrawModel, CountsHalfANatLessPerLatentDimensionAndStep) {
  Fixture fixture(small_cell(mode("global"), mode("global")));
  std::ranges::fill(fixture.parameter("latent.weight"), 0.0F);
  const auto bias = fixture.parameter("latent.bias");  // mu (2), log sigma (2)
  std::ranges::fill(bias, 0.0F);
  const auto kl = [&] { return fixture.sum([](const ForwardPass& pass) { return pass.kl; }); };
  EXPECT_NEAR(kl(), 0, 1e-12);  // Q is the prior
  bias[2] = bias[3] = -1;
  const double per_dimension = 0.5 * (std::exp(-2.0) + 2 - 1);
  EXPECT_NEAR(kl(), 3 * 3 * 2 * per_dimension, 1e-9);  // samples, glimpses, dimensions
}

TEST(DrawModel, DrawsFreshNoiseForEveryGlimpseSampleAndStep) {
  const ParameterStore none;
  Tape tape(none, Precision::f64);
  const std::vector<std::int64_t> samples = {4, 9};
  const auto drawn = [&](const NoiseKey& key, std::int64_t glimpse) {
    std::vector<double> numbers(6);
    tape.read(draw_noise(tape, key, samples, glimpse, 3), std::span<double>(numbers));
    return numbers;
  };
  const NoiseKey key{5, Purpose::latent_training, 2, 1};
  const auto first = drawn(key, 0);
  EXPECT_EQ(drawn(key, 0), first);
  EXPECT_NE(drawn(key, 1), first);
  EXPECT_NE(drawn({5, Purpose::latent_training, 3, 1}, 0), first);
  EXPECT_NE(std::vector<double>(first.begin(), first.begin() + 3), std::vector<double>(first.begin() + 3, first.end()));
  const auto cooler = drawn({5, Purpose::latent_training, 2, 0.5}, 0);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_DOUBLE_EQ(cooler[i], 0.5 * first[i]);
}

TEST(DrawModel, ReconstructsWithFreshNoiseAtEveryGlimpse) {
  const Fixture fixture(small_cell(mode("global"), mode("global")));
  Tape tape(fixture.store, Precision::f32);
  Trace trace;
  fixture.model->forward(tape, fixture.batch(), fixture.noise, 1, &trace);
  const auto numbers = [&](Value value) {
    std::vector<float> read(static_cast<std::size_t>(value.shape().count()));
    tape.read(value, std::span<float>(read));
    return read;
  };
  ASSERT_EQ(trace.latents.size(), 3U);
  for (std::size_t t = 0; t < 3; ++t) {
    const Value expected = draw_noise(tape, fixture.noise, fixture.samples, static_cast<std::int64_t>(t), 2);
    EXPECT_EQ(numbers(trace.latents[t].noise), numbers(expected)) << t;
  }
  EXPECT_NE(numbers(trace.latents[0].noise), numbers(trace.latents[1].noise));
}

TEST(DrawModel, GeneratesWithFreshNoiseAtEveryGlimpse) {
  Fixture fixture(small_cell(mode("global"), mode("global")));
  constexpr std::size_t kHidden = 5, kLatent = 2;
  // A decoder without memory: what it writes depends on this glimpse's z alone.
  const auto weight = fixture.parameter("decoder.gates.weight");
  for (std::size_t row = 0; row < 4 * kHidden; ++row) {
    std::ranges::fill(weight.subspan(row * (kLatent + kHidden) + kLatent, kHidden), 0.0F);
  }
  std::ranges::fill(fixture.parameter("decoder.gates.bias").subspan(kHidden, kHidden), -100.0F);  // forget everything
  Tape tape(fixture.store, Precision::f32);
  Trace trace;
  const std::vector<std::int64_t> samples = {0};
  fixture.model->generate(tape, samples, {1, Purpose::generation, 0, 1}, trace);
  const auto written = [&](std::size_t t) {
    return Tape::data<float>(trace.canvases[t])[0] - Tape::data<float>(trace.canvases[t - 1])[0];
  };
  EXPECT_GT(std::abs(written(1) - written(2)), 1e-4F);
}

TEST(DrawModel, GivesReadAndWriteWindowsOfTheirOwn) {
  Fixture fixture(small_cell(mode("gaussian", 2), mode("gaussian", 2)));
  EXPECT_NE(fixture.parameter("read.window.weight").data(), fixture.parameter("write.window.weight").data());
  const auto reconstruction = [&] { return fixture.sum([](const ForwardPass& pass) { return pass.reconstruction; }); };
  const auto first_kl = [&] { return fixture.sum([](const ForwardPass& pass) { return pass.kl_glimpse[0]; }); };
  const double before = reconstruction();
  const double kl_before = first_kl();
  fixture.parameter("write.window.bias")[0] += 0.5F;
  EXPECT_NE(reconstruction(), before);
  EXPECT_EQ(first_kl(), kl_before);  // nothing was written yet when glimpse 1 was read
  fixture.parameter("read.window.bias")[0] += 0.5F;
  EXPECT_NE(first_kl(), kl_before);
}

TEST(DrawModel, ReadsTheErrorImage) {
  for (const PluginChoice& read : every_choice()) {
    Fixture fixture(small_cell(read, mode("global")));
    const auto first_kl = [&] { return fixture.sum([](const ForwardPass& pass) { return pass.kl_glimpse[0]; }); };
    const double before = first_kl();
    std::ranges::fill(fixture.parameter("canvas0"), 1.5F);  // glimpse 1 sees c_0 in the error image alone
    EXPECT_NE(first_kl(), before) << read.name;
  }
}

TEST(DrawModel, KeepsTheLogitsFormWhereProbabilitiesWouldBeZero) {
  Fixture fixture(small_cell(mode("global"), mode("global")), 1);
  std::ranges::fill(fixture.parameter("write.canvas.weight"), 0.0F);
  std::ranges::fill(fixture.parameter("write.canvas.bias"), 0.0F);
  std::ranges::fill(fixture.parameter("canvas0"), -1e4F);
  const double ink = std::accumulate(fixture.images.begin(), fixture.images.end(), 0.0);
  EXPECT_GT(ink, 0);
  EXPECT_NEAR(fixture.sum([](const ForwardPass& pass) { return pass.reconstruction; }), 1e4 * ink, 1e-6);
}

TEST(DrawModel, StartsAtTheLogitOfTheDataMeanWhereAsked) {
  CellConfig cell = small_cell(mode("global"), mode("global"));
  cell.model.canvas_start = ModelOptions::CanvasStart::data_mean;
  Fixture fixture(cell);
  std::vector<float> mean(42, 0.25F);
  mean[0] = 0;
  mean[1] = 1;
  fixture.model->start_from(mean, fixture.store);
  const auto canvas = fixture.parameter("canvas0");
  EXPECT_FLOAT_EQ(canvas[2], std::log(0.25F / 0.75F));
  EXPECT_FLOAT_EQ(canvas[0], std::log(0.01F / 0.99F));  // held back from minus infinity
  EXPECT_FLOAT_EQ(canvas[1], std::log(0.99F / 0.01F));
}

TEST(DrawModel, GeneratesFromNoiseAlone) {
  const Fixture fixture(small_cell(mode("gaussian", 2), mode("gaussian", 2)));
  Tape tape(fixture.store, Precision::f32);
  Trace trace;
  const std::vector<std::int64_t> samples = {0, 1};
  fixture.model->generate(tape, samples, {1, Purpose::generation, 0, 1}, trace);
  EXPECT_EQ(trace.canvases.size(), 3U);
  EXPECT_EQ(trace.write_windows.size(), 3U);
  EXPECT_TRUE(trace.read_windows.empty());
  EXPECT_EQ(trace.canvases.back().shape(), (Shape{2, 1, 6, 7}));
}

void expect_classifier_gradient(const PluginChoice& read, ModelOptions::Normalization normalization) {
  SCOPED_TRACE(read.name + to_json(read.options));
  CellConfig cell = small_cell(read, {});
  cell.task = Task::classify;
  cell.model.normalization = normalization;
  Fixture fixture(cell);
  tests::randomise(fixture.store, 0.4);
  tests::expect_gradient(fixture.loss(), {}, fixture.store);
  tests::expect_precisions_agree(fixture.loss(), {}, fixture.store, 2e-5);
  Tape tape(fixture.store, Precision::f32);
  Trace trace;
  EXPECT_THROW(fixture.model->generate(tape, fixture.samples, {}, trace), Error);
}

TEST(GlimpseClassifier, HasTheGradientOfItsWholeLoss) {
  for (const PluginChoice& read : every_choice()) {
    expect_classifier_gradient(read, ModelOptions::Normalization::none);
    expect_classifier_gradient(read, ModelOptions::Normalization::layer);
  }
}

/// The paper's MNIST model, untrained, on 64 images of a dataset.
RowSums first_loss(PluginHost& plugins, const Dataset& data, bool write_nothing) {
  CellConfig cell = small_cell(mode("gaussian", 2), mode("gaussian", 5));
  cell.model = ModelOptions();
  ParameterStore store;
  const auto model = make_model(cell, data.info().image, 10, plugins, store);
  store.initialise(1);
  if (write_nothing) {
    for (std::size_t i = 0; i < store.count(); ++i) {
      if (store.name(i).starts_with("write.patch.")) std::ranges::fill(store.values_of(store.at(i)), 0.0F);
    }
  }
  const PackedWeights packed(store, 32);
  Workers workers(store, &packed, 1);
  const auto samples = first_samples(data.info(), Split::train, 64);
  return *evaluate_samples(*model, workers, data, Split::train, samples, {}, 32, [](std::int64_t) { return true; });
}

void expect_first_loss(PluginHost& plugins, const Dataset& data) {
  const double start = 784 * std::numbers::ln2;  // 543.427 nats
  const Evaluation nothing = first_loss(plugins, data, true).mean();
  EXPECT_NEAR(nothing.reconstruction, start, 1e-3);
  const Evaluation untrained = first_loss(plugins, data, false).mean();
  EXPECT_NEAR(untrained.reconstruction, start, 10);
  EXPECT_GT(untrained.kl, 1);
  EXPECT_LT(untrained.kl, 40);
}

TEST(DrawModel, StartsNear543NatsOnDigits) {
  PluginHost plugins = tests::built_plugins();
  expect_first_loss(plugins, *tests::open_dataset(plugins, "digits"));
}

TEST(DrawModel, StartsNear543NatsOnMnist) {
  const char* const folder = std::getenv("DRAWLAB_DATA");
  if (folder == nullptr || !std::filesystem::exists(std::filesystem::path(folder) / "mnist")) {
    GTEST_SKIP() << "no MNIST in $DRAWLAB_DATA";
  }
  PluginHost plugins = tests::built_plugins();
  expect_first_loss(plugins, *tests::open_dataset(plugins, "mnist"));
}

}  // namespace
}  // namespace drawlab
