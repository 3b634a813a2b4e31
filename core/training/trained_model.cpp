#include "configuration/model_maker.hpp"
#include "kernels/elementwise.hpp"
#include "training/checkpoint.hpp"
#include "training/evaluation.hpp"
#include "training/importance.hpp"
#include "training/trainer.hpp"

#include <cmath>

namespace drawlab {

struct TrainedModel::Impl {
  Impl(const CellConfig& config, const ImageShape& image, int classes, PluginHost& plugins,
       const std::filesystem::path& checkpoint, int threads, Weights which)
      : cell(config), model(make_model(config, image, classes, plugins, store)) {
    // What was trained in bf16 is looked at in f32 where no processor for it is at hand.
    if (!can_multiply(cell.training)) cell.training.precision = TrainingOptions::Precision::f32;
    read_weights(checkpoint, which == Weights::best, store);
    packed = packed_weights(store, cell.training);
    workers = std::make_unique<Workers>(store, packed.get(), threads);
  }

  CellConfig cell;
  ParameterStore store;
  std::unique_ptr<Model> model;
  std::unique_ptr<kernels::PackedWeights> packed;
  std::unique_ptr<Workers> workers;
};

namespace {

/// Copies what a trace holds of one shard into the drawing, at the drawing's samples first, first + 1, ….
class Recorder {
 public:
  Recorder(Drawing& drawing, const Trace& trace, std::int64_t first, std::int64_t count)
      : drawing_(drawing), trace_(trace), first_(first), count_(count) {}

  void frames() const {
    const std::int64_t pixels = drawing_.image.count();
    for (std::size_t t = 0; t < trace_.canvases.size(); ++t) {
      float* const to = drawing_.frames.data() + (static_cast<std::int64_t>(t) * drawing_.count + first_) * pixels;
      kernels::sigmoid(Tape::data<float>(trace_.canvases[t]), to, count_ * pixels);
    }
  }

  void windows(const std::vector<std::optional<Window>>& seen, std::vector<WindowBox>& boxes) const {
    for (std::size_t t = 0; t < seen.size(); ++t) {
      if (!seen[t]) continue;
      const float* const numbers = Tape::data<float>(seen[t]->geometry);
      for (std::int64_t b = 0; b < count_; ++b) {
        boxes[static_cast<std::size_t>(static_cast<std::int64_t>(t) * drawing_.count + first_ + b)] = {
            numbers[4 * b], numbers[4 * b + 1], numbers[4 * b + 2], numbers[4 * b + 3]};
      }
    }
  }

 private:
  Drawing& drawing_;
  const Trace& trace_;
  std::int64_t first_;
  std::int64_t count_;
};

/// Makes room for windows once one is seen; all shards of a drawing show the same kinds.
void make_room(const std::vector<std::optional<Window>>& seen, Drawing& drawing, std::vector<WindowBox>& boxes,
               std::int64_t& filters) {
  if (seen.empty() || !seen.front() || !boxes.empty()) return;
  boxes.resize(static_cast<std::size_t>(drawing.glimpses * drawing.count));
  filters = seen.front()->filters;
}

}  // namespace

TrainedModel::TrainedModel(const CellConfig& cell, const ImageShape& image, int classes, PluginHost& plugins,
                           const std::filesystem::path& checkpoint, int threads, Weights which)
    : impl_(std::make_unique<Impl>(cell, image, classes, plugins, checkpoint, threads, which)) {}
TrainedModel::~TrainedModel() = default;

Evaluation TrainedModel::evaluate(const Dataset& dataset, Split split, std::int64_t limit, std::uint64_t pass) const {
  const std::vector<std::int64_t> samples = first_samples(dataset.info(), split, limit);
  const NoiseKey noise{impl_->cell.seed, Purpose::latent_evaluation, pass, 1};
  return evaluate_samples(*impl_->model, *impl_->workers, dataset, split, samples, noise, impl_->cell.training.shard,
                          [](std::int64_t) { return true; })
      ->mean();
}

ImportanceBound TrainedModel::importance_bound(const Dataset& dataset, Split split, std::int64_t limit,
                                               std::int64_t draws, std::uint64_t first,
                                               const std::function<void(double)>& progress) const {
  const std::vector<std::int64_t> samples = first_samples(dataset.info(), split, limit);
  const NoiseKey noise{impl_->cell.seed, Purpose::latent_evaluation, first, 1};
  return drawlab::importance_bound(*impl_->model, *impl_->workers, dataset, split, samples, noise, draws,
                                   impl_->cell.training.shard, progress);
}

Drawing TrainedModel::sample(std::int64_t count, std::uint64_t seed, double temperature) const {
  const NoiseKey noise{seed, Purpose::generation, 0, temperature};
  std::vector<std::int64_t> samples(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<std::int64_t>(i);
  Drawing drawing;
  drawing.image = impl_->model->image();
  drawing.count = count;
  drawing.glimpses = impl_->model->glimpses();
  drawing.frames.resize(static_cast<std::size_t>(drawing.glimpses * count * drawing.image.count()));
  std::int64_t first = 0;
  for (const Shard& shard : cut_into_shards(samples, impl_->cell.training.shard)) {
    impl_->workers->run(1, [&](std::int64_t, Worker& worker) {
      worker.tape.reset();
      worker.tape.set_recording(false);
      Trace trace;
      impl_->model->generate(worker.tape, shard.samples, noise, trace);
      make_room(trace.write_windows, drawing, drawing.write_windows, drawing.write_filters);
      const Recorder recorder(drawing, trace, first, shard.count);
      recorder.frames();
      recorder.windows(trace.write_windows, drawing.write_windows);
    });
    first += shard.count;
  }
  return drawing;
}

Drawing TrainedModel::reconstruct(const Dataset& dataset, Split split, std::span<const std::int64_t> indices) const {
  const NoiseKey noise{impl_->cell.seed, Purpose::latent_evaluation, 0, 1};
  Drawing drawing;
  drawing.image = impl_->model->image();
  drawing.count = static_cast<std::int64_t>(indices.size());
  drawing.glimpses = impl_->model->glimpses();
  const std::int64_t pixels = drawing.image.count();
  if (impl_->cell.task == Task::generate) {
    drawing.frames.resize(static_cast<std::size_t>(drawing.glimpses * drawing.count * pixels));
  }
  drawing.originals.resize(static_cast<std::size_t>(drawing.count * pixels));
  std::int64_t first = 0;
  for (const Shard& shard : cut_into_shards(indices, impl_->cell.training.shard)) {
    impl_->workers->run(1, [&](std::int64_t, Worker& worker) {
      const Batch batch = worker.batch.fill(dataset, split, shard, 0);
      worker.tape.reset();
      worker.tape.set_recording(false);
      Trace trace;
      const ForwardPass pass = impl_->model->forward(worker.tape, batch, noise, 1, &trace);
      std::copy_n(batch.images.data(), shard.count * pixels, drawing.originals.data() + first * pixels);
      make_room(trace.read_windows, drawing, drawing.read_windows, drawing.read_filters);
      make_room(trace.write_windows, drawing, drawing.write_windows, drawing.write_filters);
      const Recorder recorder(drawing, trace, first, shard.count);
      recorder.frames();
      recorder.windows(trace.read_windows, drawing.read_windows);
      for (std::int64_t b = 0; pass.logits.valid() && b < shard.count; ++b) {
        drawing.labels.push_back(batch.labels[static_cast<std::size_t>(b)]);
        drawing.guesses.push_back(static_cast<std::int32_t>(guess_of(pass.logits, b)));
      }
      recorder.windows(trace.write_windows, drawing.write_windows);
    });
    first += shard.count;
  }
  return drawing;
}

}  // namespace drawlab
