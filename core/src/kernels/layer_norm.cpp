// Compiled once for each instruction set: Highway's foreach_target.h includes this file again and again.
#include "kernels/layer_norm.hpp"

#include <cmath>
#include <type_traits>

// clang-format off
// foreach_target.h has to come before highway.h
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/layer_norm.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "kernels/loops-inl.hpp"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace drawlab::kernels {
namespace HWY_NAMESPACE {
namespace {

/// Four sums of a row side by side: one alone would wait for its own last addition at every step.
struct Sums {
  V v[4];
  HWY_ATTR HWY_INLINE Sums() {
    for (V& sum : v) sum = hn::Zero(D());
  }
  HWY_ATTR HWY_INLINE float total() const {
    return hn::GetLane(hn::SumOfLanes(D(), hn::Add(hn::Add(v[0], v[1]), hn::Add(v[2], v[3]))));
  }
};

template <std::size_t kSum>
using Index = std::integral_constant<std::size_t, kSum>;

/// Calls f(at, Whole or Last, Index of the sum to add to) for every vector of a row.
template <class F>
HWY_ATTR HWY_INLINE void each_vector_of_four(std::int64_t n, F f) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(D()));
  std::int64_t at = 0;
  for (; at + 4 * lanes <= n; at += 4 * lanes) {
    f(at, Whole(), Index<0>());
    f(at + lanes, Whole(), Index<1>());
    f(at + 2 * lanes, Whole(), Index<2>());
    f(at + 3 * lanes, Whole(), Index<3>());
  }
  each_vector(n - at, [&](std::int64_t rest, auto part) HWY_ATTR { f(at + rest, part, Index<0>()); });
}

HWY_ATTR void LayerNorm(const float* x, const float* gain, const float* shift, Into<float> y,
                        const NormArrays<float>& arrays, const MatrixSize& size) {
  const auto [rows, n] = size;
  const D d;
  const float share = 1.0F / static_cast<float>(n);
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* const in = x + row * n;
    float* const hat = arrays.x_hat + row * n;
    const Into<float> out = y.from(row * n);
    Sums sum;
    each_vector_of_four(
        n, [&](std::int64_t at, auto part, auto i) HWY_ATTR { sum.v[i] = hn::Add(sum.v[i], part.load(in + at)); });
    const V mean = hn::Set(d, sum.total() * share);
    Sums squares;
    each_vector_of_four(n, [&](std::int64_t at, auto part, auto i) HWY_ATTR {
      const V off = part.within(hn::Sub(part.load(in + at), mean));
      squares.v[i] = hn::MulAdd(off, off, squares.v[i]);
    });
    arrays.inverse[row] = 1.0F / std::sqrt(squares.total() * share + static_cast<float>(kNormEpsilon));
    const V scale = hn::Set(d, arrays.inverse[row]);
    each_vector_of_four(n, [&](std::int64_t at, auto part, auto) HWY_ATTR {
      const V v = hn::Mul(hn::Sub(part.load(in + at), mean), scale);
      part.store(v, hat + at);
      put(part, hn::MulAdd(part.load(gain + at), v, part.load(shift + at)), out, at);
    });
  }
}

HWY_ATTR void LayerNormBackward(const NormArrays<float>& arrays, const float* gain, const float* d_y,
                                const NormGradients<float>& gradients, const MatrixSize& size) {
  const auto [rows, n] = size;
  const Into<float> d_x = gradients.x;
  float* const d_gain = gradients.gain;
  float* const d_shift = gradients.shift;
  const D d;
  const float share = 1.0F / static_cast<float>(n);
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* const hat = arrays.x_hat + row * n;
    const float* const from = d_y + row * n;
    Sums sum;
    Sums dot;
    each_vector_of_four(n, [&](std::int64_t at, auto part, auto i) HWY_ATTR {
      const V outer = part.load(from + at);
      const V seen = part.load(hat + at);
      // y = gain·x_hat + shift
      if (d_shift != nullptr) {
        part.store(hn::Add(part.load(d_shift + at), outer), d_shift + at);
      }
      if (d_gain != nullptr) {
        part.store(hn::MulAdd(outer, seen, part.load(d_gain + at)), d_gain + at);
      }
      const V d_hat = hn::Mul(outer, part.load(gain + at));
      sum.v[i] = hn::Add(sum.v[i], d_hat);
      dot.v[i] = hn::MulAdd(d_hat, seen, dot.v[i]);
    });
    if (d_x.to == nullptr) continue;
    // x_hat = (x − mean)·inverse
    const V mean = hn::Set(d, sum.total() * share);
    const V slope = hn::Set(d, dot.total() * share);
    const V scale = hn::Set(d, arrays.inverse[row]);
    float* const to = d_x.to + row * n;
    each_vector_of_four(n, [&](std::int64_t at, auto part, auto) HWY_ATTR {
      const V d_hat = hn::Mul(part.load(from + at), part.load(gain + at));
      const V through = hn::NegMulAdd(part.load(hat + at), slope, hn::Sub(d_hat, mean));
      const V before = d_x.fresh ? hn::Zero(d) : part.load(to + at);
      part.store(hn::MulAdd(scale, through, before), to + at);
    });
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace drawlab::kernels {

HWY_EXPORT(LayerNorm);
void layer_norm(const float* x, const float* gain, const float* shift, Into<float> y, const NormArrays<float>& arrays,
                const MatrixSize& size) {
  HWY_DYNAMIC_DISPATCH(LayerNorm)(x, gain, shift, y, arrays, size);
}

HWY_EXPORT(LayerNormBackward);
void layer_norm_backward(const NormArrays<float>& arrays, const float* gain, const float* d_y,
                         const NormGradients<float>& gradients, const MatrixSize& size) {
  HWY_DYNAMIC_DISPATCH(LayerNormBackward)(arrays, gain, d_y, gradients, size);
}

// ---- f64 ----

void layer_norm(const double* x, const double* gain, const double* shift, Into<double> y,
                const NormArrays<double>& arrays, const MatrixSize& size) {
  const std::int64_t n = size.columns;
  const auto count = static_cast<double>(n);
  for (std::int64_t row = 0; row < size.rows; ++row) {
    const std::int64_t start = row * n;
    double mean = 0;
    for (std::int64_t i = 0; i < n; ++i) mean += x[start + i] / count;
    double variance = 0;
    for (std::int64_t i = 0; i < n; ++i) variance += (x[start + i] - mean) * (x[start + i] - mean) / count;
    arrays.inverse[row] = 1 / std::sqrt(variance + kNormEpsilon);
    for (std::int64_t i = 0; i < n; ++i) {
      const double x_hat = arrays.x_hat[start + i] = (x[start + i] - mean) * arrays.inverse[row];
      y.to[start + i] = (y.fresh ? 0 : y.to[start + i]) + gain[i] * x_hat + shift[i];
    }
  }
}

void layer_norm_backward(const NormArrays<double>& arrays, const double* gain, const double* d_y,
                         const NormGradients<double>& gradients, const MatrixSize& size) {
  const auto [d_x, d_gain, d_shift] = gradients;
  const std::int64_t n = size.columns;
  const auto count = static_cast<double>(n);
  for (std::int64_t row = 0; row < size.rows; ++row) {
    const std::int64_t start = row * n;
    double mean = 0;
    double slope = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      const double outer = d_y[start + i];
      const double x_hat = arrays.x_hat[start + i];
      if (d_shift != nullptr) d_shift[i] += outer;
      if (d_gain != nullptr) d_gain[i] += outer * x_hat;
      mean += outer * gain[i] / count;
      slope += outer * gain[i] * x_hat / count;
    }
    if (!d_x) continue;
    for (std::int64_t i = start; i < start + n; ++i) {
      d_x.put(i, arrays.inverse[row] * (d_y[i] * gain[i - start] - mean - arrays.x_hat[i] * slope));
    }
  }
}

}  // namespace drawlab::kernels
#endif
