#include "prepare/number_list.hpp"

#include "drawlab/error.hpp"

#include "prepare/hdf5_handles.hpp"

#include <algorithm>
#include <cmath>

namespace drawlab::svhn {

namespace {

constexpr std::uint64_t kMostEntries = 1000000;
constexpr std::uint64_t kLongestName = 64;
constexpr double kFarthest = 100000;  // pixels; no image is so large

bool is_plain_name(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char letter) {
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           letter == '.' || letter == '_' || letter == '-';
  });
  return plain && !name.starts_with(".");
}

NumberEntry read_entry(const MatlabFile& file, const hobj_ref_t& name, const hobj_ref_t& box, const std::string& what) {
  NumberEntry entry;
  entry.name = file.text(name, what + ".name", kLongestName);
  if (!is_plain_name(entry.name)) file.refuse(what + ".name", "'" + entry.name + "' is no plain file name");
  const auto member = [&](const char* key) { return file.numbers(box, key, what + ".bbox", kMostDigits); };
  const std::vector<double> label = member("label");
  const std::vector<double> left = member("left");
  const std::vector<double> top = member("top");
  const std::vector<double> width = member("width");
  const std::vector<double> height = member("height");
  for (const auto* values : {&left, &top, &width, &height}) {
    if (values->size() != label.size()) file.refuse(what + ".bbox", "its members have different numbers of values");
  }
  entry.number.length = static_cast<std::uint8_t>(label.size());
  double right = -kFarthest;
  double bottom = -kFarthest;
  entry.box.left = entry.box.top = kFarthest;
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (label[i] < 1 || label[i] > 10 || label[i] != std::floor(label[i])) {
      file.refuse(what + ".bbox.label", std::to_string(label[i]) + " is outside 1..10 (10 is the digit 0)");
    }
    entry.number.digits[i] = static_cast<std::uint8_t>(static_cast<int>(label[i]) % 10);
    const bool possible = width[i] > 0 && height[i] > 0 && width[i] < kFarthest && height[i] < kFarthest &&
                          std::abs(left[i]) < kFarthest && std::abs(top[i]) < kFarthest;
    if (!possible) file.refuse(what + ".bbox", "a box that cannot be");
    entry.box.left = std::min(entry.box.left, left[i]);
    entry.box.top = std::min(entry.box.top, top[i]);
    right = std::max(right, left[i] + width[i]);
    bottom = std::max(bottom, top[i] + height[i]);
  }
  entry.box.width = right - entry.box.left;
  entry.box.height = bottom - entry.box.top;
  return entry;
}

}  // namespace

std::vector<NumberEntry> read_number_list(const std::filesystem::path& path,
                                          const std::function<void(std::size_t, std::size_t)>& progress) {
  const MatlabFile file(path);
  const MatlabFile::References names = file.references("/digitStruct/name", kMostEntries);
  const MatlabFile::References boxes = file.references("/digitStruct/bbox", kMostEntries);
  if (names.size() != boxes.size()) {
    file.refuse("/digitStruct",
                std::to_string(names.size()) + " names, but " + std::to_string(boxes.size()) + " boxes");
  }
  std::vector<NumberEntry> entries;
  for (std::size_t i = 0; i < names.size(); ++i) {
    entries.push_back(read_entry(file, names[i], boxes[i], "entry " + std::to_string(i + 1)));
    if (progress) progress(i + 1, names.size());
  }
  return entries;
}

Rectangle widened(const Rectangle& box, double image_width, double image_height) {
  constexpr double kMargin = 0.15;  // on each side
  const double left = std::max(0.0, box.left - kMargin * box.width);
  const double top = std::max(0.0, box.top - kMargin * box.height);
  const double right = std::min(image_width, box.left + (1 + kMargin) * box.width);
  const double bottom = std::min(image_height, box.top + (1 + kMargin) * box.height);
  if (right - left < 1 || bottom - top < 1) throw DataError("its box lies outside the image");
  return {left, top, right - left, bottom - top};
}

}  // namespace drawlab::svhn
