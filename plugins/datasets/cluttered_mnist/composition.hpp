#pragma once

#include <cstdint>
#include <span>

namespace drawlab::cluttered_mnist {

/// A rectangle of an image in bytes.
struct Piece {
  std::span<const std::uint8_t> pixels;  // of the whole image, row by row
  std::int64_t stride = 0;               // the image's width
  std::int64_t left = 0;
  std::int64_t top = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
};

/// Adds a piece to a square canvas of `size` by `size` numbers at (left, top), each byte as v/255; sums stop at 1. The
/// piece lies wholly on the canvas.
void add_piece(const Piece& piece, std::int64_t left, std::int64_t top, std::int64_t size, std::span<float> canvas);

}  // namespace drawlab::cluttered_mnist
