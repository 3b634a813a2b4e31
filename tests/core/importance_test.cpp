#include "training/importance.hpp"

#include "drawlab/ops.hpp"

#include "configuration/model_maker.hpp"
#include "small.hpp"
#include "training/evaluation.hpp"
#include "training/workers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

namespace drawlab {
namespace {

using tests::mode;
using tests::small_cell;
using tests::SmallDigits;

constexpr std::array<double, 3> kFirst = {0.8, -0.3, 0.5};  // w_1 and w_2 are orthogonal, so that the posterior
constexpr std::array<double, 3> kSecond = {0.2, 1.2, 0.4};  // of z_1 and z_2 has no correlation
constexpr double kSigma = 0.7;                              // of the pixels

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// x = w_1 z_1 + w_2 z_2 + kSigma·n with z and n standard normal: the one model here whose marginal is known. Q takes
/// the true posterior's mean times `shrink` and its standard deviation times `widen`.
class LinearGaussian final : public Model {
 public:
  explicit LinearGaussian(ParameterStore& store, double shrink = 1, double widen = 1) {
    const ParameterScope scope(store);
    for (const char* name : {"1", "2"}) {
      decode_.emplace_back(scope, std::string("decode") + name, 1, 3);
      encode_.emplace_back(scope, std::string("encode") + name, 3, 2);
    }
    for (std::size_t t = 0; t < 2; ++t) {
      const auto& w = t == 0 ? kFirst : kSecond;
      const double precision = 1 + dot(w, w) / (kSigma * kSigma);
      std::vector<double> mean(6, 0.0);  // the row of the mean, then that of log sigma
      for (std::size_t i = 0; i < 3; ++i) mean[i] = shrink * w[i] / (kSigma * kSigma) / precision;
      set(store, decode_[t].weight(), w);
      set(store, decode_[t].bias(), std::array{0.0, 0.0, 0.0});
      set(store, encode_[t].weight(), mean);
      set(store, encode_[t].bias(), std::array{0.0, std::log(widen / std::sqrt(precision))});
    }
  }

  const ImageShape& image() const override { return image_; }
  std::int64_t glimpses() const override { return 2; }
  ForwardPass forward(Tape& tape, const Batch& batch, const NoiseKey& noise, double, Trace* trace) const override {
    const auto rows = static_cast<std::int64_t>(batch.samples.size());
    const Value x = tape.input({rows, 3}, batch.images);
    Value rest = x;
    ForwardPass pass;
    for (std::size_t t = 0; t < 2; ++t) {
      const Value mu_log_sigma = encode_[t](x);
      const Value epsilon = draw_noise(tape, noise, batch.samples, static_cast<std::int64_t>(t), 1);
      const auto [z, kl] = gaussian_latent(mu_log_sigma, epsilon);
      rest = sub(rest, decode_[t](z));
      pass.kl = t == 0 ? kl : add(pass.kl, kl);
      if (trace != nullptr) trace->latents.push_back({mu_log_sigma, epsilon, z});
    }
    const double constant = 1.5 * std::log(2 * std::numbers::pi * kSigma * kSigma);
    pass.reconstruction = affine(sum_rows(mul(rest, rest)), 0.5 / (kSigma * kSigma), constant);
    pass.loss = add(pass.reconstruction, pass.kl);
    return pass;
  }
  void generate(Tape&, std::span<const std::int64_t>, const NoiseKey&, Trace&) const override {}
  void start_from(std::span<const float>, ParameterStore&) const override {}

 private:
  static void set(ParameterStore& store, const Parameter& parameter, std::span<const double> numbers) {
    std::ranges::copy(numbers, store.doubles().begin() + parameter.offset());
  }

  ImageShape image_{1, 1, 3};
  std::vector<Linear> decode_;
  std::vector<Linear> encode_;
};

/// log N(x; 0, w_1 w_1ᵀ + w_2 w_2ᵀ + kSigma² I), by the two directions in which the covariance is not kSigma².
double exact_log_likelihood(std::span<const float> x) {
  const std::vector<double> point(x.begin(), x.end());
  const double noise = kSigma * kSigma;
  double log_determinant = 3 * std::log(noise);
  double distance = dot(point, point) / noise;
  for (const auto& w : {kFirst, kSecond}) {
    const double length = dot(w, w);
    const double along = dot(point, w) * dot(point, w) / length;
    log_determinant += std::log((length + noise) / noise);
    distance += along / (length + noise) - along / noise;
  }
  return -0.5 * (3 * std::log(2 * std::numbers::pi) + log_determinant + distance);
}

/// Four points and what the passes over them give, in f64.
struct Points {
  explicit Points(double shrink = 1, double widen = 1) : model(store, shrink, widen) {}
  Batch batch() const { return {images, labels, samples}; }
  std::vector<LogMean> means(std::int64_t draws, std::uint64_t first = 0) const {
    std::vector<LogMean> found(samples.size());
    Tape tape(store, Precision::f64);
    for (std::int64_t k = 0; k < draws; ++k) {
      add_log_weights(model, tape, batch(), {7, Purpose::latent_evaluation, first + static_cast<std::uint64_t>(k), 1},
                      found);
    }
    return found;
  }
  double exact(std::size_t b) const { return exact_log_likelihood(std::span(images).subspan(3 * b, 3)); }

  ParameterStore store;
  LinearGaussian model;
  std::vector<float> images = {0.3F, -1.2F, 0.4F, 0, 0, 0, 1.5F, 0.25F, -0.75F, -2, 1, 3};
  std::vector<std::int32_t> labels = {-1, -1, -1, -1};
  std::vector<std::int64_t> samples = {3, 4, 5, 6};
};

TEST(LogMean, KeepsWeightsThatNoNumberHolds) {
  LogMean mean;
  EXPECT_EQ(mean.log_mean(), -std::numeric_limits<double>::infinity());
  for (const double log_weight : {-2000.0, -2000.0, -2000.0 + std::log(4.0)}) mean.add(log_weight);
  EXPECT_NEAR(mean.log_mean(), -2000 + std::log(2.0), 1e-12);
  EXPECT_NEAR(mean.effective_count(), 36.0 / 18.0, 1e-12);
  EXPECT_NEAR(mean.variance(), (3.0 / 2.0 - 1) / 2, 1e-12);
}

TEST(LogMean, DoesNotCareInWhichOrderTheGreatestComes) {
  LogMean up;
  LogMean down;
  for (int i = 0; i < 50; ++i) up.add(0.5 * i);
  for (int i = 49; i >= 0; --i) down.add(0.5 * i);
  EXPECT_NEAR(up.log_mean(), down.log_mean(), 1e-12);
  EXPECT_NEAR(up.effective_count(), down.effective_count(), 1e-12);
}

TEST(ImportanceWeights, AreAllTheExactLikelihoodWhereQIsThePosterior) {
  const Points points;
  for (const std::int64_t draws : {1, 5}) {
    const auto means = points.means(draws);
    for (std::size_t b = 0; b < means.size(); ++b) {
      EXPECT_NEAR(means[b].log_mean(), points.exact(b), 1e-10);
      EXPECT_NEAR(means[b].effective_count(), static_cast<double>(draws), 1e-9);
    }
  }
}

TEST(ImportanceWeights, ConvergeToTheExactLikelihoodWhereQIsWrong) {
  const Points points(0.6, 1.5);
  const auto few = points.means(1);
  const auto many = points.means(20'000);
  for (std::size_t b = 0; b < many.size(); ++b) {
    const double error = std::sqrt(many[b].variance());
    EXPECT_LT(error, 0.03);
    EXPECT_NEAR(many[b].log_mean(), points.exact(b), 4 * error);
    EXPECT_GT(std::abs(few[b].log_mean() - points.exact(b)), 4 * error);
  }
}

TEST(ImportanceWeights, GiveABoundThatTightensWithTheNumberOfDraws) {
  const Points points(0.6, 1.5);
  double exact = 0;
  for (std::size_t b = 0; b < 4; ++b) exact += points.exact(b);
  double before = -std::numeric_limits<double>::infinity();
  for (const std::int64_t draws : {1, 4, 16, 64}) {
    double mean = 0;
    constexpr int kRepeats = 300;
    for (int i = 0; i < kRepeats; ++i) {
      for (const LogMean& one : points.means(draws, static_cast<std::uint64_t>(i * draws))) mean += one.log_mean();
    }
    mean /= kRepeats;
    EXPECT_GT(mean, before) << draws;
    EXPECT_LT(mean, exact) << draws;
    before = mean;
  }
}

TEST(ImportanceWeights, OfOneDrawHaveThePlainBoundAsTheirMean) {
  const Points points(0.6, 1.5);
  Tape tape(points.store, Precision::f64);
  tape.set_recording(false);
  constexpr int kPasses = 20'000;
  double sum = 0;
  double squares = 0;
  double plain = 0;
  for (int k = 0; k < kPasses; ++k) {
    const NoiseKey noise{7, Purpose::latent_evaluation, static_cast<std::uint64_t>(k), 1};
    std::vector<LogMean> one(4);
    add_log_weights(points.model, tape, points.batch(), noise, one);
    const ForwardPass pass = points.model.forward(tape, points.batch(), noise, 1, nullptr);
    double difference = 0;
    for (std::size_t b = 0; b < 4; ++b) difference += -one[b].log_mean() - Tape::data<double>(pass.loss)[b];
    plain += Tape::data<double>(pass.loss)[0];
    sum += difference;
    squares += difference * difference;
  }
  const double mean = sum / kPasses;
  const double error = std::sqrt((squares / kPasses - mean * mean) / kPasses);
  EXPECT_LT(error, 0.05);
  EXPECT_NEAR(mean, 0, 4 * error);
  EXPECT_GT(plain / kPasses, -points.exact(0)) << "the plain bound lies above";
}

/// A small DRAW model on a few digits.
struct Fixture {
  explicit Fixture(int threads)
      : cell(small_cell(mode("gaussian", 2), mode("gaussian", 3))),
        data(plugins),
        model(make_model(cell, data.info().image, 10, plugins, store)),
        packed((store.initialise(cell.seed), store), cell.training.shard),
        workers(store, &packed, threads),
        samples(first_samples(data.info(), Split::test, 10)) {}
  ImportanceBound bound(std::int64_t draws, std::uint64_t first = 0) {
    return importance_bound(*model, workers, data, Split::test, samples, noise(first), draws, cell.training.shard,
                            [this](double share) { shares.push_back(share); });
  }
  static NoiseKey noise(std::uint64_t pass) { return {3, Purpose::latent_evaluation, pass, 1}; }

  CellConfig cell;
  PluginHost plugins = tests::built_plugins();
  SmallDigits data;
  ParameterStore store;
  std::unique_ptr<Model> model;
  PackedWeights packed;
  Workers workers;
  std::vector<std::int64_t> samples;
  std::vector<double> shares;
};

TEST(ImportanceBound, HasTheSameBitsForAnyNumberOfThreads) {
  Fixture one(1);
  Fixture three(3);
  const ImportanceBound a = one.bound(20);
  const ImportanceBound b = three.bound(20);
  EXPECT_EQ(a.nll, b.nll);
  EXPECT_EQ(a.standard_error, b.standard_error);
  EXPECT_EQ(a.effective_draws, b.effective_draws);
  EXPECT_EQ(a.samples, 10);
  EXPECT_EQ(a.draws, 20);
}

TEST(ImportanceBound, LiesBelowThePlainBoundOfTheSameDraws) {
  Fixture fixture(2);
  constexpr std::int64_t kDraws = 64;
  double plain = 0;
  for (std::uint64_t pass = 0; pass < kDraws; ++pass) {
    plain += evaluate_samples(*fixture.model, fixture.workers, fixture.data, Split::test, fixture.samples,
                              Fixture::noise(pass), fixture.cell.training.shard, [](std::int64_t) { return true; })
                 ->mean()
                 .nll /
             kDraws;
  }
  const ImportanceBound found = fixture.bound(kDraws);
  EXPECT_LT(found.nll, plain);
  EXPECT_GT(found.standard_error, 0);
  EXPECT_GT(found.effective_draws, 1);
  EXPECT_LT(found.effective_draws, kDraws);
}

TEST(ImportanceBound, HoldsNoMoreMemoryForMoreDraws) {
  Fixture fixture(1);
  fixture.bound(4);
  const std::size_t held = fixture.workers.tape_bytes();
  fixture.bound(200);
  EXPECT_EQ(fixture.workers.tape_bytes(), held);
}

TEST(ImportanceBound, TellsHowMuchIsDone) {
  Fixture fixture(1);
  fixture.bound(40);
  ASSERT_GE(fixture.shares.size(), 3U);
  EXPECT_TRUE(std::is_sorted(fixture.shares.begin(), fixture.shares.end()));
  EXPECT_DOUBLE_EQ(fixture.shares.back(), 1);
}

TEST(ImportanceBound, IsRefusedWithoutLatents) {
  CellConfig cell = small_cell(mode("global"), mode("global"));
  cell.task = Task::classify;
  PluginHost plugins = tests::built_plugins();
  const SmallDigits data(plugins);
  ParameterStore store;
  const auto model = make_model(cell, data.info().image, 10, plugins, store);
  store.initialise(1);
  const PackedWeights packed(store, 4);
  Workers workers(store, &packed, 1);
  EXPECT_THROW(
      importance_bound(*model, workers, data, Split::test, std::vector<std::int64_t>{0, 1}, {}, 2, 4, [](double) {}),
      Error);
}

}  // namespace
}  // namespace drawlab
