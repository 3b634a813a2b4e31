#pragma once

#include "drawlab/shape.hpp"

#include <cstdint>
#include <vector>

namespace drawlab::results {

/// Red, green, blue, 0 to 255.
struct Color {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  bool operator==(const Color&) const = default;
};

/// A picture of 8-bit samples: row by row, the channels of a pixel side by side. One channel is grey, three are RGB.
struct Pixels {
  int width = 0;
  int height = 0;
  int channels = 1;
  std::vector<std::uint8_t> values;  // [height, width, channels]

  Pixels() = default;
  /// Fills the picture with one colour; a grey picture uses its red.
  Pixels(int picture_width, int picture_height, int picture_channels, Color fill);

  /// Does nothing outside the picture.
  void set(int x, int y, Color color);
  Color at(int x, int y) const;
  bool operator==(const Pixels&) const = default;
};

/// Copies an image [C,H,W] with values in [0,1] onto a picture, its upper left corner at (left, top). Each of its
/// pixels becomes a square of `scale` by `scale`. Values outside [0,1] are clipped; not-a-number is black. C is 1 or 3.
void paste(Pixels& picture, int left, int top, const float* image, const ImageShape& shape, int scale);

}  // namespace drawlab::results
