#pragma once

#include <cstdint>
#include <string>

namespace drawlab::tests {

inline std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> static_cast<unsigned>(shift));
  return bytes;
}

/// Grey levels that tell images and pixels apart; every fourth pixel of them black, every fourth white.
inline std::uint8_t grey_level(int image, int pixel) {
  if (pixel % 4 == 0) return 0;
  if (pixel % 4 == 1) return 255;
  return static_cast<std::uint8_t>((image * 37 + pixel * 11) % 256);
}

inline std::string idx_images(int count, int height = 28, int width = 28, int first = 0) {
  std::string bytes = big_endian(0x803) + big_endian(static_cast<std::uint32_t>(count)) +
                      big_endian(static_cast<std::uint32_t>(height)) + big_endian(static_cast<std::uint32_t>(width));
  for (int image = first; image < first + count; ++image) {
    for (int pixel = 0; pixel < height * width; ++pixel) bytes += static_cast<char>(grey_level(image, pixel));
  }
  return bytes;
}

inline std::string idx_labels(int count, int first = 0) {
  std::string bytes = big_endian(0x801) + big_endian(static_cast<std::uint32_t>(count));
  for (int i = first; i < first + count; ++i) bytes += static_cast<char>(i % 10);
  return bytes;
}

inline bool amat_pixel(int row, int column) { return (row * 7 + column * column) % 5 < 2; }

inline std::string amat(int rows, int columns = 784, int first = 0) {
  std::string text;
  for (int row = first; row < first + rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      text += amat_pixel(row, column) ? '1' : '0';
      text += column + 1 == columns ? '\n' : ' ';
    }
  }
  return text;
}

}  // namespace drawlab::tests
