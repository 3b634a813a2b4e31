#pragma once

#include "drawlab/into.hpp"

#include "kernels/matrix.hpp"

namespace drawlab::kernels {

/// Added to a row's variance, so that rows of equal numbers stay finite.
inline constexpr double kNormEpsilon = 1e-5;

/// What layer_norm() keeps for its backward pass.
template <class T>
struct NormArrays {
  T* x_hat;    // (x − mean)·inverse [rows,n]
  T* inverse;  // 1/√(variance + kNormEpsilon) [rows]
};
/// y receives gain·x_hat + shift in each row of n numbers; gain and shift [n]. `x` may be x_hat itself.
void layer_norm(const float* x, const float* gain, const float* shift, Into<float> y, const NormArrays<float>& arrays,
                const MatrixSize& size);
void layer_norm(const double* x, const double* gain, const double* shift, Into<double> y,
                const NormArrays<double>& arrays, const MatrixSize& size);

/// Where the gradients go; null ones are not needed.
template <class T>
struct NormGradients {
  Into<T> x;  // may be fresh in x_hat itself
  T* gain;    // added to
  T* shift;   // added to
};
void layer_norm_backward(const NormArrays<float>& arrays, const float* gain, const float* d_y,
                         const NormGradients<float>& gradients, const MatrixSize& size);
void layer_norm_backward(const NormArrays<double>& arrays, const double* gain, const double* d_y,
                         const NormGradients<double>& gradients, const MatrixSize& size);

}  // namespace drawlab::kernels
