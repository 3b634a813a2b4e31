#include "training/trained_model.hpp"

#include "drawlab/ops.hpp"

#include "configuration/model_maker.hpp"
#include "training/checkpoint.hpp"
#include "training/precision.hpp"
#include "training/workers.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

namespace drawlab {

struct TrainedModel::Impl {
  Impl(const CellConfig& config, const ImageShape& image, int classes, PluginHost& plugins,
       const std::filesystem::path& checkpoint, int threads, Weights which)
      : cell(config), model(make_model(config, image, classes, plugins, store)) {
    // A model trained in bf16 runs in f32 on a processor that lacks bf16.
    if (!can_multiply(cell.training)) cell.training.precision = TrainingOptions::Precision::f32;
    read_weights(checkpoint, which == Weights::best, store);
    packed = pack_weights(store, cell.training);
    workers = std::make_unique<Workers>(store, packed.get(), threads);
  }

  Drawing drawing_of(std::int64_t count) const;
  /// Calls pass(worker, shard, trace, first) for each shard of samples, one after the other, and records its trace in
  /// the drawing from sample `first` on.
  template <class Pass>
  void draw(std::span<const std::int64_t> samples, Drawing& drawing, const Pass& pass) const;

  CellConfig cell;
  ParameterStore store;
  std::unique_ptr<Model> model;
  std::unique_ptr<PackedWeights> packed;
  std::unique_ptr<Workers> workers;
};

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
  std::iota(samples.begin(), samples.end(), std::int64_t{0});
  Drawing drawing = impl_->drawing_of(count);
  impl_->draw(samples, drawing, [&](Worker& worker, const Shard& shard, Trace& trace, std::int64_t) {
    impl_->model->generate(worker.tape, shard.samples, noise, trace);
  });
  return drawing;
}

Drawing TrainedModel::reconstruct(const Dataset& dataset, Split split, std::span<const std::int64_t> indices) const {
  const NoiseKey noise{impl_->cell.seed, Purpose::latent_evaluation, 0, 1};
  Drawing drawing = impl_->drawing_of(std::ssize(indices));
  const std::int64_t pixels = drawing.image.count();
  drawing.originals.resize(static_cast<std::size_t>(drawing.count * pixels));
  impl_->draw(indices, drawing, [&](Worker& worker, const Shard& shard, Trace& trace, std::int64_t first) {
    const Batch batch = worker.batch.fill(dataset, split, shard, 0);
    const ForwardPass pass = impl_->model->forward(worker.tape, batch, noise, 1, &trace);
    std::copy_n(batch.images.data(), shard.count * pixels, drawing.originals.data() + first * pixels);
    for (std::int64_t b = 0; pass.logits.valid() && b < shard.count; ++b) {
      drawing.labels.push_back(batch.labels[static_cast<std::size_t>(b)]);
      drawing.guesses.push_back(static_cast<std::int32_t>(guess_of(pass.logits, b)));
    }
  });
  return drawing;
}

namespace {

/// Copies the first `count` rows of the frames of a trace into the drawing, from sample `first` on.
void record_frames(const Trace& trace, std::int64_t first, std::int64_t count, Drawing& drawing) {
  const std::int64_t pixels = drawing.image.count();
  for (std::size_t t = 0; t < trace.canvases.size(); ++t) {
    const float* const frame = Tape::data<float>(sigmoid(trace.canvases[t]));
    std::copy_n(frame, count * pixels,
                drawing.frames.data() + (static_cast<std::int64_t>(t) * drawing.count + first) * pixels);
  }
}

/// The same for windows, if the mode has any.
void record_windows(const std::vector<std::optional<Window>>& windows, std::int64_t first, std::int64_t count,
                    const Drawing& drawing, std::vector<WindowBox>& boxes, std::int64_t& filters) {
  if (windows.empty() || !windows.front()) return;
  boxes.resize(static_cast<std::size_t>(drawing.glimpses * drawing.count));
  filters = windows.front()->filters;
  for (std::size_t t = 0; t < windows.size(); ++t) {
    if (!windows[t]) continue;
    std::copy_n(boxes_of(*windows[t]).begin(), count,
                boxes.begin() + static_cast<std::int64_t>(t) * drawing.count + first);
  }
}

}  // namespace

Drawing TrainedModel::Impl::drawing_of(std::int64_t count) const {
  Drawing drawing;
  drawing.image = model->image();
  drawing.count = count;
  drawing.glimpses = model->glimpses();
  if (cell.task == Task::generate) {
    drawing.frames.resize(static_cast<std::size_t>(drawing.glimpses * count * drawing.image.count()));
  }
  return drawing;
}

template <class Pass>
void TrainedModel::Impl::draw(std::span<const std::int64_t> samples, Drawing& drawing, const Pass& pass) const {
  std::int64_t first = 0;
  for (const Shard& shard : cut_into_shards(samples, cell.training.shard)) {
    workers->run(1, [&](std::int64_t, Worker& worker) {
      worker.tape.reset();
      worker.tape.set_recording(false);
      Trace trace;
      pass(worker, shard, trace, first);
      record_frames(trace, first, shard.count, drawing);
      record_windows(trace.read_windows, first, shard.count, drawing, drawing.read_windows, drawing.read_filters);
      record_windows(trace.write_windows, first, shard.count, drawing, drawing.write_windows, drawing.write_filters);
    });
    first += shard.count;
  }
}

}  // namespace drawlab
