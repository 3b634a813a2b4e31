#pragma once

#include "drawlab/into.hpp"

#include "kernels/bf16.hpp"
#include "kernels/weight_gradient.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace drawlab::kernels {

/// The number type that products multiply; they sum, and return their result, in f32 either way.
enum class ProductPrecision { f32, bf16 };

/// Whether this processor multiplies bf16 by itself (AVX-512 BF16 or AMX), and oneDNN may use it.
bool has_bf16_products();

/// Sets one OpenMP thread for oneDNN in the calling thread. Call it in every thread before its first product.
void use_one_product_thread();

class PackedWeight;

/// A linear layer's weight [out,in].
template <class T>
struct Weight {
  const T* numbers;
  std::int64_t out;
  std::int64_t in;
  const PackedWeight* packed = nullptr;  // null: multiplied as it is
};

/// A weight in the layouts that oneDNN multiplies fastest, once for x·Wᵀ and once for d_y·W: copies in blocks, or the
/// weight itself where no layout is faster.
class PackedWeight {
 public:
  /// `rows`: of the matrices that the weight will mostly be multiplied with. `weight.numbers` must stay valid.
  PackedWeight(const Weight<float>& weight, std::int64_t rows, ProductPrecision precision);
  PackedWeight(PackedWeight&&) noexcept;
  ~PackedWeight();

  /// Copies the numbers anew.
  void pack();
  /// Bytes of the copies.
  std::size_t bytes() const;

  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// Matrix products on one thread: by oneDNN, except the weights' gradients in f32, whose own kernel is faster. Caches
/// everything that depends on shapes alone. One object per thread. All matrices are row-major and contiguous; T is
/// float, or Bf16 if the weights are packed in bf16.
class Products {
 public:
  Products();
  ~Products();

  /// y [rows,out] = x [rows,in]·weightᵀ + bias [out].
  template <class T>
  void forward(const T* x, std::int64_t rows, const Weight<float>& weight, const float* bias, float* y);
  /// d_x [rows,in] from d_y [rows,out]·weight.
  template <class T>
  void backward_data(const T* d_y, std::int64_t rows, const Weight<float>& weight, Into<float> d_x);
  /// The blocks in which weight_gradient() computes the gradient of a weight.
  template <class T>
  static WeightBlocks weight_blocks(const WeightSize& size);
  /// d_weight [out,in] += d_yᵀ·x inside the block, over the rows of a layer's latest chunk and of all earlier ones.
  template <class T>
  void weight_gradient(const RowChunk& latest, const WeightBlock& block, const WeightSize& size, float* d_weight);

  /// Multiplications and additions of all products so far: 2·rows·out·in per product.
  double operations() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The same in f64 with plain loops.
void forward(const double* x, std::int64_t rows, const Weight<double>& weight, const double* bias, double* y);
void backward_data(const double* d_y, std::int64_t rows, const Weight<double>& weight, Into<double> d_x);
void weight_gradient(const RowChunk& latest, const WeightSize& size, double* d_weight);

}  // namespace drawlab::kernels
