#pragma once

#include "drawlab/dataset.hpp"

#include <cstdint>

namespace drawlab {

/// SVHN's two formats: whole numbers, or cropped digits.
enum class Format { numbers, digits };

inline constexpr std::int64_t kNumberSide = 64;  // pixels of a whole number
inline constexpr std::int64_t kCropSide = 54;    // of these, shown
inline constexpr std::int64_t kDigitSide = 32;   // pixels of a digit

/// Sets the size, the classes and the meanings of a format, whose whole numbers have at most `most_digits`.
inline void describe_format(Format format, int most_digits, DatasetInfo& info) {
  const bool numbers = format == Format::numbers;
  const std::int64_t side = numbers ? kCropSide : kDigitSide;
  info.image = {3, side, side};
  info.classes = numbers ? most_digits : 10;
  info.label_meaning = numbers ? "the count of digits, less one" : "the digit";
  info.pixels = PixelKind::colour;
  info.values = "intensities in [0,1] of red, green and blue";
}

}  // namespace drawlab
