#pragma once

#include "configuration/cell_config.hpp"

namespace drawlab {

/// Whether this processor has instructions for matrix products in the precision of `options`.
bool can_multiply(const TrainingOptions& options);

}  // namespace drawlab
