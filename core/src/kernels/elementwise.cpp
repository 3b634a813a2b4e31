// Compiled once for each instruction set: Highway's foreach_target.h includes this file again and again.
#include "kernels/elementwise.hpp"

#include <algorithm>
#include <cstring>

// foreach_target.h has to come before the others.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/elementwise.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace drawlab::kernels {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr std::size_t kMaxLanes = HWY_MAX_BYTES / sizeof(float);

/// Runs f(in…) over n numbers, a vector at a time; the last, partial vector goes through a buffer, so that every number
/// meets the same instructions wherever it stands.
template <class F, class... In>
HWY_ATTR HWY_INLINE void map(std::int64_t count, float* y, F f, const In*... in) {
  const D d;
  const std::size_t n = static_cast<std::size_t>(count);
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(f(d, hn::LoadU(d, in + i)...), d, y + i);
  if (i < n) {
    HWY_ALIGN float out[kMaxLanes] = {};
    const auto partial = [&](const float* from) HWY_ATTR {
      HWY_ALIGN float buffer[kMaxLanes] = {};
      std::memcpy(buffer, from + i, (n - i) * sizeof(float));
      return hn::Load(d, buffer);
    };
    hn::Store(f(d, partial(in)...), d, out);
    std::memcpy(y + i, out, (n - i) * sizeof(float));
  }
}

/// As map, but adds to y unless `fresh`.
template <class F, class... In>
HWY_ATTR HWY_INLINE void map_gradient(std::int64_t count, float* y, bool fresh, F f, const In*... in) {
  if (fresh) {
    map(count, y, f, in...);
  } else {
    const D d;
    const std::size_t n = static_cast<std::size_t>(count);
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
      hn::StoreU(hn::Add(hn::LoadU(d, y + i), f(d, hn::LoadU(d, in + i)...)), d, y + i);
    }
    if (i < n) {
      HWY_ALIGN float out[kMaxLanes] = {};
      const auto partial = [&](const float* from) HWY_ATTR {
        HWY_ALIGN float buffer[kMaxLanes] = {};
        std::memcpy(buffer, from + i, (n - i) * sizeof(float));
        return hn::Load(d, buffer);
      };
      hn::Store(hn::Add(partial(y), f(d, partial(in)...)), d, out);
      std::memcpy(y + i, out, (n - i) * sizeof(float));
    }
  }
}

/// 1/(1 + exp(−x)); the argument is held where exp neither overflows nor leaves the normal numbers.
HWY_ATTR HWY_INLINE V sigmoid_of(D d, V x) {
  const V held = hn::Min(hn::Max(hn::Neg(x), hn::Set(d, -87.0F)), hn::Set(d, 87.0F));
  const V one = hn::Set(d, 1.0F);
  return hn::Div(one, hn::Add(one, hn::Exp(d, held)));
}

/// tanh by 1 − 2/(1 + exp(2x)): its absolute error is one rounding, which is all that a gate needs.
HWY_ATTR HWY_INLINE V tanh_of(D d, V x) {
  const V held = hn::Min(hn::Max(hn::Add(x, x), hn::Set(d, -40.0F)), hn::Set(d, 40.0F));
  const V one = hn::Set(d, 1.0F);
  return hn::Sub(one, hn::Div(hn::Set(d, 2.0F), hn::Add(one, hn::Exp(d, held))));
}

/// Σ f(in…) over n numbers; the partial vector's missing lanes count 0.
template <class F, class... In>
HWY_ATTR HWY_INLINE float sum_map(std::int64_t count, F f, const In*... in) {
  const D d;
  const std::size_t n = static_cast<std::size_t>(count);
  const std::size_t lanes = hn::Lanes(d);
  V sum = hn::Zero(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) sum = hn::Add(sum, f(d, hn::LoadU(d, in + i)...));
  if (i < n) {
    const auto partial = [&](const float* from) HWY_ATTR {
      HWY_ALIGN float buffer[kMaxLanes] = {};
      std::memcpy(buffer, from + i, (n - i) * sizeof(float));
      return hn::Load(d, buffer);
    };
    sum = hn::Add(sum, hn::IfThenElseZero(hn::FirstN(d, n - i), f(d, partial(in)...)));
  }
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

HWY_ATTR void Sigmoid(const float* x, float* y, std::int64_t n) {
  map(
      n, y, [](D d, V v) HWY_ATTR { return sigmoid_of(d, v); }, x);
}

HWY_ATTR void Exp(const float* x, float* y, std::int64_t n) {
  map(
      n, y, [](D d, V v) HWY_ATTR { return hn::Exp(d, v); }, x);
}

HWY_ATTR void Tanh(const float* x, float* y, std::int64_t n) {
  map(
      n, y, [](D d, V v) HWY_ATTR { return tanh_of(d, v); }, x);
}

HWY_ATTR void AddTo(const float* a, const float* b, float* y, std::int64_t n) {
  map(
      n, y, [](D, V v, V w) HWY_ATTR { return hn::Add(v, w); }, a, b);
}

HWY_ATTR void PassOn(const float* x, float* y, std::int64_t n, bool fresh) {
  map_gradient(
      n, y, fresh, [](D, V v) HWY_ATTR { return v; }, x);
}

HWY_ATTR void ErrorImage(const float* x, const float* c, float* y, std::int64_t n) {
  map(
      n, y, [](D d, V v, V w) HWY_ATTR { return hn::Sub(v, sigmoid_of(d, w)); }, x, c);
}

HWY_ATTR void ErrorImageBackward(const float* x, const float* y, const float* d_y, float* d_c, std::int64_t n,
                                 bool fresh) {
  map_gradient(
      n, d_c, fresh,
      [](D d, V v, V w, V dw) HWY_ATTR {
        const V s = hn::Sub(v, w);
        return hn::Mul(dw, hn::Mul(s, hn::Sub(s, hn::Set(d, 1.0F))));
      },
      x, y, d_y);
}

HWY_ATTR void Lstm(const float* gates, const float* c_previous, float* kept, float* h_out, float* c_out,
                   std::int64_t rows, std::int64_t h) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* const g = gates + row * 4 * h;
    float* const k = kept + row * 5 * h;
    float* const c = c_out + row * h;
    map(
        2 * h, k, [](D d, V v) HWY_ATTR { return sigmoid_of(d, v); }, g);
    map(
        h, k + 2 * h, [](D d, V v) HWY_ATTR { return tanh_of(d, v); }, g + 2 * h);
    map(
        h, k + 3 * h, [](D d, V v) HWY_ATTR { return sigmoid_of(d, v); }, g + 3 * h);
    map(
        h, c, [](D, V i, V f, V candidate, V before) HWY_ATTR { return hn::MulAdd(f, before, hn::Mul(i, candidate)); },
        k, k + h, k + 2 * h, c_previous + row * h);
    map(
        h, k + 4 * h, [](D d, V v) HWY_ATTR { return tanh_of(d, v); }, c);
    map(
        h, h_out + row * h, [](D, V o, V t) HWY_ATTR { return hn::Mul(o, t); }, k + 3 * h, k + 4 * h);
  }
}

HWY_ATTR void LstmBackward(const float* kept, const float* c_previous, const float* d_h, const float* d_c,
                           float* d_gates, bool gates_fresh, float* d_c_previous, bool c_fresh, float* d_cell,
                           std::int64_t rows, std::int64_t h) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* const i = kept + row * 5 * h;
    const float* const f = i + h;
    const float* const g = i + 2 * h;
    const float* const o = i + 3 * h;
    const float* const t = i + 4 * h;
    // h = o·tanh(c)
    map(
        h, d_cell,
        [](D d, V dh, V vo, V vt, V dc)
            HWY_ATTR { return hn::MulAdd(hn::Mul(dh, vo), hn::NegMulAdd(vt, vt, hn::Set(d, 1.0F)), dc); },
        d_h + row * h, o, t, d_c + row * h);
    // c = f·c_previous + i·g
    if (d_c_previous != nullptr) {
      map_gradient(
          h, d_c_previous + row * h, c_fresh, [](D, V dc, V vf) HWY_ATTR { return hn::Mul(dc, vf); }, d_cell, f);
    }
    if (d_gates == nullptr) continue;
    float* const d = d_gates + row * 4 * h;
    const auto through_sigmoid = [](D tag, V outer, V factor, V s) HWY_ATTR {
      return hn::Mul(hn::Mul(outer, factor), hn::Mul(s, hn::Sub(hn::Set(tag, 1.0F), s)));
    };
    map_gradient(h, d, gates_fresh, through_sigmoid, d_cell, g, i);
    map_gradient(h, d + h, gates_fresh, through_sigmoid, d_cell, c_previous + row * h, f);
    map_gradient(
        h, d + 2 * h, gates_fresh,
        [](D tag, V dc, V vi, V vg)
            HWY_ATTR { return hn::Mul(hn::Mul(dc, vi), hn::NegMulAdd(vg, vg, hn::Set(tag, 1.0F))); },
        d_cell, i, g);
    map_gradient(h, d + 3 * h, gates_fresh, through_sigmoid, d_h + row * h, t, o);
  }
}

HWY_ATTR void GaussianLatent(const float* mu_log_sigma, const float* noise, float* sigma, float* z, float* kl,
                             std::int64_t rows, std::int64_t latent) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* const mu = mu_log_sigma + row * 2 * latent;
    const float* const log_sigma = mu + latent;
    float* const s = sigma + row * latent;
    map(
        latent, s, [](D d, V v) HWY_ATTR { return hn::Exp(d, v); }, log_sigma);
    map(
        latent, z + row * latent, [](D, V m, V vs, V e) HWY_ATTR { return hn::MulAdd(vs, e, m); }, mu, s,
        noise + row * latent);
    // ½(mu² + sigma²) − log sigma − ½
    kl[row] = sum_map(
        latent,
        [](D d, V m, V vs, V ls) HWY_ATTR {
          const V half = hn::Set(d, 0.5F);
          return hn::Sub(hn::Mul(half, hn::MulAdd(m, m, hn::Mul(vs, vs))), hn::Add(ls, half));
        },
        mu, s, log_sigma);
  }
}

HWY_ATTR void GaussianLatentBackward(const float* mu_log_sigma, const float* noise, const float* sigma,
                                     const float* d_z, const float* d_kl, float* d_mu_log_sigma, bool fresh,
                                     std::int64_t rows, std::int64_t latent) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const float weight = d_kl[row];
    const float* const mu = mu_log_sigma + row * 2 * latent;
    const float* const dz = d_z + row * latent;
    float* const d_mu = d_mu_log_sigma + row * 2 * latent;
    map_gradient(
        latent, d_mu, fresh, [weight](D d, V v, V m) HWY_ATTR { return hn::MulAdd(hn::Set(d, weight), m, v); }, dz, mu);
    map_gradient(
        latent, d_mu + latent, fresh,
        [weight](D d, V v, V s, V e) HWY_ATTR {
          const V from_kl = hn::Mul(hn::Set(d, weight), hn::MulSub(s, s, hn::Set(d, 1.0F)));
          return hn::MulAdd(hn::Mul(v, s), e, from_kl);
        },
        dz, sigma + row * latent, noise + row * latent);
  }
}

HWY_ATTR void BernoulliNll(const float* x, const float* c, float* y, std::int64_t rows, std::int64_t n) {
  for (std::int64_t row = 0; row < rows; ++row) {
    y[row] = sum_map(
        n,
        [](D d, V v, V w) HWY_ATTR {
          const V positive = hn::Max(w, hn::Zero(d));
          const V small = hn::Exp(d, hn::Max(hn::Neg(hn::Abs(w)), hn::Set(d, -87.0F)));
          return hn::Add(hn::NegMulAdd(w, v, positive), hn::Log1p(d, small));
        },
        x + row * n, c + row * n);
  }
}

HWY_ATTR void BernoulliNllBackward(const float* x, const float* c, const float* d_y, float* d_c, bool fresh,
                                   std::int64_t rows, std::int64_t n) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const float weight = d_y[row];
    map_gradient(
        n, d_c + row * n, fresh,
        [weight](D d, V v, V w) HWY_ATTR { return hn::Mul(hn::Set(d, weight), hn::Sub(sigmoid_of(d, w), v)); },
        x + row * n, c + row * n);
  }
}

HWY_ATTR void Softmax(const float* x, float* y, std::int64_t rows, std::int64_t n) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* const from = x + row * n;
    float* const to = y + row * n;
    float largest = from[0];
    for (std::int64_t i = 1; i < n; ++i) largest = std::max(largest, from[i]);
    map(
        n, to,
        [largest](D d, V v)
            HWY_ATTR { return hn::Exp(d, hn::Max(hn::Sub(v, hn::Set(d, largest)), hn::Set(d, -87.0F))); },
        from);
    const float scale = 1.0F / sum_map(
                                   n, [](D, V v) HWY_ATTR { return v; }, to);
    map(
        n, to, [scale](D d, V v) HWY_ATTR { return hn::Mul(v, hn::Set(d, scale)); }, to);
  }
}

HWY_ATTR void AddColumnSums(const float* x, float* sums, std::int64_t rows, std::int64_t n) {
  const D d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  std::int64_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    V a = hn::LoadU(d, sums + i);
    V b = hn::LoadU(d, sums + i + lanes);
    V e = hn::LoadU(d, sums + i + 2 * lanes);
    V f = hn::LoadU(d, sums + i + 3 * lanes);
    for (std::int64_t row = 0; row < rows; ++row) {
      const float* const from = x + row * n + i;
      a = hn::Add(a, hn::LoadU(d, from));
      b = hn::Add(b, hn::LoadU(d, from + lanes));
      e = hn::Add(e, hn::LoadU(d, from + 2 * lanes));
      f = hn::Add(f, hn::LoadU(d, from + 3 * lanes));
    }
    hn::StoreU(a, d, sums + i);
    hn::StoreU(b, d, sums + i + lanes);
    hn::StoreU(e, d, sums + i + 2 * lanes);
    hn::StoreU(f, d, sums + i + 3 * lanes);
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t j = i; j < n; ++j) sums[j] += x[row * n + j];
  }
}

HWY_ATTR double SumOfSquares(const float* x, std::int64_t n) {
  constexpr std::int64_t kBlock = 4096;
  double total = 0;
  for (std::int64_t start = 0; start < n; start += kBlock) {
    total += sum_map(
        std::min(kBlock, n - start), [](D, V v) HWY_ATTR { return hn::Mul(v, v); }, x + start);
  }
  return total;
}

HWY_ATTR void Adam(const AdamStep& step, const float* gradient, float* first, float* second, float* values,
                   std::int64_t n) {
  map(
      n, first,
      [&step](D d, V g, V m) HWY_ATTR {
        return hn::MulAdd(hn::Set(d, step.beta1), m, hn::Mul(hn::Set(d, (1 - step.beta1) * step.scale), g));
      },
      gradient, first);
  map(
      n, second,
      [&step](D d, V g, V v) HWY_ATTR {
        const V scaled = hn::Mul(hn::Set(d, step.scale), g);
        return hn::MulAdd(hn::Set(d, step.beta2), v, hn::Mul(hn::Set(d, 1 - step.beta2), hn::Mul(scaled, scaled)));
      },
      gradient, second);
  map(
      n, values,
      [&step](D d, V m, V v, V w) HWY_ATTR {
        const V down = hn::Add(hn::Sqrt(v), hn::Set(d, step.epsilon));
        return hn::Sub(w, hn::Div(hn::Mul(hn::Set(d, step.rate), m), down));
      },
      first, second, values);
}

const char* InstructionSet() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace drawlab::kernels {

HWY_EXPORT(Sigmoid);
void sigmoid(const float* x, float* y, std::int64_t n) { HWY_DYNAMIC_DISPATCH(Sigmoid)(x, y, n); }

HWY_EXPORT(Exp);
void exp(const float* x, float* y, std::int64_t n) { HWY_DYNAMIC_DISPATCH(Exp)(x, y, n); }

HWY_EXPORT(Tanh);
void tanh(const float* x, float* y, std::int64_t n) { HWY_DYNAMIC_DISPATCH(Tanh)(x, y, n); }

HWY_EXPORT(AddTo);
void add(const float* a, const float* b, float* y, std::int64_t n) { HWY_DYNAMIC_DISPATCH(AddTo)(a, b, y, n); }

HWY_EXPORT(PassOn);
void pass_on(const float* x, float* y, std::int64_t n, bool fresh) { HWY_DYNAMIC_DISPATCH(PassOn)(x, y, n, fresh); }

HWY_EXPORT(ErrorImage);
void error_image(const float* x, const float* c, float* y, std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(ErrorImage)(x, c, y, n);
}

HWY_EXPORT(ErrorImageBackward);
void error_image_backward(const float* x, const float* y, const float* d_y, float* d_c, std::int64_t n, bool fresh) {
  HWY_DYNAMIC_DISPATCH(ErrorImageBackward)(x, y, d_y, d_c, n, fresh);
}

HWY_EXPORT(Lstm);
void lstm(const float* gates, const float* c_previous, float* kept, float* h_out, float* c_out, std::int64_t rows,
          std::int64_t h) {
  HWY_DYNAMIC_DISPATCH(Lstm)(gates, c_previous, kept, h_out, c_out, rows, h);
}

HWY_EXPORT(LstmBackward);
void lstm_backward(const float* kept, const float* c_previous, const float* d_h, const float* d_c, float* d_gates,
                   bool gates_fresh, float* d_c_previous, bool c_fresh, float* d_cell, std::int64_t rows,
                   std::int64_t h) {
  HWY_DYNAMIC_DISPATCH(LstmBackward)
  (kept, c_previous, d_h, d_c, d_gates, gates_fresh, d_c_previous, c_fresh, d_cell, rows, h);
}

HWY_EXPORT(GaussianLatent);
void gaussian_latent(const float* mu_log_sigma, const float* noise, float* sigma, float* z, float* kl,
                     std::int64_t rows, std::int64_t latent) {
  HWY_DYNAMIC_DISPATCH(GaussianLatent)(mu_log_sigma, noise, sigma, z, kl, rows, latent);
}

HWY_EXPORT(GaussianLatentBackward);
void gaussian_latent_backward(const float* mu_log_sigma, const float* noise, const float* sigma, const float* d_z,
                              const float* d_kl, float* d_mu_log_sigma, bool fresh, std::int64_t rows,
                              std::int64_t latent) {
  HWY_DYNAMIC_DISPATCH(GaussianLatentBackward)
  (mu_log_sigma, noise, sigma, d_z, d_kl, d_mu_log_sigma, fresh, rows, latent);
}

HWY_EXPORT(BernoulliNll);
void bernoulli_nll(const float* x, const float* c, float* y, std::int64_t rows, std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(BernoulliNll)(x, c, y, rows, n);
}

HWY_EXPORT(BernoulliNllBackward);
void bernoulli_nll_backward(const float* x, const float* c, const float* d_y, float* d_c, bool fresh, std::int64_t rows,
                            std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(BernoulliNllBackward)(x, c, d_y, d_c, fresh, rows, n);
}

HWY_EXPORT(Softmax);
void softmax(const float* x, float* y, std::int64_t rows, std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(Softmax)(x, y, rows, n);
}

HWY_EXPORT(AddColumnSums);
void add_column_sums(const float* x, float* sums, std::int64_t rows, std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(AddColumnSums)(x, sums, rows, n);
}

HWY_EXPORT(SumOfSquares);
double sum_of_squares(const float* x, std::int64_t n) { return HWY_DYNAMIC_DISPATCH(SumOfSquares)(x, n); }

HWY_EXPORT(Adam);
void adam(const AdamStep& step, const float* gradient, float* first, float* second, float* values, std::int64_t n) {
  HWY_DYNAMIC_DISPATCH(Adam)(step, gradient, first, second, values, n);
}

HWY_EXPORT(InstructionSet);
const char* instruction_set() { return HWY_DYNAMIC_DISPATCH(InstructionSet)(); }

}  // namespace drawlab::kernels
#endif
