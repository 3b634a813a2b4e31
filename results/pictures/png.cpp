#include "results/pictures/png.hpp"

#include "drawlab/error.hpp"

#include <png.h>

#include <cstring>
#include <string>

namespace drawlab::results {

namespace {

png_image describe(const Pixels& pixels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(pixels.width);
  image.height = static_cast<png_uint_32>(pixels.height);
  image.format = pixels.channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  return image;
}

}  // namespace

std::vector<std::uint8_t> encode_png(const Pixels& pixels) {
  png_image image = describe(pixels);
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::vector<std::uint8_t> bytes(size);
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.values.data(), 0, nullptr) == 0) {
    throw Error(std::string("PNG: cannot encode a picture of ") + std::to_string(pixels.width) + " by " +
                std::to_string(pixels.height) + " pixels: " + image.message);
  }
  bytes.resize(size);
  return bytes;
}

Pixels decode_png(std::span<const std::uint8_t> bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) {
    throw DataError(std::string("PNG: ") + image.message);
  }
  if (image.format != PNG_FORMAT_RGB && image.format != PNG_FORMAT_GRAY) {
    png_image_free(&image);
    throw DataError("PNG: neither grey nor RGB with 8 bits per channel");
  }
  Pixels pixels(static_cast<int>(image.width), static_cast<int>(image.height), image.format == PNG_FORMAT_RGB ? 3 : 1,
                {});
  if (png_image_finish_read(&image, nullptr, pixels.values.data(), 0, nullptr) == 0) {
    throw DataError(std::string("PNG: ") + image.message);
  }
  return pixels;
}

}  // namespace drawlab::results
