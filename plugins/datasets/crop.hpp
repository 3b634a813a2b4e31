#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/random.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace drawlab {

/// The first column and row of the part of a picture that is shown.
struct Crop {
  std::uint32_t left = 0;
  std::uint32_t top = 0;
};

/// The crop of a square picture that is `spare` pixels wider and higher than its shown part: random in training, drawn
/// anew in each epoch; the middle in validation and test. `stream` separates these random numbers from others with the
/// same seed.
inline Crop crop_of(Split split, std::uint32_t spare, std::uint64_t seed, std::uint64_t epoch, std::int64_t index,
                    std::uint32_t stream) {
  if (spare == 0 || split != Split::train) return {spare / 2, spare / 2};
  Random random(seed, Purpose::data, epoch + 1, static_cast<std::uint64_t>(index), stream);
  Crop crop;
  crop.left = random.below(spare + 1);
  crop.top = random.below(spare + 1);
  return crop;
}

/// Calls `take` with each row of the crop, [shown,shown] of each of three planes [side,side].
template <class Level, class Take>
void for_each_row(std::span<const Level> planes, std::int64_t side, const Crop& crop, std::int64_t shown, Take take) {
  for (std::int64_t channel = 0; channel < 3; ++channel) {
    for (std::int64_t y = 0; y < shown; ++y) {
      take(planes.subspan(static_cast<std::size_t>((channel * side + crop.top + y) * side + crop.left),
                          static_cast<std::size_t>(shown)));
    }
  }
}

}  // namespace drawlab
