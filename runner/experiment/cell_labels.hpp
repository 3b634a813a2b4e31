#pragma once

#include "runner/experiment/grid.hpp"

#include <string>
#include <vector>

namespace drawlab::runner {

/// Sets every cell's label: the varied settings whose values differ between cells, each under its shortest unambiguous
/// name.
void label_cells(std::vector<GridCell>& cells, const std::vector<std::string>& varied);

/// `gaussian(size=2)`, `0.001`: a setting's value in a label.
std::string label_text(const ConfigNode& value);

}  // namespace drawlab::runner
