#pragma once

#include "drawlab/dataset.hpp"

#include <cstdint>
#include <filesystem>
#include <ostream>

namespace drawlab::runner {

struct PreviewRequest {
  Split split = Split::train;
  std::int64_t count = 64;  // the split's first samples; all of them if it has fewer
  std::filesystem::path file;
};

/// Writes the first samples of a split as a grid into a PNG file, and their sizes, values and labels (in the grid's
/// rows) to `out`. Throws DataError, and SystemError if the file cannot be written.
void preview_dataset(const Dataset& dataset, const PreviewRequest& request, std::ostream& out);

}  // namespace drawlab::runner
