#pragma once

#include "prepare/number_list.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

namespace drawlab::svhn {

/// A colour image, red, green and blue of each pixel side by side.
struct ColorImage {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::vector<std::uint8_t> pixels;
};

/// Reads a PNG file as 8-bit colour. Throws DataError: damaged, or larger than
/// any house number.
ColorImage read_png(const std::filesystem::path& path);

/// The rectangle of an image as a square of three planes [3,side,side]: each
/// pixel is the mean, weighted by a triangle, of what it covers.
std::vector<std::uint8_t> resized(const ColorImage& image, const Rectangle& box, int side);

/// Prepares the full numbers listed in a digitStruct.mat, whose images lie
/// beside it: 64×64 round all digits, widened by 30 %. What is listed and not
/// there is left out and recorded as missing. `progress(done, all)` is called
/// for each.
void prepare_numbers(const std::filesystem::path& list, const std::filesystem::path& output,
                     const std::function<void(std::size_t, std::size_t)>& progress);

}  // namespace drawlab::svhn
