#include "training/precision.hpp"

#include "engine.hpp"

namespace drawlab {

bool can_multiply(const TrainingOptions& options) {
  return options.precision != TrainingOptions::Precision::bf16 || has_bf16_products();
}

}  // namespace drawlab
