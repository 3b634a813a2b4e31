#include "results/pictures/animation.hpp"

#include "results/pictures/drawing_sheet.hpp"
#include "results/pictures/grid.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab::results {

namespace {

constexpr int kGap = 4;
constexpr Color kBackground{96, 96, 96};

}  // namespace

std::vector<Pixels> animation_frames(const Drawing& drawing, const AnimationOptions& options) {
  const int scale = scale_for(drawing.image, options.frame);
  const int width = static_cast<int>(drawing.image.width) * scale;
  const int height = static_cast<int>(drawing.image.height) * scale;
  const bool has_originals = !drawing.originals.empty();
  const int pair = has_originals ? 2 * width + 1 : width;
  const auto count = static_cast<int>(drawing.count);
  // About square in pixels, not in pictures.
  const double square = std::sqrt(static_cast<double>(count) * height / pair);
  const int columns = std::clamp(static_cast<int>(std::ceil(square)), 1, std::max(count, 1));
  const int rows = (count + columns - 1) / columns;
  std::vector<Pixels> frames;
  for (std::int64_t t = 0; t < drawing.glimpses; ++t) {
    Pixels& frame = frames.emplace_back(kGap + columns * (pair + kGap), kGap + rows * (height + kGap), 3, kBackground);
    for (int i = 0; i < count; ++i) {
      const int left = kGap + i % columns * (pair + kGap);
      const int top = kGap + i / columns * (height + kGap);
      if (has_originals)
        paste(frame, left, top, drawing.originals.data() + i * drawing.image.count(), drawing.image, scale);
      draw_glimpse(frame, left + pair - width, top, drawing, t, i, scale);
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
