#include "composition.hpp"

#include "drawlab/error.hpp"

#include <algorithm>

namespace drawlab::cluttered_mnist {

void add_piece(const Piece& piece, std::int64_t left, std::int64_t top, std::int64_t size, std::span<float> canvas) {
  DRAWLAB_ASSERT(left >= 0 && top >= 0 && left + piece.width <= size && top + piece.height <= size);
  for (std::int64_t row = 0; row < piece.height; ++row) {
    const std::uint8_t* const from = piece.pixels.data() + (piece.top + row) * piece.stride + piece.left;
    float* const to = canvas.data() + (top + row) * size + left;
    for (std::int64_t column = 0; column < piece.width; ++column) {
      to[column] = std::min(1.0F, to[column] + static_cast<float>(from[column]) / 255.0F);
    }
  }
}

}  // namespace drawlab::cluttered_mnist
