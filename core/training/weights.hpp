#pragma once

#include "drawlab/shape.hpp"

#include <filesystem>

namespace drawlab {

/// Keeps of a checkpoint what the run is judged by, a quarter of it: enough to evaluate and to draw, not to train on.
/// Throws DataError and SystemError.
void extract_weights(const std::filesystem::path& checkpoint, const std::filesystem::path& weights);

/// The size of the images that a generator's checkpoint or weights draw: that of the canvas they start from, c_0.
/// Throws DataError, also where there is none.
ImageShape drawn_image(const std::filesystem::path& checkpoint);

}  // namespace drawlab
