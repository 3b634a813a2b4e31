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
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace drawlab::kernels {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

/// A whole vector of a row.
struct Whole {
  HWY_ATTR HWY_INLINE static V load(const float* from) { return hn::LoadU(D(), from); }
  HWY_ATTR HWY_INLINE static void store(V v, float* to) { hn::StoreU(v, D(), to); }
  HWY_ATTR HWY_INLINE static V within(V v) { return v; }
};

/// The last vector of a row, without what lies behind it. Masked stores take many times as long as whole ones on some
/// processors.
struct Last {
  hn::Mask<D> mask;
  HWY_ATTR HWY_INLINE V load(const float* from) const { return hn::MaskedLoad(mask, D(), from); }
  HWY_ATTR HWY_INLINE void store(V v, float* to) const { hn::BlendedStore(v, mask, D(), to); }
  HWY_ATTR HWY_INLINE V within(V v) const { return hn::IfThenElseZero(mask, v); }
};

/// Sums of a row that are made side by side: one alone would wait for its own last addition at every step.
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

/// Calls f(at, Whole or Last, Index of the sum that it may add to) for every vector of a row.
template <class F>
HWY_ATTR HWY_INLINE void each_vector(std::int64_t n, F f) {
  const D d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  std::int64_t at = 0;
  for (; at + 4 * lanes <= n; at += 4 * lanes) {
    f(at, Whole(), Index<0>());
    f(at + lanes, Whole(), Index<1>());
    f(at + 2 * lanes, Whole(), Index<2>());
    f(at + 3 * lanes, Whole(), Index<3>());
  }
  for (; at + lanes <= n; at += lanes) f(at, Whole(), Index<0>());
  if (at < n) f(at, Last{hn::FirstN(d, static_cast<std::size_t>(n - at))}, Index<0>());
}

HWY_ATTR void LayerNorm(const float* x, const float* gain, const float* shift, float* y, bool fresh, float* x_hat,
                        float* inverse, std::int64_t rows, std::int64_t n) {
  const D d;
  const float share = 1.0F / static_cast<float>(n);
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* const in = x + row * n;
    float* const hat = x_hat + row * n;
    float* const out = y + row * n;
    Sums sum;
    each_vector(n,
                [&](std::int64_t at, auto part, auto i) HWY_ATTR { sum.v[i] = hn::Add(sum.v[i], part.load(in + at)); });
    const V mean = hn::Set(d, sum.total() * share);
    Sums squares;
    each_vector(n, [&](std::int64_t at, auto part, auto i) HWY_ATTR {
      const V off = part.within(hn::Sub(part.load(in + at), mean));
      squares.v[i] = hn::MulAdd(off, off, squares.v[i]);
    });
    inverse[row] = 1.0F / std::sqrt(squares.total() * share + static_cast<float>(kNormEpsilon));
    const V scale = hn::Set(d, inverse[row]);
    each_vector(n, [&](std::int64_t at, auto part, auto) HWY_ATTR {
      const V v = hn::Mul(hn::Sub(part.load(in + at), mean), scale);
      part.store(v, hat + at);
      const V moved = hn::MulAdd(part.load(gain + at), v, part.load(shift + at));
      part.store(fresh ? moved : hn::Add(part.load(out + at), moved), out + at);
    });
  }
}

HWY_ATTR void LayerNormBackward(const float* x_hat, const float* inverse, const float* gain, const float* d_y,
                                float* d_x, bool fresh, float* d_gain, float* d_shift, std::int64_t rows,
                                std::int64_t n) {
  const D d;
  const float share = 1.0F / static_cast<float>(n);
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* const hat = x_hat + row * n;
    const float* const from = d_y + row * n;
    Sums sum;
    Sums dot;
    each_vector(n, [&](std::int64_t at, auto part, auto i) HWY_ATTR {
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
    if (d_x == nullptr) continue;
    // x_hat = (x − mean)·inverse
    const V mean = hn::Set(d, sum.total() * share);
    const V slope = hn::Set(d, dot.total() * share);
    const V scale = hn::Set(d, inverse[row]);
    float* const to = d_x + row * n;
    each_vector(n, [&](std::int64_t at, auto part, auto) HWY_ATTR {
      const V d_hat = hn::Mul(part.load(from + at), part.load(gain + at));
      const V through = hn::NegMulAdd(part.load(hat + at), slope, hn::Sub(d_hat, mean));
      const V before = fresh ? hn::Zero(d) : part.load(to + at);
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
void layer_norm(const float* x, const float* gain, const float* shift, float* y, bool fresh, float* x_hat,
                float* inverse, std::int64_t rows, std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(LayerNorm)(x, gain, shift, y, fresh, x_hat, inverse, rows, n);
}

HWY_EXPORT(LayerNormBackward);
void layer_norm_backward(const float* x_hat, const float* inverse, const float* gain, const float* d_y, float* d_x,
                         bool fresh, float* d_gain, float* d_shift, std::int64_t rows, std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(LayerNormBackward)(x_hat, inverse, gain, d_y, d_x, fresh, d_gain, d_shift, rows, n);
}

// ---- f64 ----

void layer_norm(const double* x, const double* gain, const double* shift, double* y, bool fresh, double* x_hat,
                double* inverse, std::int64_t rows, std::int64_t n) {
  const auto count = static_cast<double>(n);
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t start = row * n;
    double mean = 0;
    for (std::int64_t i = 0; i < n; ++i) mean += x[start + i] / count;
    double variance = 0;
    for (std::int64_t i = 0; i < n; ++i) variance += (x[start + i] - mean) * (x[start + i] - mean) / count;
    inverse[row] = 1 / std::sqrt(variance + kNormEpsilon);
    for (std::int64_t i = 0; i < n; ++i) {
      x_hat[start + i] = (x[start + i] - mean) * inverse[row];
      y[start + i] = (fresh ? 0 : y[start + i]) + gain[i] * x_hat[start + i] + shift[i];
    }
  }
}

void layer_norm_backward(const double* x_hat, const double* inverse, const double* gain, const double* d_y, double* d_x,
                         bool fresh, double* d_gain, double* d_shift, std::int64_t rows, std::int64_t n) {
  const auto count = static_cast<double>(n);
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t start = row * n;
    double mean = 0;
    double slope = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      const double outer = d_y[start + i];
      if (d_shift != nullptr) d_shift[i] += outer;
      if (d_gain != nullptr) d_gain[i] += outer * x_hat[start + i];
      mean += outer * gain[i] / count;
      slope += outer * gain[i] * x_hat[start + i] / count;
    }
    if (d_x == nullptr) continue;
    for (std::int64_t i = 0; i < n; ++i) {
      const double through = inverse[row] * (d_y[start + i] * gain[i] - mean - x_hat[start + i] * slope);
      d_x[start + i] = (fresh ? 0 : d_x[start + i]) + through;
    }
  }
}

}  // namespace drawlab::kernels
#endif
