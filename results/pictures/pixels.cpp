#include "results/pictures/pixels.hpp"

#include "drawlab/error.hpp"

#include <cmath>
#include <cstddef>

namespace drawlab::results {

namespace {

std::uint8_t level(float value) {
  if (!(value > 0)) return 0;
  if (value >= 1) return 255;
  return static_cast<std::uint8_t>(std::lround(value * 255));
}

}  // namespace

Pixels::Pixels(int picture_width, int picture_height, int picture_channels, Color fill)
    : width(picture_width), height(picture_height), channels(picture_channels) {
  DRAWLAB_ASSERT(channels == 1 || channels == 3);
  const std::size_t count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  values.reserve(count * static_cast<std::size_t>(channels));
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(fill.red);
    if (channels == 3) {
      values.push_back(fill.green);
      values.push_back(fill.blue);
    }
  }
}

void Pixels::set(int x, int y, Color color) {
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  std::uint8_t* pixel = values.data() + (static_cast<std::ptrdiff_t>(y) * width + x) * channels;
  pixel[0] = color.red;
  if (channels == 3) {
    pixel[1] = color.green;
    pixel[2] = color.blue;
  }
}

Color Pixels::at(int x, int y) const {
  const std::uint8_t* pixel = values.data() + (static_cast<std::ptrdiff_t>(y) * width + x) * channels;
  return channels == 3 ? Color{pixel[0], pixel[1], pixel[2]} : Color{pixel[0], pixel[0], pixel[0]};
}

void paste(Pixels& picture, int left, int top, const float* image, const ImageShape& shape, int scale) {
  DRAWLAB_ASSERT(shape.channels == 1 || shape.channels == 3);
  const std::int64_t plane = shape.height * shape.width;
  for (std::int64_t row = 0; row < shape.height; ++row) {
    for (std::int64_t column = 0; column < shape.width; ++column) {
      const float* value = image + row * shape.width + column;
      Color color;
      color.red = level(value[0]);
      color.green = shape.channels == 3 ? level(value[plane]) : color.red;
      color.blue = shape.channels == 3 ? level(value[2 * plane]) : color.red;
      for (int y = 0; y < scale; ++y) {
        for (int x = 0; x < scale; ++x) {
          picture.set(left + static_cast<int>(column) * scale + x, top + static_cast<int>(row) * scale + y, color);
        }
      }
    }
  }
}

}  // namespace drawlab::results
