#include "drawlab/error.hpp"

#include "datasets/svhn/prepare/number_images.hpp"
#include "input_file.hpp"

/// What SVHN does with a PNG file: cut out and resized, or refused with a DataError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  const drawlab::fuzz::InputFile file(bytes, count);
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
