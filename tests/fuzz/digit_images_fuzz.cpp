#include "drawlab/error.hpp"

#include "datasets/svhn/prepare/digit_images.hpp"
#include "input_file.hpp"

/// Cropped digits through matio: prepared, or refused with a DataError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  const drawlab::fuzz::InputFile file(bytes, count);
  try {
    drawlab::svhn::prepare_digits(file.path(), "/dev/shm/drawlab-fuzz-digits", [](std::size_t, std::size_t) {});
  } catch (const drawlab::DataError&) {
  }
  return 0;
}
