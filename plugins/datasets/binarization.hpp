#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/random.hpp"

#include "levels.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace drawlab {

/// How grey levels become pixels. `fixed` is a binarisation that was drawn once and published as a file.
enum class Binarization { none, threshold, stochastic, fixed };

/// The key of a sample's random pixels: training images are drawn anew in each epoch, the others once per seed.
inline RandomKey binarization_key(std::uint64_t seed, Split split, std::int64_t index, std::uint64_t epoch) {
  return {seed, Purpose::binarization, split == Split::train ? epoch : 0, static_cast<std::uint64_t>(index),
          static_cast<std::uint32_t>(split)};
}

/// Writes grey levels 0…255 as numbers in [0,1]: `none` v/255, `threshold` 1 from 128 on, `stochastic` 1 with
/// probability v/255. Only `stochastic` uses the key.
inline void write_pixels(std::span<const std::uint8_t> grey, Binarization binarization, const RandomKey& key,
                         std::span<float> pixels) {
  switch (binarization) {
    case Binarization::none:
      write_levels(grey, pixels.data());
      return;
    case Binarization::threshold:
      for (std::size_t i = 0; i < grey.size(); ++i) pixels[i] = grey[i] >= 128 ? 1.0F : 0.0F;
      return;
    case Binarization::stochastic:
    case Binarization::fixed: {
      Random random(key.seed, key.purpose, key.a, key.b, key.c);
      for (std::size_t i = 0; i < grey.size(); ++i) {
        // Black and white need no draw, and four pixels out of five are one or the other.
        if (grey[i] == 0 || grey[i] == 255) {
          pixels[i] = grey[i] == 0 ? 0.0F : 1.0F;
        } else {
          const std::uint64_t bound = (std::uint64_t{grey[i]} << 32U) / 255U;
          pixels[i] = random.next() < bound ? 1.0F : 0.0F;
        }
      }
      return;
    }
  }
}

inline PixelKind pixel_kind(Binarization binarization) {
  return binarization == Binarization::none ? PixelKind::grey : PixelKind::binary;
}

/// The text of DatasetInfo::values.
inline const char* values_text(Binarization binarization) {
  switch (binarization) {
    case Binarization::none:
      return "grey levels in [0,1]";
    case Binarization::threshold:
      return "binary: 1 where the grey level is at least 128 of 255";
    case Binarization::stochastic:
      return "binary: 1 with the grey level's probability, drawn afresh each training epoch";
    case Binarization::fixed:
      return "binary: drawn once and published";
  }
  return "";
}

}  // namespace drawlab
