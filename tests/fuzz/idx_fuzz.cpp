#include "drawlab/error.hpp"

#include "datasets/mnist/idx.hpp"

#include <string>

/// IDX images and labels, plain or gzipped: read whole, or refused with a DataError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  const std::string input(reinterpret_cast<const char*>(bytes), count);
  try {
    const auto images = drawlab::mnist::parse_idx_images(drawlab::mnist::parse_content("input", input), 28, 28);
    for (std::int64_t i = 0; i < images.count; ++i) {
      if (images.values(i).size() != 784) __builtin_trap();
    }
  } catch (const drawlab::DataError&) {
  }
  try {
    const auto labels = drawlab::mnist::parse_idx_labels(drawlab::mnist::parse_content("input", input));
    for (std::int64_t i = 0; i < labels.count; ++i) {
      if (labels.values(i)[0] > 9) __builtin_trap();
    }
  } catch (const drawlab::DataError&) {
  }
  return 0;
}
