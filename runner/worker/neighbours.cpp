#include "runner/worker/neighbours.hpp"

#include "results/pictures/grid.hpp"
#include "results/pictures/png.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <tuple>

namespace drawlab::runner {
namespace {

constexpr std::int64_t kAtOnce = 500;
constexpr int kFrame = 56;
constexpr int kGap = 2;
constexpr int kSampleGap = 10;  // sets the samples apart from what they are compared with

/// Keeps the nearest of the candidates that it is shown in the order of their indices.
class Nearest {
 public:
  explicit Nearest(std::int64_t wanted) : wanted_(static_cast<std::size_t>(wanted)) {}
  void offer(std::int64_t index, double squared) {
    if (kept_.size() == wanted_ && squared >= kept_.back().distance) return;
    const auto place = std::upper_bound(kept_.begin(), kept_.end(), squared,
                                        [](double value, const Neighbour& other) { return value < other.distance; });
    kept_.insert(place, {index, squared});
    if (kept_.size() > wanted_) kept_.pop_back();
  }
  std::vector<Neighbour> found() const {
    std::vector<Neighbour> neighbours = kept_;
    for (Neighbour& neighbour : neighbours) neighbour.distance = std::sqrt(neighbour.distance);
    return neighbours;
  }

 private:
  std::size_t wanted_;
  std::vector<Neighbour> kept_;  // with squared distances
};

double squared_distance(const float* a, const float* b, std::size_t size) {
  // Eight sums of their own, so that the compiler may keep them side by side.
  constexpr std::size_t kLanes = 8;
  float sums[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= size; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float difference = a[i + lane] - b[i + lane];
      sums[lane] += difference * difference;
    }
  }
  double total = 0;
  for (const float sum : sums) total += static_cast<double>(sum);
  for (; i < size; ++i) total += static_cast<double>((a[i] - b[i]) * (a[i] - b[i]));
  return total;
}

}  // namespace

std::vector<std::vector<Neighbour>> nearest_training_images(const Drawing& drawing, const Dataset& dataset,
                                                            std::int64_t limit, std::int64_t nearest) {
  const std::int64_t all = dataset.info().count(Split::train);
  const std::int64_t searched = limit > 0 ? std::min(limit, all) : all;
  const auto size = static_cast<std::size_t>(drawing.image.count());
  std::vector<Nearest> best(static_cast<std::size_t>(drawing.count), Nearest(std::min(nearest, searched)));
  std::vector<float> images(static_cast<std::size_t>(kAtOnce) * size);
  std::vector<std::int32_t> labels(kAtOnce);
  for (std::int64_t start = 0; start < searched; start += kAtOnce) {
    std::vector<std::int64_t> indices(static_cast<std::size_t>(std::min(kAtOnce, searched - start)));
    std::iota(indices.begin(), indices.end(), start);
    dataset.fill(Split::train, indices, 0, std::span(images).first(indices.size() * size),
                 std::span(labels).first(indices.size()));
    for (std::int64_t picture = 0; picture < drawing.count; ++picture) {
      const float* const sample = drawing.frame(drawing.glimpses - 1, picture);
      for (std::size_t i = 0; i < indices.size(); ++i) {
        best[static_cast<std::size_t>(picture)].offer(indices[i],
                                                      squared_distance(sample, images.data() + i * size, size));
      }
    }
  }
  std::vector<std::vector<Neighbour>> found;
  found.reserve(best.size());
  for (const Nearest& nearby : best) found.push_back(nearby.found());
  return found;
}

results::ImageRow neighbours_image(const Drawing& drawing, const Dataset& dataset,
                                   const std::vector<std::vector<Neighbour>>& neighbours, std::int64_t epoch) {
  const ImageShape& shape = drawing.image;
  const int scale = results::scale_for(shape, kFrame);
  const int step_x = static_cast<int>(shape.width) * scale + kGap;
  const int step_y = static_cast<int>(shape.height) * scale + kGap;
  const std::size_t depth = neighbours.empty() ? 0 : neighbours.front().size();
  results::Pixels picture(kGap + static_cast<int>(drawing.count) * step_x,
                          kGap + step_y + kSampleGap + static_cast<int>(depth) * step_y, shape.channels == 3 ? 3 : 1,
                          {64, 64, 64});
  std::vector<float> image(static_cast<std::size_t>(shape.count()));
  std::vector<std::int32_t> label(1);
  double sum = 0;
  for (std::int64_t column = 0; column < drawing.count; ++column) {
    const int left = kGap + static_cast<int>(column) * step_x;
    results::paste(picture, left, kGap, drawing.frame(drawing.glimpses - 1, column), shape, scale);
    const auto& found = neighbours[static_cast<std::size_t>(column)];
    for (std::size_t row = 0; row < found.size(); ++row) {
      dataset.fill(Split::train, std::span(&found[row].index, 1), 0, image, label);
      results::paste(picture, left, kGap + step_y + kSampleGap + static_cast<int>(row) * step_y, image.data(), shape,
                     scale);
    }
    if (!found.empty()) sum += found.front().distance / static_cast<double>(drawing.count);
  }
  return {"neighbours",
          "neighbours",
          "png",
          fmt::format("{} samples, each above its {} nearest training images; the nearest are {:.2f} away on average",
                      drawing.count, depth, sum),
          epoch,
          results::encode_png(picture)};
}

}  // namespace drawlab::runner
