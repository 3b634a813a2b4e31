#pragma once

#include "results/pictures/pixels.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace drawlab::results {

/// An animation that repeats for ever. `frames` are of one size; `milliseconds` says how long each stays, in hundredths
/// of a second. GIF has 256 colours a frame: levels are made coarser only where there are more. Equal frames give
/// equal bytes.
std::vector<std::uint8_t> encode_gif(std::span<const Pixels> frames, std::span<const int> milliseconds);

}  // namespace drawlab::results
