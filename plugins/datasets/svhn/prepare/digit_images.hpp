#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>

namespace drawlab::svhn {

/// Prepares the cropped digits of a MATLAB 5 file: X [32,32,3,N], bytes, and y
/// [N,1], 1…9 and 10 for the digit 0. Calls `progress(done, all)` now and then.
/// Throws DataError with the file and the variable.
void prepare_digits(const std::filesystem::path& input, const std::filesystem::path& output,
                    const std::function<void(std::size_t, std::size_t)>& progress);

}  // namespace drawlab::svhn
