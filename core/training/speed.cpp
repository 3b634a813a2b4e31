#include "training/speed.hpp"

#include "configuration/model_maker.hpp"
#include "engine.hpp"
#include "system/stopwatch.hpp"
#include "training/batch_ahead.hpp"
#include "training/training_step.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace drawlab {

static_assert(kPartNames.size() == kPartCount);

void StepTimes::add(const StepTimes& other, int sign) {
  seconds += sign * other.seconds;
  steps += sign * other.steps;
  samples += sign * other.samples;
  operations += sign * other.operations;
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i] += sign * other.parts[i];
  fetching += sign * other.fetching;
  starved += sign * other.starved;
}

struct SpeedProbe::Impl {
  Impl(const CellConfig& config, const Dataset& data, PluginHost& plugins, int threads, bool composed)
      : cell(config),
        dataset(data),
        model(make_model(config, data.info().image, data.info().classes, plugins, store)),
        packed((store.initialise(config.seed), pack_weights(store, config.training))),
        workers(store, packed.get(), threads),
        step(*model, store, *packed, workers, config.training),
        ahead(data, config.training.batch, config.training.shard) {
    workers.measure_parts();
    if (composed) workers.set_composed();
    for (std::size_t i = 0; i < store.count(); ++i) {
      if (store.kind(i) == ParameterKind::lstm_weight) gates.push_back(i);
    }
  }

  /// As an epoch would go through the training images, without end.
  const PreparedBatch& next_batch() {
    const std::int64_t per_epoch = std::max<std::int64_t>(dataset.info().count(Split::train) / cell.training.batch, 1);
    if (total_step % per_epoch == 0) {
      std::vector<std::int64_t> order(static_cast<std::size_t>(
          std::min(dataset.info().count(Split::train), per_epoch * std::int64_t{cell.training.batch})));
      std::iota(order.begin(), order.end(), std::int64_t{0});
      ahead.begin(std::move(order), static_cast<std::uint64_t>(total_step / per_epoch), 0);
    }
    return ahead.next();
  }

  void take_step() {
    const PreparedBatch& batch = next_batch();
    step.run(batch, {cell.seed, total_step, cell.training.learning_rate, 1});
    ++total_step;
    samples += batch.samples();
  }

  StepTimes so_far() const {
    return {seconds,
            total_step,
            samples,
            workers.product_operations(),
            workers.part_seconds(),
            ahead.seconds_fetching(),
            ahead.seconds_waited()};
  }

  /// GFLOP/s of one weight's forward product, on all threads at once.
  double product_rate(std::size_t weight, double duration) {
    const Parameter parameter = store.at(weight);
    const std::int64_t rows = cell.training.shard;
    const std::int64_t out = parameter.shape()[0];
    const std::int64_t in = parameter.shape()[1];
    const auto count = static_cast<std::size_t>(workers.threads());
    while (operands.size() < count) operands.emplace_back();
    for (Operands& each : operands) {
      each.x.resize(static_cast<std::size_t>(rows * in));
      each.y.resize(static_cast<std::size_t>(rows * out));
      each.half.resize(each.x.size());
    }
    const double once = 2.0 * static_cast<double>(rows) * static_cast<double>(out) * static_cast<double>(in);
    const float* const bias = store.values().data();  // any `out` numbers will do
    const auto repeat = [&](std::int64_t times) {
      const Stopwatch watch;
      workers.run(static_cast<std::int64_t>(count), [&](std::int64_t index, Worker& worker) {
        Operands& mine = operands[static_cast<std::size_t>(index)];
        Engine& engine = worker.tape.engine();
        const kernels::Weight<float> factor = engine.weight(parameter);
        for (std::int64_t i = 0; i < times; ++i) {
          if (engine.multiplies_bf16()) {
            engine.products.forward(mine.half.data(), rows, factor, bias, mine.y.data());
          } else {
            engine.products.forward(mine.x.data(), rows, factor, bias, mine.y.data());
          }
        }
      });
      return static_cast<double>(times) * static_cast<double>(count) * once / watch.seconds() / 1e9;
    };
    const double guess = repeat(20);
    return repeat(std::max<std::int64_t>(
        1, static_cast<std::int64_t>(duration * guess * 1e9 / once / static_cast<double>(count))));
  }

  struct Operands {
    AlignedBuffer<float> x;
    AlignedBuffer<float> y;
    AlignedBuffer<Bf16> half;
  };

  CellConfig cell;
  const Dataset& dataset;
  ParameterStore store;
  std::unique_ptr<Model> model;
  std::unique_ptr<PackedWeights> packed;
  Workers workers;
  TrainingStep step;
  BatchAhead ahead;
  std::vector<std::size_t> gates;  // the LSTMs' weights
  std::vector<Operands> operands;  // by thread
  double seconds = 0;
  std::int64_t total_step = 0;
  std::int64_t samples = 0;
};

SpeedProbe::SpeedProbe(const CellConfig& cell, const Dataset& dataset, PluginHost& plugins, int threads, bool composed)
    : impl_(std::make_unique<Impl>(cell, dataset, plugins, threads, composed)) {
  measure(0);
  measure(0);
}
SpeedProbe::~SpeedProbe() = default;

int SpeedProbe::threads() const { return impl_->workers.threads(); }

double SpeedProbe::product_limit(double seconds) {
  double best = 0;
  for (const std::size_t weight : impl_->gates) {
    best = std::max(best, impl_->product_rate(weight, seconds / static_cast<double>(impl_->gates.size())));
  }
  return best;
}

StepTimes SpeedProbe::measure(double seconds) {
  const FlushDenormals flush;
  const StepTimes before = impl_->so_far();
  const Stopwatch watch;
  double passed = 0;
  do {
    impl_->take_step();
    passed = watch.seconds();
  } while (passed < seconds);
  impl_->seconds += passed;
  StepTimes times = impl_->so_far();
  times.add(before, -1);
  return times;
}

std::int64_t SpeedProbe::parameters() const { return impl_->store.value_count(); }
std::size_t SpeedProbe::tape_bytes() const { return impl_->workers.tape_bytes(); }

}  // namespace drawlab
