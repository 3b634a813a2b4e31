#include "drawlab/error.hpp"

#include "datasets/svhn/prepare/number_list.hpp"
#include "input_file.hpp"

/// digitStruct.mat through HDF5: numbers that can be, or refused with a DataError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  const drawlab::fuzz::InputFile file(bytes, count);
  try {
    for (const auto& entry : drawlab::svhn::read_number_list(file.path())) {
      if (entry.number.length < 1 || entry.number.length > drawlab::svhn::kMostDigits) __builtin_trap();
    }
  } catch (const drawlab::DataError&) {
  }
  return 0;
}
