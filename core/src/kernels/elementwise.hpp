#pragma once

#include "drawlab/into.hpp"

#include "kernels/matrix.hpp"

#include <cstdint>

/// The loops where a training step spends its time beside the products. For float they are vectorised for the processor
/// at hand, chosen when the program starts; for double they are plain loops, which the tests compare them with.
namespace drawlab::kernels {

/// y = σ(x)
void sigmoid(const float* x, float* y, std::int64_t n);
void sigmoid(const double* x, double* y, std::int64_t n);
/// y = exp(x)
void exp(const float* x, float* y, std::int64_t n);
void exp(const double* x, double* y, std::int64_t n);
/// y = tanh(x)
void tanh(const float* x, float* y, std::int64_t n);
void tanh(const double* x, double* y, std::int64_t n);
/// y = a + b
void add(const float* a, const float* b, float* y, std::int64_t n);
void add(const double* a, const double* b, double* y, std::int64_t n);
/// y receives x.
void pass_on(const float* x, Into<float> y, std::int64_t n);
void pass_on(const double* x, Into<double> y, std::int64_t n);

/// y = x − σ(c)
void error_image(const float* x, const float* c, float* y, std::int64_t n);
void error_image(const double* x, const double* c, double* y, std::int64_t n);
/// d_c = −d_y·s·(1 − s) with s = x − y
void error_image_backward(const float* x, const float* y, const float* d_y, Into<float> d_c, std::int64_t n);
void error_image_backward(const double* x, const double* y, const double* d_y, Into<double> d_c, std::int64_t n);

/// Input of the latent, and the standard deviations that its backward pass needs.
template <class T>
struct LatentArrays {
  const T* mu_log_sigma;  // [rows,2D]
  const T* noise;         // [rows,D]
  T* sigma;               // [rows,D]
};
/// Writes sigma, z [rows,D] and kl [rows]; `size` is that of the noise.
void gaussian_latent(const LatentArrays<float>& arrays, float* z, float* kl, const MatrixSize& size);
void gaussian_latent(const LatentArrays<double>& arrays, double* z, double* kl, const MatrixSize& size);
void gaussian_latent_backward(const LatentArrays<float>& arrays, const float* d_z, const float* d_kl,
                              Into<float> d_mu_log_sigma, const MatrixSize& size);
void gaussian_latent_backward(const LatentArrays<double>& arrays, const double* d_z, const double* d_kl,
                              Into<double> d_mu_log_sigma, const MatrixSize& size);

/// y[row] = Σ max(c,0) − c·x + log(1 + exp(−|c|))
void bernoulli_nll(const float* x, const float* c, float* y, const MatrixSize& size);
void bernoulli_nll(const double* x, const double* c, double* y, const MatrixSize& size);
/// d_c = d_y[row]·(σ(c) − x)
void bernoulli_nll_backward(const float* x, const float* c, const float* d_y, Into<float> d_c, const MatrixSize& size);
void bernoulli_nll_backward(const double* x, const double* c, const double* d_y, Into<double> d_c,
                            const MatrixSize& size);

/// exp(x − max)/Σ in each row.
void softmax(const float* x, float* y, const MatrixSize& size);
void softmax(const double* x, double* y, const MatrixSize& size);
/// sums [columns] += Σ_rows x
void add_column_sums(const float* x, float* sums, const MatrixSize& size);
void add_column_sums(const double* x, double* sums, const MatrixSize& size);

/// The instruction set that the float kernels run on in this process.
const char* instruction_set();

}  // namespace drawlab::kernels
