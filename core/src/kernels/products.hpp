#pragma once

#include "drawlab/parameters.hpp"

#include "kernels/bf16.hpp"
#include "kernels/weight_gradient.hpp"

#include <cstdint>
#include <memory>

namespace drawlab::kernels {

/// What products multiply; they add up, and give their result, in f32 either way.
enum class ProductPrecision { f32, bf16 };

/// Whether this processor multiplies bf16 by itself (AVX-512 BF16 or AMX), and oneDNN may use it.
bool has_bf16_products();

/// One OpenMP thread for oneDNN in the calling thread; to be called in every thread before its first product.
void use_one_product_thread();
/// "2.6.3".
const char* onednn_version();

/// The weights of a store in the layouts that oneDNN multiplies fastest, once for x·Wᵀ and once for d_y·W: copies in
/// blocks, or the weights where they lie. Shared by all tapes; packed anew after every change of the weights.
class PackedWeights {
 public:
  /// `rows`: of the matrices that the weights will mostly be multiplied with. Throws ConfigError where the processor
  /// lacks the precision.
  PackedWeights(const ParameterStore& store, std::int64_t rows, ProductPrecision precision = ProductPrecision::f32);
  ~PackedWeights();

  ProductPrecision precision() const;
  /// Bytes of all copies.
  std::size_t bytes() const;

  /// Packing one weight; the weights of different indices can be packed by different threads.
  std::int64_t count() const;
  void pack(std::int64_t index);
  void pack_all();

  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// Matrix products, single-threaded: on oneDNN, but for the weights' gradients in f32, whose own kernel is faster. All
/// that depends on shapes alone is cached. One object a thread. All matrices are row-major and contiguous; T is
/// float, or Bf16 beside weights that are packed in bf16.
class Products {
 public:
  Products();
  ~Products();

  /// y [rows,out] = x [rows,in]·weightᵀ + bias. `packed` may be null for float.
  template <class T>
  void forward(const T* x, std::int64_t rows, const Parameter& weight, const float* bias, const PackedWeights* packed,
               float* y);
  /// d_x [rows,in] = d_y [rows,out]·weight, or added to where not `fresh`.
  template <class T>
  void backward_data(const T* d_y, std::int64_t rows, const Parameter& weight, const PackedWeights* packed, float* d_x,
                     bool fresh);
  /// What weight_gradient() makes at once of a weight [out,in]'s gradient.
  template <class T>
  static WeightBlocks weight_blocks(std::int64_t out, std::int64_t in);
  /// d_weight [out,in] += d_yᵀ·x inside the block, over the rows of a layer's latest chunk and of all earlier ones.
  template <class T>
  void weight_gradient(const RowChunk& latest, const WeightBlock& block, std::int64_t out, std::int64_t in,
                       float* d_weight);

  /// Multiplications and additions of all products so far: 2·rows·out·in of each.
  double operations() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The same in f64 with plain loops.
void forward(const double* x, std::int64_t rows, const double* weight, std::int64_t out, std::int64_t in,
             const double* bias, double* y);
void backward_data(const double* d_y, std::int64_t rows, const double* weight, std::int64_t out, std::int64_t in,
                   double* d_x, bool fresh);
void weight_gradient(const RowChunk& latest, std::int64_t out, std::int64_t in, double* d_weight);

}  // namespace drawlab::kernels
