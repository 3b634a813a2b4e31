// Compiled once for each instruction set: Highway's foreach_target.h includes this file again and again.
#include "fused.hpp"

#include "window.hpp"

#include <algorithm>
#include <type_traits>
#include <vector>

// foreach_target.h has to come before the others.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fused.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "loops-inl.hpp"
#include "grid-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace drawlab {
namespace HWY_NAMESPACE {
namespace {

template <class T>
using In = std::span<const std::span<const T>>;
template <class T>
using Out = std::span<const std::span<T>>;

template <class Loops, class T = typename Loops::T>
void read_forward(const GaussianOp& s, In<T> in, Out<T> out) {
  const std::int64_t n = s.filters;
  for (std::int64_t b = 0; b < s.batch; ++b) {
    const Sample<T, T> sample = make_sample<Loops>(s, b, in[0], out);
    const auto& [grid, columns, rows, f_x, f_y] = sample;
    for (std::int64_t image = 0; image < s.images; ++image) {
      for (std::int64_t c = 0; c < s.channels; ++c) {
        const std::int64_t plane = image * s.channels + c;
        const T* const x = in[static_cast<std::size_t>(1 + image)].data() + (b * s.channels + c) * s.pixels();
        T* const half = out[kHalf].data() + b * s.images * s.half() + plane * n * s.width;
        T* const patch = out[kResult].data() + b * s.images * s.patch() + plane * n * n;
        const Strided<T> half_within{half + columns.first, s.width};
        Loops::multiply(n, rows.count, columns.count, in_rows<T>(f_y + rows.first, s.height),
                        in_rows<T>(x + rows.first * s.width + columns.first, s.width), half_within, false);
        std::fill(patch, patch + n * n, T(0));
        Loops::multiply_transposed(n, columns.count, n, in_rows<T>(half_within.data, s.width),
                                   in_rows<T>(f_x + columns.first, s.width), Strided<T>{patch, n});
        for (std::int64_t i = 0; i < n * n; ++i) patch[i] *= grid.gamma;
      }
    }
  }
}

/// One plane of an image: adds to the gradients of the sample's filters and, unless null, of the image. Returns its
/// part of d log gamma, added to `d_log_gamma`.
template <class Loops, class T>
T read_plane_backward(const GaussianOp& s, const Sample<T, const T>& sample, const FilterGradients<T>& d,
                      const ReadPlane<T>& plane, T d_log_gamma) {
  const std::int64_t n = s.filters;
  const auto& [grid, columns, rows, f_x, f_y] = sample;
  const std::int64_t corner = rows.first * s.width + columns.first;
  const Strided<T> d_half_within{d.half + columns.first, s.width};
  const T gamma = grid.gamma;
  // patch = gamma·half·F_Xᵀ
  for (std::int64_t i = 0; i < n * n; ++i) {
    d_log_gamma += plane.d_patch[i] * plane.patch[i];
    d.raw[i] = gamma * plane.d_patch[i];
  }
  Loops::multiply(n, n, columns.count, in_rows<T>(d.raw, n), in_rows<T>(f_x + columns.first, s.width), d_half_within,
                  false);
  Loops::multiply(n, n, columns.count, in_columns<T>(d.raw, n), in_rows<T>(plane.half + columns.first, s.width),
                  Strided<T>{d.f_x + columns.first, s.width}, true);
  // half = F_Y·x
  Loops::multiply_transposed(n, columns.count, rows.count, in_rows<T>(d_half_within.data, s.width),
                             in_rows<T>(plane.x + corner, s.width), Strided<T>{d.f_y + rows.first, s.height});
  if (plane.d_x != nullptr) {
    Loops::multiply(rows.count, n, columns.count, in_columns<T>(f_y + rows.first, s.height),
                    in_rows<T>(d_half_within.data, s.width), Strided<T>{plane.d_x + corner, s.width}, true);
  }
  return d_log_gamma;
}

template <class Loops, class T = typename Loops::T>
void read_backward(const GaussianOp& s, In<T> in, In<T> out, In<T> d_out, Out<T> d_in) {
  const FilterGradients<T> d(s);
  for (std::int64_t b = 0; b < s.batch; ++b) {
    const Sample<T, const T> sample = sample_of<T>(s, b, in[0], out);
    d.clear(s);
    T d_log_gamma = 0;
    for (std::int64_t image = 0; image < s.images; ++image) {
      const auto input = static_cast<std::size_t>(1 + image);
      for (std::int64_t c = 0; c < s.channels; ++c) {
        const std::int64_t pixels = (b * s.channels + c) * s.pixels();
        const std::int64_t plane = b * s.images * s.channels + image * s.channels + c;
        const std::int64_t patch = plane * s.filters * s.filters;
        d_log_gamma = read_plane_backward<Loops>(
            s, sample, d,
            ReadPlane<T>{in[input].data() + pixels, out[kHalf].data() + plane * s.filters * s.width,
                         out[kResult].data() + patch, d_out[kResult].data() + patch,
                         d_in[input].empty() ? nullptr : d_in[input].data() + pixels},
            d_log_gamma);
      }
    }
    if (!d_in[0].empty()) filters_backward<Loops>(s, sample, d, d_log_gamma, d_in[0].data() + 5 * b);
  }
}

template <class Loops, class T = typename Loops::T>
void write_forward(const GaussianOp& s, In<T> in, Out<T> out) {
  const std::int64_t n = s.filters;
  for (std::int64_t b = 0; b < s.batch; ++b) {
    const Sample<T, T> sample = make_sample<Loops>(s, b, in[0], out);
    const auto& [grid, columns, rows, f_x, f_y] = sample;
    const T scale = 1 / grid.gamma;
    for (std::int64_t c = 0; c < s.channels; ++c) {
      const T* const w = in[1].data() + (b * s.channels + c) * n * n;
      T* const half = out[kHalf].data() + (b * s.channels + c) * n * s.width;
      T* const update = out[kResult].data() + (b * s.channels + c) * s.pixels();
      for (std::int64_t i = 0; i < n; ++i) clear_around(half + i * s.width, s.width, columns);
      const Strided<T> half_within{half + columns.first, s.width};
      Loops::multiply(n, n, columns.count, in_rows<T>(w, n), in_rows<T>(f_x + columns.first, s.width), half_within,
                      false);
      for (std::int64_t i = 0; i < n * s.width; ++i) half[i] *= scale;
      clear_around(update, s.height, rows, s.width);
      if (columns.count < s.width) {
        for (std::int64_t row = rows.first; row < rows.first + rows.count; ++row) {
          clear_around(update + row * s.width, s.width, columns);
        }
      }
      Loops::multiply(rows.count, n, columns.count, in_columns<T>(f_y + rows.first, s.height),
                      in_rows<T>(half_within.data, s.width),
                      Strided<T>{update + rows.first * s.width + columns.first, s.width}, false);
    }
  }
}

template <class Loops, class T = typename Loops::T>
void write_backward(const GaussianOp& s, In<T> in, In<T> out, In<T> d_out, Out<T> d_in) {
  const std::int64_t n = s.filters;
  const FilterGradients<T> d(s);
  for (std::int64_t b = 0; b < s.batch; ++b) {
    const Sample<T, const T> sample = sample_of<T>(s, b, in[0], out);
    const auto& [grid, columns, rows, f_x, f_y] = sample;
    const std::int64_t corner = rows.first * s.width + columns.first;
    const Strided<T> d_half_within{d.half + columns.first, s.width};
    const T scale = 1 / grid.gamma;
    d.clear(s);
    T d_log_gamma = 0;
    for (std::int64_t c = 0; c < s.channels; ++c) {
      const T* const w = in[1].data() + (b * s.channels + c) * n * n;
      const T* const half = out[kHalf].data() + (b * s.channels + c) * n * s.width;
      const T* const d_update = d_out[kResult].data() + (b * s.channels + c) * s.pixels();
      // update = F_Yᵀ·half
      std::fill(d.half, d.half + n * s.width, T(0));
      Loops::multiply(n, rows.count, columns.count, in_rows<T>(f_y + rows.first, s.height),
                      in_rows<T>(d_update + corner, s.width), d_half_within, false);
      Loops::multiply_transposed(n, columns.count, rows.count, in_rows<T>(half + columns.first, s.width),
                                 in_rows<T>(d_update + corner, s.width), Strided<T>{d.f_y + rows.first, s.height});
      // half = w·F_X/gamma
      d_log_gamma -= Loops::dot(half, d.half, n * s.width);
      for (std::int64_t i = 0; i < n * s.width; ++i) d.half[i] *= scale;
      Loops::multiply(n, n, columns.count, in_columns<T>(w, n), in_rows<T>(d_half_within.data, s.width),
                      Strided<T>{d.f_x + columns.first, s.width}, true);
      if (!d_in[1].empty()) {
        T* const d_w = d_in[1].data() + (b * s.channels + c) * n * n;
        Loops::multiply_transposed(n, columns.count, n, in_rows<T>(d_half_within.data, s.width),
                                   in_rows<T>(f_x + columns.first, s.width), Strided<T>{d_w, n});
      }
    }
    if (!d_in[0].empty()) filters_backward<Loops>(s, sample, d, d_log_gamma, d_in[0].data() + 5 * b);
  }
}

template <class Loops, class T = typename Loops::T>
void Forward(const GaussianOp& op, In<T> in, Out<T> out) {
  op.images > 0 ? read_forward<Loops>(op, in, out) : write_forward<Loops>(op, in, out);
}
template <class Loops, class T = typename Loops::T>
void Backward(const GaussianOp& op, In<T> in, In<T> out, In<T> d_out, Out<T> d_in) {
  op.images > 0 ? read_backward<Loops>(op, in, out, d_out, d_in) : write_backward<Loops>(op, in, out, d_out, d_in);
}
void ForwardF32(const GaussianOp& op, In<float> in, Out<float> out) { Forward<VectorLoops>(op, in, out); }
void BackwardF32(const GaussianOp& op, In<float> in, In<float> out, In<float> d_out, Out<float> d_in) {
  Backward<VectorLoops>(op, in, out, d_out, d_in);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace drawlab {

HWY_EXPORT(ForwardF32);
HWY_EXPORT(BackwardF32);

std::array<Shape, 7> GaussianOp::shapes() const {
  const Shape result = images > 0 ? Shape{batch, images * patch()} : Shape{batch, channels, height, width};
  return {result,
          Shape{batch, 2},
          Shape{batch, 1},
          Shape{batch, 1},
          Shape{batch, filters, width},
          Shape{batch, filters, height},
          Shape{batch, std::max<std::int64_t>(images, 1) * half()}};
}

template <class T>
void GaussianOp::forward(std::span<const std::span<const T>> in, std::span<const std::span<T>> out) const {
  if constexpr (std::is_same_v<T, float>) {
    HWY_DYNAMIC_DISPATCH(ForwardF32)(*this, in, out);
  } else {
    HWY_STATIC_DISPATCH(Forward)<HWY_STATIC_DISPATCH(PlainLoops)>(*this, in, out);
  }
}

template <class T>
void GaussianOp::backward(std::span<const std::span<const T>> in, std::span<const std::span<const T>> out,
                          std::span<const std::span<const T>> d_out, std::span<const std::span<T>> d_in) const {
  if constexpr (std::is_same_v<T, float>) {
    HWY_DYNAMIC_DISPATCH(BackwardF32)(*this, in, out, d_out, d_in);
  } else {
    HWY_STATIC_DISPATCH(Backward)<HWY_STATIC_DISPATCH(PlainLoops)>(*this, in, out, d_out, d_in);
  }
}

ReadResult gaussian_read(Value parameters, std::span<const Value> images, std::int64_t filters) {
  const Shape& image = images[0].shape();
  const GaussianOp op{image[0], image[1], image[2], image[3], filters, std::ssize(images)};
  std::array<Value, 3> inputs{parameters};
  std::ranges::copy(images, inputs.begin() + 1);
  const auto [patch, center, delta, sigma] = custom_op(
      op, [filters](std::span<const Value> in) { return composed_read(in, filters); },
      std::span<const Value>(inputs).first(1 + images.size()));
  return {patch, Window{center, delta, sigma, filters}};
}

WriteResult gaussian_write(Value parameters, Value patch, const ImageShape& image, std::int64_t filters) {
  const GaussianOp op{parameters.shape()[0], image.channels, image.height, image.width, filters, 0};
  const auto [update, center, delta, sigma] =
      custom_op(op, [&image, filters](std::span<const Value> in) { return composed_write(in, image, filters); },
                {parameters, patch});
  return {update, Window{center, delta, sigma, filters}};
}

}  // namespace drawlab
#endif
