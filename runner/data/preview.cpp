#include "runner/data/preview.hpp"

#include "drawlab/error.hpp"

#include "results/pictures/grid.hpp"
#include "results/pictures/png.hpp"
#include "system/write_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace drawlab::runner {
namespace {

/// One word per picture, aligned, in the rows of the grid.
void print_words(const char* title, const std::vector<std::string>& words, std::size_t columns, std::ostream& out) {
  std::size_t width = 1;
  for (const std::string& word : words) width = std::max(width, word.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool begins = i % columns == 0;
    out << (begins ? fmt::format("{}  {:<12}", i == 0 ? "" : "\n", i == 0 ? title : "") : " ")
        << fmt::format("{:>{}}", words[i], width);
  }
  out << "\n";
}

}  // namespace

void preview_dataset(const Dataset& dataset, const PreviewRequest& request, std::ostream& out) {
  const DatasetInfo& info = dataset.info();
  const std::int64_t count = std::min(request.count, info.count(request.split));
  if (count < 1) throw DataError(fmt::format("dataset '{}' has no {} images", info.name, split_name(request.split)));
  std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), std::int64_t{0});
  std::vector<float> images(static_cast<std::size_t>(count * info.image.count()));
  std::vector<std::int32_t> labels(indices.size());
  dataset.fill(request.split, indices, 0, images, labels);
  results::GridOptions grid;
  grid.columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count))));
  write_file(request.file, results::encode_png(results::picture_grid(images, info.image, grid)));

  out << fmt::format("{}\n", request.file.string());
  out << fmt::format("  images      {} of {} {}, {} channel{}, {}x{}\n", count, info.count(request.split),
                     split_name(request.split), info.image.channels, info.image.channels == 1 ? "" : "s",
                     info.image.height, info.image.width);
  out << fmt::format("  values      {}, {:.3f} on average\n", info.values,
                     std::accumulate(images.begin(), images.end(), 0.0) / static_cast<double>(images.size()));
  out << fmt::format("  provenance  {}\n  meaning     {}\n", info.provenance, info.label_meaning);
  if (info.classes == 0) return;
  std::vector<std::string> words;
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    words.push_back(std::to_string(labels[i]));
    shown.push_back(dataset.label_text(request.split, indices[i], 0));
  }
  print_words("labels", words, static_cast<std::size_t>(grid.columns), out);
  if (!std::ranges::all_of(shown, &std::string::empty)) {
    print_words("show", shown, static_cast<std::size_t>(grid.columns), out);
  }
}

}  // namespace drawlab::runner
