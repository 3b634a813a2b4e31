#pragma once

#include "drawlab/dataset.hpp"

#include "../svhn_shapes.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

namespace drawlab::svhn {

/// The exit code of svhn_prepare if the data is wrong.
inline constexpr int kDataExit = 5;

struct PreparationLimits {
  std::string program = "svhn_prepare";  // beside the plugin's library, or an absolute path
  std::chrono::seconds silence{600};     // the program is killed after so long without progress
};

/// Runs svhn_prepare on a published file and reports the share of its images that is done. Throws DataError with the
/// program's sentence, or that the file crashed it (with the signal) or stopped its progress; SystemError if the
/// program cannot be started, cannot write or was stopped by someone. Leaves no incomplete file.
void prepare(Format format, const std::filesystem::path& input, const std::filesystem::path& output,
             const DatasetContext& context, const PreparationLimits& limits = {},
             const std::function<void(double)>& progress = {});

}  // namespace drawlab::svhn
