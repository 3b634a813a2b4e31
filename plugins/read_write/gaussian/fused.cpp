// Compiled once for each instruction set: Highway's foreach_target.h includes this file again and again.
#include "fused.hpp"

#include "limits.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <vector>

// foreach_target.h has to come before the others.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fused.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "loops-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace drawlab {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Equations 21 to 24 for one sample.
template <class T>
struct Grid {
  T center_x, center_y, delta, precision, gamma;
  T half_width, half_height;
  T inside[5];  // 1 where the parameter is within its limits, else 0

  Grid(const T* parameters, const GaussianSizes& sizes) {
    const double limits[5] = {kMaxCenter, kMaxCenter, kMaxLogVariance, kMaxLogStride, kMaxLogIntensity};
    T held[5];
    for (int i = 0; i < 5; ++i) {
      held[i] = std::clamp(parameters[i], static_cast<T>(-limits[i]), static_cast<T>(limits[i]));
      inside[i] = held[i] == parameters[i] ? T(1) : T(0);
    }
    half_width = static_cast<T>(sizes.width + 1) / 2;
    half_height = static_cast<T>(sizes.height + 1) / 2;
    center_x = half_width * held[0] + half_width;
    center_y = half_height * held[1] + half_height;
    precision = std::exp(-held[2]);
    const auto extent = static_cast<T>(std::max(sizes.height, sizes.width) - 1);
    delta = (sizes.filters > 1 ? extent / static_cast<T>(sizes.filters - 1) : extent) * std::exp(held[3]);
    gamma = std::exp(held[4]);
  }
  /// mu of filter i = 0 … N − 1, given the axis' centre (equations 19 and 20).
  T mean(T center, std::int64_t i, std::int64_t filters) const { return center + step(i, filters) * delta; }
  static T step(std::int64_t i, std::int64_t filters) {
    return static_cast<T>(i + 1) - static_cast<T>(filters) / 2 - T(0.5);
  }
};

template <class Loops, class T>
Grid<T> make_filters(const GaussianSizes& s, const T* parameters, T* geometry, T* f_x, T* f_y) {
  const Grid<T> grid(parameters, s);
  geometry[0] = grid.center_x;
  geometry[1] = grid.center_y;
  geometry[2] = grid.delta;
  geometry[3] = 1 / std::sqrt(grid.precision);
  for (std::int64_t i = 0; i < s.filters; ++i) {
    Loops::filter(grid.mean(grid.center_x, i, s.filters), grid.precision, f_x + i * s.width, s.width);
    Loops::filter(grid.mean(grid.center_y, i, s.filters), grid.precision, f_y + i * s.height, s.height);
  }
  return grid;
}

/// d_parameters += what d_F_X, d_F_Y and d log gamma say.
template <class Loops, class T>
void filters_backward(const GaussianSizes& s, const Grid<T>& grid, const T* f_x, const T* f_y, const T* d_f_x,
                      const T* d_f_y, T d_log_gamma, T* d_parameters) {
  T d_center[2] = {0, 0};
  T d_delta = 0;
  T d_log_variance = 0;
  for (int axis = 0; axis < 2; ++axis) {
    const std::int64_t size = axis == 0 ? s.width : s.height;
    const T center = axis == 0 ? grid.center_x : grid.center_y;
    const T* const f = axis == 0 ? f_x : f_y;
    const T* const d_f = axis == 0 ? d_f_x : d_f_y;
    for (std::int64_t i = 0; i < s.filters; ++i) {
      T first = 0;
      T second = 0;
      Loops::filter_backward(grid.mean(center, i, s.filters), f + i * size, d_f + i * size, size, first, second);
      const T d_mean = first * grid.precision;  // exponent = −½·precision·distance²
      d_center[axis] += d_mean;
      d_delta += d_mean * Grid<T>::step(i, s.filters);
      d_log_variance += second * grid.precision;
    }
  }
  d_parameters[0] += grid.inside[0] * d_center[0] * grid.half_width;
  d_parameters[1] += grid.inside[1] * d_center[1] * grid.half_height;
  d_parameters[2] += grid.inside[2] * d_log_variance;
  d_parameters[3] += grid.inside[3] * d_delta * grid.delta;
  d_parameters[4] += grid.inside[4] * d_log_gamma;
}

template <class Loops, class T = typename Loops::T>
void ReadForward(const GaussianSizes& s, std::span<const std::span<const T>> in, std::span<const std::span<T>> out) {
  const std::int64_t n = s.filters;
  for (std::int64_t b = 0; b < s.batch; ++b) {
    T* const f_x = out[2].data() + b * n * s.width;
    T* const f_y = out[3].data() + b * n * s.height;
    const Grid<T> grid = make_filters<Loops>(s, in[0].data() + 5 * b, out[1].data() + 4 * b, f_x, f_y);
    for (std::int64_t image = 0; image < s.images; ++image) {
      for (std::int64_t c = 0; c < s.channels; ++c) {
        const std::int64_t plane = image * s.channels + c;
        const T* const x = in[static_cast<std::size_t>(1 + image)].data() + (b * s.channels + c) * s.pixels();
        T* const half = out[4].data() + b * s.images * s.half() + plane * n * s.width;
        T* const patch = out[0].data() + b * s.images * s.patch() + plane * n * n;
        Loops::multiply(n, s.height, s.width, f_y, s.height, 1, x, half, false);
        for (std::int64_t i = 0; i < n; ++i) {
          for (std::int64_t j = 0; j < n; ++j) {
            patch[i * n + j] = grid.gamma * Loops::dot(half + i * s.width, f_x + j * s.width, s.width);
          }
        }
      }
    }
  }
}

template <class Loops, class T = typename Loops::T>
void ReadBackward(const GaussianSizes& s, std::span<const std::span<const T>> in,
                  std::span<const std::span<const T>> out, std::span<const std::span<const T>> d_out,
                  std::span<const std::span<T>> d_in) {
  const std::int64_t n = s.filters;
  thread_local std::vector<T> room;
  room.resize(static_cast<std::size_t>(2 * n * s.width + n * s.height + n * n));
  T* const d_f_x = room.data();
  T* const d_half = d_f_x + n * s.width;
  T* const d_f_y = d_half + n * s.width;
  T* const d_raw = d_f_y + n * s.height;
  for (std::int64_t b = 0; b < s.batch; ++b) {
    const Grid<T> grid(in[0].data() + 5 * b, s);
    const T* const f_x = out[2].data() + b * n * s.width;
    const T* const f_y = out[3].data() + b * n * s.height;
    std::fill(d_f_x, d_f_x + n * s.width, T(0));
    std::fill(d_f_y, d_f_y + n * s.height, T(0));
    T d_log_gamma = 0;
    for (std::int64_t image = 0; image < s.images; ++image) {
      const auto input = static_cast<std::size_t>(1 + image);
      for (std::int64_t c = 0; c < s.channels; ++c) {
        const std::int64_t plane = image * s.channels + c;
        const T* const x = in[input].data() + (b * s.channels + c) * s.pixels();
        const T* const half = out[4].data() + b * s.images * s.half() + plane * n * s.width;
        const T* const patch = out[0].data() + b * s.images * s.patch() + plane * n * n;
        const T* const d_patch = d_out[0].data() + b * s.images * s.patch() + plane * n * n;
        // patch = gamma·half·F_Xᵀ
        for (std::int64_t i = 0; i < n * n; ++i) {
          d_log_gamma += d_patch[i] * patch[i];
          d_raw[i] = grid.gamma * d_patch[i];
        }
        Loops::multiply(n, n, s.width, d_raw, n, 1, f_x, d_half, false);
        Loops::multiply(n, n, s.width, d_raw, 1, n, half, d_f_x, true);
        // half = F_Y·x
        for (std::int64_t i = 0; i < n; ++i) {
          Loops::dot_rows(d_half + i * s.width, x, s.height, s.width, d_f_y + i * s.height);
        }
        if (!d_in[input].empty()) {
          T* const d_x = d_in[input].data() + (b * s.channels + c) * s.pixels();
          Loops::multiply(s.height, n, s.width, f_y, 1, s.height, d_half, d_x, true);
        }
      }
    }
    if (!d_in[0].empty()) {
      filters_backward<Loops>(s, grid, f_x, f_y, d_f_x, d_f_y, d_log_gamma, d_in[0].data() + 5 * b);
    }
  }
}

template <class Loops, class T = typename Loops::T>
void WriteForward(const GaussianSizes& s, std::span<const std::span<const T>> in, std::span<const std::span<T>> out) {
  const std::int64_t n = s.filters;
  for (std::int64_t b = 0; b < s.batch; ++b) {
    T* const f_x = out[2].data() + b * n * s.width;
    T* const f_y = out[3].data() + b * n * s.height;
    const Grid<T> grid = make_filters<Loops>(s, in[0].data() + 5 * b, out[1].data() + 4 * b, f_x, f_y);
    const T scale = 1 / grid.gamma;
    for (std::int64_t c = 0; c < s.channels; ++c) {
      const T* const w = in[1].data() + (b * s.channels + c) * n * n;
      T* const half = out[4].data() + (b * s.channels + c) * n * s.width;
      T* const update = out[0].data() + (b * s.channels + c) * s.pixels();
      Loops::multiply(n, n, s.width, w, n, 1, f_x, half, false);
      for (std::int64_t i = 0; i < n * s.width; ++i) half[i] *= scale;
      Loops::multiply(s.height, n, s.width, f_y, 1, s.height, half, update, false);
    }
  }
}

template <class Loops, class T = typename Loops::T>
void WriteBackward(const GaussianSizes& s, std::span<const std::span<const T>> in,
                   std::span<const std::span<const T>> out, std::span<const std::span<const T>> d_out,
                   std::span<const std::span<T>> d_in) {
  const std::int64_t n = s.filters;
  thread_local std::vector<T> room;
  room.resize(static_cast<std::size_t>(2 * n * s.width + n * s.height));
  T* const d_f_x = room.data();
  T* const d_half = d_f_x + n * s.width;
  T* const d_f_y = d_half + n * s.width;
  for (std::int64_t b = 0; b < s.batch; ++b) {
    const Grid<T> grid(in[0].data() + 5 * b, s);
    const T scale = 1 / grid.gamma;
    const T* const f_x = out[2].data() + b * n * s.width;
    const T* const f_y = out[3].data() + b * n * s.height;
    std::fill(d_f_x, d_f_x + n * s.width, T(0));
    std::fill(d_f_y, d_f_y + n * s.height, T(0));
    T d_log_gamma = 0;
    for (std::int64_t c = 0; c < s.channels; ++c) {
      const T* const w = in[1].data() + (b * s.channels + c) * n * n;
      const T* const half = out[4].data() + (b * s.channels + c) * n * s.width;
      const T* const d_update = d_out[0].data() + (b * s.channels + c) * s.pixels();
      // update = F_Yᵀ·half
      Loops::multiply(n, s.height, s.width, f_y, s.height, 1, d_update, d_half, false);
      for (std::int64_t i = 0; i < n; ++i) {
        Loops::dot_rows(half + i * s.width, d_update, s.height, s.width, d_f_y + i * s.height);
      }
      // half = w·F_X/gamma
      d_log_gamma -= Loops::dot(half, d_half, n * s.width);
      for (std::int64_t i = 0; i < n * s.width; ++i) d_half[i] *= scale;
      Loops::multiply(n, n, s.width, w, 1, n, d_half, d_f_x, true);
      if (!d_in[1].empty()) {
        T* const d_w = d_in[1].data() + (b * s.channels + c) * n * n;
        for (std::int64_t i = 0; i < n; ++i) {
          Loops::dot_rows(d_half + i * s.width, f_x, n, s.width, d_w + i * n);
        }
      }
    }
    if (!d_in[0].empty()) {
      filters_backward<Loops>(s, grid, f_x, f_y, d_f_x, d_f_y, d_log_gamma, d_in[0].data() + 5 * b);
    }
  }
}

using InF = std::span<const std::span<const float>>;
using OutF = std::span<const std::span<float>>;
void ReadForwardF32(const GaussianSizes& s, InF in, OutF out) { ReadForward<VectorLoops>(s, in, out); }
void ReadBackwardF32(const GaussianSizes& s, InF in, InF out, InF d_out, OutF d_in) {
  ReadBackward<VectorLoops>(s, in, out, d_out, d_in);
}
void WriteForwardF32(const GaussianSizes& s, InF in, OutF out) { WriteForward<VectorLoops>(s, in, out); }
void WriteBackwardF32(const GaussianSizes& s, InF in, InF out, InF d_out, OutF d_in) {
  WriteBackward<VectorLoops>(s, in, out, d_out, d_in);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace drawlab {

HWY_EXPORT(ReadForwardF32);
HWY_EXPORT(ReadBackwardF32);
HWY_EXPORT(WriteForwardF32);
HWY_EXPORT(WriteBackwardF32);

template <class T>
void GaussianReadOp::forward(std::span<const std::span<const T>> in, std::span<const std::span<T>> out) const {
  if constexpr (std::is_same_v<T, float>) {
    HWY_DYNAMIC_DISPATCH(ReadForwardF32)(sizes, in, out);
  } else {
    HWY_STATIC_DISPATCH(ReadForward)<HWY_STATIC_DISPATCH(PlainLoops)>(sizes, in, out);
  }
}

template <class T>
void GaussianReadOp::backward(std::span<const std::span<const T>> in, std::span<const std::span<const T>> out,
                              std::span<const std::span<const T>> d_out, std::span<const std::span<T>> d_in) const {
  if constexpr (std::is_same_v<T, float>) {
    HWY_DYNAMIC_DISPATCH(ReadBackwardF32)(sizes, in, out, d_out, d_in);
  } else {
    HWY_STATIC_DISPATCH(ReadBackward)<HWY_STATIC_DISPATCH(PlainLoops)>(sizes, in, out, d_out, d_in);
  }
}

template <class T>
void GaussianWriteOp::forward(std::span<const std::span<const T>> in, std::span<const std::span<T>> out) const {
  if constexpr (std::is_same_v<T, float>) {
    HWY_DYNAMIC_DISPATCH(WriteForwardF32)(sizes, in, out);
  } else {
    HWY_STATIC_DISPATCH(WriteForward)<HWY_STATIC_DISPATCH(PlainLoops)>(sizes, in, out);
  }
}

template <class T>
void GaussianWriteOp::backward(std::span<const std::span<const T>> in, std::span<const std::span<const T>> out,
                               std::span<const std::span<const T>> d_out, std::span<const std::span<T>> d_in) const {
  if constexpr (std::is_same_v<T, float>) {
    HWY_DYNAMIC_DISPATCH(WriteBackwardF32)(sizes, in, out, d_out, d_in);
  } else {
    HWY_STATIC_DISPATCH(WriteBackward)<HWY_STATIC_DISPATCH(PlainLoops)>(sizes, in, out, d_out, d_in);
  }
}

ReadResult fused_read(Tape& tape, Value parameters, std::span<const Value> images, std::int64_t filters) {
  const Shape& image = images[0].shape();
  const std::int64_t batch = image[0];
  const GaussianSizes sizes{batch, image[1], image[2], image[3], filters, static_cast<std::int64_t>(images.size())};
  const std::array<Shape, 5> shapes{Shape{batch, sizes.images * sizes.patch()}, Shape{batch, 4},
                                    Shape{batch, filters, sizes.width}, Shape{batch, filters, sizes.height},
                                    Shape{batch, sizes.images * sizes.half()}};
  const GaussianReadOp op{sizes};
  const auto out = images.size() == 1 ? custom_op(tape, op, {parameters, images[0]}, shapes)
                                      : custom_op(tape, op, {parameters, images[0], images[1]}, shapes);
  return {out[0], Window{out[1], filters}};
}

WriteResult fused_write(Tape& tape, Value parameters, Value patch, const ImageShape& image, std::int64_t filters) {
  const std::int64_t batch = parameters.shape()[0];
  const GaussianSizes sizes{batch, image.channels, image.height, image.width, filters, 1};
  const std::array<Shape, 5> shapes{Shape{batch, image.channels, image.height, image.width}, Shape{batch, 4},
                                    Shape{batch, filters, sizes.width}, Shape{batch, filters, sizes.height},
                                    Shape{batch, sizes.half()}};
  const auto out = custom_op(tape, GaussianWriteOp{sizes}, {parameters, patch}, shapes);
  return {out[0], Window{out[1], filters}};
}

}  // namespace drawlab
#endif
