#pragma once

#include "drawlab/parameters.hpp"

#include <cstdint>
#include <memory>

namespace drawlab::kernels {

/// One OpenMP thread for oneDNN in the calling thread; to be called in every thread before its first product.
void use_one_product_thread();
/// "2.6.3".
const char* onednn_version();

/// The weights of a store in the blocked layouts that oneDNN multiplies fastest, once for x·Wᵀ and once for d_y·W.
/// Shared by all tapes; packed anew after every change of the weights.
class PackedWeights {
 public:
  /// `rows`: of the matrices that the weights will mostly be multiplied with.
  PackedWeights(const ParameterStore& store, std::int64_t rows);
  ~PackedWeights();

  /// Packing one weight; the weights of different indices can be packed by different threads.
  std::int64_t count() const;
  void pack(std::int64_t index);
  void pack_all();

  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// Matrix products in f32 on oneDNN, single-threaded, with everything cached that depends on shapes alone. One object a
/// thread. All matrices are row-major and contiguous.
class Products {
 public:
  Products();
  ~Products();

  /// y [rows,out] = x [rows,in]·weightᵀ + bias. `packed` may be null.
  void forward(const float* x, std::int64_t rows, const Parameter& weight, const float* bias,
               const PackedWeights* packed, float* y);
  /// d_x [rows,in] = d_y [rows,out]·weight, or added to where not `fresh`.
  void backward_data(const float* d_y, std::int64_t rows, const Parameter& weight, const PackedWeights* packed,
                     float* d_x, bool fresh);
  /// d_weight [out,in] += d_yᵀ·x, for d_y [rows,out] and x [rows,in].
  void backward_weight(const float* d_y, const float* x, std::int64_t rows, std::int64_t out, std::int64_t in,
                       float* d_weight);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The same in f64 with plain loops.
void forward(const double* x, std::int64_t rows, const double* weight, std::int64_t out, std::int64_t in,
             const double* bias, double* y);
void backward_data(const double* d_y, std::int64_t rows, const double* weight, std::int64_t out, std::int64_t in,
                   double* d_x, bool fresh);
void backward_weight(const double* d_y, const double* x, std::int64_t rows, std::int64_t out, std::int64_t in,
                     double* d_weight);

}  // namespace drawlab::kernels
