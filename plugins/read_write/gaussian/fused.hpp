#pragma once

#include "drawlab/custom_op.hpp"
#include "drawlab/read_write.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// read and write as one operation each: the mathematics of window.hpp without the arrays in between.
namespace drawlab {

/// The outputs by index: patch or update, the window (centre [B,2], delta and sigma [B,1]), and what the backward pass
/// needs: F_X [B,N,W], F_Y [B,N,H], and F_Y·image [B,images·C,N,W] or w·F_X [B,C,N,W].
enum GaussianOutput : std::size_t { kResult, kCenter, kDelta, kSigma, kFiltersX, kFiltersY, kHalf };

/// One call, with its sizes. All arrays are [B,…], row-major. Read: equations 21 to 27, in: parameters [B,5] and the
/// images [B,C,H,W], out: patch [B,images·C·N·N]. Write: equations 21 to 26, 28 and 29, in: parameters and w [B,C·N·N],
/// out: update [B,C,H,W].
struct GaussianOp {
  std::int64_t batch;
  std::int64_t channels;
  std::int64_t height;
  std::int64_t width;
  std::int64_t filters;  // N
  std::int64_t images;   // that are read: 2 (x and x_hat) or 1; 0 to write

  std::int64_t pixels() const { return height * width; }
  std::int64_t patch() const { return channels * filters * filters; }  // of one image
  std::int64_t half() const { return channels * filters * width; }     // of one image, one axis filtered
  std::array<Shape, 7> shapes() const;
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
