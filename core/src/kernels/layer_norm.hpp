#pragma once

#include <cstdint>

namespace drawlab::kernels {

/// What is added to a row's variance, so that rows of equal numbers stay finite.
inline constexpr double kNormEpsilon = 1e-5;

/// For each of `rows` rows of n numbers: x_hat = (x − mean)·inverse, inverse = 1/√(variance + kNormEpsilon),
/// y = gain·x_hat + shift, with gain and shift of n numbers, written where `fresh`, else added to. Keeps x_hat
/// [rows,n], which may be x itself, and inverse [rows].
void layer_norm(const float* x, const float* gain, const float* shift, float* y, bool fresh, float* x_hat,
                float* inverse, std::int64_t rows, std::int64_t n);
void layer_norm(const double* x, const double* gain, const double* shift, double* y, bool fresh, double* x_hat,
                double* inverse, std::int64_t rows, std::int64_t n);

/// d_x, written where `fresh`, else added to, may be x_hat itself; d_gain and d_shift are added to. Each may be null:
/// nobody needs it.
void layer_norm_backward(const float* x_hat, const float* inverse, const float* gain, const float* d_y, float* d_x,
                         bool fresh, float* d_gain, float* d_shift, std::int64_t rows, std::int64_t n);
void layer_norm_backward(const double* x_hat, const double* inverse, const double* gain, const double* d_y, double* d_x,
                         bool fresh, double* d_gain, double* d_shift, std::int64_t rows, std::int64_t n);

}  // namespace drawlab::kernels
