#pragma once

#include "results/pictures/pixels.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace drawlab::results {

/// Encodes a picture as WebP without loss; equal pictures give equal bytes.
std::vector<std::uint8_t> encode_webp(const Pixels& pixels);

/// The same with loss, at a quality of 0 to 100; equal pictures give equal bytes.
std::vector<std::uint8_t> encode_webp_lossy(const Pixels& pixels, int quality);

/// Encodes an animation that repeats forever, without loss. All `frames` have one size and are shown for
/// `milliseconds`.
std::vector<std::uint8_t> encode_webp_animation(std::span<const Pixels> frames, std::span<const int> milliseconds);

/// Inverse of encode_webp, as RGB. Throws DataError on anything else.
Pixels decode_webp(std::span<const std::uint8_t> bytes);

}  // namespace drawlab::results
