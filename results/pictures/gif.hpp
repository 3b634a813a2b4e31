#pragma once

#include "results/pictures/pixels.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace drawlab::results {

/// Encodes an animation that repeats forever. All `frames` have one size and are shown for `milliseconds`, rounded to
/// hundredths of a second. GIF has 256 colours per frame; frames with more get coarser levels. Equal frames give equal
/// bytes.
std::vector<std::uint8_t> encode_gif(std::span<const Pixels> frames, std::span<const int> milliseconds);

}  // namespace drawlab::results
