#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace drawlab::tests {

/// A digit as digitStruct.mat lists it.
struct ListedDigit {
  double label = 1;
  double left = 0;
  double top = 0;
  double width = 1;
  double height = 1;
};

struct ListedNumber {
  std::string name;
  std::vector<ListedDigit> digits;
};

/// How a list is spoilt.
enum class Spoilt { no, name_is_group, box_is_dataset, cycle, uneven, fewer_boxes, numbers_for_references };

/// A MATLAB 7.3 file of the published layout: one digit as a plain number,
/// several as references.
void write_number_list(const std::filesystem::path& path, const std::vector<ListedNumber>& numbers,
                       Spoilt spoilt = Spoilt::no);

/// A PNG file of that size; the pixel at (x, y) is (x, y, 100), each modulo
/// 256.
void write_png(const std::filesystem::path& path, int width, int height);

/// A compressed MATLAB 5 file: X [side,side,3,count] of bytes, `pixel(i,
/// channel, y, x)`, and y [count,1].
void write_digits(const std::filesystem::path& path, std::size_t count, const std::vector<double>& labels,
                  std::size_t side = 32, bool labels_are_bytes = true);
std::string little_endian_words(const std::vector<std::uint32_t>& words);
std::uint32_t little_endian_word(const std::string& bytes, std::size_t offset);
std::uint8_t digit_pixel(std::size_t i, std::size_t channel, std::size_t y, std::size_t x);

}  // namespace drawlab::tests
