#pragma once

#include "results/pictures/pixels.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace drawlab::results {

/// Encodes a picture as PNG; equal pictures give equal bytes (no time, no text, fixed compression).
std::vector<std::uint8_t> encode_png(const Pixels& pixels);
/// Inverse of encode_png; accepts grey and RGB with 8 bits per channel only. Throws DataError on anything else.
Pixels decode_png(std::span<const std::uint8_t> bytes);

}  // namespace drawlab::results
