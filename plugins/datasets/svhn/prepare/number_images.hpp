#pragma once

#include "prepare/number_list.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

namespace drawlab::svhn {

/// A colour image: red, green and blue of one pixel after the other.
struct ColorImage {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::vector<std::uint8_t> pixels;
};

/// Reads a PNG file as 8-bit colour. Throws DataError if it is damaged or larger than any house number.
ColorImage read_png(const std::filesystem::path& path);

/// The rectangle of an image as a square of three planes [3,side,side]: each pixel is the mean of the pixels that it
/// covers, weighted by a triangle.
std::vector<std::uint8_t> resized(const ColorImage& image, const Rectangle& box, int side);

/// Prepares the full numbers listed in a digitStruct.mat, whose images are beside it: 64×64 around all digits, widened
/// by 30 %. Listed images that do not exist are left out and recorded as missing. Calls `progress(done, all)` for each.
void prepare_numbers(const std::filesystem::path& list, const std::filesystem::path& output,
                     const std::function<void(std::size_t, std::size_t)>& progress);

}  // namespace drawlab::svhn
