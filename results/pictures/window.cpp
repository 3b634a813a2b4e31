#include "results/pictures/window.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab::results {

namespace {

/// Whether the middle of a pixel lies within the outline's outer border, made smaller by `margin` on all sides.
bool is_within(const WindowOutline& outline, int x, int y, int margin) {
  const double from_center_x = x + 0.5 - outline.center_x;
  const double from_center_y = y + 0.5 - outline.center_y;
  return std::ranges::all_of(outline.sides, [&](const WindowSide& side) {
    const double distance = std::abs(side.normal_x * from_center_x + side.normal_y * from_center_y);
    return distance < side.distance + outline.thickness / 2.0 - margin;
  });
}

}  // namespace

WindowOutline window_outline(const WindowBox& window, std::int64_t filters, int scale) {
  const auto place = [scale](double pixel) {
    // Far-away windows are cut before they reach the range of an int.
    return std::clamp((pixel - 0.5) * scale, -1e6, 1e6);
  };
  WindowOutline outline{place(window.center_x), place(window.center_y), sides_of(window, filters), 1};
  for (WindowSide& side : outline.sides) side.distance = std::max(0.5, side.distance) * scale;
  const double sigma = std::isfinite(window.sigma) ? std::clamp<double>(window.sigma, 0, 1000) : 0;
  outline.thickness = std::clamp(1 + static_cast<int>(std::lround(sigma * scale / 3)), 1, 3 * scale);
  return outline;
}

void draw_windows(Pixels& picture, int left, int top, const ImageShape& shape, int scale, const WindowOutline* read,
                  const WindowOutline* write) {
  const int width = static_cast<int>(shape.width) * scale;
  const int height = static_cast<int>(shape.height) * scale;
  const int dash = std::max(2, 2 * scale);
  const auto is_drawn = [width, height](const WindowOutline* outline, int x, int y) {
    if (outline == nullptr || !is_within(*outline, x, y, 0)) return false;
    const int from_edge = std::min({x, y, width - 1 - x, height - 1 - y});
    return from_edge < outline->thickness || !is_within(*outline, x, y, outline->thickness);
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool on_read = is_drawn(read, x, y);
      const bool on_write = is_drawn(write, x, y);
      if (!on_read && !on_write) continue;
      const bool read_turn = (x / dash + y / dash) % 2 == 0;
      const bool as_read = on_read && (!on_write || read_turn);
      picture.set(left + x, top + y, as_read ? kReadColor : kWriteColor);
    }
  }
}

}  // namespace drawlab::results
