#pragma once

#include "drawlab/shape.hpp"

#include <filesystem>
#include <string>

namespace drawlab {

/// Copies the best weights out of a checkpoint, a quarter of it: enough to evaluate and to draw, but not to continue
/// training. Returns the new file's SHA-256. Throws DataError and SystemError.
std::string extract_weights(const std::filesystem::path& checkpoint, const std::filesystem::path& weights);

/// The size of the images that a generator's checkpoint or weights draw: that of the first canvas, c_0. Throws
/// DataError, also if there is no canvas.
ImageShape drawn_image(const std::filesystem::path& checkpoint);

}  // namespace drawlab
