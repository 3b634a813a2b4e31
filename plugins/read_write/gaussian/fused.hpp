#pragma once

#include "drawlab/custom_op.hpp"
#include "drawlab/read_write.hpp"

#include <cstdint>
#include <span>

/// read and write as one operation each: the same mathematics as window.hpp, without the arrays in between.
namespace drawlab {

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
};

/// Equations 21 to 27. In: parameters [B,5], x, x_hat [B,C,H,W].
/// Out: patch [B,images·C·N·N], geometry [B,4], F_X [B,N,W], F_Y [B,N,H], F_Y·image [B,images·C,N,W].
struct GaussianReadOp {
  GaussianSizes sizes;
  template <class T>
  void forward(std::span<const std::span<const T>> in, std::span<const std::span<T>> out) const;
  template <class T>
  void backward(std::span<const std::span<const T>> in, std::span<const std::span<const T>> out,
                std::span<const std::span<const T>> d_out, std::span<const std::span<T>> d_in) const;
};

/// Equations 21 to 26, 28 and 29. In: parameters [B,5], w [B,C·N·N].
/// Out: update [B,C,H,W], geometry [B,4], F_X [B,N,W], F_Y [B,N,H], w·F_X [B,C,N,W].
struct GaussianWriteOp {
  GaussianSizes sizes;
  template <class T>
  void forward(std::span<const std::span<const T>> in, std::span<const std::span<T>> out) const;
  template <class T>
  void backward(std::span<const std::span<const T>> in, std::span<const std::span<const T>> out,
                std::span<const std::span<const T>> d_out, std::span<const std::span<T>> d_in) const;
};

/// The fused read: patch and geometry.
ReadResult fused_read(Tape& tape, Value parameters, std::span<const Value> images, std::int64_t filters);
/// The fused write: update and geometry.
WriteResult fused_write(Tape& tape, Value parameters, Value patch, const ImageShape& image, std::int64_t filters);

}  // namespace drawlab
