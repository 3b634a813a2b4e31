#include "prepare/number_images.hpp"

#include "drawlab/error.hpp"

#include "prepare/prepared_writer.hpp"

#include <png.h>

#include <algorithm>
#include <cmath>

namespace drawlab::svhn {

namespace {

constexpr int kSide = 64;
constexpr std::uint32_t kLargest = 8192;  // pixels along a side

/// The pixels of a row of `size` that an output pixel covers, and their weights.
struct Cover {
  std::int64_t first = 0;
  std::vector<double> weights;
};

std::vector<Cover> covers(double from, double length, std::int64_t size, int side) {
  const double step = length / side;
  const double reach = std::max(1.0, step);
  std::vector<Cover> all;
  for (int i = 0; i < side; ++i) {
    const double middle = from + (i + 0.5) * step;
    const auto first = std::clamp(static_cast<std::int64_t>(std::floor(middle - reach)), std::int64_t{0}, size - 1);
    const auto last = std::clamp(static_cast<std::int64_t>(std::ceil(middle + reach)), first, size - 1);
    Cover cover{first, {}};
    double sum = 0;
    for (std::int64_t pixel = first; pixel <= last; ++pixel) {
      const double weight = std::max(0.0, 1 - std::abs(static_cast<double>(pixel) + 0.5 - middle) / reach);
      cover.weights.push_back(weight);
      sum += weight;
    }
    if (sum <= 0) {
      cover.weights.assign(cover.weights.size(), 0);
      cover.weights.front() = sum = 1;
    }
    for (double& weight : cover.weights) weight /= sum;
    all.push_back(std::move(cover));
  }
  return all;
}

}  // namespace

ColorImage read_png(const std::filesystem::path& path) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_file(&header, path.c_str()) == 0) {
    throw DataError(path.string() + ": is no PNG file, or damaged: " + header.message);
  }
  if (header.width > kLargest || header.height > kLargest || header.width == 0 || header.height == 0) {
    png_image_free(&header);
    throw DataError(path.string() + ": " + std::to_string(header.width) + "x" + std::to_string(header.height) +
                    " pixels are outside 1.." + std::to_string(kLargest) + " along a side");
  }
  header.format = PNG_FORMAT_RGB;
  ColorImage image{header.width, header.height, std::vector<std::uint8_t>(PNG_IMAGE_SIZE(header))};
  const png_color black{0, 0, 0};
  if (png_image_finish_read(&header, &black, image.pixels.data(), 0, nullptr) == 0) {
    throw DataError(path.string() + ": cut short or damaged: " + header.message);
  }
  return image;
}

std::vector<std::uint8_t> resized(const ColorImage& image, const Rectangle& box, int side) {
  const auto columns = covers(box.left, box.width, image.width, side);
  const auto rows = covers(box.top, box.height, image.height, side);
  std::vector<std::uint8_t> planes(static_cast<std::size_t>(std::int64_t{3} * side * side));
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        const Cover& row = rows[static_cast<std::size_t>(y)];
        const Cover& column = columns[static_cast<std::size_t>(x)];
        double sum = 0;
        for (std::size_t j = 0; j < row.weights.size(); ++j) {
          const std::int64_t line = (row.first + static_cast<std::int64_t>(j)) * image.width + column.first;
          double along = 0;
          for (std::size_t i = 0; i < column.weights.size(); ++i) {
            const auto pixel = static_cast<std::size_t>(3 * (line + static_cast<std::int64_t>(i)) + channel);
            along += column.weights[i] * image.pixels[pixel];
          }
          sum += row.weights[j] * along;
        }
        planes[static_cast<std::size_t>((std::int64_t{channel} * side + y) * side + x)] =
            static_cast<std::uint8_t>(std::lround(sum));
      }
    }
  }
  return planes;
}

void prepare_numbers(const std::filesystem::path& list, const std::filesystem::path& output,
                     const std::function<void(std::size_t, std::size_t)>& progress) {
  // The list is half of the work, its images are the other half.
  const std::vector<NumberEntry> entries =
      read_number_list(list, [&](std::size_t done, std::size_t all) { progress(done, 2 * all); });
  const std::filesystem::path folder = list.parent_path();
  std::vector<std::string> missing;
  std::vector<const NumberEntry*> present;
  for (const NumberEntry& entry : entries) {
    std::error_code error;
    if (std::filesystem::is_regular_file(folder / entry.name, error)) {
      present.push_back(&entry);
    } else {
      missing.push_back(entry.name);
    }
  }
  PreparedWriter writer(output, kSide, missing);
  for (std::size_t i = 0; i < present.size(); ++i) {
    const std::filesystem::path path = folder / present[i]->name;
    const ColorImage image = read_png(path);
    try {
      const Rectangle box =
          widened(present[i]->box, static_cast<double>(image.width), static_cast<double>(image.height));
      writer.add(present[i]->number, resized(image, box, kSide));
    } catch (const DataError& error) {
      throw DataError(path.string() + ": " + error.what());
    }
    progress(present.size() + i + 1, 2 * present.size());
  }
  writer.finish();
}

}  // namespace drawlab::svhn
