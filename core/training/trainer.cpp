#include "training/trainer.hpp"

#include "drawlab/error.hpp"
#include "drawlab/random.hpp"

#include "configuration/model_maker.hpp"
#include "system/stopwatch.hpp"
#include "system/write_file.hpp"
#include "training/checkpoint.hpp"
#include "training/sample_rate.hpp"
#include "training/schedule.hpp"
#include "training/training_step.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

namespace drawlab {

using Ending = TrainingResult::Ending;

/// A run's model, arrays and counters. The phases of the loop return `finished` when the next phase may begin.
struct Trainer::Impl {
  Impl(const CellConfig& config, const Dataset& data, PluginHost& plugins, int threads);

  Ending train_epoch();
  Ending validate();
  Ending test();

  Ending diverge(std::string message, std::int64_t at_step);
  TrainingResult result(Ending ending) const;
  Checkpoint arrays() { return {store, best.span(), step->first_moment(), step->second_moment(), step->average()}; }
  void save();
  bool save_is_due() const;
  /// The weights that the run is judged by: those that train, or their running mean.
  std::span<float> judged() { return step->average().empty() ? store.values() : step->average(); }
  /// Evaluates a split with the given weights. Nothing if the observer stops it.
  std::optional<Evaluation> evaluate(std::span<float> weights, Split split, std::int64_t limit);
  void exchange_weights(std::span<float> others);
  StepSettings step_settings(std::int64_t total_step) const;
  TrainingProgress progress(Split phase, std::int64_t at, std::int64_t of) const;
  void report(std::int64_t epoch, Split split, const Evaluation& evaluation, std::vector<Metric>& metrics) const;

  CellConfig cell;
  const Dataset& dataset;
  std::string configuration;
  ParameterStore store;
  std::unique_ptr<Model> model;
  std::int64_t train_count;
  std::int64_t steps;  // per epoch
  std::unique_ptr<PackedWeights> packed;
  std::unique_ptr<Workers> workers;
  std::unique_ptr<TrainingStep> step;
  std::unique_ptr<BatchAhead> ahead;
  AlignedBuffer<float> best;
  TrainingState state;
  SampleRate rate;
  std::string divergence;
  std::int64_t diverged_at = 0;

  // of the call of run()
  std::filesystem::path checkpoint;
  TrainingObserver* observer = nullptr;
  Stopwatch since_save;
};

// ---- the loop ----

TrainingResult Trainer::run(const std::filesystem::path& checkpoint, TrainingObserver& observer) {
  const FlushDenormals flush;
  Impl& run = *impl_;
  run.checkpoint = checkpoint;
  run.observer = &observer;
  run.since_save.restart();
  Ending ending = Ending::finished;
  while (ending == Ending::finished && run.state.epoch < run.cell.training.epochs) {
    ending = run.train_epoch();
    if (ending == Ending::finished) ending = run.validate();
    if (ending != Ending::diverged) run.save();
  }
  if (ending == Ending::finished) ending = run.test();
  return run.result(ending);
}

namespace {

/// The order of the training samples in an epoch: a permutation of 0 … n − 1 by Fisher and Yates.
std::vector<std::int64_t> epoch_order(std::uint64_t seed, std::int64_t epoch, std::int64_t n) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  Random random(seed, Purpose::order, static_cast<std::uint64_t>(epoch));
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  return order;
}

}  // namespace

/// Trains on the rest of the epoch under way, which a checkpoint may have cut.
Ending Trainer::Impl::train_epoch() {
  ahead->begin(epoch_order(cell.seed, state.epoch, train_count), static_cast<std::uint64_t>(state.epoch), state.step);
  rate.restart();
  while (state.step < steps) {
    const PreparedBatch& batch = ahead->next();
    const TrainingStep::Result& done = step->run(batch, step_settings(state.total_step));
    if (!done.finite) {
      const std::int64_t at = state.total_step + 1;
      const std::string what = std::isfinite(done.sums.nll()) ? "gradient" : "loss";
      return diverge("the " + what + " was not finite at step " + std::to_string(at), at);
    }
    ++state.step;
    ++state.total_step;
    state.sums.add(done.sums);
    state.gradient_norm_sum += done.gradient_norm;
    rate.add(batch.samples());
    observer->on_progress(progress(Split::train, state.step, steps));
    if (observer->stop_requested()) return Ending::stopped;
    if (save_is_due()) save();
  }
  return Ending::finished;
}

/// Validates, keeps the best weights, reports the epoch and begins the next one.
Ending Trainer::Impl::validate() {
  const auto validation = evaluate(judged(), Split::validation, cell.training.limit_validation);
  if (!validation) return Ending::stopped;
  const std::int64_t epoch = state.epoch + 1;
  if (!std::isfinite(validation->nll)) {
    return diverge("the validation bound was not finite after epoch " + std::to_string(epoch), state.total_step);
  }
  if (state.best_epoch == 0 || validation->nll < state.best_nll) {
    state.best_epoch = epoch;
    state.best_nll = validation->nll;
    std::ranges::copy(judged(), best.data());
  }
  const StepSettings last = step_settings(state.total_step - 1);
  std::vector<Metric> metrics;
  report(epoch, Split::train, state.sums.mean(), metrics);
  metrics.push_back(
      {epoch, {Split::train, Quantity::gradient_norm}, state.gradient_norm_sum / static_cast<double>(steps)});
  metrics.push_back({epoch, {Split::train, Quantity::learning_rate}, last.learning_rate});
  metrics.push_back({epoch, {Split::train, Quantity::kl_weight}, last.kl_weight});
  report(epoch, Split::validation, *validation, metrics);
  observer->on_metrics(metrics);

  state.epoch = epoch;
  state.step = 0;
  state.sums = RowSums();
  state.gradient_norm_sum = 0;
  return Ending::finished;
}

/// Tests the weights with the best validation bound. The last weights stay in the checkpoint.
Ending Trainer::Impl::test() {
  if (state.best_epoch == 0) {  // zero epochs were asked for: the first weights are also the last
    std::ranges::copy(store.values(), best.data());
    save();
  }
  const auto test = evaluate(best.span(), Split::test, cell.training.limit_test);
  if (!test) return Ending::stopped;
  std::vector<Metric> metrics;
  report(state.epoch, Split::test, *test, metrics);
  metrics.push_back({state.epoch, {Split::test, Quantity::best_epoch}, static_cast<double>(state.best_epoch)});
  observer->on_metrics(metrics);
  if (!test->confusion.empty()) observer->on_confusion(Split::test, test->confusion);
  return Ending::finished;
}

// ---- helpers ----

Ending Trainer::Impl::diverge(std::string message, std::int64_t at_step) {
  divergence = std::move(message);
  diverged_at = at_step;
  return Ending::diverged;
}

TrainingResult Trainer::Impl::result(Ending ending) const {
  const std::int64_t total_step = ending == Ending::diverged ? diverged_at : state.total_step;
  return {ending, state.epoch, total_step, divergence, state.best_epoch};
}

void Trainer::Impl::save() {
  FileWriter file(checkpoint);
  const std::string sha256 = arrays().write(file, state, configuration);
  since_save.restart();
  observer->on_checkpoint({file, sha256, state.epoch, state.total_step});
}

bool Trainer::Impl::save_is_due() const {
  const double interval = cell.training.checkpoint_seconds;
  return interval > 0 && since_save.seconds() >= interval;
}

std::optional<Evaluation> Trainer::Impl::evaluate(std::span<float> weights, Split split, std::int64_t limit) {
  const bool others = weights.data() != store.values().data();
  if (others) exchange_weights(weights);
  const std::vector<std::int64_t> samples = first_samples(dataset.info(), split, limit);
  const NoiseKey noise{cell.seed, Purpose::latent_evaluation, 0, 1};
  const auto sums =
      evaluate_samples(*model, *workers, dataset, split, samples, noise, cell.training.shard, [&](std::int64_t done) {
        observer->on_progress(progress(split, done, static_cast<std::int64_t>(samples.size())));
        return !observer->stop_requested();
      });
  if (others) exchange_weights(weights);
  if (!sums) return std::nullopt;
  return sums->mean();
}

void Trainer::Impl::exchange_weights(std::span<float> others) {
  std::ranges::swap_ranges(store.values(), others);
  packed->pack_all();
}

StepSettings Trainer::Impl::step_settings(std::int64_t total_step) const {
  return {cell.seed, total_step, learning_rate_at(cell.training, total_step, steps),
          kl_weight_at(cell.training, total_step, steps)};
}

TrainingProgress Trainer::Impl::progress(Split phase, std::int64_t at, std::int64_t of) const {
  const double n = static_cast<double>(std::max<std::int64_t>(state.sums.samples, 1));
  return {state.epoch + 1,      cell.training.epochs, at,           of,   state.total_step,
          state.sums.nll() / n, state.sums.kl / n,    rate.value(), phase};
}

void Trainer::Impl::report(std::int64_t epoch, Split split, const Evaluation& evaluation,
                           std::vector<Metric>& metrics) const {
  metrics.push_back({epoch, {split, Quantity::nll}, evaluation.nll});
  if (cell.task == Task::classify) {
    metrics.push_back({epoch, {split, Quantity::error}, evaluation.error});
    return;
  }
  metrics.push_back({epoch, {split, Quantity::reconstruction}, evaluation.reconstruction});
  metrics.push_back({epoch, {split, Quantity::kl}, evaluation.kl});
  if (model->image().channels > 1) {
    metrics.push_back(
        {epoch, {split, Quantity::nll_per_dimension}, evaluation.nll / static_cast<double>(model->image().count())});
  }
  for (std::size_t t = 0; t < evaluation.kl_glimpse.size(); ++t) {
    metrics.push_back({epoch, {split, Quantity::kl_glimpse, static_cast<int>(t) + 1}, evaluation.kl_glimpse[t]});
  }
}

// ---- setup ----

namespace {

/// The mean of the first `count` training images, at most 10,000 of them.
std::vector<float> mean_image(const Dataset& dataset, std::int64_t count) {
  constexpr std::int64_t kMost = 10'000;
  constexpr std::size_t kAtOnce = 500;
  const auto size = static_cast<std::size_t>(dataset.info().image.count());
  const std::vector<std::int64_t> samples = first_samples(dataset.info(), Split::train, std::min(kMost, count));
  std::vector<double> sums(size);
  std::vector<float> images(kAtOnce * size);
  std::vector<std::int32_t> labels(kAtOnce);
  for (std::size_t start = 0; start < samples.size(); start += kAtOnce) {
    const auto part = std::span(samples).subspan(start, std::min(kAtOnce, samples.size() - start));
    dataset.fill(Split::train, part, 0, std::span(images).first(part.size() * size),
                 std::span(labels).first(part.size()));
    for (std::size_t i = 0; i < part.size() * size; ++i) sums[i % size] += static_cast<double>(images[i]);
  }
  std::vector<float> mean(size);
  for (std::size_t i = 0; i < size; ++i) mean[i] = static_cast<float>(sums[i] / static_cast<double>(samples.size()));
  return mean;
}

}  // namespace

Trainer::Impl::Impl(const CellConfig& config, const Dataset& data, PluginHost& plugins, int threads)
    : cell(config),
      dataset(data),
      configuration(to_json(config.resolved(plugins, true))),
      model(make_model(config, data.info().image, data.info().classes, plugins, store)),
      train_count(std::ssize(first_samples(data.info(), Split::train, config.training.limit_train))),
      steps((train_count + config.training.batch - 1) / config.training.batch) {
  if (train_count < 1) throw DataError("dataset '" + data.info().name + "' has no training images");
  store.initialise(cell.seed);
  model->start_from(mean_image(dataset, train_count), store);
  packed = pack_weights(store, cell.training);
  workers = std::make_unique<Workers>(store, packed.get(), threads);
  step = std::make_unique<TrainingStep>(*model, store, *packed, *workers, cell.training);
  ahead = std::make_unique<BatchAhead>(dataset, cell.training.batch, cell.training.shard);
  best.resize(static_cast<std::size_t>(store.padded_count()));
}

Trainer::Trainer(const CellConfig& cell, const Dataset& dataset, PluginHost& plugins, int threads)
    : impl_(std::make_unique<Impl>(cell, dataset, plugins, threads)) {}
Trainer::~Trainer() = default;

std::int64_t Trainer::steps_per_epoch() const { return impl_->steps; }

void Trainer::restore(const std::filesystem::path& checkpoint) {
  impl_->state = impl_->arrays().read(checkpoint);
  impl_->packed->pack_all();
}

}  // namespace drawlab
