#pragma once

#include "drawlab/custom_op.hpp"
#include "drawlab/read_write.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// read and write as one operation each: the mathematics of window.hpp without the arrays in between.
namespace drawlab {

/// Outputs of both operations, by index: patch or update, the window (centre [B,2], delta and sigma [B,1]), and what
/// the backward pass needs: F_X [B,N,W], F_Y [B,N,H], and the product with one axis' filters, [B,…,N,W].
enum GaussianOutput : std::size_t { kResult, kCenter, kDelta, kSigma, kFiltersX, kFiltersY, kHalf };

/// Sizes of one call. All arrays are [B,…], row-major.
struct GaussianSizes {
  std::int64_t batch;
  std::int64_t channels;
  std::int64_t height;
  std::int64_t width;
  std::int64_t filters;  // N
  std::int64_t images;   // read only: 2 (x and x_hat) or 1

  std::int64_t pixels() const { return height * width; }
  std::int64_t patch() const { return channels * filters * filters; }  // of one image
  std::int64_t half() const { return channels * filters * width; }     // of one image, one axis filtered
  std::array<Shape, 7> output_shapes(const Shape& result) const;
};

/// Equations 21 to 27. In: parameters [B,5], x, x_hat [B,C,H,W]. Out: patch [B,images·C·N·N], … , F_Y·image.
struct GaussianReadOp {
  GaussianSizes sizes;
  std::array<Shape, 7> shapes() const { return sizes.output_shapes({sizes.batch, sizes.images * sizes.patch()}); }
  template <class T>
  void forward(std::span<const std::span<const T>> in, std::span<const std::span<T>> out) const;
  template <class T>
  void backward(std::span<const std::span<const T>> in, std::span<const std::span<const T>> out,
                std::span<const std::span<const T>> d_out, std::span<const std::span<T>> d_in) const;
};

/// Equations 21 to 26, 28 and 29. In: parameters [B,5], w [B,C·N·N]. Out: update [B,C,H,W], … , w·F_X.
struct GaussianWriteOp {
  GaussianSizes sizes;
  std::array<Shape, 7> shapes() const {
    return sizes.output_shapes({sizes.batch, sizes.channels, sizes.height, sizes.width});
  }
  template <class T>
  void forward(std::span<const std::span<const T>> in, std::span<const std::span<T>> out) const;
  template <class T>
  void backward(std::span<const std::span<const T>> in, std::span<const std::span<const T>> out,
                std::span<const std::span<const T>> d_out, std::span<const std::span<T>> d_in) const;
};

/// Equation 27 for the images; the composed form is composed_read.
ReadResult gaussian_read(Value parameters, std::span<const Value> images, std::int64_t filters);
/// Equation 29 for the patch [B,C·N·N]; the composed form is composed_write.
WriteResult gaussian_write(Value parameters, Value patch, const ImageShape& image, std::int64_t filters);

}  // namespace drawlab
