#include "results/pictures/window.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab::results {

namespace {

// Lines of whole pixels, rounded towards the patch's middle on all four sides, so that a box stays symmetric.
bool on_outline(int x, int y, const WindowOutline& box) {
  const double reach = box.thickness / 2.0;
  const double left = std::floor(box.left - reach + 0.5);
  const double top = std::floor(box.top - reach + 0.5);
  const double right = std::ceil(box.right + reach - 0.5);
  const double bottom = std::ceil(box.bottom + reach - 0.5);
  auto within = [x, y, left, top, right, bottom](int margin) {
    return x >= left + margin && x < right - margin && y >= top + margin && y < bottom - margin;
  };
  return within(0) && !within(box.thickness);
}

}  // namespace

WindowOutline window_outline(const WindowBox& window, std::int64_t filters, int scale) {
  const double half = std::max(0.5, static_cast<double>(filters - 1) * window.spacing / 2);
  auto place = [scale](double pixel) {
    // Far-away windows are cut before they reach the range of an int.
    return std::clamp((pixel - 0.5) * scale, -1e6, 1e6);
  };
  WindowOutline outline;
  outline.left = place(window.center_x - half);
  outline.right = place(window.center_x + half);
  outline.top = place(window.center_y - half);
  outline.bottom = place(window.center_y + half);
  const double sigma = std::isfinite(window.sigma) ? std::clamp<double>(window.sigma, 0, 1000) : 0;
  outline.thickness = std::clamp(1 + static_cast<int>(std::lround(sigma * scale / 3)), 1, 3 * scale);
  return outline;
}

void draw_windows(Pixels& picture, int left, int top, const ImageShape& shape, int scale, const WindowOutline* read,
                  const WindowOutline* write) {
  const int width = static_cast<int>(shape.width) * scale;
  const int height = static_cast<int>(shape.height) * scale;
  const int dash = std::max(2, 2 * scale);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool on_read = read != nullptr && on_outline(x, y, *read);
      const bool on_write = write != nullptr && on_outline(x, y, *write);
      if (!on_read && !on_write) continue;
      const bool read_turn = (x / dash + y / dash) % 2 == 0;
      const bool as_read = on_read && (!on_write || read_turn);
      picture.set(left + x, top + y, as_read ? kReadColor : kWriteColor);
    }
  }
}

}  // namespace drawlab::results
