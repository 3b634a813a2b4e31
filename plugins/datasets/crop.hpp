#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/random.hpp"

#include <cstdint>

namespace drawlab {

/// Where the part of a picture that is shown begins.
struct Crop {
  std::uint32_t left = 0;
  std::uint32_t top = 0;
};

/// Of a square picture with `spare` pixels more along each side than are shown: anywhere in training, drawn anew in
/// each epoch; the middle in validation and test. `stream` tells these numbers from what else is drawn with the same
/// seed.
inline Crop crop_of(Split split, std::uint32_t spare, std::uint64_t seed, std::uint64_t epoch, std::int64_t index,
                    std::uint32_t stream) {
  if (spare == 0 || split != Split::train) return {spare / 2, spare / 2};
  Random random(seed, Purpose::data, epoch + 1, static_cast<std::uint64_t>(index), stream);
  Crop crop;
  crop.left = random.below(spare + 1);
  crop.top = random.below(spare + 1);
  return crop;
}

}  // namespace drawlab
