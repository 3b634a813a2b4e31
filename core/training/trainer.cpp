#include "training/trainer.hpp"

#include "drawlab/random.hpp"

#include "configuration/model_maker.hpp"
#include "training/checkpoint.hpp"
#include "training/schedule.hpp"
#include "training/training_step.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

namespace drawlab {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// The order of an epoch: a permutation of 0 … n − 1 by Fisher and Yates.
std::vector<std::int64_t> epoch_order(std::uint64_t seed, std::int64_t epoch, std::int64_t n) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  Random random(seed, Purpose::order, static_cast<std::uint64_t>(epoch));
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  return order;
}

/// Samples per second over the last stretch of work.
class Rate {
 public:
  void restart() {
    start_ = Clock::now();
    samples_ = 0;
    value_ = 0;
  }
  void add(std::int64_t samples) {
    samples_ += samples;
    const double seconds = seconds_since(start_);
    if (value_ == 0 || seconds > 1) value_ = static_cast<double>(samples_) / std::max(seconds, 1e-9);
    if (seconds > 5) {
      start_ = Clock::now();
      samples_ = 0;
    }
  }
  double value() const { return value_; }

 private:
  Clock::time_point start_ = Clock::now();
  std::int64_t samples_ = 0;
  double value_ = 0;
};

}  // namespace

struct Trainer::Impl {
  Impl(const CellConfig& config, const Dataset& data, PluginHost& plugins, int threads)
      : cell(config),
        dataset(data),
        configuration(to_json(config.resolved(plugins, true))),
        model(make_model(config, data.info().image, data.info().classes, plugins, store)),
        train_count(limited(Split::train, config.training.limit_train)),
        steps((train_count + config.training.batch - 1) / config.training.batch) {
    if (train_count < 1) throw DataError("dataset '" + data.info().name + "' has no training images");
    store.initialise(cell.seed);
    start_from_data();
    packed = packed_weights(store, cell.training);
    workers = std::make_unique<Workers>(store, packed.get(), threads);
    step = std::make_unique<TrainingStep>(*model, store, *packed, *workers, cell.training);
    ahead = std::make_unique<BatchAhead>(dataset, cell.training.batch, cell.training.shard);
    best.resize(static_cast<std::size_t>(store.padded_count()));
  }

  std::int64_t limited(Split split, std::int64_t limit) const {
    const std::int64_t all = dataset.info().count(split);
    return limit > 0 ? std::min(limit, all) : all;
  }

  /// The mean of up to 10,000 training images, for parameters that start from the data.
  void start_from_data() {
    constexpr std::int64_t kMost = 10'000;
    constexpr std::int64_t kAtOnce = 500;
    const auto size = static_cast<std::size_t>(dataset.info().image.count());
    const std::vector<std::int64_t> samples = first_samples(dataset.info(), Split::train, std::min(kMost, train_count));
    std::vector<double> sums(size);
    std::vector<float> images(kAtOnce * size);
    std::vector<std::int32_t> labels(kAtOnce);
    for (std::size_t start = 0; start < samples.size(); start += kAtOnce) {
      const auto part = std::span(samples).subspan(start, std::min<std::size_t>(kAtOnce, samples.size() - start));
      dataset.fill(Split::train, part, 0, std::span(images).first(part.size() * size),
                   std::span(labels).first(part.size()));
      for (std::size_t i = 0; i < part.size() * size; ++i) sums[i % size] += static_cast<double>(images[i]);
    }
    std::vector<float> mean(size);
    for (std::size_t i = 0; i < size; ++i) mean[i] = static_cast<float>(sums[i] / static_cast<double>(samples.size()));
    model->start_from(mean, store);
  }

  Checkpoint arrays() { return {store, best.span(), step->first_moment(), step->second_moment(), step->average()}; }

  /// What the run is judged by: the weights, or their running mean.
  std::span<const float> judged() { return step->average().empty() ? store.values() : step->average(); }

  void save(const std::filesystem::path& file, TrainingObserver& observer) {
    arrays().write(file, state, configuration);
    last_save = Clock::now();
    observer.on_checkpoint(file, state.epoch, state.total_step);
  }

  TrainingProgress progress(const char* phase, std::int64_t at, std::int64_t of) const {
    const double n = static_cast<double>(std::max<std::int64_t>(state.sums.samples, 1));
    return {state.epoch + 1,      cell.training.epochs, at,           of,   state.total_step,
            state.sums.nll() / n, state.sums.kl / n,    rate.value(), phase};
  }

  CellConfig cell;
  const Dataset& dataset;
  std::string configuration;
  ParameterStore store;
  std::unique_ptr<Model> model;
  std::int64_t train_count;
  std::int64_t steps;
  std::unique_ptr<kernels::PackedWeights> packed;
  std::unique_ptr<Workers> workers;
  std::unique_ptr<TrainingStep> step;
  std::unique_ptr<BatchAhead> ahead;
  AlignedBuffer<float> best;
  TrainingState state;
  Clock::time_point last_save = Clock::now();
  Rate rate;

  /// Trains the rest of the epoch under way. False: asked to stop.
  bool train_epoch(const std::filesystem::path& checkpoint, TrainingObserver& observer, TrainingResult& result);
  /// Evaluates a split. Nothing: asked to stop.
  std::optional<Evaluation> evaluate(Split split, std::int64_t limit, TrainingObserver& observer);
  /// The same with other weights than those that train.
  std::optional<Evaluation> evaluate_with(std::span<const float> weights, Split split, std::int64_t limit,
                                          TrainingObserver& observer);
  /// Validates, keeps the best weights, reports the epoch. False: asked to stop.
  bool finish_epoch(TrainingObserver& observer, TrainingResult& result);
  void report(std::int64_t epoch, Split split, const Evaluation& evaluation, std::vector<Metric>& metrics) const;
};

Trainer::Trainer(const CellConfig& cell, const Dataset& dataset, PluginHost& plugins, int threads)
    : impl_(std::make_unique<Impl>(cell, dataset, plugins, threads)) {}
Trainer::~Trainer() = default;

std::int64_t Trainer::parameter_count() const { return impl_->store.value_count(); }
std::int64_t Trainer::steps_per_epoch() const { return impl_->steps; }

void Trainer::restore(const std::filesystem::path& checkpoint) {
  impl_->state = impl_->arrays().read(checkpoint);
  impl_->packed->pack_all();
}

bool Trainer::Impl::train_epoch(const std::filesystem::path& checkpoint, TrainingObserver& observer,
                                TrainingResult& result) {
  ahead->begin(epoch_order(cell.seed, state.epoch, train_count), static_cast<std::uint64_t>(state.epoch), state.step);
  rate.restart();
  while (state.step < steps) {
    const PreparedBatch& batch = ahead->next();
    const TrainingStep::Result& done =
        step->run(batch, {cell.seed, state.total_step, learning_rate_at(cell.training, state.total_step, steps),
                          kl_weight_at(cell.training, state.total_step, steps)});
    if (!done.finite) {
      result.ending = TrainingResult::Ending::diverged;
      result.message = "the " + std::string(std::isfinite(done.sums.nll()) ? "gradient" : "loss") +
                       " was not finite at step " + std::to_string(state.total_step + 1);
      result.total_step = state.total_step + 1;
      return false;
    }
    ++state.step;
    ++state.total_step;
    state.sums.add(done.sums);
    state.gradient_norm_sum += done.gradient_norm;
    rate.add(batch.samples());
    observer.on_progress(progress("train", state.step, steps));
    if (observer.stop_requested()) return false;
    if (cell.training.checkpoint_seconds > 0 && seconds_since(last_save) >= cell.training.checkpoint_seconds) {
      save(checkpoint, observer);
    }
  }
  return true;
}

std::optional<Evaluation> Trainer::Impl::evaluate(Split split, std::int64_t limit, TrainingObserver& observer) {
  const std::vector<std::int64_t> samples = first_samples(dataset.info(), split, limit);
  const NoiseKey noise{cell.seed, Purpose::latent_evaluation, 0, 1};
  const auto sums =
      evaluate_samples(*model, *workers, dataset, split, samples, noise, cell.training.shard, [&](std::int64_t done) {
        observer.on_progress(progress(split_name(split), done, static_cast<std::int64_t>(samples.size())));
        return !observer.stop_requested();
      });
  if (!sums) return std::nullopt;
  return sums->mean();
}

std::optional<Evaluation> Trainer::Impl::evaluate_with(std::span<const float> weights, Split split, std::int64_t limit,
                                                       TrainingObserver& observer) {
  if (weights.data() == store.values().data()) return evaluate(split, limit, observer);
  AlignedBuffer<float> training(weights.size());
  std::ranges::copy(store.values(), training.data());
  std::ranges::copy(weights, store.values().data());
  packed->pack_all();
  std::optional<Evaluation> evaluation = evaluate(split, limit, observer);
  std::ranges::copy(training.span(), store.values().data());
  packed->pack_all();
  return evaluation;
}

void Trainer::Impl::report(std::int64_t epoch, Split split, const Evaluation& evaluation,
                           std::vector<Metric>& metrics) const {
  metrics.push_back({epoch, split, "nll", evaluation.nll});
  if (cell.task == Task::classify) {
    metrics.push_back({epoch, split, "error", evaluation.error});
    return;
  }
  metrics.push_back({epoch, split, "reconstruction", evaluation.reconstruction});
  metrics.push_back({epoch, split, "kl", evaluation.kl});
  if (model->image().channels > 1) {
    metrics.push_back(
        {epoch, split, "nll_per_dimension", evaluation.nll / static_cast<double>(model->image().count())});
  }
  for (std::size_t t = 0; t < evaluation.kl_glimpse.size(); ++t) {
    metrics.push_back({epoch, split, "kl_glimpse_" + std::to_string(t + 1), evaluation.kl_glimpse[t]});
  }
}

bool Trainer::Impl::finish_epoch(TrainingObserver& observer, TrainingResult& result) {
  const std::optional<Evaluation> validation =
      evaluate_with(judged(), Split::validation, cell.training.limit_validation, observer);
  if (!validation) return false;
  const std::int64_t epoch = state.epoch + 1;
  if (!std::isfinite(validation->nll)) {
    result.ending = TrainingResult::Ending::diverged;
    result.message = "the validation bound was not finite after epoch " + std::to_string(epoch);
    result.total_step = state.total_step;
    return false;
  }
  if (state.best_epoch == 0 || validation->nll < state.best_nll) {
    state.best_epoch = epoch;
    state.best_nll = validation->nll;
    std::ranges::copy(judged(), best.data());
  }
  std::vector<Metric> metrics;
  report(epoch, Split::train, state.sums.mean(), metrics);
  metrics.push_back({epoch, Split::train, "gradient_norm", state.gradient_norm_sum / static_cast<double>(steps)});
  metrics.push_back(
      {epoch, Split::train, "learning_rate", learning_rate_at(cell.training, state.total_step - 1, steps)});
  metrics.push_back({epoch, Split::train, "kl_weight", kl_weight_at(cell.training, state.total_step - 1, steps)});
  report(epoch, Split::validation, *validation, metrics);
  observer.on_metrics(metrics);

  state.epoch = epoch;
  state.step = 0;
  state.sums = RowSums();
  state.gradient_norm_sum = 0;
  return true;
}

TrainingResult Trainer::run(const std::filesystem::path& checkpoint, TrainingObserver& observer) {
  Impl& impl = *impl_;
  const FlushDenormals flush;
  impl.last_save = Clock::now();
  TrainingResult result;
  result.ending = TrainingResult::Ending::stopped;
  const auto ended = [&](TrainingResult::Ending ending) {
    result.ending = ending;
    result.epoch = impl.state.epoch;
    result.best_epoch = impl.state.best_epoch;
    if (ending != TrainingResult::Ending::diverged) result.total_step = impl.state.total_step;
    return result;
  };

  while (impl.state.epoch < impl.cell.training.epochs) {
    if (!impl.train_epoch(checkpoint, observer, result) || !impl.finish_epoch(observer, result)) {
      if (result.ending == TrainingResult::Ending::diverged) return ended(result.ending);
      impl.save(checkpoint, observer);
      return ended(TrainingResult::Ending::stopped);
    }
    impl.save(checkpoint, observer);
  }

  if (impl.state.best_epoch == 0) {  // no epoch was asked for: the first weights are the last ones too
    std::ranges::copy(impl.store.values(), impl.best.data());
    impl.save(checkpoint, observer);
  }
  // The result is that of the weights best on validation; the last weights stay in the checkpoint.
  const std::optional<Evaluation> test =
      impl.evaluate_with(impl.best.span(), Split::test, impl.cell.training.limit_test, observer);
  if (!test) return ended(TrainingResult::Ending::stopped);
  std::vector<Metric> metrics;
  impl.report(impl.state.epoch, Split::test, *test, metrics);
  metrics.push_back({impl.state.epoch, Split::test, "best_epoch", static_cast<double>(impl.state.best_epoch)});
  observer.on_metrics(metrics);
  if (!test->confusion.empty()) observer.on_confusion(Split::test, test->confusion);
  return ended(TrainingResult::Ending::finished);
}

}  // namespace drawlab
