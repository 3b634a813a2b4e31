#pragma once

#include <cstdint>

namespace drawlab::kernels {

/// The upper half of an f32: 8 bits of exponent, 8 of precision.
struct Bf16 {
  std::uint16_t bits;
};

/// Rounds to the nearest, ties to even; NaN stays NaN.
void to_bf16(const float* x, Bf16* y, std::int64_t n);

}  // namespace drawlab::kernels
