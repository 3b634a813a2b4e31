#include "results/pictures/grid.hpp"

#include "drawlab/error.hpp"

#include "results/pictures/png.hpp"
#include "system/text.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab::results {

namespace {

constexpr int kSmallestFrame = 56;

int square_columns(std::int64_t count) {
  return std::max(1, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count)))));
}

// About square with both rows of each pair, and if possible so that every row is full.
std::size_t pair_columns(std::size_t count) {
  const auto square = static_cast<std::size_t>(square_columns(static_cast<std::int64_t>(2 * count)));
  for (std::size_t columns = square; columns <= std::min(count, 2 * square); ++columns) {
    if (count % columns == 0) return columns;
  }
  return std::min(count, square);
}

std::span<const float> last_frames(const Drawing& drawing) {
  const auto size = static_cast<std::size_t>(drawing.count * drawing.image.count());
  return std::span(drawing.frames).last(size);
}

}  // namespace

int scale_for(const ImageShape& shape, int pixels) {
  const auto side = static_cast<int>(std::min(shape.width, shape.height));
  return std::max(1, (pixels + side - 1) / side);
}

Pixels picture_grid(std::span<const float> images, const ImageShape& shape, const GridOptions& options) {
  const auto count = static_cast<std::int64_t>(images.size()) / shape.count();
  const int columns = std::max(1, options.columns > 0 ? options.columns : square_columns(count));
  const int rows = static_cast<int>((count + columns - 1) / columns);
  const int scale = options.scale > 0 ? options.scale : scale_for(shape, kSmallestFrame);
  const int step_x = static_cast<int>(shape.width) * scale + options.gap;
  const int step_y = static_cast<int>(shape.height) * scale + options.gap;
  const int channels = shape.channels == 3 ? 3 : 1;
  Pixels picture(columns * step_x + options.gap, rows * step_y + options.gap, channels, options.background);
  for (std::int64_t i = 0; i < count; ++i) {
    const int left = options.gap + static_cast<int>(i % columns) * step_x;
    const int top = options.gap + static_cast<int>(i / columns) * step_y;
    paste(picture, left, top, images.data() + i * shape.count(), shape, scale);
  }
  return picture;
}

ImageRow samples_image(const Drawing& drawing, std::int64_t epoch, const std::string& name) {
  const Pixels picture = picture_grid(last_frames(drawing), drawing.image);
  return {"samples", name,
          "png",     counted(drawing.count, "sample") + " after " + counted(drawing.glimpses, "glimpse"),
          epoch,     encode_png(picture)};
}

ImageRow reconstructions_image(const Drawing& drawing, std::int64_t epoch, const std::string& name) {
  if (drawing.originals.empty()) {
    throw ShapeError("reconstructions: the drawing has " + counted(drawing.count, "picture") + " but no originals");
  }
  const auto size = static_cast<std::size_t>(drawing.image.count());
  const auto count = static_cast<std::size_t>(drawing.count);
  const std::size_t columns = pair_columns(count);
  const std::span<const float> made = last_frames(drawing);
  GridOptions options;
  const std::vector<float> blank(size, static_cast<float>(options.background.red) / 255);
  std::vector<float> images;
  for (std::size_t first = 0; first < count; first += columns) {
    for (const std::span<const float> source : {std::span<const float>(drawing.originals), made}) {
      for (std::size_t i = first; i < first + columns; ++i) {
        const std::span<const float> image = i < count ? source.subspan(i * size, size) : std::span<const float>(blank);
        images.insert(images.end(), image.begin(), image.end());
      }
    }
  }
  options.columns = static_cast<int>(columns);
  const Pixels picture = picture_grid(images, drawing.image, options);
  return {
      "reconstructions",  name, "png", counted(drawing.count, "original") + ", each above its reconstruction", epoch,
      encode_png(picture)};
}

}  // namespace drawlab::results
