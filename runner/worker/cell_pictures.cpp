#include "runner/worker/cell_pictures.hpp"

#include "results/pictures/drawing_sheet.hpp"
#include "results/pictures/grid.hpp"
#include "runner/worker/neighbours.hpp"
#include "training/trained_model.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace drawlab::runner {
namespace {

constexpr std::int64_t kSequences = 8;
constexpr std::int64_t kReconstructions = 16;
constexpr std::int64_t kCompared = 12;  // samples beside their nearest training images
constexpr std::int64_t kNearest = 4;

}  // namespace

void put_pictures(results::Store& store, results::RunId run, const CellConfig& cell, const Dataset& dataset,
                  PluginHost& plugins, const std::filesystem::path& checkpoint, int threads, std::int64_t epoch) {
  const DatasetInfo& data = dataset.info();
  const TrainedModel model(cell, data.image, data.classes, plugins, checkpoint, threads);
  const bool generates = cell.task == Task::generate;
  if (generates && cell.training.samples > 0) {
    const Drawing drawing = model.sample(cell.training.samples, cell.seed);
    store.put_image(run, results::samples_image(drawing, epoch));
    results::SheetOptions sheet;
    sheet.count = std::min(kSequences, drawing.count);
    store.put_image(run, results::sequence_image(drawing, epoch, "samples", sheet));
    const Drawing compared = model.sample(std::min<std::int64_t>(kCompared, cell.training.samples), cell.seed);
    const auto neighbours = nearest_training_images(compared, dataset, cell.training.limit_train, kNearest);
    store.put_image(run, neighbours_image(compared, dataset, neighbours, epoch));
  }
  const std::int64_t shown = std::min(kReconstructions, data.count(Split::test));
  if (shown == 0) return;
  std::vector<std::int64_t> indices(static_cast<std::size_t>(shown));
  std::iota(indices.begin(), indices.end(), 0);
  const Drawing drawing = model.reconstruct(dataset, Split::test, indices);
  if (generates) store.put_image(run, results::reconstructions_image(drawing, epoch));
  results::SheetOptions sheet;
  sheet.count = std::min(kSequences, drawing.count);
  store.put_image(run, results::sequence_image(drawing, epoch, generates ? "reconstructions" : "classified", sheet));
}

}  // namespace drawlab::runner
