#include "results/pictures/animation.hpp"

#include "results/pictures/drawing_sheet.hpp"
#include "results/pictures/grid.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab::results {

namespace {

constexpr int kGap = 4;
constexpr Color kBackground{96, 96, 96};

/// Pictures side by side: a pair is a picture, with its original where it has one.
struct Tiles {
  int scale = 1;
  std::int64_t width = 0, height = 0, pair = 0;
  std::int64_t columns = 1, rows = 1;
};

Tiles tiles_of(const ImageShape& image, std::int64_t count, bool has_originals, const AnimationOptions& options) {
  Tiles tiles;
  tiles.scale = scale_for(image, options.frame);
  tiles.width = image.width * tiles.scale;
  tiles.height = image.height * tiles.scale;
  tiles.pair = has_originals ? 2 * tiles.width + 1 : tiles.width;
  // About square in pixels, not in pictures.
  const double square =
      std::sqrt(static_cast<double>(count) * static_cast<double>(tiles.height) / static_cast<double>(tiles.pair));
  tiles.columns =
      std::clamp<std::int64_t>(static_cast<std::int64_t>(std::ceil(square)), 1, std::max<std::int64_t>(count, 1));
  tiles.rows = (count + tiles.columns - 1) / tiles.columns;
  return tiles;
}

}  // namespace

AnimationSize animation_size(const ImageShape& image, std::int64_t count, std::int64_t glimpses, bool has_originals,
                             const AnimationOptions& options) {
  const Tiles tiles = tiles_of(image, count, has_originals, options);
  return {kGap + tiles.columns * (tiles.pair + kGap), kGap + tiles.rows * (tiles.height + kGap), glimpses};
}

std::vector<Pixels> animation_frames(const Drawing& drawing, const AnimationOptions& options) {
  const bool has_originals = !drawing.originals.empty();
  const Tiles tiles = tiles_of(drawing.image, drawing.count, has_originals, options);
  const AnimationSize size = animation_size(drawing.image, drawing.count, drawing.glimpses, has_originals, options);
  std::vector<Pixels> frames;
  for (std::int64_t t = 0; t < drawing.glimpses; ++t) {
    Pixels& frame = frames.emplace_back(static_cast<int>(size.width), static_cast<int>(size.height), 3, kBackground);
    for (std::int64_t i = 0; i < drawing.count; ++i) {
      const auto left = static_cast<int>(kGap + i % tiles.columns * (tiles.pair + kGap));
      const auto top = static_cast<int>(kGap + i / tiles.columns * (tiles.height + kGap));
      if (has_originals)
        paste(frame, left, top, drawing.originals.data() + i * drawing.image.count(), drawing.image, tiles.scale);
      draw_glimpse(frame, left + static_cast<int>(tiles.pair - tiles.width), top, drawing, t, i, tiles.scale);
    }
  }
  return frames;
}

std::vector<int> animation_times(std::size_t frames, int delay, int hold) {
  std::vector<int> times(frames, delay);
  if (!times.empty()) times.back() = hold;
  return times;
}

}  // namespace drawlab::results
