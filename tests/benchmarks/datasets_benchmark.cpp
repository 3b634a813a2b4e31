#include "drawlab/error.hpp"

#include "host/dataset_host.hpp"
#include "host/plugin_host.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

// Images a second that one core composes or paints, through the built plugins; real MNIST is looked for as in training.
namespace drawlab {
namespace {

constexpr std::int64_t kBatch = 100;
constexpr std::uint64_t kUncounted = 20;  // batches

std::unique_ptr<Dataset> opened(PluginHost& plugins, const std::string& name, const std::string& options) {
  return DatasetHost(plugins, 1).open(name, from_json(options));
}

/// Batch after batch of the training split, epoch after epoch.
void FillDataset(benchmark::State& state, const std::string& name, const std::string& options) {
  try {
    PluginHost plugins({DRAWLAB_BUILT_PLUGINS});
    const std::unique_ptr<Dataset> dataset = opened(plugins, name, options);
    const DatasetInfo& info = dataset->info();
    const std::int64_t count = info.count(Split::train);
    const auto rows = static_cast<std::size_t>(std::min(kBatch, count));
    std::vector<float> images(rows * static_cast<std::size_t>(info.image.count()));
    std::vector<std::int32_t> labels(rows);
    std::vector<std::int64_t> indices(rows);
    std::int64_t first = 0;
    std::uint64_t epoch = 1;
    // Sources are painted or read when one of their images is first needed; that is not counted.
    std::iota(indices.begin(), indices.end(), 0);
    for (std::uint64_t batch = 0; batch < kUncounted; ++batch) {
      dataset->fill(Split::train, indices, batch, images, labels);
    }
    for ([[maybe_unused]] const auto step : state) {
      std::iota(indices.begin(), indices.end(), first);
      dataset->fill(Split::train, indices, epoch, images, labels);
      benchmark::DoNotOptimize(images.data());
      first += static_cast<std::int64_t>(rows);
      if (first + static_cast<std::int64_t>(rows) > count) {
        first = 0;
        ++epoch;
      }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows));
  } catch (const DataError& error) {
    state.SkipWithError(error.what());  // files that are not here; any other error ends the program
  }
}

BENCHMARK_CAPTURE(FillDataset, cluttered_100x100_mnist, "cluttered_mnist", R"({"source": "mnist"})");
BENCHMARK_CAPTURE(FillDataset, cluttered_100x100_digits, "cluttered_mnist", R"({"source": "digits"})");
BENCHMARK_CAPTURE(FillDataset, two_digits_60x60_digits, "cluttered_mnist",
                  R"({"source": "digits", "size": 60, "digits": 2, "distractors": 0})");
BENCHMARK_CAPTURE(FillDataset, digits, "digits", "{}");
BENCHMARK_CAPTURE(FillDataset, house_numbers_54x54, "house_numbers", "{}");

}  // namespace
}  // namespace drawlab
