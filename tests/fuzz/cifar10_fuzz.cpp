#include "drawlab/error.hpp"

#include "datasets/cifar10/batch.hpp"

#include <string>

/// A part of a CIFAR-10 file: read whole, or refused with a DataError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  try {
    const auto batch =
        drawlab::cifar10::parse_batch("input", std::string(reinterpret_cast<const char*>(bytes), count), true);
    for (std::int64_t i = 0; i < batch.count(); ++i) {
      if (batch.label(i) > 9 || batch.pixels(i).size() != 3072) __builtin_trap();
    }
  } catch (const drawlab::DataError&) {
  }
  return 0;
}
