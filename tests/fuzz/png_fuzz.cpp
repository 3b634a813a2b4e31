#include "drawlab/error.hpp"

#include "datasets/svhn/prepare/number_images.hpp"
#include "input_file.hpp"

#include <zlib.h>

#include <vector>

namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kAround = 12;  // length, type and checksum of a chunk

std::uint32_t big_endian(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U | std::uint32_t{bytes[2]} << 8U | bytes[3];
}

/// Rights every chunk's checksum, without which libpng looks at nothing of it.
void mend_checksums(std::vector<std::uint8_t>& png) {
  for (std::size_t at = kSignature; at + kAround <= png.size();) {
    const std::size_t length = big_endian(&png[at]);
    if (length > png.size() - at - kAround) return;
    const auto checksum = ::crc32(0, &png[at + 4], static_cast<uInt>(length + 4));
    for (std::size_t i = 0; i < 4; ++i) {
      png[at + 8 + length + i] = static_cast<std::uint8_t>(checksum >> (24 - 8 * i));
    }
    at += kAround + length;
  }
}

}  // namespace

/// What SVHN does with a PNG file: cut out and resized, or refused with a DataError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  std::vector<std::uint8_t> png(bytes, bytes + count);
  mend_checksums(png);
  // Large pictures only take time.
  if (count >= 24 && (big_endian(&png[16]) > 512 || big_endian(&png[20]) > 512) && big_endian(&png[16]) <= 8192 &&
      big_endian(&png[20]) <= 8192) {
    return 0;
  }
  const drawlab::fuzz::InputFile file(png.data(), png.size());
  try {
    const auto image = drawlab::svhn::read_png(file.path());
    const auto width = static_cast<double>(image.width);
    const auto height = static_cast<double>(image.height);
    const auto box = drawlab::svhn::widened({width / 3, -1, width, height / 2}, width, height);
    if (drawlab::svhn::resized(image, box, 64).size() != 3 * 64 * 64) __builtin_trap();
  } catch (const drawlab::DataError&) {
  }
  return 0;
}
