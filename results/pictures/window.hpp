#pragma once

#include "model/drawing.hpp"
#include "results/pictures/pixels.hpp"

namespace drawlab::results {

/// Visible on black, white and grey, and apart for eyes that do not tell red from green.
inline constexpr Color kReadColor{230, 40, 40};
inline constexpr Color kWriteColor{40, 140, 255};

/// The outline of a window's patch on an enlarged image.
struct WindowOutline {
  double left = 0, top = 0, right = 0,
         bottom = 0;  // of the line's middle, in pixels of the picture from the image's corner
  int thickness = 1;
};

/// The patch of N filters is (N−1)·spacing wide around its centre (equation 19). Pixel p of the image, 1…A, covers
/// [p−½, p+½] and `scale` pixels of the picture. A patch is never drawn smaller than one pixel of the image, so that
/// N = 1 shows as well. The line grows with the filters' standard deviation, from 1 to 3 pixels of the image.
WindowOutline window_outline(const WindowBox& window, std::int64_t filters, int scale);

/// Draws the windows that are not null on the image at (left, top), clipped at the image's edge; where both lines
/// run, their colours take turns.
void draw_windows(Pixels& picture, int left, int top, const ImageShape& shape, int scale, const WindowOutline* read,
                  const WindowOutline* write);

}  // namespace drawlab::results
