#include "training/precision.hpp"

#include "kernels/products.hpp"

namespace drawlab {

bool can_multiply(const TrainingOptions& options) {
  return options.precision != TrainingOptions::Precision::bf16 || kernels::has_bf16_products();
}

}  // namespace drawlab
