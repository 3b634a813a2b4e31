#pragma once

#include <cstdint>

namespace drawlab::kernels {

/// Σ x², summed in f64 over blocks in order.
double sum_of_squares(const float* x, std::int64_t n);

/// One step of Adam (Kingma & Ba 2015, algorithm 1) on gradients times `scale`; rate holds the bias corrections.
struct AdamStep {
  float rate;  // learning rate·√(1 − beta2^t)/(1 − beta1^t)
  float beta1;
  float beta2;
  float rest1;    // 1 − beta1, computed before rounding
  float rest2;    // 1 − beta2, computed before rounding
  float epsilon;  // times √(1 − beta2^t)
  float scale;    // of the gradient (clipping)
};
void adam(const AdamStep& step, const float* gradient, float* first, float* second, float* values, std::int64_t n);

}  // namespace drawlab::kernels
