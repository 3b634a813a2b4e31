#pragma once

#include "runner/experiment/grid.hpp"

#include <string>
#include <vector>

namespace drawlab::runner {

/// Gives every cell its label: those of the varied settings whose values differ between cells, each under the shortest
/// name that tells it apart.
void label_cells(std::vector<GridCell>& cells, const std::vector<std::string>& varied);

/// `gaussian(size=2)`, `0.001`: a setting's value in a label.
std::string label_text(const ConfigNode& value);

}  // namespace drawlab::runner
