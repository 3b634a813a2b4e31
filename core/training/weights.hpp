#pragma once

#include <filesystem>

namespace drawlab {

/// Keeps of a checkpoint what the run is judged by, a quarter of it: enough to evaluate and to draw, not to train on.
/// Throws DataError and SystemError.
void extract_weights(const std::filesystem::path& checkpoint, const std::filesystem::path& weights);

}  // namespace drawlab
