#pragma once

#include "model/drawing.hpp"
#include "results/pictures/pixels.hpp"

#include <array>
#include <cstdint>

namespace drawlab::results {

/// Visible on black, white and grey, and different for eyes that do not tell red from green.
inline constexpr Color kReadColor{230, 40, 40};
inline constexpr Color kWriteColor{40, 140, 255};

/// The outline of a window's patch on an enlarged image, in pixels of the picture from the image's corner.
struct WindowOutline {
  double center_x = 0, center_y = 0;
  std::array<WindowSide, 2> sides;  // through the middle of the line
  int thickness = 1;
};

/// The sides of the patch run through its outermost filters. Pixel p of the image, 1…A, covers [p−½, p+½] and `scale`
/// pixels of the picture. A patch is drawn one pixel of the image wide at least, so that N = 1 shows as well. The line
/// grows with the filters' standard deviation, from 1 to 3 pixels of the image.
WindowOutline window_outline(const WindowBox& window, std::int64_t filters, int scale);

/// Draws the windows that are not null on the image at (left, top). A window that extends beyond the image is closed
/// along the image's edge. Where two lines coincide, their colours alternate.
void draw_windows(Pixels& picture, int left, int top, const ImageShape& shape, int scale, const WindowOutline* read,
                  const WindowOutline* write);

}  // namespace drawlab::results
