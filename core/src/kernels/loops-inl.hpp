// Included once for each instruction set, from between Highway's own headers and their user (as its -inl headers are).
#if defined(DRAWLAB_KERNEL_LOOPS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef DRAWLAB_KERNEL_LOOPS_INL
#undef DRAWLAB_KERNEL_LOOPS_INL
#else
#define DRAWLAB_KERNEL_LOOPS_INL
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

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

/// exp(x) for |x| ≤ 87, to two units in the last place: half the work of Highway's, which also knows what lies beyond.
/// x = n·ln 2 + r, and exp(r) is a polynomial of degree 6, the best in relative error for |r| ≤ ½ ln 2.
HWY_ATTR HWY_INLINE V exp_of(D d, V x) {
  const hn::RebindToSigned<D> integers;
  // Added, it leaves n in the lowest bits; the shift below keeps those alone.
  const V rounder = hn::Set(d, 12582912.0F);
  const V n_in_bits = hn::MulAdd(x, hn::Set(d, 1.44269504F), rounder);
  const V n = hn::Sub(n_in_bits, rounder);
  const V r = hn::NegMulAdd(n, hn::Set(d, 1.42860677e-6F), hn::NegMulAdd(n, hn::Set(d, 0.693145752F), x));
  const V r2 = hn::Mul(r, r);
  const V low = hn::MulAdd(hn::Set(d, 0.166665211F), r, hn::Set(d, 0.49999994F));
  const V high = hn::MulAdd(hn::Set(d, 0.00836871006F), r, hn::Set(d, 0.041668389F));
  const V quotient = hn::MulAdd(hn::MulAdd(hn::Set(d, 0.00138146128F), r2, high), r2, low);
  const V power = hn::Add(hn::MulAdd(quotient, r2, r), hn::Set(d, 1.0F));
  return hn::BitCast(d, hn::Add(hn::BitCast(integers, power), hn::ShiftLeft<23>(hn::BitCast(integers, n_in_bits))));
}

/// 1/(1 + exp(−x)); the argument is held where exp neither overflows nor leaves the normal numbers.
HWY_ATTR HWY_INLINE V sigmoid_of(D d, V x) {
  const V held = hn::Min(hn::Max(hn::Neg(x), hn::Set(d, -87.0F)), hn::Set(d, 87.0F));
  const V one = hn::Set(d, 1.0F);
  return hn::Div(one, hn::Add(one, exp_of(d, held)));
}

/// tanh by 1 − 2/(1 + exp(2x)): its absolute error is one rounding, which is all that a gate needs.
HWY_ATTR HWY_INLINE V tanh_of(D d, V x) {
  const V held = hn::Min(hn::Max(hn::Add(x, x), hn::Set(d, -40.0F)), hn::Set(d, 40.0F));
  const V one = hn::Set(d, 1.0F);
  return hn::Sub(one, hn::Div(hn::Set(d, 2.0F), hn::Add(one, exp_of(d, held))));
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

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab::kernels
HWY_AFTER_NAMESPACE();

#endif
