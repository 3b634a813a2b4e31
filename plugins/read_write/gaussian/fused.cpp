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

/// The pixels first … first + count − 1 of an axis.
struct Reach {
  std::int64_t first;
  std::int64_t count;
};

/// Exponents further below a filter's largest count as e^−∞: together they are less than the rounding errors of its
/// sum.
template <class T>
constexpr T kFaintest = std::is_same_v<T, float> ? T(20) : T(45);

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
  /// Where the filters of an axis of `size` pixels are above 0. All of the axis where the numbers are none.
  Reach reach(T center, std::int64_t filters, std::int64_t size) const {
    const T radius = std::sqrt(2 * kFaintest<T> / precision);
    const auto end = static_cast<T>(size);
    // A filter beyond the edge stands on the edge's pixel.
    const T low = std::clamp(mean(center, 0, filters), T(1), end) - radius;
    const T high = std::clamp(mean(center, filters - 1, filters), T(1), end) + radius;
    const std::int64_t first = low > 1 ? static_cast<std::int64_t>(low) - 1 : 0;
    const std::int64_t last = high < end ? static_cast<std::int64_t>(std::ceil(high)) : size;
    return {first, last - first};
  }
  Reach columns(const GaussianSizes& s) const { return reach(center_x, s.filters, s.width); }
  Reach rows(const GaussianSizes& s) const { return reach(center_y, s.filters, s.height); }
};

/// 0 in those of `size` items, of `width` numbers each, that lie outside `reach`.
template <class T>
void clear_around(T* items, std::int64_t size, const Reach& reach, std::int64_t width = 1) {
  std::fill(items, items + reach.first * width, T(0));
  std::fill(items + (reach.first + reach.count) * width, items + size * width, T(0));
}

/// The filters of one axis: 0 beyond their reach.
template <class Loops, class T>
void make_axis(const Grid<T>& grid, T center, const Reach& reach, std::int64_t filters, std::int64_t size, T* f) {
  for (std::int64_t i = 0; i < filters; ++i) {
    clear_around(f + i * size, size, reach);
    Loops::filter(grid.mean(center, i, filters), grid.precision, reach.first, f + i * size + reach.first, reach.count);
  }
}

template <class Loops, class T>
Grid<T> make_filters(const GaussianSizes& s, const T* parameters, T* geometry, T* f_x, T* f_y) {
  const Grid<T> grid(parameters, s);
  geometry[0] = grid.center_x;
  geometry[1] = grid.center_y;
  geometry[2] = grid.delta;
  geometry[3] = 1 / std::sqrt(grid.precision);
  make_axis<Loops>(grid, grid.center_x, grid.columns(s), s.filters, s.width, f_x);
  make_axis<Loops>(grid, grid.center_y, grid.rows(s), s.filters, s.height, f_y);
  return grid;
}

/// d_parameters += what d_F_X, d_F_Y (looked at within reach only) and d log gamma say.
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
    const Reach reach = axis == 0 ? grid.columns(s) : grid.rows(s);
    for (std::int64_t i = 0; i < s.filters; ++i) {
      const std::int64_t at = i * size + reach.first;
      const auto sums =
          Loops::filter_backward(grid.mean(center, i, s.filters), reach.first, f + at, d_f + at, reach.count);
      const T d_mean = sums.first * grid.precision;  // exponent = −½·precision·distance²
      d_center[axis] += d_mean;
      d_delta += d_mean * Grid<T>::step(i, s.filters);
      d_log_variance += sums.second * grid.precision;
    }
  }
  d_parameters[0] += grid.inside[0] * d_center[0] * grid.half_width;
  d_parameters[1] += grid.inside[1] * d_center[1] * grid.half_height;
  d_parameters[2] += grid.inside[2] * d_log_variance;
  d_parameters[3] += grid.inside[3] * d_delta * grid.delta;
  d_parameters[4] += grid.inside[4] * d_log_gamma;
}

template <class T>
Strided<const T> in_rows(const T* data, std::int64_t row) {
  return {data, row};
}
/// The transpose of a matrix with rows of `row` elements.
template <class T>
Strided<const T> in_columns(const T* data, std::int64_t row) {
  return {data, 1, row};
}

template <class Loops, class T = typename Loops::T>
void ReadForward(const GaussianSizes& s, std::span<const std::span<const T>> in, std::span<const std::span<T>> out) {
  const std::int64_t n = s.filters;
  for (std::int64_t b = 0; b < s.batch; ++b) {
    T* const f_x = out[2].data() + b * n * s.width;
    T* const f_y = out[3].data() + b * n * s.height;
    const Grid<T> grid = make_filters<Loops>(s, in[0].data() + 5 * b, out[1].data() + 4 * b, f_x, f_y);
    const Reach columns = grid.columns(s);
    const Reach rows = grid.rows(s);
    for (std::int64_t image = 0; image < s.images; ++image) {
      for (std::int64_t c = 0; c < s.channels; ++c) {
        const std::int64_t plane = image * s.channels + c;
        const T* const x = in[static_cast<std::size_t>(1 + image)].data() + (b * s.channels + c) * s.pixels();
        T* const half = out[4].data() + b * s.images * s.half() + plane * n * s.width;
        T* const patch = out[0].data() + b * s.images * s.patch() + plane * n * n;
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
    const Reach columns = grid.columns(s);
    const Reach rows = grid.rows(s);
    const std::int64_t corner = rows.first * s.width + columns.first;
    std::fill(d_f_x, d_f_x + n * s.width, T(0));
    std::fill(d_f_y, d_f_y + n * s.height, T(0));
    const Strided<T> d_f_x_within{d_f_x + columns.first, s.width};
    const Strided<T> d_f_y_within{d_f_y + rows.first, s.height};
    const Strided<T> d_half_within{d_half + columns.first, s.width};
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
        Loops::multiply(n, n, columns.count, in_rows<T>(d_raw, n), in_rows<T>(f_x + columns.first, s.width),
                        d_half_within, false);
        Loops::multiply(n, n, columns.count, in_columns<T>(d_raw, n), in_rows<T>(half + columns.first, s.width),
                        d_f_x_within, true);
        // half = F_Y·x
        Loops::multiply_transposed(n, columns.count, rows.count, in_rows<T>(d_half_within.data, s.width),
                                   in_rows<T>(x + corner, s.width), d_f_y_within);
        if (!d_in[input].empty()) {
          T* const d_x = d_in[input].data() + (b * s.channels + c) * s.pixels();
          Loops::multiply(rows.count, n, columns.count, in_columns<T>(f_y + rows.first, s.height),
                          in_rows<T>(d_half_within.data, s.width), Strided<T>{d_x + corner, s.width}, true);
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
    const Reach columns = grid.columns(s);
    const Reach rows = grid.rows(s);
    const T scale = 1 / grid.gamma;
    for (std::int64_t c = 0; c < s.channels; ++c) {
      const T* const w = in[1].data() + (b * s.channels + c) * n * n;
      T* const half = out[4].data() + (b * s.channels + c) * n * s.width;
      T* const update = out[0].data() + (b * s.channels + c) * s.pixels();
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
    const Reach columns = grid.columns(s);
    const Reach rows = grid.rows(s);
    const std::int64_t corner = rows.first * s.width + columns.first;
    std::fill(d_f_x, d_f_x + n * s.width, T(0));
    std::fill(d_f_y, d_f_y + n * s.height, T(0));
    const Strided<T> d_f_x_within{d_f_x + columns.first, s.width};
    const Strided<T> d_f_y_within{d_f_y + rows.first, s.height};
    const Strided<T> d_half_within{d_half + columns.first, s.width};
    T d_log_gamma = 0;
    for (std::int64_t c = 0; c < s.channels; ++c) {
      const T* const w = in[1].data() + (b * s.channels + c) * n * n;
      const T* const half = out[4].data() + (b * s.channels + c) * n * s.width;
      const T* const d_update = d_out[0].data() + (b * s.channels + c) * s.pixels();
      // update = F_Yᵀ·half
      std::fill(d_half, d_half + n * s.width, T(0));
      Loops::multiply(n, rows.count, columns.count, in_rows<T>(f_y + rows.first, s.height),
                      in_rows<T>(d_update + corner, s.width), d_half_within, false);
      Loops::multiply_transposed(n, columns.count, rows.count, in_rows<T>(half + columns.first, s.width),
                                 in_rows<T>(d_update + corner, s.width), d_f_y_within);
      // half = w·F_X/gamma
      d_log_gamma -= Loops::dot(half, d_half, n * s.width);
      for (std::int64_t i = 0; i < n * s.width; ++i) d_half[i] *= scale;
      Loops::multiply(n, n, columns.count, in_columns<T>(w, n), in_rows<T>(d_half_within.data, s.width), d_f_x_within,
                      true);
      if (!d_in[1].empty()) {
        T* const d_w = d_in[1].data() + (b * s.channels + c) * n * n;
        Loops::multiply_transposed(n, columns.count, n, in_rows<T>(d_half_within.data, s.width),
                                   in_rows<T>(f_x + columns.first, s.width), Strided<T>{d_w, n});
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
