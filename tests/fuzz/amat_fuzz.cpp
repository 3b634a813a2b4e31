#include "drawlab/error.hpp"

#include "datasets/mnist/amat.hpp"
#include "datasets/mnist/content.hpp"

#include <string>

/// The fixed binarisation: two lines of 16 numbers, or refused with a DataError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  const std::string input(reinterpret_cast<const char*>(bytes), count);
  try {
    const auto images = drawlab::mnist::parse_amat(drawlab::mnist::parse_content("input", input), 2, 16);
    (void)images.pixel(1, 15);
  } catch (const drawlab::DataError&) {
  }
  return 0;
}
