#pragma once

#include "prepared.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace drawlab::svhn {

/// A rectangle in pixels of an image; left and top of the first pixel are 0.
struct Rectangle {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

/// One entry of digitStruct.mat.
struct NumberEntry {
  std::string name;  // of the image, a plain file name
  Number number;
  Rectangle box;  // round all digits
};

/// Reads digitStruct.mat: the images' names, the digits from left to right as
/// they are listed (label 10 is the digit 0), and the box round them; tells after each entry how many are read of how
/// many. Throws DataError with the file and the entry.
std::vector<NumberEntry> read_number_list(const std::filesystem::path& path,
                                          const std::function<void(std::size_t, std::size_t)>& progress = {});

/// The box widened by 30 % about its middle, cut at the edges of an image of
/// that size. Throws DataError, without a place, where nothing of it lies on
/// the image.
Rectangle widened(const Rectangle& box, double image_width, double image_height);

}  // namespace drawlab::svhn
