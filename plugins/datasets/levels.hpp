#pragma once

#include <cstdint>
#include <span>

namespace drawlab {

/// Writes bytes 0…255 as numbers in [0,1], v/255, and returns the end of what it wrote.
inline float* write_levels(std::span<const std::uint8_t> bytes, float* to) {
  for (const std::uint8_t byte : bytes) *to++ = static_cast<float>(byte) / 255.0F;
  return to;
}

}  // namespace drawlab
