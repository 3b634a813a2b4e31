#include "drawlab/error.hpp"

#include "datasets/mnist/amat.hpp"
#include "datasets/mnist/content.hpp"
#include "input_file.hpp"

/// The fixed binarisation: two lines of 16 numbers, or refused with a DataError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  const drawlab::fuzz::InputFile file(bytes, count);
  try {
    const auto images = drawlab::mnist::parse_amat(drawlab::mnist::read_content(file.path()), 2, 16);
    (void)images.pixel(1, 15);
  } catch (const drawlab::DataError&) {
  }
  return 0;
}
