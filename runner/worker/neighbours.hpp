#pragma once

#include "drawlab/dataset.hpp"

#include "model/drawing.hpp"
#include "results/store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace drawlab::runner {

/// A training image and its distance.
struct Neighbour {
  std::int64_t index = 0;
  double distance = 0;  // Euclidean, over all pixels and channels
};

/// For every final picture of a drawing, the `nearest` training images, the nearest first; among equally near ones the
/// first. Searches the first `limit` images of the training split, or all if `limit` is 0.
std::vector<std::vector<Neighbour>> nearest_training_images(const Drawing& drawing, const Dataset& dataset,
                                                            std::int64_t limit, std::int64_t nearest);

/// Each final picture of a drawing above its nearest training images, as an image of kind `neighbours`.
results::ImageRow neighbours_image(const Drawing& drawing, const Dataset& dataset,
                                   const std::vector<std::vector<Neighbour>>& neighbours, std::int64_t epoch);

}  // namespace drawlab::runner
