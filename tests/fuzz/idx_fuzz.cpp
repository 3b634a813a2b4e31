#include "drawlab/error.hpp"

#include "datasets/mnist/idx.hpp"
#include "input_file.hpp"

/// IDX images, plain or gzipped: read whole, or refused with a DataError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  const drawlab::fuzz::InputFile file(bytes, count);
  try {
    const auto images = drawlab::mnist::read_idx_images(file.path(), 28, 28);
    for (std::int64_t i = 0; i < images.count; ++i) {
      if (images.values(i).size() != 784) __builtin_trap();
    }
  } catch (const drawlab::DataError&) {
  }
  return 0;
}
