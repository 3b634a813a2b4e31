#pragma once

#include "results/pictures/pixels.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace drawlab::results {

/// A WebP file's bytes, lossless; equal pictures give equal bytes.
std::vector<std::uint8_t> encode_webp(const Pixels& pixels);

/// The same with loss, at a fixed quality of 0 to 100; equal pictures give equal bytes here too.
std::vector<std::uint8_t> encode_webp_lossy(const Pixels& pixels, int quality);

/// An animation that repeats for ever, lossless. `frames` are of one size, `milliseconds` says how long each stays.
std::vector<std::uint8_t> encode_webp_animation(std::span<const Pixels> frames, std::span<const int> milliseconds);

/// Inverse of encode_webp, as RGB. Throws DataError on anything else.
Pixels decode_webp(std::span<const std::uint8_t> bytes);

}  // namespace drawlab::results
