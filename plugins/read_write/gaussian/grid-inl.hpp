// Included once for each instruction set, like loops-inl.hpp: the grid of one sample and its filters.
#if defined(DRAWLAB_GAUSSIAN_GRID_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef DRAWLAB_GAUSSIAN_GRID_INL
#undef DRAWLAB_GAUSSIAN_GRID_INL
#else
#define DRAWLAB_GAUSSIAN_GRID_INL
#endif

#include "fused.hpp"
#include "limits.hpp"
#include "loops-inl.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

HWY_BEFORE_NAMESPACE();
namespace drawlab {
namespace HWY_NAMESPACE {
namespace {

/// The pixels first … first + count − 1 of an axis.
struct Reach {
  std::int64_t first;
  std::int64_t count;
};

/// An exponent further than this below a filter's largest counts as 0: all of them together are less than the rounding
/// errors of the filter's sum.
template <class T>
constexpr T kFaintest = std::is_same_v<T, float> ? T(20) : T(45);

/// Equations 21 to 24 for one sample.
template <class T>
struct FilterGrid {
  T center_x, center_y, delta, precision, gamma;
  T half_width, half_height;
  T inside[5];  // 1 where the parameter is within its limits, else 0

  FilterGrid(const T* parameters, const GaussianOp& sizes) {
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
  /// The pixels of an axis of `size` on which a filter is above 0; the whole axis if a number is NaN.
  Reach reach(T center, std::int64_t filters, std::int64_t size) const {
    const T radius = std::sqrt(2 * kFaintest<T> / precision);
    const auto end = static_cast<T>(size);
    // A filter beyond the edge is on the pixel at the edge.
    const T low = std::clamp(mean(center, 0, filters), T(1), end) - radius;
    const T high = std::clamp(mean(center, filters - 1, filters), T(1), end) + radius;
    const std::int64_t first = low > 1 ? static_cast<std::int64_t>(low) - 1 : 0;
    const std::int64_t last = high < end ? static_cast<std::int64_t>(std::ceil(high)) : size;
    return {first, last - first};
  }
  Reach columns(const GaussianOp& s) const { return reach(center_x, s.filters, s.width); }
  Reach rows(const GaussianOp& s) const { return reach(center_y, s.filters, s.height); }
};

/// Sets to 0 those of `size` items, with `width` numbers each, that are outside `reach`.
template <class T>
void clear_around(T* items, std::int64_t size, const Reach& reach, std::int64_t width = 1) {
  std::fill(items, items + reach.first * width, T(0));
  std::fill(items + (reach.first + reach.count) * width, items + size * width, T(0));
}

/// The filters of one axis, 0 outside `reach`.
template <class Loops, class T>
void make_axis(const FilterGrid<T>& grid, T center, const Reach& reach, std::int64_t filters, std::int64_t size, T* f) {
  for (std::int64_t i = 0; i < filters; ++i) {
    clear_around(f + i * size, size, reach);
    Loops::filter(grid.mean(center, i, filters), grid.precision, reach.first, f + i * size + reach.first, reach.count);
  }
}

/// One sample's grid, the part of the image that it reaches, and its filters F_X and F_Y. Written in the forward pass
/// (F is T), read in the backward pass (F is const T).
template <class T, class F>
struct Sample {
  FilterGrid<T> grid;
  Reach columns;
  Reach rows;
  F* f_x;
  F* f_y;
};

// Inlined: in a function of its own the compiler contracts products and sums differently, which changes the last bits
// of gradients.
template <class T, class F>
HWY_INLINE Sample<T, F> sample_of(const GaussianOp& s, std::int64_t b, std::span<const T> parameters,
                                  std::span<const std::span<F>> out) {
  const FilterGrid<T> grid(parameters.data() + 5 * b, s);
  return {grid, grid.columns(s), grid.rows(s), out[kFiltersX].data() + b * s.filters * s.width,
          out[kFiltersY].data() + b * s.filters * s.height};
}

/// The same with the filters, centre, delta and sigma computed and written to `out`.
template <class Loops, class T>
Sample<T, T> make_sample(const GaussianOp& s, std::int64_t b, std::span<const T> parameters,
                         std::span<const std::span<T>> out) {
  const Sample<T, T> sample = sample_of<T, T>(s, b, parameters, out);
  const FilterGrid<T>& grid = sample.grid;
  out[kCenter].data()[2 * b] = grid.center_x;
  out[kCenter].data()[2 * b + 1] = grid.center_y;
  out[kDelta].data()[b] = grid.delta;
  out[kSigma].data()[b] = 1 / std::sqrt(grid.precision);
  make_axis<Loops>(grid, grid.center_x, sample.columns, s.filters, s.width, sample.f_x);
  make_axis<Loops>(grid, grid.center_y, sample.rows, s.filters, s.height, sample.f_y);
  return sample;
}

/// Gradients of one sample's filters, and of the products in between, in memory that each thread keeps.
template <class T>
struct FilterGradients {
  T* f_x;   // [N,W]
  T* half;  // [N,W]
  T* f_y;   // [N,H]
  T* raw;   // [N,N]

  explicit FilterGradients(const GaussianOp& s) {
    thread_local std::vector<T> room;
    const std::int64_t n = s.filters;
    room.resize(static_cast<std::size_t>(2 * n * s.width + n * s.height + n * n));
    f_x = room.data();
    half = f_x + n * s.width;
    f_y = half + n * s.width;
    raw = f_y + n * s.height;
  }
  void clear(const GaussianOp& s) const {
    std::fill(f_x, f_x + s.filters * s.width, T(0));
    std::fill(f_y, f_y + s.filters * s.height, T(0));
  }
};

/// One plane of an image, the results of its forward pass and the gradients. d_x is null if not needed.
template <class T>
struct ReadPlane {
  const T* x;
  const T* half;
  const T* patch;
  const T* d_patch;
  T* d_x;
};

/// d_parameters += the gradient that follows from those of F_X and F_Y (within reach only) and of log gamma.
template <class Loops, class T>
void filters_backward(const GaussianOp& s, const Sample<T, const T>& sample, const FilterGradients<T>& d, T d_log_gamma,
                      T* d_parameters) {
  const FilterGrid<T>& grid = sample.grid;
  T d_center[2] = {0, 0};
  T d_delta = 0;
  T d_log_variance = 0;
  for (int axis = 0; axis < 2; ++axis) {
    const std::int64_t size = axis == 0 ? s.width : s.height;
    const T center = axis == 0 ? grid.center_x : grid.center_y;
    const T* const f = axis == 0 ? sample.f_x : sample.f_y;
    const T* const d_f = axis == 0 ? d.f_x : d.f_y;
    const Reach reach = axis == 0 ? sample.columns : sample.rows;
    for (std::int64_t i = 0; i < s.filters; ++i) {
      const std::int64_t at = i * size + reach.first;
      const auto sums =
          Loops::filter_backward(grid.mean(center, i, s.filters), reach.first, f + at, d_f + at, reach.count);
      const T d_mean = sums.first * grid.precision;  // exponent = −½·precision·distance²
      d_center[axis] += d_mean;
      d_delta += d_mean * FilterGrid<T>::step(i, s.filters);
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

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab
HWY_AFTER_NAMESPACE();

#endif
