#pragma once

#include "model/drawing.hpp"
#include "results/pictures/pixels.hpp"
#include "results/store.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace drawlab::results {

struct GridOptions {
  int columns = 0;  // 0: as square as it gets
  int gap = 2;      // between images and around them
  int scale = 0;    // of each pixel; 0: an image gets at least 56 pixels wide and high
  Color background{64, 64, 64};
};

/// The factor that makes an image at least `pixels` wide and high.
int scale_for(const ImageShape& shape, int pixels);

/// Puts `images` [n,C,H,W] side by side, row by row.
Pixels picture_grid(std::span<const float> images, const ImageShape& shape, const GridOptions& options = {});

/// The final canvas of every picture of a drawing, as an image of kind `samples`.
ImageRow samples_image(const Drawing& drawing, std::int64_t epoch, const std::string& name = "samples");

/// Each original above its reconstruction, as an image of kind `reconstructions`. Throws ShapeError if the drawing has
/// no originals.
ImageRow reconstructions_image(const Drawing& drawing, std::int64_t epoch, const std::string& name = "reconstructions");

}  // namespace drawlab::results
