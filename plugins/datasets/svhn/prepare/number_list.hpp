#pragma once

#include "prepared.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace drawlab::svhn {

/// A rectangle in pixels; left and top of the first pixel are 0.
struct Rectangle {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

/// One entry of digitStruct.mat.
struct NumberEntry {
  std::string name;  // the image's, a plain file name
  Number number;
  Rectangle box;  // around all digits
};

/// Reads digitStruct.mat: the images' names, their digits from left to right (label 10 is the digit 0), and the box
/// around them. Calls `progress(done, all)` after each entry. Throws DataError with the file and the entry.
std::vector<NumberEntry> read_number_list(const std::filesystem::path& path,
                                          const std::function<void(std::size_t, std::size_t)>& progress = {});

/// The box widened by 30 % around its middle and cut at the edges of an image of that size. Throws DataError, without a
/// place, if nothing of it is on the image.
Rectangle widened(const Rectangle& box, double image_width, double image_height);

}  // namespace drawlab::svhn
