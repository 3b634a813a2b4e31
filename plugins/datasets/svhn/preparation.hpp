#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

namespace drawlab::svhn {

/// Which of the published formats a file has: whole numbers, or digits cut out.
enum class Format { numbers, digits };

/// What svhn_prepare exits with where the data is at fault.
inline constexpr int kDataExit = 5;

struct PreparationLimits {
  std::filesystem::path program;      // svhn_prepare; empty: beside this library
  std::chrono::seconds silence{600};  // without progress, after which the program is ended
};

/// Runs svhn_prepare on a published file, and says on the way what share of its images is done. Throws DataError with
/// what it says, or that the file brought it down (by which signal) or kept it silent too long; SystemError where the
/// program cannot be started, cannot write or was ended from outside. Nothing half-written stays behind.
void prepare(Format format, const std::filesystem::path& input, const std::filesystem::path& output,
             const PreparationLimits& limits = {}, const std::function<void(double)>& progress = {});

}  // namespace drawlab::svhn
