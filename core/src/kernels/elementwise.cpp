// Compiled once for each instruction set: Highway's foreach_target.h includes this file again and again.
#include "kernels/elementwise.hpp"

#include "kernels/bf16.hpp"

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

/// The numbers of one vector's worth of cells, or of the last, partial one.
class Lanes {
 public:
  HWY_ATTR HWY_INLINE explicit Lanes(std::size_t count) : count_(count), whole_(count >= hn::Lanes(D())) {}
  HWY_ATTR HWY_INLINE V load(const float* from) const {
    const D d;
    if (HWY_LIKELY(whole_)) return hn::LoadU(d, from);
    HWY_ALIGN float buffer[kMaxLanes] = {};
    std::memcpy(buffer, from, count_ * sizeof(float));
    return hn::Load(d, buffer);
  }
  HWY_ATTR HWY_INLINE void store(V v, float* to) const {
    const D d;
    if (HWY_LIKELY(whole_)) {
      hn::StoreU(v, d, to);
    } else {
      HWY_ALIGN float buffer[kMaxLanes];
      hn::Store(v, d, buffer);
      std::memcpy(to, buffer, count_ * sizeof(float));
    }
  }
  HWY_ATTR HWY_INLINE void put(V v, float* to, bool fresh) const { store(fresh ? v : hn::Add(load(to), v), to); }

 private:
  std::size_t count_;
  bool whole_;
};

/// σ(i), σ(f), tanh(g) and σ(o) in place, with one division for the four: its cost is most of a gate's. Arguments are
/// held within ±20, where both functions are flat in f32 and the four denominators' product is far from overflow.
HWY_ATTR HWY_INLINE void squash_gates(V& i, V& f, V& g, V& o) {
  const D d;
  const V one = hn::Set(d, 1.0F);
  const auto denominator = [&](V minus_x) HWY_ATTR {
    const V held = hn::Min(hn::Max(minus_x, hn::Set(d, -20.0F)), hn::Set(d, 20.0F));
    return hn::Add(one, hn::Exp(d, held));
  };
  const V of_i = denominator(hn::Neg(i));
  const V of_f = denominator(hn::Neg(f));
  const V of_g = denominator(hn::Add(g, g));  // tanh(g) = 1 − 2/(1 + exp(2g))
  const V of_o = denominator(hn::Neg(o));
  const V first = hn::Mul(of_i, of_f);
  const V second = hn::Mul(of_g, of_o);
  const V all = hn::Div(one, hn::Mul(first, second));
  const V one_by_first = hn::Mul(all, second);
  const V one_by_second = hn::Mul(all, first);
  i = hn::Mul(one_by_first, of_f);
  f = hn::Mul(one_by_first, of_i);
  g = hn::NegMulAdd(hn::Set(d, 2.0F), hn::Mul(one_by_second, of_o), one);
  o = hn::Mul(one_by_second, of_g);
}

HWY_ATTR void Lstm(const float* gates, const float* c_previous, float* kept, float* tanh_c, float* h_out, float* c_out,
                   std::int64_t rows, std::int64_t h) {
  const D d;
  const auto step = static_cast<std::int64_t>(hn::Lanes(d));
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* const in = gates + row * 4 * h;
    float* const k = kept + row * 4 * h;
    for (std::int64_t j = 0; j < h; j += step) {
      const Lanes lanes(static_cast<std::size_t>(h - j));
      const std::int64_t at = row * h + j;
      V i = lanes.load(in + j);
      V f = lanes.load(in + h + j);
      V g = lanes.load(in + 2 * h + j);
      V o = lanes.load(in + 3 * h + j);
      squash_gates(i, f, g, o);
      const V c = hn::MulAdd(f, lanes.load(c_previous + at), hn::Mul(i, g));
      const V t = tanh_of(d, c);
      lanes.store(i, k + j);
      lanes.store(f, k + h + j);
      lanes.store(g, k + 2 * h + j);
      lanes.store(o, k + 3 * h + j);
      lanes.store(c, c_out + at);
      lanes.store(t, tanh_c + at);
      lanes.store(hn::Mul(o, t), h_out + at);
    }
  }
}

HWY_ATTR void LstmBackward(const float* kept, const float* c_previous, const float* tanh_c, const float* d_h,
                           const float* d_c, float* d_gates, bool gates_fresh, float* d_c_previous, bool c_fresh,
                           std::int64_t rows, std::int64_t h) {
  const D d;
  const V one = hn::Set(d, 1.0F);
  const auto step = static_cast<std::int64_t>(hn::Lanes(d));
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* const k = kept + row * 4 * h;
    for (std::int64_t j = 0; j < h; j += step) {
      const Lanes lanes(static_cast<std::size_t>(h - j));
      const std::int64_t at = row * h + j;
      const V i = lanes.load(k + j);
      const V f = lanes.load(k + h + j);
      const V g = lanes.load(k + 2 * h + j);
      const V o = lanes.load(k + 3 * h + j);
      const V t = lanes.load(tanh_c + at);
      const V dh = lanes.load(d_h + at);
      // h = o·tanh(c)
      const V dc = hn::MulAdd(hn::Mul(dh, o), hn::NegMulAdd(t, t, one), lanes.load(d_c + at));
      if (d_gates != nullptr) {
        // c = f·c_previous + i·g
        float* const to = d_gates + row * 4 * h + j;
        const auto through_sigmoid = [one](V outer, V factor, V s) HWY_ATTR {
          return hn::Mul(hn::Mul(outer, factor), hn::Mul(s, hn::Sub(one, s)));
        };
        lanes.put(through_sigmoid(dc, g, i), to, gates_fresh);
        lanes.put(through_sigmoid(dc, lanes.load(c_previous + at), f), to + h, gates_fresh);
        lanes.put(hn::Mul(hn::Mul(dc, i), hn::NegMulAdd(g, g, one)), to + 2 * h, gates_fresh);
        lanes.put(through_sigmoid(dh, t, o), to + 3 * h, gates_fresh);
      }
      if (d_c_previous != nullptr) lanes.put(hn::Mul(dc, f), d_c_previous + at, c_fresh);
    }
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

HWY_ATTR void ToBf16(const float* x, Bf16* y, std::int64_t count) {
  const D d;
  const hn::RebindToUnsigned<D> du;
  const hn::Rebind<std::uint16_t, D> half;
  const std::size_t n = static_cast<std::size_t>(count);
  const std::size_t lanes = hn::Lanes(d);
  const auto rounded = [&](V v) HWY_ATTR {
    const auto bits = hn::BitCast(du, v);
    const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(du, 1));
    const auto nearest = hn::ShiftRight<16>(hn::Add(bits, hn::Add(odd, hn::Set(du, 0x7fff))));
    const auto no_number = hn::RebindMask(du, hn::IsNaN(v));
    return hn::TruncateTo(half, hn::IfThenElse(no_number, hn::Set(du, 0x7fc0), nearest));
  };
  auto* const to = reinterpret_cast<std::uint16_t*>(y);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(rounded(hn::LoadU(d, x + i)), half, to + i);
  if (i < n) {
    HWY_ALIGN float in[kMaxLanes] = {};
    HWY_ALIGN std::uint16_t out[kMaxLanes] = {};
    std::memcpy(in, x + i, (n - i) * sizeof(float));
    hn::Store(rounded(hn::Load(d, in)), half, out);
    std::memcpy(to + i, out, (n - i) * sizeof(std::uint16_t));
  }
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

HWY_EXPORT(ToBf16);
void to_bf16(const float* x, Bf16* y, std::int64_t n) { HWY_DYNAMIC_DISPATCH(ToBf16)(x, y, n); }

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
void lstm(const float* gates, const float* c_previous, float* kept, float* tanh_c, float* h_out, float* c_out,
          std::int64_t rows, std::int64_t h) {
  HWY_DYNAMIC_DISPATCH(Lstm)(gates, c_previous, kept, tanh_c, h_out, c_out, rows, h);
}

HWY_EXPORT(LstmBackward);
void lstm_backward(const float* kept, const float* c_previous, const float* tanh_c, const float* d_h, const float* d_c,
                   float* d_gates, bool gates_fresh, float* d_c_previous, bool c_fresh, std::int64_t rows,
                   std::int64_t h) {
  HWY_DYNAMIC_DISPATCH(LstmBackward)
  (kept, c_previous, tanh_c, d_h, d_c, d_gates, gates_fresh, d_c_previous, c_fresh, rows, h);
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
