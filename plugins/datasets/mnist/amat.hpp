#pragma once

#include "content.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace drawlab::mnist {

/// Images of zeros and ones, eight pixels per byte, the first in the lowest bit.
struct BitImages {
  std::int64_t count = 0;
  std::int64_t pixels = 0;  // of each image
  std::vector<std::uint8_t> bits;

  std::int64_t stride() const { return (pixels + 7) / 8; }
  bool pixel(std::int64_t image, std::int64_t index) const {
    return ((bits[static_cast<std::size_t>(image * stride() + index / 8)] >> (index % 8)) & 1U) != 0;
  }
};

/// Parses an .amat text: `rows` lines of `columns` numbers, each 0 or 1, separated by spaces or tabs. Throws DataError
/// with file and byte offset for other characters and for too few or too many numbers or lines.
BitImages parse_amat(const Content& content, std::int64_t rows, std::int64_t columns);

}  // namespace drawlab::mnist
